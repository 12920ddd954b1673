"""Return-freight insurance on pages: what an order's card says, and a company's policies."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from pifa.finance.insurance.freight import queries
from pifa.finance.insurance.freight.queries import FreightPolicyView
from pifa.finance.insurance.freight.rules import Bound
from pifa.kernel.actors import Actor
from pifa.web.shared.regions import region_words


def in_words(policy: FreightPolicyView) -> str:
    """What the policy means for its order now."""
    figures = {"insured": policy.insured, "paid": policy.paid, "premium": policy.premium}
    said = {
        "active": _(
            "退货退款成功后，退货运费 %(insured)s 自动赔付到买家余额，不用申请；仅退款不赔付。"
        ),
        "claimed": _("货已退回，退货运费 %(paid)s 已赔付到买家余额。每笔订单赔付一次。"),
        "returned": _("订单没有发货就结束了，保费 %(premium)s 已退回付保费的一方。"),
        "expired": _("订单已结束，没有退货，保障到此为止；保费不退。"),
    }
    return said[policy.state] % figures


def reckoned(policy: FreightPolicyView) -> str:
    """How the premium was made, with the rate that both sides' past comes to."""
    quote = policy.quote
    rate = f"{quote.expected_rate * 100:.2f}%"
    said = _(
        "按买卖双方过去的退货率，预计退货率 %(rate)s；退货运费 %(insured)s，保费 %(premium)s。"
    )
    words = said % {"rate": rate, "insured": quote.insured, "premium": quote.premium}
    if quote.bound is Bound.LEAST:
        return words + _("（最低保费）")
    return words + _("（最高保费）") if quote.bound is Bound.MOST else words


def card(policy: FreightPolicyView | None, side: str) -> dict[str, Any]:
    """What the card of an order shows; how the premium was made is its payer's to read."""
    if policy is None:
        return {}
    pays = policy.by_buyer == (side == "buyer")
    return {
        "freight": policy,
        "freight_words": in_words(policy),
        "freight_region": region_words(policy.region),
        "freight_reckoned": reckoned(policy) if pays else "",
    }


def listed(request: HttpRequest, actor: Actor, side: str) -> dict[str, Any]:
    """A page of the policies of a company's orders as their buyer or seller."""
    page = queries.freight_policies(actor, side, request.GET.get("cursor"), 50)
    return {"side": side, "rows": page.items, "next": page.next_cursor}
