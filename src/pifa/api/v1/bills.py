"""Acceptance bills: asking for one, taking or refusing it, what matures and what was dishonoured."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from ninja import Query, Schema
from pydantic import Field

from pifa.api.auth import actor_of, staff_of
from pifa.api.fields import Day, In, Line, Number, Out, PageOut, Paging, Yuan, listed
from pifa.api.routing import Topic
from pifa.finance import commands, queries

topic = Topic()
READS = "finance.view_bill"

BillState = Literal[
    "asked",
    "offered",
    "accepted",
    "presented",
    "honoured",
    "dishonoured",
    "cleared",
    "refused",
    "expired",
    "withdrawn",
    "returned",
    "failed",
]
BillTab = Literal["to_answer", "maturing", "dishonoured", "all"]
Side = Literal["buyer", "seller"]


class BillOut(Out):
    """A bill. `amount` is what it is for, `owed` what is still promised by it; honoured, `kept` paid
    the seller and `rest` went to the buyer. It is presented on `presents_on`; `late`: the bank has
    not told what became of it."""

    number: str
    order: str
    title: str
    buyer_id: int
    buyer_name: str
    seller_id: int
    seller_name: str
    state: BillState
    state_label: str
    acceptor: str
    drawer: str
    payee: str
    bill_no: str
    amount: Yuan
    owed: Yuan
    kept: Yuan
    rest: Yuan
    issued_on: date
    matures_on: date
    presents_on: date
    answer_by: datetime
    reason: str
    asked_at: datetime
    answered_at: datetime | None
    ended_at: datetime | None
    late: bool


class BillPage(PageOut):
    items: list[BillOut]


class BillSideQuery(Schema):
    """As which side the company is asked."""

    side: Side = "seller"


class BillQuery(BillSideQuery):
    """Which bills: of which side, to be answered, maturing, dishonoured, or all."""

    tab: BillTab = "all"


class BillTabQuery(Schema):
    """Which bills of the market."""

    tab: BillTab = "all"


class BillTotalsOut(Out):
    """Sums: waiting for an answer, promised, dishonoured and owed still, paid to sellers."""

    to_answer: Yuan
    maturing: Yuan
    dishonoured: Yuan
    honoured: Yuan


class BillDayOut(Out):
    """What is presented on a business day."""

    day: date
    bills: int
    amount: Yuan


class BillDayPage(PageOut):
    items: list[BillDayOut]


class AcceptorOut(Out):
    """A bank that accepts bills."""

    code: str
    name: str


class BillDraftOut(Out):
    """What may be asked for with a payment that was begun; `number` is its bill, if it has one,
    `why_not` why none may be asked for now."""

    payment_number: str
    order: str
    amount: Yuan
    payee: str
    acceptors: list[AcceptorOut]
    first_day: date
    last_day: date
    open: bool
    number: str
    why_not: str


class BillIn(In):
    """Which bank is to accept it (a code of the draft), and on which day it matures."""

    acceptor: Annotated[str, Field(max_length=24)]
    matures_on: Day


class BillRefusalIn(In):
    """Why a bill is not taken; the buyer reads it."""

    reason: Line


class BillForgivenOut(Out):
    """What a seller let go of a dishonoured bill."""

    number: str
    amount: Yuan


@topic.reads(
    "/payments/{number}/bill",
    BillDraftOut,
    _("可以开怎样的汇票"),
    _("用 acceptance_bill 开始付款之后；买家主账号和财务。"),
)
def bill_draft(request: HttpRequest, number: Number) -> object:
    draft = queries.bill_draft(actor_of(request), number)
    acceptors = [{"code": code, "name": name} for code, name in draft.acceptors]
    return {
        "payment_number": draft.payment_number,
        "order": draft.order,
        "amount": draft.amount,
        "payee": draft.payee,
        "acceptors": acceptors,
        "first_day": draft.first_day,
        "last_day": draft.last_day,
        "open": draft.open,
        "number": draft.number,
        "why_not": draft.why_not,
    }


@topic.writes(
    "POST",
    "/payments/{number}/bill",
    BillOut,
    _("请银行出票"),
    _("买家主账号和财务；出票后由卖家签收。"),
)
def draw_bill(request: HttpRequest, number: Number, wanted: BillIn) -> object:
    actor = actor_of(request)
    bill = commands.draw_bill(actor, number, wanted.acceptor, wanted.matures_on)
    return queries.bill(actor, bill)


@topic.reads(
    "/bills", BillPage, _("承兑汇票"), _("主账号和财务；未到期的按到期日，其余最近的在前。")
)
def bills(request: HttpRequest, wanted: Query[BillQuery], page: Paging) -> object:
    return queries.bills(
        actor_of(request), wanted.side, tab=wanted.tab, cursor=page.cursor, size=page.size
    )


@topic.reads("/bills/totals", BillTotalsOut, _("承兑汇票合计"), _("主账号和财务。"))
def bill_totals(request: HttpRequest, wanted: Query[BillSideQuery]) -> object:
    return queries.bill_totals(actor_of(request), wanted.side)


@topic.reads("/bills/calendar", BillDayPage, _("汇票到期日历"), _("主账号和财务。"))
def bill_calendar(request: HttpRequest, wanted: Query[BillSideQuery]) -> object:
    return listed(queries.bill_calendar(actor_of(request), wanted.side))


@topic.reads("/bills/{bill}", BillOut, _("一张承兑汇票"), _("买卖双方。"))
def bill(request: HttpRequest, bill: Number) -> object:
    return queries.bill(actor_of(request), bill)


@topic.writes(
    "POST", "/bills/{bill}/accept", BillOut, _("签收汇票"), _("卖家主账号和财务；订单可以发货。")
)
def accept_bill(request: HttpRequest, bill: Number) -> object:
    actor = actor_of(request)
    commands.accept_bill(actor, bill)
    return queries.bill(actor, bill)


@topic.writes(
    "POST", "/bills/{bill}/refuse", BillOut, _("拒收汇票"), _("卖家主账号和财务；汇票退回买家。")
)
def refuse_bill(request: HttpRequest, bill: Number, wanted: BillRefusalIn) -> object:
    actor = actor_of(request)
    commands.refuse_bill(actor, bill, wanted.reason)
    return queries.bill(actor, bill)


@topic.writes(
    "POST",
    "/bills/{bill}/forgive",
    BillForgivenOut,
    _("免除拒付汇票的欠款"),
    _("卖家主账号和财务。"),
)
def forgive_bill(request: HttpRequest, bill: Number) -> object:
    return {"number": bill, "amount": commands.forgive_bill(actor_of(request), bill)}


@topic.reads("/market/bills", BillPage, _("全市场承兑汇票"), _("仅平台人员。"))
def market_bills(request: HttpRequest, wanted: Query[BillTabQuery], page: Paging) -> object:
    return queries.bills_of_market(
        staff_of(request, READS), tab=wanted.tab, cursor=page.cursor, size=page.size
    )
