"""The gallery of components, the frames they hang in, and the switch of the theme."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.templatetags.static import static
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from pifa.kernel import clock
from pifa.web.kit import samples
from pifa.web.kit.context import THEME_COOKIE, THEMES

YEAR_SECONDS = 365 * 24 * 3600
FRAMES = {
    "storefront": "kit/gallery/frame_storefront.html",
    "centre": "kit/gallery/frame_centre.html",
    "plain": "kit/gallery/frame_plain.html",
    "400": "400.html",
    "403": "403.html",
    "404": "404.html",
    "429": "429.html",
    "500": "500.html",
    "csrf": "403_csrf.html",
}


@require_GET
def gallery(request: HttpRequest) -> HttpResponse:
    """Every component in every state."""
    return render(request, "kit/gallery/index.html", _samples())


@require_GET
def frame(request: HttpRequest, name: str) -> HttpResponse:
    """One of the frames with sample content, as a page of its own."""
    if name not in FRAMES:
        raise Http404
    categories = [_("紧固件"), _("轴承"), _("快递袋"), _("照明"), _("工具"), _("童装"), _("餐具")]
    context = {
        **_samples(),
        "nav_categories": [(word, "#", index == 0) for index, word in enumerate(categories)],
        "purchase_list_count": 12,
        "tab": "home",
    }
    return render(request, FRAMES[name], context)


@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Keep the chosen theme (light, dark, or auto) in a cookie, and go back."""
    back = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}, request.is_secure()):
        back = "/"
    response = HttpResponseRedirect(back)
    chosen = request.POST.get("theme", "")
    if chosen in THEMES:
        response.set_cookie(
            THEME_COOKIE, chosen, YEAR_SECONDS, samesite="Lax", secure=request.is_secure()
        )
    else:
        response.delete_cookie(THEME_COOKIE)
    return response


def _samples() -> dict[str, object]:
    shown = samples.gallery(clock.now())
    shown["picture_items"] = [(static(path), word) for path, word in shown["picture_files"]]
    return shown
