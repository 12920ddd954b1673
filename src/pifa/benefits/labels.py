"""What the benefits are called."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

SEARCH_BOOST = "search_boost"
INSTANT_PAYOUT = "instant_payout"
LARGE_WITHDRAWALS = "large_withdrawals"
INDUSTRY_BENEFITS = "industry_benefits"
RECOMMENDED = "recommended"
SOURCING_ASSISTANT = "sourcing_assistant"
PURCHASE_ADVISER = "purchase_adviser"
FIRST_ORDER_PROTECTION = "first_order_protection"
COLLECTION_CODE = "collection_code"
SECURED_CREDIT = "secured_credit"
INTEREST_COUPON = "interest_coupon"

LABELS: dict[str, str | Promise] = {
    SEARCH_BOOST: _("搜索加权"),
    INSTANT_PAYOUT: _("极速到账"),
    LARGE_WITHDRAWALS: _("大额提现"),
    INDUSTRY_BENEFITS: _("行业权益"),
    RECOMMENDED: _("个性化推荐优先"),
    SOURCING_ASSISTANT: _("找货神器"),
    PURCHASE_ADVISER: _("进货参谋"),
    FIRST_ORDER_PROTECTION: _("首单交易无忧"),
    COLLECTION_CODE: _("收钱码"),
    SECURED_CREDIT: _("诚e赊"),
    INTEREST_COUPON: _("利息红包"),
}


def label_of(benefit: str) -> str:
    """What a benefit is called; one that the register does not know yet, by its code."""
    return str(LABELS.get(benefit, benefit))


def terms_of(benefit: str, value: Mapping[str, Any]) -> str:
    """A benefit's own terms in words; empty where it has none."""
    if benefit == SEARCH_BOOST and "boost" in value:
        steps = int(value["boost"])
        return ngettext("排序前移 {count} 档", "排序前移 {count} 档", steps).format(count=steps)
    if benefit == INSTANT_PAYOUT and "fee_rate" in value:
        share = (Decimal(value["fee_rate"]) * 100).normalize()
        return gettext("每单手续费 {share}%").format(share=f"{share:f}")
    if benefit == SECURED_CREDIT and "limit" in value:
        return gettext("额度 {limit} 元").format(limit=f"{Decimal(value['limit']):,.2f}")
    if benefit == INTEREST_COUPON and "amount" in value:
        return gettext("抵扣贷款 {loan} 的利息，¥{amount}").format(**value)
    return ""
