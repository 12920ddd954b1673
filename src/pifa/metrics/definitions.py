"""Every metric, defined once. The rating of a day looks at whole market days before it:
`age` 1 is the day before, a window of 30 is the ages 1 … 30.

Refunds count on the day of the refund, so sales and spend of a window may fall below zero.
Orders that are ruled out have left the tables already, with everything of theirs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from pifa.metrics.grains import SIGNS_REACH, Grain
from pifa.rulebook.rules import Figure, MetricWord, Ratio, Unit

if TYPE_CHECKING:
    import ibis.expr.types as ir


class Side(StrEnum):
    """As what a company is looked at."""

    SELLER = "seller"
    BUYER = "buyer"


class Leaves(StrEnum):
    """When something leaves a window that moves on: what `queries.daily` tells."""

    BY_DAY = "by_day"
    """With the day it happened on."""
    BY_LAST_PURCHASE = "by_last_purchase"
    """A buyer leaves when its last purchase does."""
    BY_LAST_TWO = "by_last_two"
    """A buyer that came back is no such any more when its last purchase but one leaves."""
    NEVER = "never"
    """It is no sum over days but days since something, unknown if that never was."""


@dataclass(frozen=True, slots=True)
class Amount:
    """A whole number for each company: a reduction over its rows of a table of `grains`."""

    of: Grain
    reckon: Callable[[ir.Table], ir.Value]


@dataclass(frozen=True, slots=True)
class Share:
    """One amount of another; kept as both, never divided."""

    num: Amount
    den: Amount


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """One figure of a company. `window`: whole days before the rating, None: since 1 January.

    `expression` is reckoned for all companies from the lake and for a few from the tables, by
    the same engine; None where nothing that it counts exists yet: it is 0.
    """

    name: str
    side: Side
    unit: Unit
    window: int | None
    label: str
    label_en: str
    meaning: str
    meaning_en: str
    source: str
    expression: Amount | Share | None
    leaves: Leaves = Leaves.BY_DAY

    @property
    def word(self) -> MetricWord:
        """How rules name it."""
        return MetricWord(self.name, self.unit, self.label, self.label_en)

    @property
    def columns(self) -> tuple[str, ...]:
        """Its columns in the table of all companies."""
        if self.unit is Unit.RATIO:
            return (f"{self.name}_num", f"{self.name}_den")
        return (self.name,)

    @property
    def nothing(self) -> Figure:
        """The figure of a company of which there is no fact."""
        if self.unit is Unit.RATIO:
            return Ratio(0, 0)
        return None if self.leaves is Leaves.NEVER else 0


def _pairs(reckon: Callable[[ir.Table], ir.Value]) -> Amount:
    return Amount(Grain.PAIRS, reckon)


_STANDING = Amount(Grain.DISPUTES, lambda cases: cases.count(where=cases.stands))
_ORDERS_90 = _pairs(lambda pairs: pairs.orders_90.sum())

_ALL = (
    Metric(
        name="sales_30d",
        side=Side.SELLER,
        unit=Unit.FEN,
        window=30,
        label="近30天累计销售金额",
        label_en="Sales of the last 30 days",
        meaning="最近30个自然日内买家付给店铺的货款，减去同期退款；按付款日和退款日计，可能为负。",
        meaning_en="Money that buyers paid the shop in the last 30 market days, less the refunds"
        " of the same days; each on its own day, so it may be below zero.",
        source="paid, refunded",
        expression=_pairs(lambda pairs: (pairs.paid_fen_30 - pairs.refunded_fen_30).sum()),
    ),
    Metric(
        name="buyers_30d",
        side=Side.SELLER,
        unit=Unit.COUNT,
        window=30,
        label="近30天买家数",
        label_en="Buyers of the last 30 days",
        meaning="最近30个自然日内付过款的买家企业数，同一买家只计一次。",
        meaning_en="Companies that paid in the last 30 market days, each counted once.",
        source="paid",
        expression=_pairs(lambda pairs: pairs.count(where=pairs.paid_fen_30 > 0)),
        leaves=Leaves.BY_LAST_PURCHASE,
    ),
    Metric(
        name="dispute_rate_90d",
        side=Side.SELLER,
        unit=Unit.RATIO,
        window=90,
        label="近90天纠纷率",
        label_en="Dispute rate of the last 90 days",
        meaning="最近90个自然日内发起且未决或裁定支持买家的纠纷数，除以同期付款订单数。",
        meaning_en="Disputes opened in the last 90 market days that are open or were upheld,"
        " divided by the orders paid in the same days.",
        source="dispute_opened, dispute_ended, dispute_withdrawn, paid",
        expression=Share(_STANDING, _ORDERS_90),
    ),
    Metric(
        name="disputes_90d",
        side=Side.SELLER,
        unit=Unit.COUNT,
        window=90,
        label="近90天纠纷数",
        label_en="Disputes of the last 90 days",
        meaning="最近90个自然日内发起且未决或裁定支持买家的纠纷数。",
        meaning_en="Disputes opened in the last 90 market days that are open or were upheld.",
        source="dispute_opened, dispute_ended, dispute_withdrawn",
        expression=_STANDING,
    ),
    Metric(
        name="repeat_rate",
        side=Side.SELLER,
        unit=Unit.RATIO,
        window=90,
        label="店铺回头率",
        label_en="Repeat rate",
        meaning="最近90个自然日内付款两笔及以上的买家数，除以付款一笔及以上的买家数。",
        meaning_en="Buyers with two or more paid orders in the last 90 market days, divided by"
        " those with one or more.",
        source="paid",
        expression=Share(
            _pairs(lambda pairs: pairs.count(where=pairs.orders_90 >= 2)),
            _pairs(lambda pairs: pairs.count(where=pairs.orders_90 >= 1)),
        ),
        leaves=Leaves.BY_LAST_TWO,
    ),
    Metric(
        name="refund_rate",
        side=Side.SELLER,
        unit=Unit.RATIO,
        window=90,
        label="退款率",
        label_en="Refund rate",
        meaning="最近90个自然日内的退款金额，除以同期付款金额。",
        meaning_en="Money refunded in the last 90 market days, divided by money paid in them.",
        source="refunded, paid",
        expression=Share(
            _pairs(lambda pairs: pairs.refunded_fen_90.sum()),
            _pairs(lambda pairs: pairs.paid_fen_90.sum()),
        ),
    ),
    Metric(
        name="last_backend_login",
        side=Side.SELLER,
        unit=Unit.DAYS,
        window=SIGNS_REACH,
        label="距上次登录天数",
        label_en="Days since the last sign-in",
        meaning="距企业成员上次登录的天数，昨天登录为1；400天内没有登录则未知。",
        meaning_en="Days since a member of the company signed in, 1 for yesterday; unknown if"
        " nobody did within 400 days.",
        source="login",
        expression=Amount(Grain.SIGNS, lambda signs: signs.last_login.min()),
        leaves=Leaves.NEVER,
    ),
    Metric(
        name="last_chat_reply",
        side=Side.SELLER,
        unit=Unit.DAYS,
        window=SIGNS_REACH,
        label="距上次旺旺回复天数",
        label_en="Days since the last chat reply",
        meaning="距企业上次回复买家消息的天数，昨天回复为1；400天内没有回复则未知。",
        meaning_en="Days since the company answered what a buyer wrote, 1 for yesterday; unknown"
        " if it did not within 400 days.",
        source="reply",
        expression=Amount(Grain.SIGNS, lambda signs: signs.last_reply.min()),
        leaves=Leaves.NEVER,
    ),
    Metric(
        name="penalty_points",
        side=Side.SELLER,
        unit=Unit.POINTS,
        window=None,
        label="店铺扣分",
        label_en="Penalty points",
        meaning="本自然年内的扣分合计，已撤销的不计。",
        meaning_en="Points given in this calendar year, without those taken back.",
        source="penalty",
        expression=Amount(Grain.SIGNS, lambda signs: signs.points.sum()),
    ),
    Metric(
        name="orders_30d",
        side=Side.BUYER,
        unit=Unit.COUNT,
        window=30,
        label="近30天采购次数",
        label_en="Purchases of the last 30 days",
        meaning="最近30个自然日内付款的订单数，分阶段付款的订单只在首次付款日计一次。",
        meaning_en="Orders paid in the last 30 market days; one paid in stages counts once, on"
        " the day of its first payment.",
        source="paid",
        expression=_pairs(lambda pairs: pairs.orders_30.sum()),
    ),
    Metric(
        name="spend_30d",
        side=Side.BUYER,
        unit=Unit.FEN,
        window=30,
        label="近30天采购金额",
        label_en="Spend of the last 30 days",
        meaning="最近30个自然日内的付款金额，减去同期退款；可能为负。",
        meaning_en="Money paid in the last 30 market days, less the refunds of the same days; it"
        " may be below zero.",
        source="paid, refunded",
        expression=_pairs(lambda pairs: (pairs.paid_fen_30 - pairs.refunded_fen_30).sum()),
    ),
    Metric(
        name="completed_90d",
        side=Side.BUYER,
        unit=Unit.COUNT,
        window=90,
        label="近90天完成订单数",
        label_en="Orders completed in the last 90 days",
        meaning="最近90个自然日内交易成功的采购订单数。",
        meaning_en="The buyer's orders that ended well in the last 90 market days.",
        source="completed",
        expression=_pairs(lambda pairs: pairs.completed_90.sum()),
    ),
    Metric(
        name="repaid_on_time_90d",
        side=Side.BUYER,
        unit=Unit.COUNT,
        window=90,
        label="近90天按时还款次数",
        label_en="Repayments on time in the last 90 days",
        meaning="最近90个自然日内按时付清的账期到期日数：同一卖家同一到期日的账期款全部按时付清，计一次。",
        meaning_en="Due days of trade credit in the last 90 market days that were paid in time: all"
        " that was owed one seller on the day counts once.",
        source="repaid",
        expression=Amount(Grain.CREDIT, lambda lines: lines.repaid.sum()),
    ),
    Metric(
        name="disputes_lost_90d",
        side=Side.BUYER,
        unit=Unit.COUNT,
        window=90,
        label="近90天败诉纠纷数",
        label_en="Disputes lost in the last 90 days",
        meaning="最近90个自然日内由买家发起、最终裁定支持卖家的纠纷数。",
        meaning_en="Disputes that the buyer opened in the last 90 market days and that were ruled"
        " for the seller.",
        source="dispute_opened, dispute_ended",
        expression=Amount(Grain.DISPUTES, lambda cases: cases.count(where=cases.lost)),
    ),
    Metric(
        name="refunds_90d",
        side=Side.BUYER,
        unit=Unit.COUNT,
        window=90,
        label="近90天退款次数",
        label_en="Refunds of the last 90 days",
        meaning="最近90个自然日内退给买家的退款笔数。",
        meaning_en="Refunds that the buyer got in the last 90 market days.",
        source="refunded",
        expression=_pairs(lambda pairs: pairs.refunds_90.sum()),
    ),
    Metric(
        name="overdue_days_90d",
        side=Side.BUYER,
        unit=Unit.DAYS,
        window=90,
        label="近90天逾期天数",
        label_en="Days overdue in the last 90 days",
        meaning="最近90个自然日内账期款逾期的天数，每个卖家的账期每天计一天。",
        meaning_en="Days in the last 90 market days on which trade credit was overdue; each"
        " seller's line counts a day a day.",
        source="overdue",
        expression=Amount(Grain.CREDIT, lambda lines: lines.overdue.sum()),
    ),
)

METRICS: Mapping[str, Metric] = {metric.name: metric for metric in _ALL}
"""By name; the order is that of the columns."""
