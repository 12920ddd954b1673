"""Trade credit: lines on either side, what is promised and due, statements, repayments, ageing."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy as _
from ninja import File, Query, Schema, UploadedFile
from pydantic import Field

from pifa.api.auth import actor_of
from pifa.api.fields import (
    Amount,
    In,
    Line,
    Number,
    Out,
    PageOut,
    Paging,
    PathId,
    Yuan,
    listed,
)
from pifa.api.files import SHEET_FILES, RowErrorOut, row_errors, uploaded_sheet
from pifa.api.routing import Topic
from pifa.finance import commands, queries
from pifa.finance.commands import LineDraft
from pifa.finance.methods.trade_credit import sheet as sheets
from pifa.finance.methods.trade_credit.sheet import LinesReport
from pifa.kernel.sheets.answers import WrittenKind, sheet_answer

topic = Topic()

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


class CreditItemPage(PageOut):
    items: list[CreditItemOut]


class ItemsQuery(Schema):
    """Which: open ones, those to be paid now, or all."""

    which: Literal["open", "due", "all"] = "open"


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
    """What becomes of a row."""

    row: int
    login: str
    limit: Yuan
    terms: Terms
    number: int
    kind: Literal["created", "changed", "unchanged"]


class LinesReportOut(Out):
    """What a sheet of lines would do, or has done."""

    outcomes: list[LineOutcomeOut]
    errors: list[RowErrorOut]


@topic.reads("/credit/lines", CreditLinePage, _("账期额度"), _("卖家授予的，或自己被授予的。"))
def credit_lines(request: HttpRequest, wanted: Query[LinesQuery], page: Paging) -> object:
    return queries.credit_lines(
        actor_of(request),
        wanted.side,
        words_=wanted.words,
        state=wanted.state,
        cursor=page.cursor,
        size=page.size,
    )


@topic.writes(
    "POST",
    "/credit/lines",
    CreditLineOut,
    _("授予账期额度"),
    _("卖家负责人和财务；给客户或付过款的买家。"),
    status=201,
)
def grant_credit(request: HttpRequest, wanted: GrantIn) -> object:
    actor = actor_of(request)
    line = commands.grant_credit(actor, wanted.login, wanted.draft())
    return queries.credit_line(actor, line.pk)


@topic.reads("/credit/lines/{line_id}", CreditLineOut, _("一个账期额度"))
def credit_line(request: HttpRequest, line_id: PathId) -> object:
    return queries.credit_line(actor_of(request), line_id)


@topic.writes(
    "PUT",
    "/credit/lines/{line_id}",
    CreditLineOut,
    _("调整账期额度"),
    _("新的结算方式从明天起收货的订单生效。"),
)
def change_credit(request: HttpRequest, line_id: PathId, wanted: TermsIn) -> object:
    commands.change_credit(actor_of(request), line_id, wanted.draft())
    return credit_line(request, line_id)


@topic.writes("POST", "/credit/lines/{line_id}/freeze", CreditLineOut, _("冻结账期额度"))
def freeze_credit(request: HttpRequest, line_id: PathId, wanted: FreezeIn) -> object:
    commands.freeze_credit(actor_of(request), line_id, wanted.reason)
    return credit_line(request, line_id)


@topic.writes("POST", "/credit/lines/{line_id}/unfreeze", CreditLineOut, _("解冻账期额度"))
def unfreeze_credit(request: HttpRequest, line_id: PathId) -> object:
    commands.unfreeze_credit(actor_of(request), line_id)
    return credit_line(request, line_id)


@topic.reads(
    "/credit/lines/{line_id}/history", CreditChangePage, _("额度变动记录"), _("最近的在前。")
)
def credit_history(request: HttpRequest, line_id: PathId) -> object:
    return listed(queries.credit_history(actor_of(request), line_id))


@topic.reads("/credit/lines/{line_id}/items", CreditItemPage, _("账期订单"), _("最近的在前。"))
def credit_items(
    request: HttpRequest, line_id: PathId, wanted: Query[ItemsQuery], page: Paging
) -> object:
    return queries.credit_items(
        actor_of(request), line_id, which=wanted.which, cursor=page.cursor, size=page.size
    )


@topic.reads(
    "/credit/lines/{line_id}/statements", CreditStatementPage, _("账期账单"), _("最近的在前。")
)
def credit_statements(request: HttpRequest, line_id: PathId, page: Paging) -> object:
    return queries.credit_statements(actor_of(request), line_id, cursor=page.cursor, size=page.size)


@topic.reads("/credit/statements/{number}", CreditStatementOut, _("一张账期账单"))
def credit_statement(request: HttpRequest, number: Number) -> object:
    return queries.credit_statement(actor_of(request), number)


@topic.reads("/credit/statements/{number}/items", CreditItemPage, _("账单明细"))
def statement_items(request: HttpRequest, number: Number) -> object:
    return listed(queries.statement_items(actor_of(request), number))


@topic.reads("/credit/due", CreditDuePage, _("要付的账期款"), _("买家的；最早到期的在前。"))
def credit_due(request: HttpRequest) -> object:
    return listed(queries.credit_due(actor_of(request)))


@topic.writes(
    "POST",
    "/credit/lines/{line_id}/repayments",
    RepaymentOut,
    _("发起账期还款"),
    _("得到一张应付单，按它付款；到账后先抵最早到期的订单。"),
    status=201,
)
def repay(request: HttpRequest, line_id: PathId, wanted: RepaymentIn) -> object:
    actor = actor_of(request)
    payable = commands.repay(
        actor,
        line_id,
        wanted.amount,
        statement=wanted.statement,
        subjects=[f"order:{number}" for number in wanted.orders],
    )
    subject = queries.payable_by_number(actor, payable).subject
    return _repayment(queries.repayment(actor, subject.partition(":")[2]))


@topic.reads(
    "/credit/lines/{line_id}/repayments",
    RepaymentPage,
    _("账期还款记录"),
    _("有到账的，最近 50 笔；抵了哪些订单看单笔。"),
)
def repayments(request: HttpRequest, line_id: PathId) -> object:
    found = queries.repayments(actor_of(request), line_id)
    return listed([_repayment(row) for row in found])


@topic.reads("/credit/repayments/{number}", RepaymentOut, _("一笔账期还款"))
def repayment(request: HttpRequest, number: Number) -> object:
    return _repayment(queries.repayment(actor_of(request), number))


@topic.reads("/credit/ageing", AgeingPage, _("账龄"), _("卖家负责人和财务；欠得最多的在前。"))
def credit_ageing(request: HttpRequest, words: Annotated[str, Query(max_length=80)] = "") -> object:
    return listed(queries.credit_ageing(actor_of(request), words))


@topic.reads(
    "/credit/sheet",
    None,
    _("导出账期额度表"),
    _("与导入的表相同，可改后再导入。"),
    content=SHEET_FILES,
)
def export_lines(
    request: HttpRequest, kind: Annotated[WrittenKind, Query()] = "xlsx"
) -> HttpResponseBase:
    rows = sheets.lines_written(actor_of(request))
    return sheet_answer("credit", kind, sheets.COLUMNS, rows)


@topic.reads(
    "/credit/sheet/preview",
    LinesReportOut,
    _("预览账期额度表"),
    _("说明导入会做什么、哪些行有误；不改变任何东西。"),
    method="POST",
)
def preview_lines(request: HttpRequest, sheet: File[UploadedFile]) -> dict[str, Any]:
    with uploaded_sheet(sheet) as opened:
        return _report(sheets.preview_lines(actor_of(request), opened))


@topic.writes(
    "POST", "/credit/sheet", LinesReportOut, _("导入账期额度表"), _("有误的行不导入，其余照常。")
)
def bring_lines_in(request: HttpRequest, sheet: File[UploadedFile]) -> dict[str, Any]:
    with uploaded_sheet(sheet) as opened:
        return _report(sheets.bring_lines_in(actor_of(request), opened))


def _report(report: LinesReport) -> dict[str, Any]:
    return {"outcomes": report.outcomes, "errors": row_errors(report.errors)}


def _repayment(found: queries.RepaymentView) -> dict[str, Any]:
    names = [name for name in RepaymentOut.model_fields if name != "laid_out"]
    laid = [{"number": number, "amount": amount} for number, amount in found.laid_out]
    return {name: getattr(found, name) for name in names} | {"laid_out": laid}
