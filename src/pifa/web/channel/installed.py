"""What makes the channel an app to install: its manifest, its worker, its page without a network.

The worker keeps the shell only (styles, scripts, icons, the page that says there is no network):
nothing that a company alone may see lies in its cache.
"""

from __future__ import annotations

import json

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from pifa.web.channel import ICONS, SHELL


@require_GET
def manifest(request: HttpRequest) -> HttpResponse:
    """The web app manifest. Its scope is the whole market, so that paying stays in the window."""
    told = {
        "id": reverse("channel:home"),
        "name": _("批发 · 我的供应商"),
        "short_name": _("我的供应商"),
        "lang": getattr(request, "LANGUAGE_CODE", "zh-hans"),
        "start_url": reverse("channel:home"),
        "scope": "/",
        "display": "standalone",
        "background_color": "#ffffff",
        "theme_color": "#ffffff",
        "icons": [
            {"src": static(path), "sizes": sizes, "type": "image/png", "purpose": purpose}
            for path, sizes, purpose in ICONS
        ],
    }
    return JsonResponse(told, content_type="application/manifest+json")


@require_GET
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker; it changes with the names of what it keeps."""
    context = {
        "kept": json.dumps([reverse("channel:offline"), *(static(path) for path in SHELL)]),
        "offline": reverse("channel:offline"),
    }
    answer = render(request, "channel/worker.js", context, content_type="text/javascript")
    answer.headers["Cache-Control"] = "no-cache"
    return answer


@require_GET
def offline(request: HttpRequest) -> HttpResponse:
    """What is shown without a network: it knows nobody."""
    return render(request, "channel/offline.html")
