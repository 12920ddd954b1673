"""What requests for quotes carry and what their answers hold; the endpoints are in `quotes`."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import Field

from pifa.api.fields import (
    WHOLE,
    Amount,
    Count,
    Day,
    Id,
    In,
    Line,
    Out,
    PageOut,
    Pieces,
    Price,
    Text,
    UnitYuan,
    Yuan,
)
from pifa.api.v1.order_shapes import InvoiceIn
from pifa.trade.quotes import rules
from pifa.trade.quotes.terms import MAX_PRODUCTION_DAYS


class GoodsWantedIn(In):
    """Goods that are asked for: a SKU, or words of the buyer's own with a unit."""

    quantity: Pieces
    sku_id: Id | None = None
    title: Line = ""
    spec_text: Line = ""
    unit: Line = ""
    wanted_price: Price | None = None


class QuoteRequestIn(In):
    """What is asked. The SKUs' seller and those of `offer_ids` are asked besides `seller_ids`."""

    lines: list[GoodsWantedIn] = Field(min_length=1, max_length=rules.MAX_LINES)
    address_id: Id
    answers_until: Day
    seller_ids: list[Id] = Field(default_factory=list, max_length=100)
    offer_ids: list[Id] = Field(default_factory=list, max_length=100)
    needed_by: Day | None = None
    note: Text = ""


class QuoteTermsIn(In):
    """How it is paid. Staged: a deposit by percent or amount (one of them), and days of
    production. Trade credit: only where the buyer holds an open line of the seller's."""

    way: Literal["full", "staged", "trade_credit"] = "full"
    deposit_percent: Annotated[int, Field(ge=1, le=99), WHOLE] | None = None
    deposit: Amount | None = None
    production_days: Annotated[int, Field(ge=1, le=MAX_PRODUCTION_DAYS), WHOLE] | None = None


class LinePriceIn(In):
    """The price of a line by its position; lines without one are not supplied."""

    position: Id
    price: Price


class QuoteAnswerIn(In):
    """An answer. `lead_days`: from payment to shipment; `valid_until`: the last day it holds."""

    prices: list[LinePriceIn] = Field(min_length=1, max_length=rules.MAX_LINES)
    freight: Amount
    lead_days: Annotated[int, Field(ge=1, le=rules.MAX_LEAD_DAYS), WHOLE]
    valid_until: Day
    terms: QuoteTermsIn = Field(default_factory=QuoteTermsIn)
    note: Text = ""


class AcceptQuoteIn(In):
    """The revision that was read; another one is refused with its total. With the `premium` of
    GET /quotes/{quote}/freight-insurance the buyer takes the insurance of its return freight."""

    revision: Count
    premium: Amount | None = None
    address_id: Id | None = None
    message: Line = ""
    invoice: InvoiceIn | None = None


class QuoteOrderOut(Out):
    """The order that the quote became."""

    number: str


class AskedLineOut(Out):
    """A line that was asked for; only its own seller and the buyer see the SKU."""

    position: int
    sku_id: int | None
    offer_id: int | None
    code: str
    title: str
    title_en: str
    spec_text: str
    unit: str
    quantity: int
    wanted: UnitYuan | None


class LinePriceOut(Out):
    """The price of a line and its amount, rounded half up to the fen."""

    position: int
    price: UnitYuan
    amount: Yuan


class QuoteTermsOut(Out):
    """How it is paid."""

    way: str
    deposit_percent: int | None
    deposit: Yuan | None
    production_days: int | None


class QuoteRevisionOut(Out):
    """An answer as it was given at a time; `deposit` is what of the total is paid beforehand."""

    revision: int
    prices: list[LinePriceOut]
    goods: Yuan
    freight: Yuan
    total: Yuan
    deposit: Yuan
    lead_days: int
    valid_until: date
    terms: QuoteTermsOut
    note: str
    made_at: datetime


class SellerQuoteOut(Out):
    """One seller's part: the living answer, the earlier ones, what the caller may do now."""

    number: str
    seller_id: int
    seller_name: str
    state: str
    state_label: str
    reason: str
    order: str | None
    answer: QuoteRevisionOut | None
    earlier: list[QuoteRevisionOut]
    verbs: list[str]
    changed_at: datetime


class QuoteRequestOut(Out):
    """A request; its buyer gets all answers, a seller its own alone and no address."""

    number: str
    state: str
    state_label: str
    buyer_id: int
    buyer_name: str
    region: str
    city: str
    address_id: int | None
    needed_by: date | None
    note: str
    has_picture: bool
    asked_at: datetime
    answers_until: date
    ended_at: datetime | None
    lines: list[AskedLineOut]
    quotes: list[SellerQuoteOut]
    verbs: list[str]


class QuoteRequestRowOut(Out):
    """A request in its buyer's list."""

    number: str
    state: str
    state_label: str
    title: str
    title_en: str
    lines: int
    asked: int
    answered: int
    asked_at: datetime
    answers_until: date
    order: str | None


class QuoteRequestPage(PageOut):
    items: list[QuoteRequestRowOut]


class QuoteInboxRowOut(Out):
    """A request in a seller's inbox."""

    number: str
    state: str
    state_label: str
    buyer_name: str
    title: str
    title_en: str
    lines: int
    region: str
    city: str
    needed_by: date | None
    asked_at: datetime
    answers_until: date
    total: Yuan | None
    valid_until: date | None
    order: str | None


class QuoteInboxPage(PageOut):
    items: list[QuoteInboxRowOut]


class SellerToAskOut(Out):
    """A seller that the buyer knows, and so may ask."""

    id: int
    name: str


class SellersToAskPage(PageOut):
    items: list[SellerToAskOut]
