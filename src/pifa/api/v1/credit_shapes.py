"""What trade credit looks like in answers and requests."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from ninja import Schema
from pydantic import Field

from pifa.api.fields import Amount, In, Line, Number, Out, PageOut, Yuan
from pifa.api.files import RowErrorOut
from pifa.finance.commands import LineDraft
from pifa.kernel.sheets.answers import WrittenKind

Terms = Literal["monthly", "days"]


class CreditPeriodOut(Out):
    """Days from `start` to `last_day`, both included; what is received in them is due on
    `due_on`, until 23:59:59."""

    start: date
    last_day: date
    due_on: date


class CreditLineOut(Out):
    """What a seller lets a buyer owe it. `due` is to be paid now; `state` is open, frozen or
    overdue; `period` is the running one of monthly terms."""

    id: int
    seller_id: int
    seller_name: str
    buyer_id: int
    buyer_name: str
    buyer_login: str
    limit: Yuan
    used: Yuan
    free: Yuan
    due: Yuan
    overdue: Yuan
    overdue_since: date | None
    next_due_on: date | None
    terms: Terms
    number: int
    terms_label: str
    terms_since: date
    state: Literal["open", "frozen", "overdue"]
    frozen_at: datetime | None
    frozen_reason: str
    granted_at: datetime
    period: CreditPeriodOut | None


class CreditLinePage(PageOut):
    items: list[CreditLineOut]


class LinesQuery(Schema):
    """As whom; words look for the other side's name and login."""

    side: Literal["buyer", "seller"] = "buyer"
    words: Annotated[str, Field(max_length=80)] = ""
    state: Literal["", "frozen", "overdue"] = ""


class TermsIn(In):
    """A limit, and how it is settled: the settlement day (monthly) or days from receipt."""

    limit: Amount
    terms: Terms
    number: Annotated[int, Field(ge=0, le=1000)]

    def draft(self) -> LineDraft:
        """As the command takes it."""
        return LineDraft(self.limit, self.terms, self.number)


class GrantIn(TermsIn):
    """A line for a buyer by its login."""

    login: Annotated[str, Field(max_length=60)]


class FreezeIn(In):
    """Why; the buyer reads it."""

    reason: Line


class CreditChangeOut(Out):
    """A change of a line; without `by` the market did it."""

    at: datetime
    what: str
    what_label: str
    limit: Yuan
    terms_label: str
    terms_since: date
    reason: str
    by: str


class CreditChangePage(PageOut):
    items: list[CreditChangeOut]


class CreditItemOut(Out):
    """What is promised of one order, what of it was paid or waived, when it is due."""

    subject: str
    number: str
    title: str
    promised: Yuan
    paid: Yuan
    waived: Yuan
    open: Yuan
    promised_at: datetime
    received_at: datetime | None
    due_on: date | None
    days: int
    bucket: str
    bucket_label: str
    statement: str
    state: str
    state_label: str


class CreditItemPage(PageOut):
    items: list[CreditItemOut]


class ItemsQuery(Schema):
    """Which: open ones, those to be paid now, or all."""

    which: Literal["open", "due", "all"] = "open"


class CreditSheetQuery(Schema):
    """What kind of file the sheet of lines is."""

    kind: WrittenKind = "xlsx"


class CreditStatementOut(Out):
    """A closed period; `amount` was open when it closed, `open` is now."""

    number: str
    line_id: int
    seller_id: int
    seller_name: str
    buyer_id: int
    buyer_name: str
    period_start: date
    last_day: date
    due_on: date
    days: int
    orders: int
    amount: Yuan
    settled: Yuan
    open: Yuan
    closed_at: datetime


class CreditStatementPage(PageOut):
    items: list[CreditStatementOut]


class CreditDueOut(Out):
    """What is to be paid on a line by a day."""

    line_id: int
    seller_id: int
    seller_name: str
    due_on: date
    days: int
    open: Yuan
    orders: int
    statement: str


class CreditDuePage(PageOut):
    items: list[CreditDueOut]


class RepaymentIn(In):
    """What is paid: a statement, orders by their numbers, or (with neither) all that is due.

    Without an amount it is all that is open of them.
    """

    amount: Amount | None = None
    statement: Annotated[str, Field(max_length=32)] | None = None
    orders: Annotated[list[Number], Field(max_length=500)] = []


class LaidOutOut(Out):
    """What of a repayment an order got."""

    number: str
    amount: Yuan


class RepaymentOut(Out):
    """A repayment; its payable is paid like any other. `left` stayed on the buyer's balance."""

    number: str
    payable_number: str
    line_id: int
    seller_name: str
    statement: str
    amount: Yuan
    settled: Yuan
    left: Yuan
    state: str
    state_label: str
    at: datetime
    laid_out: list[LaidOutOut]


class RepaymentPage(PageOut):
    items: list[RepaymentOut]


class AgeingOut(Out):
    """What a buyer owes by how late it is: not_due, to_30, to_60, to_90, over_90."""

    line_id: int
    buyer_id: int
    buyer_name: str
    buyer_login: str
    limit: Yuan
    owed: Yuan
    buckets: dict[str, Yuan]


class AgeingPage(PageOut):
    items: list[AgeingOut]


class LineOutcomeOut(Out):
    """What becomes of a row. `frozen`: why the line is frozen by it, empty if it is open, null if
    the sheet does not say."""

    row: int
    login: str
    limit: Yuan
    terms: Terms
    number: int
    kind: Literal["created", "changed", "unchanged"]
    frozen: str | None


class LinesReportOut(Out):
    """What a sheet of lines would do, or has done."""

    outcomes: list[LineOutcomeOut]
    errors: list[RowErrorOut]
