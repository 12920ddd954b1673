"""Requests for quotes: a buyer asks and decides, sellers answer."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from ninja import Query
from pydantic import Field

from pifa.api.auth import actor_of
from pifa.api.fields import (
    Amount,
    Count,
    Day,
    Id,
    In,
    Line,
    Number,
    Out,
    PageOut,
    Paging,
    Pieces,
    Price,
    Text,
    UnitYuan,
    Yuan,
)
from pifa.api.routing import Topic
from pifa.api.v1.order_shapes import InvoiceIn, ReasonIn
from pifa.trade.quotes import commands, queries, rules
from pifa.trade.quotes.commands import AnswerGiven, AskRequest
from pifa.trade.quotes.queries import RequestView
from pifa.trade.quotes.rules import GoodsWanted
from pifa.trade.quotes.terms import QuoteTerms

topic = Topic()


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
    """How it is paid. Staged: a deposit by percent or amount, and days of production."""

    way: Literal["full", "staged", "trade_credit"] = "full"
    deposit_percent: Annotated[int, Field(ge=1, le=99)] | None = None
    deposit: Amount | None = None
    production_days: Count | None = None


class LinePriceIn(In):
    """The price of a line by its position; lines without one are not supplied."""

    position: Id
    price: Price


class QuoteAnswerIn(In):
    """An answer. `lead_days`: from payment to shipment; `valid_until`: the last day it holds."""

    prices: list[LinePriceIn] = Field(min_length=1, max_length=rules.MAX_LINES)
    freight: Amount
    lead_days: Count
    valid_until: Day
    terms: QuoteTermsIn = Field(default_factory=QuoteTermsIn)
    note: Text = ""


class AcceptQuoteIn(In):
    """The revision that was read; another one is refused with its total."""

    revision: Count
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
    """An answer as it was given at a time."""

    revision: int
    prices: list[LinePriceOut]
    goods: Yuan
    freight: Yuan
    total: Yuan
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


@topic.reads("/quote-requests", QuoteRequestPage, _("询价单"), _("本企业发出的，新的在前。"))
def quote_requests(
    request: HttpRequest,
    page: Paging,
    tab: Annotated[Literal["all", "waiting", "ended"], Query()] = "all",
) -> object:
    return queries.requests(actor_of(request), tab, page.cursor, page.size)


@topic.writes(
    "POST",
    "/quote-requests",
    QuoteRequestOut,
    _("向卖家询价"),
    _("向 1 到 20 个卖家询价；卖家互不知道还问了谁。不占用库存。"),
    status=201,
)
def ask_quotes(request: HttpRequest, asked: QuoteRequestIn) -> RequestView:
    actor = actor_of(request)
    number = commands.ask_quotes(
        actor,
        AskRequest(
            lines=[
                GoodsWanted(
                    quantity=line.quantity,
                    sku_id=line.sku_id,
                    title=line.title,
                    spec_text=line.spec_text,
                    unit=line.unit,
                    wanted=line.wanted_price,
                )
                for line in asked.lines
            ],
            address_id=asked.address_id,
            until=asked.answers_until,
            seller_ids=asked.seller_ids,
            offer_ids=asked.offer_ids,
            needed_by=asked.needed_by,
            note=asked.note,
        ),
    )
    return queries.quote_request(actor, number)


@topic.reads(
    "/quote-requests/{rfq}", QuoteRequestOut, _("一份询价单和收到的报价"), _("发出它的买家。")
)
def quote_request(request: HttpRequest, rfq: Number) -> RequestView:
    return queries.quote_request(actor_of(request), rfq)


@topic.writes("POST", "/quote-requests/{rfq}/close", None, _("关闭询价单"))
def close_quote_request(request: HttpRequest, rfq: Number) -> None:
    commands.close_request(actor_of(request), rfq)


@topic.reads("/quotes", QuoteInboxPage, _("收到的询价"), _("卖家；新的在前。"))
def quote_inbox(
    request: HttpRequest,
    page: Paging,
    tab: Annotated[Literal["all", "waiting", "answered", "ended"], Query()] = "all",
) -> object:
    return queries.inbox(actor_of(request), tab, page.cursor, page.size)


@topic.reads(
    "/quotes/{quote}", QuoteRequestOut, _("一份收到的询价"), _("被询价的卖家；只含自己的报价。")
)
def asked_quote(request: HttpRequest, quote: Number) -> RequestView:
    return queries.asked_quote(actor_of(request), quote)


@topic.writes(
    "PUT",
    "/quotes/{quote}/answer",
    QuoteRequestOut,
    _("报价或修改报价"),
    _("卖家；每次修改是新的一版，以前的各版保留。"),
)
def answer_quote(request: HttpRequest, quote: Number, answer: QuoteAnswerIn) -> RequestView:
    actor = actor_of(request)
    commands.answer_quote(
        actor,
        quote,
        AnswerGiven(
            prices={line.position: line.price for line in answer.prices},
            freight=answer.freight,
            lead_days=answer.lead_days,
            valid_until=answer.valid_until,
            terms=QuoteTerms(**answer.terms.model_dump()),
            note=answer.note,
        ),
    )
    return queries.asked_quote(actor, quote)


@topic.writes("POST", "/quotes/{quote}/withdraw", None, _("撤回报价"))
def withdraw_quote(request: HttpRequest, quote: Number, why: ReasonIn) -> None:
    commands.withdraw_quote(actor_of(request), quote, why.reason)


@topic.writes("POST", "/quotes/{quote}/decline", None, _("不报价"), _("被询价的卖家。"))
def decline_quote(request: HttpRequest, quote: Number, why: ReasonIn) -> None:
    commands.decline_quote(actor_of(request), quote, why.reason)


@topic.writes("POST", "/quotes/{quote}/refuse", None, _("不接受报价"), _("发出询价的买家。"))
def refuse_quote(request: HttpRequest, quote: Number, why: ReasonIn) -> None:
    commands.refuse_quote(actor_of(request), quote, why.reason)


@topic.writes(
    "POST",
    "/quotes/{quote}/accept",
    QuoteOrderOut,
    _("接受报价"),
    _("立即按报价的单价、运费和条件生成订单；重复请求得到同一个订单。"),
    status=201,
)
def accept_quote(request: HttpRequest, quote: Number, wanted: AcceptQuoteIn) -> dict[str, Any]:
    number = commands.accept_quote(
        actor_of(request),
        quote,
        wanted.revision,
        address_id=wanted.address_id,
        message=wanted.message,
        invoice=wanted.invoice.model_dump(exclude_none=True) if wanted.invoice else None,
    )
    return {"number": number}
