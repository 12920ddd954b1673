"""What every page's frame needs: where its links lead, and the theme the reader chose."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, get_urlconf, reverse

THEME_COOKIE = "theme"
THEMES = ("light", "dark")

PLACES: dict[str, tuple[str, ...]] = {
    "home": ("storefront:home",),
    "search": ("storefront:search",),
    "categories": ("storefront:categories", "storefront:search"),
    "purchase_list": ("buyer:purchase_list", "storefront:purchase_list"),
    "buyer": ("buyer:home", "buyer:orders"),
    "seller": ("seller:home", "seller:today", "seller:orders"),
    "operator": ("operator:home", "operator:queues"),
    "console": ("admin:index",),
    "notices": ("buyer:notices", "storefront:notices"),
    "account": ("buyer:account", "buyer:home"),
    "sign_in": ("login", "storefront:login", "storefront:sign_in"),
    "sign_up": ("storefront:sign_up", "storefront:signup", "storefront:register"),
    "sign_out": ("logout", "storefront:logout", "storefront:sign_out"),
}
"""Names of addresses by place, best first. A place whose page is not there is simply not linked."""


OF_MEMBERS = frozenset({"purchase_list", "buyer", "seller", "notices", "account"})
"""Places of a company's members; staff who belong to no company are not led there."""


class Places:
    """Addresses of the places in `PLACES`, looked up when a template asks."""

    def __init__(self, closed: frozenset[str] = frozenset()) -> None:
        self._closed = closed

    def __getattr__(self, place: str) -> str:
        if place.startswith("_") or place not in PLACES:
            raise AttributeError(place)
        if place in self._closed:
            return ""
        return _address(place, get_urlconf() or settings.ROOT_URLCONF)


@lru_cache(maxsize=256)
def _address(place: str, urlconf: str) -> str:
    for name in PLACES[place]:
        try:
            return reverse(name, urlconf=urlconf)
        except NoReverseMatch:
            continue
    return settings.LOGIN_URL if place == "sign_in" else ""


def shell(request: HttpRequest) -> dict[str, Any]:
    """Context processor: `places` (links of the frame) and `theme` ("light", "dark" or "")."""
    chosen = request.COOKIES.get(THEME_COOKIE, "")
    return {"places": Places(_closed(request)), "theme": chosen if chosen in THEMES else ""}


def _closed(request: HttpRequest) -> frozenset[str]:
    user = getattr(request, "user", None)
    nobodys = user is not None and user.is_authenticated and not getattr(request, "member", None)
    return OF_MEMBERS if nobodys else frozenset()
