"""Lines in batch by a sheet with a preview, and what buyers owe as a sheet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import IO

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from pifa.finance import queries as finance
from pifa.finance.methods.trade_credit import sheet as sheets
from pifa.finance.methods.trade_credit.sheet import LinesReport
from pifa.kernel.actors import Actor
from pifa.kernel.sheets import Column, ColumnKind, SheetLimits, open_sheet
from pifa.kernel.sheets.answers import WrittenKind, sheet_answer
from pifa.web.access import seller_page
from pifa.web.seller.frame import FINANCE, actor_on, show, whole_number
from pifa.web.seller.previewing import PreviewedSheet
from pifa.web.shared.credit import COLUMNS, row_of

LIMITS = SheetLimits(file_bytes=5 * 1024 * 1024, rows=5_000, columns=60)


@seller_page(FINANCE)
def bring_in(request: HttpRequest) -> HttpResponse:
    """Upload a sheet and see what it would do; nothing is changed yet."""
    return SHEET.bring_in(request)


@seller_page(FINANCE)
@require_POST
def go(request: HttpRequest) -> HttpResponse:
    """Do what the preview showed."""
    return SHEET.go(request)


@seller_page(FINANCE)
def export(request: HttpRequest) -> HttpResponseBase:
    """Every line as the sheet that can be brought in again; without any, the template."""
    rows = sheets.lines_written(actor_on(request))
    return sheet_answer(_("账期额度"), _kind(request), sheets.COLUMNS, rows)


@seller_page(FINANCE)
def open_items(request: HttpRequest) -> HttpResponseBase:
    """Every order that is promised and not paid, of one buyer (`line`) or of all."""
    line_id = whole_number(request.GET.get("line"), 0, 2**31) or None
    found = finance.open_items(actor_on(request), line_id)
    columns = (
        Column(gettext_lazy("买家")),
        *COLUMNS,
        Column(gettext_lazy("逾期天数"), ColumnKind.WHOLE),
        Column(gettext_lazy("账龄")),
    )

    def rows() -> Iterator[Sequence[object]]:
        for buyer, item in found:
            yield (buyer, *row_of(item), item.days, item.bucket_label)

    return sheet_answer(_("账期应收"), _kind(request), columns, rows())


def _report(actor: Actor, file: IO[bytes], name: str, keep: bool) -> LinesReport:
    act = sheets.bring_lines_in if keep else sheets.preview_lines
    with open_sheet(file, name=name, limits=LIMITS) as sheet:
        return act(actor, sheet)


def _show_report(request: HttpRequest, report: LinesReport, done: bool) -> HttpResponse:
    counts = {kind: report.count(kind) for kind in ("created", "changed", "unchanged")}
    return show(
        request,
        "seller/credit_report.html",
        report=report,
        counts=counts,
        shown=report.outcomes[:300],
        done=done,
    )


def _kind(request: HttpRequest) -> WrittenKind:
    return "csv" if request.GET.get("kind") == "csv" else "xlsx"


SHEET = PreviewedSheet(
    "credit",
    "credit_import",
    gettext_lazy("账期额度表"),
    gettext_lazy(".xlsx 或 .csv，一行一个买家。"),
    _report,
    _show_report,
)
