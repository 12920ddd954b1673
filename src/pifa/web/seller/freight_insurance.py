"""Return-freight insurance in the seller's centre: giving it to all orders, what it cost, policies."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from pifa.finance import commands as finance
from pifa.finance.insurance.freight import queries
from pifa.trade.freight_insurance.queries import freight_gift
from pifa.web.access import seller_page
from pifa.web.seller.frame import FINANCE, actor_on, show
from pifa.web.shared.freight_insurance import listed
from pifa.web.shared.regions import region_words


@seller_page(FINANCE)
def freight_insurance(request: HttpRequest) -> HttpResponse:
    """The switch with two premiums as examples, sums and policies; a POST turns the switch."""
    actor = actor_on(request)
    if request.method == "POST":
        on = request.POST.get("on") == "1"
        finance.give_freight_insurance(actor, on)
        messages.success(
            request,
            _("已开启：之后付款的订单都投保运费险。")
            if on
            else _("已关闭：之后付款的订单不再投保，已投保的照旧。"),
        )
        return redirect("seller:freight_insurance")
    gift = freight_gift(actor)
    return show(
        request,
        "seller/freight_insurance.html",
        gift=gift,
        dear_region=region_words(gift.dear_region),
        sums=queries.freight_sums_of(actor),
        **listed(request, actor, "seller"),
    )
