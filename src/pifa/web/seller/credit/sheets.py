"""Lines in batch by a sheet with a preview, and what buyers owe as a sheet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from django import forms
from django.contrib import messages as toasts
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from pifa.finance import queries as finance
from pifa.finance.methods.trade_credit import sheet as sheets
from pifa.finance.methods.trade_credit.sheet import LinesReport
from pifa.kernel.actors import Actor
from pifa.kernel.errors import DomainError
from pifa.kernel.sheets import Column, ColumnKind, SheetLimits, open_sheet
from pifa.kernel.sheets.answers import WrittenKind, sheet_answer
from pifa.web.access import seller_page
from pifa.web.seller import uploads
from pifa.web.seller.frame import FINANCE, actor_on, show, whole_number
from pifa.web.shared.credit import COLUMNS, row_of

PURPOSE, SHEET = "credit", "sheet"
LIMITS = SheetLimits(file_bytes=5 * 1024 * 1024, rows=5_000, columns=60)


class UploadForm(forms.Form):
    """A sheet of lines."""

    sheet = forms.FileField(
        label=gettext_lazy("账期额度表"),
        help_text=gettext_lazy(".xlsx 或 .csv，一行一个买家。"),
        widget=forms.FileInput({"accept": ".xlsx,.csv"}),
    )


@seller_page(FINANCE)
def bring_in(request: HttpRequest) -> HttpResponse:
    """Upload a sheet and see what it would do; nothing is changed yet."""
    form = UploadForm(request.POST or None, request.FILES or None)
    refusal = None
    if request.method == "POST" and form.is_valid():
        folder = uploads.keep(request, PURPOSE, {SHEET: form.cleaned_data["sheet"]})
        try:
            return _show_report(request, _report(actor_on(request), folder, keep=False), done=False)
        except DomainError as error:
            uploads.forget(request, PURPOSE)
            refusal = error
    status = 422 if request.method == "POST" else 200
    return show(request, "seller/credit_import.html", status=status, form=form, refusal=refusal)


@seller_page(FINANCE)
@require_POST
def go(request: HttpRequest) -> HttpResponse:
    """Do what the preview showed."""
    folder = uploads.kept(request, PURPOSE)
    if folder is None:
        toasts.error(request, _("上传的文件已经处理过或已过期，请重新上传。"))
        return redirect("seller:credit_import")
    try:
        report = _report(actor_on(request), folder, keep=True)
    except DomainError as error:
        toasts.error(request, str(error))
        return redirect("seller:credit_import")
    uploads.forget(request, PURPOSE)
    return _show_report(request, report, done=True)


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


def _report(actor: Actor, folder: Path, *, keep: bool) -> LinesReport:
    act = sheets.bring_lines_in if keep else sheets.preview_lines
    name = uploads.name_of(folder)
    with (folder / SHEET).open("rb") as file, open_sheet(file, name=name, limits=LIMITS) as sheet:
        return act(actor, sheet)


def _show_report(request: HttpRequest, report: LinesReport, *, done: bool) -> HttpResponse:
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
