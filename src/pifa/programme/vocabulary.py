"""What a season's file may speak of: the metrics of standing, and what the programme finds itself."""

from __future__ import annotations

from typing import Final

from pifa.rulebook.rules import MetricWord, Unit, Vocabulary
from pifa.standing.vocabulary import VOCABULARY as STANDING

ENTRY_WORDS: Final = (
    MetricWord("yearly_revenue", Unit.FEN, "公司年营业额", "Yearly revenue of the company"),
    MetricWord("planned_month", Unit.FEN, "计划月交易额", "Planned sales of the month"),
    MetricWord("planned_peak", Unit.FEN, "计划大促当日交易额", "Planned sales of the peak day"),
    MetricWord("member_months", Unit.COUNT, "诚信通开通月数", "Months of membership"),
    MetricWord("buyer_protection", Unit.FLAG, "已加入买家保障", "Buyer protection joined"),
    MetricWord("grade_accepted", Unit.FLAG, "企业诚信等级符合要求", "Accepted integrity grade"),
    MetricWord("grave_ip", Unit.FLAG, "有严重知识产权侵权", "Grave IP infringement"),
    MetricWord("tier", Unit.RANK, "商家分层", "Seller tier"),
)
"""What entry asks beside standing's metrics. `grave_ip` is what a reviewer notes."""

REHEARSAL_WORDS: Final = (
    MetricWord("buyers", Unit.COUNT, "买家数", "Distinct buyers"),
    MetricWord("large_orders", Unit.COUNT, "大额订单数", "Large orders"),
    MetricWord("bank_orders", Unit.COUNT, "网商银行或融易收支付笔数", "Paid by bank or transfer"),
)
"""What a rehearsal counts, over orders of the season's channels within its days."""

_SCENES: Final = (
    ("reseller", "分销", "Reseller"),
    ("group_buy", "伙拼", "Group-buy"),
    ("cross_border", "跨境", "Cross-border"),
    ("micro", "微供", "Micro-supply"),
    ("processing", "加工", "Processing"),
)

TRACK_WORDS: Final = (
    *(MetricWord(f"{c}_30d", Unit.FEN, f"近30天{z}交易额", f"{e} sales, 30 days") for c, z, e in _SCENES),
    *(MetricWord(f"{c}_month", Unit.FEN, f"当月{z}交易额", f"{e} sales of the month") for c, z, e in _SCENES),
    *(MetricWord(f"{c}_peak", Unit.FEN, f"大促{z}交易额", f"{e} sales of the promotion") for c, z, e in _SCENES),
    *(MetricWord(f"{c}_buyers", Unit.COUNT, f"当月{z}买家数", f"{e} buyers of the month") for c, z, e in _SCENES),
    MetricWord("all_month", Unit.FEN, "当月成交额", "Sales of the month"),
    MetricWord("all_peak", Unit.FEN, "大促当天成交额", "Sales of the peak day"),
    MetricWord("reseller_joined", Unit.FLAG, "已入驻淘货源", "Joined the reseller market"),
    MetricWord("cross_border_supplier", Unit.FLAG, "全球工厂或优质供应链商家", "Global or premium supplier"),
    MetricWord("inspected", Unit.FLAG, "已深度验厂或有权威验厂报告", "Deep inspection or a report of SGS or ITS"),
    MetricWord("importer", Unit.FLAG, "进口商家", "Importer"),
    MetricWord("paid_package", Unit.FLAG, "已购专属付费推广套餐", "Bought the paid package"),
    MetricWord("factory_joined", Unit.FLAG, "已入驻淘工厂", "Joined the factory market"),
    MetricWord("selected_brand_station", Unit.FLAG, "入选工业品品牌站", "Selected for the brand station"),
    MetricWord("selected_corporate", Unit.FLAG, "入选企业汇采", "Selected for corporate purchasing"),
    MetricWord("selected_large_buyers", Unit.FLAG, "入选大企业采购", "Selected for large companies"),
)  # fmt: skip
"""What tracks ask: sales and buyers by scene of the orders, and what operators have marked."""

MARKS: Final = tuple(word.name for word in TRACK_WORDS if word.unit is Unit.FLAG)
"""What an operator notes of a company for the tracks."""

ENTRY: Vocabulary = {**STANDING, **{word.name: word for word in ENTRY_WORDS}}
REHEARSAL: Vocabulary = {word.name: word for word in REHEARSAL_WORDS}
TRACKS: Vocabulary = {word.name: word for word in TRACK_WORDS}
EVERY: Vocabulary = {**ENTRY, **REHEARSAL, **TRACKS}
