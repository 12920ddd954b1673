"""Orders: placing them, reading them, and their verbs for buyer and seller."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy as _
from ninja import File, Query, Schema, UploadedFile
from pydantic import Field, RootModel

from pifa.api.auth import actor_of
from pifa.api.fields import (
    WHOLE,
    Amount,
    Day,
    Flag,
    Id,
    In,
    Line,
    Number,
    Out,
    PageOut,
    Paging,
    Text,
    UnitYuan,
    Yuan,
    says,
)
from pifa.api.files import (
    SHEET_FILES,
    RowErrorOut,
    SheetKind,
    row_errors,
    sheet_answer,
    uploaded_sheet,
)
from pifa.api.once import key_of
from pifa.api.problems import told
from pifa.api.routing import Topic
from pifa.api.v1.market import LineIn, ReasonOut
from pifa.trade import commands, queries
from pifa.trade.commands import CheckoutRequest, Outcome, ShipRequest
from pifa.trade.queries import Filters, OrderDetail
from pifa.trade.rules import MAX_BATCH, MAX_LINES

topic = Topic()
Side = Literal["buyer", "seller"]
Tab = Literal[
    "all",
    "awaiting_payment",
    "awaiting_shipment",
    "awaiting_receipt",
    "in_refund",
    "awaiting_review",
    "completed",
    "closed",
    "declared",
]


class InvoiceIn(In):
    """What the buyer wants on its invoice."""

    kind: Line | None = None
    title: Line | None = None
    tax_no: Line | None = None
    address: Line | None = None
    phone: Line | None = None
    bank: Line | None = None
    account: Line | None = None
    email: Line | None = None


class PlaceIn(In):
    """A checkout. `shown_total` is the total of the preview: another one is refused with both."""

    lines: list[LineIn] = Field(min_length=1, max_length=MAX_LINES)
    address_id: Id
    shown_total: Amount
    messages: dict[Annotated[str, Field(pattern=r"^[1-9][0-9]{0,17}$")], Line] = Field(
        default_factory=dict, description=says(_("给卖家的留言，以卖家的企业编号为键"))
    )
    invoice: InvoiceIn | None = None
    from_list: Flag = Field(False, description=says(_("把这些行从自己的进货单移走")))


class PlacedOut(Out):
    """The orders that were placed, one a seller."""

    numbers: list[str]
    total: Yuan


class OrderLineOut(Out):
    """A line as it was when ordered."""

    position: int
    kind: str
    sku_id: int | None
    offer_id: int | None
    code: str
    title: str
    spec_text: str
    unit: str
    quantity: int
    price: UnitYuan
    amount: Yuan


class OrderRowOut(Out):
    """An order in a list, with its first lines; `verbs` are what the caller may do now."""

    number: str
    external_no: str | None
    status: str
    status_label: str
    channel: str
    scene: str
    provenance: str
    is_cancellation: bool
    buyer_id: int | None
    buyer_name: str
    buyer_login: str
    seller_id: int
    seller_name: str
    seller_login: str
    goods: Yuan
    freight: Yuan
    adjustment: Yuan
    total: Yuan
    paid: Yuan
    refunded: Yuan
    placed_at: datetime
    paid_at: datetime | None
    shipped_at: datetime | None
    message: str
    seller_note: str
    lines: list[OrderLineOut]
    line_count: int
    tracking: list[str]
    open_refund: str | None
    verbs: list[str]


class OrderPage(PageOut):
    items: list[OrderRowOut]


class CountsOut(RootModel[dict[str, int]]):
    """How many orders each tab has."""


class DeliveryOut(Out):
    """Where the goods go."""

    consignee: str
    region: str
    address: str
    post_code: str
    phone: str
    mobile: str
    masked: bool


class AdjustmentOut(Out):
    """A change of the total while unpaid."""

    at: datetime
    old_total: Yuan
    new_total: Yuan
    reason: str


class ParcelOut(Out):
    """Goods handed to a carrier."""

    at: datetime
    carrier: str
    tracking_no: str


class DisputeOut(Out):
    """Both sides' statements and the verdict, if there is one."""

    statement: str
    seller_statement: str
    verdict: str
    verdict_label: str
    verdict_reason: str
    opened_at: datetime
    decided_at: datetime | None


class RefundOut(Out):
    """A refund case; `verbs` are what the caller may do now."""

    number: str
    kind: str
    kind_label: str
    state: str
    state_label: str
    asked: Yuan
    granted: Yuan
    reason: str
    answer: str
    return_tracking_no: str
    asked_at: datetime
    ended_at: datetime | None
    due_at: datetime | None
    dispute: DisputeOut | None
    verbs: list[str]


class OrderReviewOut(Out):
    """The buyer's review and the seller's answer."""

    stars: int
    body: str
    answer: str
    at: datetime


class EventOut(Out):
    """Something that happened to the order, in words."""

    at: datetime
    action: str
    who: str
    who_label: str
    words: str


class MoneyEntryOut(Out):
    """A posting of the order's money, in words."""

    at: datetime
    kind: str
    words: str
    amount: Yuan


class OrderOut(OrderRowOut):
    """An order with all its lines, its delivery, its life and its money."""

    side: str
    delivery: DeliveryOut
    invoice: dict[str, str]
    close_reason: str
    refundable: Yuan
    released: Yuan
    held: Yuan
    adjustments: list[AdjustmentOut]
    parcels: list[ParcelOut]
    refunds: list[RefundOut]
    review: OrderReviewOut | None
    timeline: list[EventOut]
    money: list[MoneyEntryOut]
    payable_number: str | None
    due_at: datetime | None
    received_at: datetime | None
    ended_at: datetime | None


class DeskQuery(Schema):
    """Which orders of a desk."""

    side: Side
    tab: Tab = "all"
    keyword: Annotated[str, Field(max_length=100)] = ""
    other_login: Annotated[str, Field(max_length=60)] = ""
    since: Day | None = None
    until: Day | None = None
    show_closed: bool = False


class SheetQuery(Schema):
    """Which orders of the seller's desk go into the sheet, and what kind of file."""

    kind: SheetKind = "xlsx"
    tab: Tab = "all"
    keyword: Annotated[str, Field(max_length=100)] = ""
    other_login: Annotated[str, Field(max_length=60)] = ""
    since: Day | None = None
    until: Day | None = None
    show_closed: bool = False


class ReasonIn(In):
    """Why; may be left empty."""

    reason: Line = ""


class PriceIn(In):
    """What the order costs in all from now on, and why."""

    new_total: Amount
    reason: Line = ""


class ShipIn(In):
    """The carrier and its number."""

    carrier: Line
    tracking_no: Line


class BatchShipIn(In):
    """An order of a batch to ship."""

    number: Number
    carrier: Line
    tracking_no: Line


class ShipBatchIn(In):
    """Orders to ship, at most one batch."""

    orders: list[BatchShipIn] = Field(min_length=1, max_length=MAX_BATCH)


class CloseBatchIn(In):
    """Unpaid orders to close, and why."""

    numbers: list[Number] = Field(min_length=1, max_length=MAX_BATCH)
    reason: Line = ""


class OutcomeOut(Out):
    """What became of one order of a batch; without a problem it was done."""

    number: str
    done: bool
    problem: ReasonOut | None


class OutcomesOut(Out):
    """Every order of a batch: one that could not be done says why, the others were."""

    items: list[OutcomeOut]


class ShippedSheetOut(Out):
    """Which orders a sheet shipped, and the rows that could not be."""

    numbers: list[str]
    skipped: int
    errors: list[RowErrorOut]


class ReviewIn(In):
    """Stars and words."""

    stars: Annotated[int, Field(ge=1, le=5), WHOLE]
    body: Text = ""


class AnswerIn(In):
    """The seller's answer to a review."""

    answer: Text


class NoteIn(In):
    """The seller's own note; the buyer never sees it."""

    note: Line


@topic.writes(
    "POST",
    "/orders",
    PlacedOut,
    _("为一次结算下单"),
    _(
        "一次请求按卖家拆成多个订单，全部成功或全部不下。总额与 shown_total 不同时拒绝，并给出两个总额。"
    ),
    status=201,
    keyed=False,
)
def place_orders(request: HttpRequest, wanted: PlaceIn) -> PlacedOut:
    numbers = commands.place_orders(
        actor_of(request),
        CheckoutRequest(
            lines=[(line.sku_id, line.quantity) for line in wanted.lines],
            address_id=wanted.address_id,
            shown_total=wanted.shown_total,
            messages={int(seller): words for seller, words in wanted.messages.items()},
            invoice=wanted.invoice.model_dump(exclude_none=True) if wanted.invoice else {},
            from_list=wanted.from_list,
            idempotency_key=key_of(request),
        ),
    )
    return PlacedOut.model_construct(numbers=numbers, total=wanted.shown_total)


@topic.reads("/orders", OrderPage, _("订单列表"))
def list_orders(request: HttpRequest, wanted: Query[DeskQuery], page: Paging) -> object:
    return queries.orders(
        actor_of(request), wanted.side, wanted.tab, _filters(wanted), page.cursor, page.size
    )


@topic.reads("/orders/counts", CountsOut, _("各状态的订单数"))
def order_counts(request: HttpRequest, side: Annotated[Side, Query()]) -> object:
    return queries.tab_counts(actor_of(request), side)


@topic.reads(
    "/orders/sheet",
    None,
    _("导出订单表"),
    _("卖家的订单，列与“历史订单”导入相同；导出会记入审计日志。"),
    content=SHEET_FILES,
)
def order_sheet(request: HttpRequest, wanted: Query[SheetQuery]) -> HttpResponseBase:
    rows = commands.export_orders(actor_of(request), wanted.tab, _filters(wanted), kind=wanted.kind)
    return sheet_answer("orders", wanted.kind, queries.SHEET_COLUMNS, rows)


@topic.writes(
    "POST", "/orders/ship", OutcomesOut, _("一次发货多个订单"), _("每个订单各自成功或说明原因。")
)
def ship_many(request: HttpRequest, batch: ShipBatchIn) -> dict[str, Any]:
    rows = [ShipRequest(row.number, row.carrier, row.tracking_no) for row in batch.orders]
    return _outcomes(commands.ship_many(actor_of(request), rows))


@topic.writes(
    "POST",
    "/orders/shipment-sheet",
    ShippedSheetOut,
    _("导入发货表"),
    _(".xlsx 或 .csv，每行一个订单号、物流公司和运单号。"),
)
def ship_from_sheet(
    request: HttpRequest,
    sheet: File[UploadedFile],
) -> dict[str, Any]:
    with uploaded_sheet(sheet) as opened:
        shipped = commands.ship_from_sheet(actor_of(request), opened)
    return {
        "numbers": shipped.numbers,
        "skipped": shipped.skipped,
        "errors": row_errors(shipped.errors),
    }


@topic.writes("POST", "/orders/close", OutcomesOut, _("批量关闭未付款的订单"))
def close_many(request: HttpRequest, batch: CloseBatchIn) -> dict[str, Any]:
    return _outcomes(commands.close_many(actor_of(request), batch.numbers, batch.reason))


@topic.reads(
    "/orders/{number}", OrderOut, _("订单详情"), _("含全部行、物流、退款、时间线和资金明细。")
)
def order(request: HttpRequest, number: Number) -> dict[str, Any]:
    return order_data(queries.order(actor_of(request), number))


@topic.writes("POST", "/orders/{number}/cancel", OrderOut, _("取消未付款的订单"), _("买家。"))
def cancel_order(request: HttpRequest, number: Number, why: ReasonIn) -> dict[str, Any]:
    commands.cancel_order(actor_of(request), number, why.reason)
    return order(request, number)


@topic.writes("POST", "/orders/{number}/close", OrderOut, _("关闭未付款的订单"), _("卖家。"))
def close_order(request: HttpRequest, number: Number, why: ReasonIn) -> dict[str, Any]:
    commands.close_order(actor_of(request), number, why.reason)
    return order(request, number)


@topic.writes("POST", "/orders/{number}/price", OrderOut, _("改订单的总价"), _("付款前，卖家。"))
def adjust_price(request: HttpRequest, number: Number, price: PriceIn) -> dict[str, Any]:
    commands.adjust_price(actor_of(request), number, price.new_total, price.reason)
    return order(request, number)


@topic.writes("POST", "/orders/{number}/ship", OrderOut, _("为订单发货"), _("卖家。"))
def ship(request: HttpRequest, number: Number, parcel: ShipIn) -> dict[str, Any]:
    commands.ship(actor_of(request), number, parcel.carrier, parcel.tracking_no)
    return order(request, number)


@topic.writes(
    "POST",
    "/orders/{number}/receipt",
    OrderOut,
    _("为订单确认收货"),
    _("买家；担保的货款随即结算给卖家。"),
)
def confirm_receipt(request: HttpRequest, number: Number) -> dict[str, Any]:
    commands.confirm_receipt(actor_of(request), number)
    return order(request, number)


@topic.writes("POST", "/orders/{number}/review", OrderOut, _("评价订单"), _("买家；订单由此完成。"))
def write_review(request: HttpRequest, number: Number, review: ReviewIn) -> dict[str, Any]:
    commands.write_review(actor_of(request), number, review.stars, review.body)
    return order(request, number)


@topic.writes(
    "POST", "/orders/{number}/review/answer", OrderOut, _("卖家回复评价"), _("卖家，一次。")
)
def answer_review(request: HttpRequest, number: Number, answer: AnswerIn) -> dict[str, Any]:
    commands.answer_review(actor_of(request), number, answer.answer)
    return order(request, number)


@topic.writes("PUT", "/orders/{number}/note", None, _("写卖家备注"))
def note_order(request: HttpRequest, number: Number, note: NoteIn) -> None:
    commands.note_seller(actor_of(request), number, note.note)


def order_data(detail: OrderDetail) -> dict[str, Any]:
    """An order as an answer: its row, and what its page adds."""
    row = {name: getattr(detail.order, name) for name in OrderRowOut.model_fields}
    added = set(OrderOut.model_fields) - set(row) - {"held", "money"}
    return (
        row
        | {name: getattr(detail, name) for name in added}
        | {"held": detail.money.held, "money": detail.money.entries}
    )


def _filters(wanted: DeskQuery | SheetQuery) -> Filters:
    return Filters(
        keyword=wanted.keyword,
        other_login=wanted.other_login,
        since=wanted.since,
        until=wanted.until,
        show_closed=wanted.show_closed,
    )


def _outcomes(outcomes: list[Outcome]) -> dict[str, Any]:
    return {
        "items": [
            {
                "number": outcome.number,
                "done": outcome.done,
                "problem": told(outcome.error) if outcome.error else None,
            }
            for outcome in outcomes
        ]
    }
