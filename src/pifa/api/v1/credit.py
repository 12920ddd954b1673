"""Trade credit: lines on either side, what is promised and due, statements, repayments, ageing."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy as _
from ninja import File, Query, UploadedFile

from pifa.api.auth import actor_of
from pifa.api.fields import (
    Number,
    Paging,
    PathId,
    listed,
)
from pifa.api.files import SHEET_FILES, row_errors, uploaded_sheet
from pifa.api.routing import Topic
from pifa.api.v1.credit_shapes import (
    AgeingPage,
    CreditChangePage,
    CreditDuePage,
    CreditItemPage,
    CreditLineOut,
    CreditLinePage,
    CreditSheetQuery,
    CreditStatementOut,
    CreditStatementPage,
    FreezeIn,
    GrantIn,
    ItemsQuery,
    LinesQuery,
    LinesReportOut,
    RepaymentIn,
    RepaymentOut,
    RepaymentPage,
    TermsIn,
)
from pifa.finance import commands, queries
from pifa.finance.methods.trade_credit import sheet as sheets
from pifa.finance.methods.trade_credit.sheet import LinesReport
from pifa.kernel.ids import number_of
from pifa.kernel.sheets.answers import sheet_answer

topic = Topic()


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
    _("卖家主账号和财务；给客户或付过款的买家。"),
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
    return _repayment(queries.repayment(actor, number_of(subject)))


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


@topic.reads("/credit/ageing", AgeingPage, _("账龄"), _("卖家主账号和财务；欠得最多的在前。"))
def credit_ageing(request: HttpRequest, words: Annotated[str, Query(max_length=80)] = "") -> object:
    return listed(queries.credit_ageing(actor_of(request), words))


@topic.reads(
    "/credit/sheet",
    None,
    _("导出账期额度表"),
    _("与导入的表相同，可改后再导入。"),
    content=SHEET_FILES,
)
def export_lines(request: HttpRequest, wanted: Query[CreditSheetQuery]) -> HttpResponseBase:
    rows = sheets.lines_written(actor_of(request))
    return sheet_answer("credit", wanted.kind, sheets.COLUMNS, rows)


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
