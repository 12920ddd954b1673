"""What requests about orders carry and what their answers hold; the endpoints are in `orders`."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from django.utils.translation import gettext_lazy as _
from ninja import Schema
from pydantic import Field, RootModel

from pifa.api.fields import (
    Amount,
    Day,
    Flag,
    Id,
    In,
    Line,
    Number,
    Out,
    PageOut,
    UnitYuan,
    Yuan,
    says,
)
from pifa.api.v1.market import LineIn
from pifa.kernel.sheets.answers import WrittenKind
from pifa.trade.rules import MAX_BATCH, MAX_LINES

Side = Literal["buyer", "seller"]
Tab = Literal[
    "all",
    "awaiting_payment",
    "in_production",
    "awaiting_balance",
    "awaiting_shipment",
    "awaiting_receipt",
    "in_refund",
    "awaiting_review",
    "completed",
    "closed",
    "declared",
]

Channel = Literal["public", "invitation", "private", "declared"]


class InvoiceIn(In):
    """What the buyer wants on its invoice: title and `tax_no` (a unified social credit code) at
    least; a special one needs all but the mailbox."""

    kind: Literal["ordinary", "special"] | None = None
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
    ways: dict[Annotated[str, Field(pattern=r"^[1-9][0-9]{0,17}$")], Line] = Field(
        default_factory=dict,
        description=says(
            _(
                "与订单一起约定的付款方式，以卖家的企业编号为键；可选的见结算预览的 ways，不写就下单后再付"
            )
        ),
    )
    invoice: InvoiceIn | None = None
    freight_insurance: list[Id] = Field(
        default_factory=list,
        max_length=MAX_LINES,
        description=says(
            _("给哪些卖家的订单投保运费险（卖家的企业编号）；保费计入 shown_total，见结算预览")
        ),
    )
    from_list: Flag = Field(False, description=says(_("把这些行从自己的进货单移走")))
    in_channel: Flag = Field(False, description=says(_("在私域渠道下的单，计为私域订单")))


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
    title_en: str
    spec_text: str
    unit: str
    quantity: int
    price: UnitYuan
    amount: Yuan


class OrderRowOut(Out):
    """An order in a list, with its first lines; `verbs` are what the caller may do now. While it
    `awaits_approval` by its buyer's finance role nobody can pay it."""

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
    promised: Yuan
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
    awaits_approval: bool
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


class ScanOut(Out):
    """One thing a carrier told of a parcel; `note` are its own words."""

    at: datetime
    state: str
    state_label: str
    place: str
    note: str


class ParcelOut(Out):
    """Goods handed to a carrier `at` a moment, and what it told since, the latest first.

    A carrier that is not `tracked` tells nothing here. What a carrier tells never moves the order:
    receipt is confirmed by the buyer or at the deadline. `late`: past `promised_at`.
    """

    at: datetime
    carrier: str
    tracking_no: str
    tracked: bool
    state: str
    state_label: str
    promised_at: datetime | None
    delivered_at: datetime | None
    late: bool
    scans: list[ScanOut]


class DisputeOut(Out):
    """Both sides' statements and the verdict, if there is one."""

    statement: str
    seller_statement: str
    verdict: str
    verdict_label: str
    verdict_reason: str
    opened_at: datetime
    expected_by: datetime
    is_overdue: bool
    decided_at: datetime | None


class RefundOut(Out):
    """A refund case; `verbs` are what the caller may do now."""

    number: str
    kind: str
    kind_label: str
    state: str
    state_label: str
    purpose: str
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


class ComingOut(Out):
    """What will happen to the order by itself unless somebody acts before, and when."""

    at: datetime
    words: str


class MoneyEntryOut(Out):
    """A posting of the order's money, in words."""

    at: datetime
    kind: str
    words: str
    amount: Yuan


class OrderQuoteOut(Out):
    """The quote that an order was made from, and the request that it answered."""

    quote: str
    request: str


class OrderCreditOut(Out):
    """What of the order is promised on a line of credit, and when it is due (from receipt on);
    `days` overdue."""

    open: Yuan
    due_on: date | None
    days: int
    statement: str


class OrderCashOut(Out):
    """What of the order is collected at the door: `to_collect` still, `owed` after less was
    collected (it may be paid otherwise), `collected` and of that `remitted` by the carrier."""

    number: str
    state: str
    state_label: str
    carrier: str
    tracking_no: str
    to_collect: Yuan
    owed: Yuan
    collected: Yuan
    remitted: Yuan


class OrderFreightOut(Out):
    """The insured return freight of the order: `paid` is what a return was paid."""

    number: str
    by_buyer: bool
    insured: Yuan
    paid: Yuan
    state: str
    state_label: str


class OrderOut(OrderRowOut):
    """An order with all its lines, its delivery, its life and its money. Where days were agreed it
    is to be shipped `lead_days` from payment on, so by `ship_by`."""

    side: str
    delivery: DeliveryOut
    invoice: dict[str, str]
    close_reason: str
    refundable: Yuan
    released: Yuan
    credit: OrderCreditOut | None
    cash: OrderCashOut | None
    freight_policy: OrderFreightOut | None
    held: Yuan
    adjustments: list[AdjustmentOut]
    parcels: list[ParcelOut]
    refunds: list[RefundOut]
    review: OrderReviewOut | None
    timeline: list[EventOut]
    coming: list[ComingOut]
    money: list[MoneyEntryOut]
    payable_number: str | None
    due_at: datetime | None
    received_at: datetime | None
    ended_at: datetime | None
    lead_days: int | None
    ship_by: datetime | None
    quote: OrderQuoteOut | None
    same_city: bool = Field(description=says(_("买卖双方同城，可用同城速递")))


class DeskQuery(Schema):
    """Which orders of a desk."""

    side: Side
    tab: Tab = "all"
    keyword: Annotated[str, Field(max_length=100)] = ""
    other_login: Annotated[str, Field(max_length=60)] = ""
    since: Day | None = None
    until: Day | None = None
    show_closed: bool = False
    method: Annotated[str, Field(max_length=24)] = Field(
        "", description=says(_("付款方式代码，有款项或约定用它付的订单"))
    )
    channel: Channel | None = None


class SheetQuery(Schema):
    """Which orders of the seller's desk go into the sheet, and what kind of file."""

    kind: WrittenKind = "xlsx"
    tab: Tab = "all"
    keyword: Annotated[str, Field(max_length=100)] = ""
    other_login: Annotated[str, Field(max_length=60)] = ""
    since: Day | None = None
    until: Day | None = None
    show_closed: bool = False
    method: Annotated[str, Field(max_length=24)] = Field(
        "", description=says(_("付款方式代码，有款项或约定用它付的订单"))
    )
    channel: Channel | None = None


class PickingQuery(Schema):
    """Whose goods are fetched together."""

    number: Annotated[list[Number], Field(min_length=1, max_length=MAX_BATCH)]


class PickedOut(Out):
    """What of a pick is for an order."""

    number: str
    quantity: int


class PickOut(Out):
    """Pieces of one SKU to fetch; `code` is its storage code."""

    code: str
    title: str
    title_en: str
    spec_text: str
    unit: str
    quantity: int
    orders: list[PickedOut]


class PickingOut(Out):
    """A picking list over orders, by storage code."""

    orders: list[str]
    pieces: int
    picks: list[PickOut]
