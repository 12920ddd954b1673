"""Customer files in bulk: a sheet in with a preview, the same sheet out."""

from __future__ import annotations

from pathlib import Path

from django import forms
from django.contrib import messages as toasts
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from pifa.crm import sheet as sheets
from pifa.crm.sheet import FilesReport
from pifa.kernel.actors import Actor
from pifa.kernel.errors import DomainError
from pifa.kernel.sheets.answers import WrittenKind, file_answer
from pifa.web.access import seller_page
from pifa.web.seller import uploads
from pifa.web.seller.frame import CLERK, actor_on, show

PURPOSE, SHEET = "files", "sheet"
SHOWN_ERRORS = 200


class UploadForm(forms.Form):
    """A sheet of customers."""

    sheet = forms.FileField(
        label=gettext_lazy("客户表"),
        help_text=gettext_lazy(".xlsx 或 .csv，一行一个客户。"),
        widget=forms.FileInput({"accept": ".xlsx,.csv"}),
    )


@seller_page(CLERK)
def bring_in(request: HttpRequest) -> HttpResponse:
    """Upload a sheet and see what it would do; nothing is changed yet."""
    form = UploadForm(request.POST or None, request.FILES or None)
    refusal = None
    if request.method == "POST" and form.is_valid():
        folder = uploads.keep(request, PURPOSE, {SHEET: form.cleaned_data["sheet"]})
        try:
            return _show(request, _report(actor_on(request), folder, keep=False), done=False)
        except DomainError as error:
            uploads.forget(request, PURPOSE)
            refusal = error
    status = 422 if request.method == "POST" else 200
    return show(request, "seller/files_import.html", status=status, form=form, refusal=refusal)


@seller_page(CLERK)
@require_POST
def go(request: HttpRequest) -> HttpResponse:
    """Do what the preview showed."""
    folder = uploads.kept(request, PURPOSE)
    if folder is None:
        toasts.error(request, _("上传的文件已经处理过或已过期，请重新上传。"))
        return redirect("seller:files_import")
    try:
        report = _report(actor_on(request), folder, keep=True)
    except DomainError as error:
        toasts.error(request, str(error))
        return redirect("seller:files_import")
    uploads.forget(request, PURPOSE)
    return _show(request, report, done=True)


@seller_page(CLERK)
def export(request: HttpRequest) -> HttpResponseBase:
    """Every file as the sheet that can be brought in again; without any, the template."""
    actor = actor_on(request)
    kind: WrittenKind = "csv" if request.GET.get("kind") == "csv" else "xlsx"
    return file_answer(_("客户档案"), kind, lambda target: sheets.export(actor, target, kind))


def _report(actor: Actor, folder: Path, *, keep: bool) -> FilesReport:
    act = sheets.bring_in if keep else sheets.preview
    name = uploads.name_of(folder)
    with (folder / SHEET).open("rb") as file, sheets.open_files_sheet(file, name) as sheet:
        return act(actor, sheet)


def _show(request: HttpRequest, report: FilesReport, *, done: bool) -> HttpResponse:
    kinds = {"created": _("新建"), "changed": _("修改"), "unchanged": _("不变")}
    return show(
        request,
        "seller/files_report.html",
        report=report,
        rows=[(one, kinds[one.kind], _("、").join(one.fields)) for one in report.files],
        errors=report.errors[:SHOWN_ERRORS],
        unknown=_("、").join(report.unknown_headers),
        done=done,
    )
