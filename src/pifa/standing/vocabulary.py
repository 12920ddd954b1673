"""What the rulebook `standing` may speak of: metrics, what companies are, and what they hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pifa.metrics.definitions import METRICS
from pifa.rulebook.rules import MetricWord, Unit, Vocabulary

MEMBER = "member"
MOBILE_SHOP = "mobile_shop"
TRADABLE_OFFERS = "tradable_offers"
CORPORATE_TRANSFER = "corporate_transfer"
KA_CERTIFIED = "ka_certified"
CREDIT_SCORE = "credit_score"
CREDIT_RANK = "credit_rank"
MEDAL = "medal"

PROFILE_WORDS = (
    MetricWord(MEMBER, Unit.FLAG, "诚信通会员", "Chengxintong member"),
    MetricWord(MOBILE_SHOP, Unit.FLAG, "已开通无线旺铺", "Mobile shop opened"),
    MetricWord(TRADABLE_OFFERS, Unit.COUNT, "可交易货品", "Offers on sale"),
    MetricWord(CORPORATE_TRANSFER, Unit.FLAG, "已开通融易收", "Corporate transfer opened"),
    MetricWord(KA_CERTIFIED, Unit.FLAG, "小二认证的线下大户", "Certified offline by an operator"),
)
"""What a company is on a day (`queries.profiles`)."""

HELD_WORDS = (
    MetricWord(CREDIT_SCORE, Unit.SCORE, "采购信用分", "Buyer credit score"),
    MetricWord(CREDIT_RANK, Unit.RANK, "信用档", "Credit band"),
    MetricWord(MEDAL, Unit.RANK, "交易勋章", "Trade medal"),
)
"""What was found for a company before the rule that asks (`rules.rating`)."""

VOCABULARY: Vocabulary = {
    word.name: word
    for word in (
        *(MetricWord(one.name, one.unit, one.label, one.label_en) for one in METRICS.values()),
        *PROFILE_WORDS,
        *HELD_WORDS,
    )
}

NEEDED: Mapping[str, Sequence[tuple[str, str]]] = {
    "standing": (
        ("ladders", "buyer_level"),
        ("ladders", "seller_tier"),
        ("ladders", "medal_consumer_1"),
        ("ladders", "medal_consumer_2"),
        ("ladders", "medal_non_consumer"),
        ("tables", "credit"),
        ("tables", "benefits"),
    ),
    "loans": (("ladders", "loan"), ("tables", "loan"), ("tables", "coupon")),
}
"""What a book must have to be rated by."""
