"""Loans: how much and why, applying, drawing, the schedule, repaying, the coupon."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from ninja import Query, Schema
from pydantic import Field

from pifa.api.auth import actor_of, staff_of
from pifa.api.fields import WHOLE, Amount, In, Line, Number, Out, PageOut, Paging, Yuan, listed
from pifa.api.routing import Topic
from pifa.finance.loans import commands, queries
from pifa.finance.loans.commands.applying import Wish
from pifa.kernel.money import total
from pifa.standing import wording

topic = Topic()

Method = Literal["equal-principal", "interest-only"]
Basis = Literal["30/360", "actual/360"]
Months = Annotated[int, Field(ge=1, le=360), WHOLE]


class StepOfferOut(Out):
    name: str
    limit: Yuan
    rate: str


class LoanConditionOut(Out):
    """One condition of a step: what it asks, the company's own figure, what is missing."""

    words: str
    value: str
    holds: bool
    missing: str


class LoanOfferOut(Out):
    """How much may be borrowed today and why; `next_asks` is what the next step needs."""

    day: date
    effective: date
    step: StepOfferOut | None
    next: StepOfferOut | None
    daily_rate: str
    limit: Yuan
    used: Yuan
    free: Yuan
    blocked: str
    held_by: list[LoanConditionOut]
    next_asks: list[LoanConditionOut]


class PlannedOut(Out):
    number: int
    due_on: date | None
    days: int
    opening: Yuan
    principal: Yuan
    interest: Yuan
    payment: Yuan


class LoanScheduleOut(Out):
    interest: Yuan
    payment: Yuan
    instalments: list[PlannedOut]


class ScheduleQuery(Schema):
    """A loan as it would be drawn today, at the company's own rate."""

    amount: Amount
    months: int = Field(12, ge=1, le=360)
    method: Method = "equal-principal"
    basis: Basis = "30/360"


class ApplyIn(In):
    amount: Amount
    months: Months
    method: Method = "equal-principal"
    basis: Basis = "30/360"


class LoanOut(Out):
    """A loan from its application on; amounts in yuan, `daily_rate` a decimal (0.0003 is 0.03 %)."""

    number: str
    state: str
    state_label: str
    amount: Yuan
    owed: Yuan
    due: Yuan
    months: int
    method: str
    basis: str
    daily_rate: str
    applied_at: datetime
    offer_until: date | None
    drawn_on: date | None
    next_due: date | None
    why_refused: str
    step: str


class LoanPage(PageOut):
    items: list[LoanOut]


class MarketLoanOut(LoanOut):
    company_id: int
    company_name: str


class MarketLoanPage(PageOut):
    items: list[MarketLoanOut]


class InstalmentOut(Out):
    number: int
    due_on: date
    days: int
    opening: Yuan
    early: Yuan
    principal: Yuan
    interest: Yuan
    coupon: Yuan
    penalty: Yuan
    paid: Yuan
    open: Yuan
    state: str


class InterestCouponOut(Out):
    amount: Yuan
    used: Yuan
    state: str
    from_instalment: int
    credit_on: date
    until: date


class LoanPaymentOut(Out):
    at: datetime
    penalty: Yuan
    interest: Yuan
    principal: Yuan
    coupon: Yuan
    amount: Yuan


class LoanDetailOut(Out):
    loan: LoanOut
    instalments: list[InstalmentOut]
    payments: list[LoanPaymentOut]
    coupon: InterestCouponOut | None
    may_ask_coupon: bool


class WholeCostOut(Out):
    """What ending the loan today costs; `saved` is the interest that need not be paid then."""

    due: Yuan
    interest: Yuan
    principal: Yuan
    amount: Yuan
    saved: Yuan


class EarlyRowOut(Out):
    number: int
    due_on: date
    opening: Yuan
    principal: Yuan
    interest: Yuan


class EarlyRowsPage(PageOut):
    items: list[EarlyRowOut]


class PartQuery(Schema):
    amount: Amount


class SignedIn(In):
    """The one-time authorisation of the payment password."""

    authorisation: Line


class PartIn(SignedIn):
    amount: Amount


class LeftOut(Out):
    """What is still open afterwards."""

    open: Yuan


class CostOut(Out):
    """What was taken from the account."""

    amount: Yuan


@topic.reads("/loans/offer", LoanOfferOut, _("贷款额度和利率"), _("主账号和财务；说明为什么。"))
def loan_offer(request: HttpRequest) -> dict[str, Any]:
    found = queries.loan_offer(actor_of(request))
    names = ("day", "effective", "step", "next", "limit", "used", "free", "blocked")
    return {name: getattr(found, name) for name in names} | {
        "daily_rate": f"{found.daily.normalize():f}",
        "held_by": [_condition(line) for line in found.story.kept],
        "next_asks": [_condition(line) for line in found.story.conditions],
    }


@topic.reads("/loans/schedule", LoanScheduleOut, _("贷款试算"), _("按本企业今天的利率。"))
def schedule(request: HttpRequest, wanted: Query[ScheduleQuery]) -> dict[str, Any]:
    daily = queries.loan_offer(actor_of(request)).daily
    rows = queries.loan_schedule(wanted.amount, wanted.months, wanted.method, wanted.basis, daily)
    return {
        "interest": total(row.interest for row in rows),
        "payment": total(row.payment for row in rows),
        "instalments": rows,
    }


@topic.reads("/loans", LoanPage, _("贷款"), _("最近的在前。"))
def loans(request: HttpRequest) -> object:
    return listed([_loan(row) for row in queries.loans(actor_of(request))])


@topic.writes(
    "POST",
    "/loans",
    LoanOut,
    _("申请贷款"),
    _("当场决定；没有通过的 state 是 refused，并说明原因。"),
    status=201,
)
def apply(request: HttpRequest, wanted: ApplyIn) -> object:
    actor = actor_of(request)
    wish = Wish(wanted.amount, wanted.months, wanted.method, wanted.basis)
    made = commands.apply_for_loan(actor, wish)
    return _loan(queries.loan(actor, made.number).loan)


@topic.reads("/loans/{number}", LoanDetailOut, _("一笔贷款"))
def loan(request: HttpRequest, number: Number) -> object:
    found = queries.loan(actor_of(request), number)
    names = ("instalments", "payments", "coupon", "may_ask_coupon")
    return {name: getattr(found, name) for name in names} | {"loan": _loan(found.loan)}


@topic.writes(
    "POST", "/loans/{number}/draw", LoanDetailOut, _("支用贷款"), _("马上到网商银行账户。")
)
def draw(request: HttpRequest, number: Number, wanted: SignedIn) -> object:
    commands.draw_loan(actor_of(request), number, wanted.authorisation)
    return loan(request, number)


@topic.reads("/loans/{number}/early", WholeCostOut, _("今天还清要多少"))
def whole_cost(request: HttpRequest, number: Number) -> object:
    return queries.whole_cost(actor_of(request), number)


@topic.reads("/loans/{number}/early/part", EarlyRowsPage, _("提前还一部分后的还款计划"))
def part_preview(request: HttpRequest, number: Number, wanted: Query[PartQuery]) -> object:
    return listed(queries.part_preview(actor_of(request), number, wanted.amount))


@topic.writes("POST", "/loans/{number}/repay-due", LeftOut, _("归还到期款"))
def repay_due(request: HttpRequest, number: Number) -> object:
    return {"open": commands.repay_due(actor_of(request), number)}


@topic.writes("POST", "/loans/{number}/repay-part", LoanDetailOut, _("提前还一部分本金"))
def repay_part(request: HttpRequest, number: Number, wanted: PartIn) -> object:
    commands.repay_part(actor_of(request), number, wanted.amount, wanted.authorisation)
    return loan(request, number)


@topic.writes("POST", "/loans/{number}/repay-whole", CostOut, _("提前还清"))
def repay_whole(request: HttpRequest, number: Number, wanted: SignedIn) -> object:
    amount = commands.repay_whole(actor_of(request), number, wanted.authorisation)
    return {"amount": amount}


@topic.writes(
    "POST",
    "/loans/{number}/coupon",
    LoanDetailOut,
    _("领取利息红包"),
    _("下周一发放，从第 4 期起抵扣利息，有效 6 个月，不与其他利息优惠叠加。"),
)
def ask_coupon(request: HttpRequest, number: Number) -> object:
    commands.ask_coupon(actor_of(request), number)
    return loan(request, number)


class MarketLoansQuery(Schema):
    state: Literal["", "running", "overdue", "defaulted", "repaid"] = ""
    words: str = Field("", max_length=80)


@topic.reads("/market/loans", MarketLoanPage, _("市场全部贷款"), _("运营人员。"))
def market_loans(request: HttpRequest, wanted: Query[MarketLoansQuery], page: Paging) -> object:
    found = queries.market_loans(
        staff_of(request, "finance.view_loan"),
        typed=wanted.words,
        state=wanted.state,
        cursor=page.cursor,
        size=page.size,
    )
    items = [
        _loan(row) | {"company_id": row.company_id, "company_name": row.company_name}
        for row in found.items
    ]
    return {"items": items, "next_cursor": found.next_cursor}


def _loan(row: queries.LoanView) -> dict[str, Any]:
    names = [name for name in LoanOut.model_fields if name != "daily_rate"]
    rate = row.daily_rate if row.daily_rate else Decimal(0)
    return {name: getattr(row, name) for name in names} | {"daily_rate": f"{rate.normalize():f}"}


def _condition(line: Any) -> dict[str, Any]:
    return {
        "words": wording.condition_words(line),
        "value": wording.value_words(line),
        "holds": line.view.holds,
        "missing": wording.missing_words(line),
    }
