"""Customer files in bulk: a sheet in with a preview, the same sheet out."""

from __future__ import annotations

from typing import IO

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from pifa.crm import sheet as sheets
from pifa.crm.sheet import FilesReport
from pifa.kernel.actors import Actor
from pifa.kernel.sheets.answers import WrittenKind, file_answer
from pifa.web.access import seller_page
from pifa.web.seller.frame import CLERK, actor_on, show
from pifa.web.seller.previewing import PreviewedSheet

SHOWN_ERRORS = 200


@seller_page(CLERK)
def bring_in(request: HttpRequest) -> HttpResponse:
    """Upload a sheet and see what it would do; nothing is changed yet."""
    return SHEET.bring_in(request)


@seller_page(CLERK)
@require_POST
def go(request: HttpRequest) -> HttpResponse:
    """Do what the preview showed."""
    return SHEET.go(request)


@seller_page(CLERK)
def export(request: HttpRequest) -> HttpResponseBase:
    """Every file as the sheet that can be brought in again; without any, the template."""
    actor = actor_on(request)
    kind: WrittenKind = "csv" if request.GET.get("kind") == "csv" else "xlsx"
    return file_answer(_("客户档案"), kind, lambda target: sheets.export(actor, target, kind))


def _report(actor: Actor, file: IO[bytes], name: str, keep: bool) -> FilesReport:
    act = sheets.bring_in if keep else sheets.preview
    with sheets.open_files_sheet(file, name) as sheet:
        return act(actor, sheet)


def _show(request: HttpRequest, report: FilesReport, done: bool) -> HttpResponse:
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


SHEET = PreviewedSheet(
    "files",
    "files_import",
    gettext_lazy("客户表"),
    gettext_lazy(".xlsx 或 .csv，一行一个客户。"),
    _report,
    _show,
)
