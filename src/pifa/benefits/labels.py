"""What the benefits are called."""

from __future__ import annotations

from django.utils.functional import Promise
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
}


def label_of(benefit: str) -> str:
    """What a benefit is called; one that the register does not know yet, by its code."""
    return str(LABELS.get(benefit, benefit))
