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
MEMBER_TAG = "member_tag"
TRAFFIC_TAG = "traffic_tag"
PROGRAMME_BOOST = "programme_boost"

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
    MEMBER_TAG: _("通天商家标"),
    TRAFFIC_TAG: _("流量标"),
    PROGRAMME_BOOST: _("搜索较大程度加权"),
    "result_slot": _("搜索结果页坑位"),
    "secured_traffic": _("诚e赊专享流量"),
    "account_manager": _("小二 1V1"),
    "venue_no_review": _("会场免审与海景房机会"),
    "trade_fairs": _("线下展会"),
    "recommended_venue": _("好商推荐会场"),
    "paid_traffic": _("商业流量专享采购"),
    "seed_seller": _("种子优商"),
    "strong_seller_slot": _("实力商家坑位优先"),
    "premium_slots": _("优品推荐资源位"),
    "core_seller_entry": _("核心商家报名免审"),
    "courses": _("精品辅导课程"),
    "green_channel": _("活动报名绿色通道"),
    "venue_first_review": _("活动优先审核"),
    "home_words": _("首页热词推荐"),
    "track_reseller": _("淘货源"),
    "track_group_buy": _("伙拼"),
    "track_cross_border": _("跨境"),
    "track_micro": _("微供"),
    "track_import": _("进口"),
    "track_factory": _("淘工厂"),
    "track_brand_station": _("工业品品牌站"),
    "track_corporate": _("企业汇采"),
    "track_large_buyers": _("大企业采购"),
}

BOOSTING = (
    SEARCH_BOOST,
    PROGRAMME_BOOST,
    *(benefit for benefit in LABELS if benefit.startswith("track_")),
)
"""The benefits whose terms may hold a `boost`: steps by which search puts a seller's offers ahead."""


def label_of(benefit: str) -> str:
    """What a benefit is called; one that the register does not know yet, by its code."""
    return str(LABELS.get(benefit, benefit))


def terms_of(benefit: str, value: Mapping[str, Any]) -> str:
    """A benefit's own terms in words; empty where it has none."""
    if benefit in BOOSTING and "boost" in value:
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
