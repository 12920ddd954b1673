"""The only kept files that have an address: pictures of goods, and the market's own icon.

Everything else under `PIFA_HOME` (imported sheets, licences, mail, keys) has none; a page that
asked a policy first sends those.
"""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.templatetags.static import static
from django.views.static import serve

KEPT_SECONDS = 86_400
"""A picture's name is never used again for another, so browsers may keep it for a day."""


def picture(request: HttpRequest, path: str) -> HttpResponseBase:
    """A file under `media/pictures/`; a path that leads out of it is refused."""
    response = serve(request, path, document_root=str(Path(settings.MEDIA_ROOT) / "pictures"))
    response.headers["Cache-Control"] = f"public, max-age={KEPT_SECONDS}"
    return response


def favicon(request: HttpRequest) -> HttpResponse:
    """Browsers ask for this address where a page names no icon."""
    return redirect(static("kit/icon.svg"))
