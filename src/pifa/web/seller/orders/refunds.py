"""Orders that a refund case holds, with what the seller has to do about each."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from pifa.trade import queries as trade
from pifa.web.access import seller_page
from pifa.web.seller.frame import actor_on, show


@seller_page()
def refunds(request: HttpRequest) -> HttpResponse:
    """Refund cases of the company's orders: open ones first by what is due, then ended ones."""
    tab = "ended" if request.GET.get("tab") == "ended" else "open"
    page = trade.refund_cases(actor_on(request), tab, request.GET.get("cursor"))
    base = reverse("seller:refunds")
    return show(
        request,
        "seller/refunds.html",
        tabs=[
            (_("处理中"), f"{base}?tab=open", None, tab == "open"),
            (_("已结束"), f"{base}?tab=ended", None, tab == "ended"),
        ],
        cases=page.items,
        next=page.next_cursor,
    )
