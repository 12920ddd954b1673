"""Cash on delivery: a seller's terms, what carriers collect and bring, and what is wrong with it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from ninja import Query, Schema
from pydantic import Field

from pifa.api.auth import actor_of, staff_of
from pifa.api.fields import (
    Amount,
    Flag,
    In,
    Line,
    Number,
    Out,
    PageOut,
    Paging,
    PathId,
    Region,
    Yuan,
    listed,
)
from pifa.api.routing import Topic
from pifa.finance import commands, queries
from pifa.kernel.ids import number_of
from pifa.trade import queries as trade

topic = Topic()
READS, CHANGES = "finance.view_cashbatch", "finance.change_cashbatch"

CashState = Literal["promised", "on_the_way", "collected", "remitted", "refused", "cancelled"]


class CashTermsOut(Out):
    """On which terms a seller lets buyers pay at the door; `most` is the market's own limit."""

    on: bool
    limit: Yuan
    regions: list[Region]
    most: Yuan


class CashTermsIn(In):
    """Terms for orders that are agreed on from now on."""

    on: Flag
    limit: Amount
    regions: Annotated[list[Region], Field(max_length=40)]


class CashItemOut(Out):
    """What is collected at the door for an order. `number` is on the parcel; `to_collect` is still
    to be collected, or (`owed`) was not and may be paid otherwise; `with_carrier` is collected and
    not remitted; `net` is what was remitted less the carrier's `fee`."""

    number: str
    order: str
    title: str
    seller_id: int
    seller_name: str
    buyer_id: int | None
    buyer_name: str
    state: CashState
    state_label: str
    carrier: str
    tracking_no: str
    promised: Yuan
    waived: Yuan
    to_collect: Yuan
    collected: Yuan
    remitted: Yuan
    with_carrier: Yuan
    fee: Yuan
    net: Yuan
    owed: Yuan
    reason: str
    handed_at: datetime | None
    reported_at: datetime | None
    remit_by: date | None
    late: bool


class CashItemPage(PageOut):
    items: list[CashItemOut]


class CashQuery(Schema):
    """Which items: of one state, or all."""

    state: CashState | Literal[""] = ""


class CashTotalsOut(Out):
    """Sums: to be collected, with carriers, late of that, remitted, fees, and what is left."""

    to_collect: Yuan
    with_carrier: Yuan
    late: Yuan
    remitted: Yuan
    fees: Yuan
    net: Yuan


class CashFindingOut(Out):
    """Something that is not as it should be, with the two figures that differ."""

    id: int
    kind: str
    kind_label: str
    carrier: str
    expected: Yuan
    found: Yuan
    difference: Yuan
    order: str
    item: str
    seller_name: str
    batch: str
    reference: str
    at: datetime
    cleared_at: datetime | None
    clear_note: str


class CashFindingPage(PageOut):
    items: list[CashFindingOut]


class CashBatchOut(Out):
    """What a carrier remitted at once. `stated` is what its lines come to, `short` what the bank's
    amount lacks of it, `left` belongs to no line."""

    number: str
    carrier: str
    batch_no: str
    bank_receipt: str
    amount: Yuan
    stated: Yuan
    short: Yuan
    left: Yuan
    returned: Yuan
    until: date
    at: datetime
    lines: int
    open_findings: int


class CashBatchPage(PageOut):
    items: list[CashBatchOut]


class CashLineOut(Out):
    """A line of a batch and what was made of it; `kept` of it paid the seller."""

    position: int
    reference: str
    order: str
    seller_name: str
    collected: Yuan
    fee: Yuan
    judgement: str
    judgement_label: str
    kept: Yuan
    kept_fee: Yuan


class CashLinePage(PageOut):
    items: list[CashLineOut]


class CarrierDebtOut(Out):
    """What a carrier has collected and not remitted; `oldest` is the first day that was due."""

    carrier: str
    parcels: int
    amount: Yuan
    late: Yuan
    oldest: date | None


class CarrierDebtPage(PageOut):
    items: list[CarrierDebtOut]


class ForgivenOut(Out):
    """What a seller let go of an order."""

    order: str
    amount: Yuan


class CashClearIn(In):
    """How a finding was dealt with."""

    note: Line


class CashReturnIn(In):
    """Why what is left of a batch goes back, and how much that was when it was looked at."""

    reason: Line
    left: Amount


@topic.reads("/cash/terms", CashTermsOut, _("货到付款条件"), _("自己店铺的；没有设置过就是关闭。"))
def cash_terms(request: HttpRequest) -> object:
    return queries.cash_terms(queries.reads_cash(actor_of(request)))


@topic.writes(
    "PUT",
    "/cash/terms",
    CashTermsOut,
    _("设置货到付款"),
    _("卖家主账号和财务；以后约定的订单生效。"),
)
def offer_cash(request: HttpRequest, wanted: CashTermsIn) -> object:
    commands.offer_cash(actor_of(request), wanted.on, wanted.limit, wanted.regions)
    return cash_terms(request)


@topic.reads("/cash/items", CashItemPage, _("代收款"), _("卖家的，最近的在前。"))
def cash_items(request: HttpRequest, wanted: Query[CashQuery], page: Paging) -> object:
    return queries.cash_items(
        actor_of(request), state=wanted.state, cursor=page.cursor, size=page.size
    )


@topic.reads("/cash/totals", CashTotalsOut, _("代收款合计"))
def cash_totals(request: HttpRequest) -> object:
    return queries.cash_totals(actor_of(request))


@topic.reads("/cash/findings", CashFindingPage, _("代收款差异"), _("没有处理的，最近的在前。"))
def cash_findings(request: HttpRequest) -> object:
    return listed(queries.cash_findings(actor_of(request)))


@topic.writes(
    "POST",
    "/orders/{number}/cash/forgive",
    ForgivenOut,
    _("免除门口少收的部分"),
    _("卖家主账号和财务。"),
)
def forgive_rest(request: HttpRequest, number: Number) -> object:
    actor = actor_of(request)
    subject = trade.order(actor, number).order.subject
    return {"order": number_of(subject), "amount": commands.forgive_rest(actor, subject)}


@topic.reads("/market/cash/items", CashItemPage, _("全市场代收款"), _("仅平台人员。"))
def market_items(request: HttpRequest, wanted: Query[CashQuery], page: Paging) -> object:
    return queries.cash_items_of_market(
        staff_of(request, READS), state=wanted.state, cursor=page.cursor, size=page.size
    )


@topic.reads("/market/cash/findings", CashFindingPage, _("全市场代收款差异"), _("仅平台人员。"))
def market_findings(request: HttpRequest) -> object:
    return listed(queries.cash_findings(staff_of(request, READS)))


@topic.writes(
    "POST",
    "/market/cash/findings/{finding}/clear",
    CashFindingPage,
    _("处理代收款差异"),
    _("仅平台人员；回答还没有处理的。"),
)
def clear_finding(request: HttpRequest, finding: PathId, wanted: CashClearIn) -> object:
    commands.clear_finding(staff_of(request, CHANGES), finding, wanted.note)
    return market_findings(request)


@topic.reads("/market/cash/debts", CarrierDebtPage, _("承运商欠款"), _("仅平台人员。"))
def carrier_debts(request: HttpRequest) -> object:
    return listed(queries.carrier_debts(staff_of(request, READS)))


@topic.reads("/market/cash/batches", CashBatchPage, _("回款批次"), _("仅平台人员。"))
def cash_batches(request: HttpRequest, page: Paging) -> object:
    return queries.cash_batches(staff_of(request, READS), cursor=page.cursor, size=page.size)


@topic.reads("/market/cash/batches/{batch}", CashBatchOut, _("一个回款批次"), _("仅平台人员。"))
def cash_batch(request: HttpRequest, batch: Number) -> object:
    found, _lines = queries.cash_batch(staff_of(request, READS), batch)
    return found


@topic.reads(
    "/market/cash/batches/{batch}/lines", CashLinePage, _("批次逐行核对"), _("仅平台人员。")
)
def cash_lines(request: HttpRequest, batch: Number) -> object:
    _found, lines = queries.cash_batch(staff_of(request, READS), batch)
    return listed(lines)


@topic.writes(
    "POST",
    "/market/cash/batches/{batch}/recheck",
    CashBatchOut,
    _("重新核对批次"),
    _("仅平台人员；用剩余的钱再核对没有对上的行。"),
)
def recheck_batch(request: HttpRequest, batch: Number) -> object:
    commands.recheck_batch(staff_of(request, CHANGES), batch)
    return cash_batch(request, batch)


@topic.writes(
    "POST",
    "/market/cash/batches/{batch}/return",
    CashBatchOut,
    _("退回批次剩余的钱"),
    _("仅平台人员；退给承运商。"),
)
def return_batch(request: HttpRequest, batch: Number, wanted: CashReturnIn) -> object:
    commands.return_batch(staff_of(request, CHANGES), batch, wanted.reason, wanted.left)
    return cash_batch(request, batch)
