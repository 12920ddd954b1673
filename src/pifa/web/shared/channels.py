"""By which channel of a gateway a payer goes on, from what it looks with."""

from __future__ import annotations

from django.http import HttpRequest

from pifa.finance import queries


def is_phone(request: HttpRequest) -> bool:
    """Whether the page is looked at on a phone: there is nothing to scan its screen with."""
    return "Mobi" in request.headers.get("User-Agent", "")


def channel_on(request: HttpRequest, method: str) -> str:
    """The channel that was chosen, else the one for a phone on a phone, else the method's first."""
    if chosen := request.POST.get("channel", ""):
        return chosen
    offered = queries.channels_of(method)
    return "phone" if "phone" in offered and is_phone(request) else ""
