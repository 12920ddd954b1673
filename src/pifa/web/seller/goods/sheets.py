"""Goods by sheet: the template, the export, and bringing a sheet in with a preview."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO, Any

from django import forms
from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from pifa.catalog import goods_sheet as sheets
from pifa.catalog.goods_sheet import GoodsReport
from pifa.kernel import clock
from pifa.kernel.actors import Actor
from pifa.kernel.errors import DomainError, NotFound
from pifa.kernel.sheets import PictureSource, open_picture_zip
from pifa.kernel.sheets.answers import XLSX, WrittenKind, file_answer
from pifa.web.access import seller_page
from pifa.web.seller import uploads
from pifa.web.seller.frame import CLERK, actor_on, show

SHOWN_ERRORS = 300
PURPOSE = "goods"


class UploadForm(forms.Form):
    """A goods sheet and, if it names pictures, a zip of them."""

    sheet = forms.FileField(
        label=gettext_lazy("货品表"),
        help_text=gettext_lazy(".xlsx 或 .csv，一行一个规格。空格子不改动，“-”清空。"),
        widget=forms.FileInput({"accept": ".xlsx,.csv"}),
    )
    pictures = forms.FileField(
        label=gettext_lazy("图片压缩包"),
        required=False,
        help_text=gettext_lazy(".zip，里面的文件名与表格“图片”一列相同。"),
        widget=forms.FileInput({"accept": ".zip"}),
    )


@seller_page(CLERK)
def bulk(request: HttpRequest) -> HttpResponse:
    """Upload a sheet and see what it would do; nothing is changed yet."""
    form = UploadForm(request.POST or None, request.FILES or None)
    refusal = None
    if request.method == "POST" and form.is_valid():
        actor = actor_on(request)
        folder = uploads.keep(
            request,
            PURPOSE,
            {"sheet": form.cleaned_data["sheet"], "pictures": form.cleaned_data["pictures"]},
        )
        try:
            with _kept(folder) as (sheet, pictures):
                report = sheets.preview(actor, sheet, pictures)
        except DomainError as error:
            uploads.forget(request, PURPOSE)
            refusal = error
        else:
            return _show_report(request, report, done=False)
    status = 422 if request.method == "POST" else 200
    return show(request, "seller/goods_bulk.html", status=status, form=form, refusal=refusal)


@seller_page(CLERK)
@require_POST
def bring_in(request: HttpRequest) -> HttpResponse:
    """Do what the preview showed; refused rows stay behind as a sheet to be mended."""
    folder = uploads.kept(request, PURPOSE)
    if folder is None:
        messages.error(request, _("上传的文件已经处理过或已过期，请重新上传。"))
        return redirect("seller:goods_bulk")
    actor = actor_on(request)
    try:
        with _kept(folder) as (sheet, pictures):
            report = sheets.bring_in(actor, sheet, pictures, submit="submit" in request.POST)
            sheets.write_rejected(report, folder / "rejected.csv")
    except DomainError as error:
        messages.error(request, str(error))
        return redirect("seller:goods_bulk")
    for name in ("sheet", "pictures"):
        (folder / name).unlink(missing_ok=True)
    return _show_report(request, report, done=True)


@seller_page(CLERK)
@require_POST
def rejected(request: HttpRequest) -> HttpResponseBase:
    """The refused rows of the last upload, to be mended and sent again."""
    folder = uploads.kept(request, PURPOSE)
    path = folder / "rejected.csv" if folder else None
    if folder is not None and path is not None and not path.exists():
        with _kept(folder) as (sheet, pictures):
            report = sheets.preview(actor_on(request), sheet, pictures)
            sheets.write_rejected(report, path)
    if path is None or not path.exists():
        raise NotFound()
    name = _("未导入的行") + f"-{clock.today():%Y%m%d}.csv"
    return FileResponse(path.open("rb"), as_attachment=True, filename=name)


@seller_page(CLERK)
def template(request: HttpRequest) -> HttpResponseBase:
    """An empty goods sheet with one example row."""
    file = io.BytesIO()
    sheets.write_sample(file)
    file.seek(0)
    return FileResponse(
        file, as_attachment=True, filename=_("货品表模板") + ".xlsx", content_type=XLSX
    )


@seller_page(CLERK)
@require_POST
def export(request: HttpRequest) -> HttpResponseBase:
    """All goods of the company as the same sheet."""
    kind: WrittenKind = "csv" if request.POST.get("kind") == "csv" else "xlsx"
    return goods_sheet(actor_on(request), kind)


def goods_sheet(
    actor: Actor, kind: WrittenKind, offer_ids: list[int] | None = None
) -> HttpResponseBase:
    """Goods as the sheet that can be brought in again."""
    return file_answer(
        _("货品"), kind, lambda target: sheets.export(actor, target, kind, offer_ids=offer_ids)
    )


def _show_report(request: HttpRequest, report: GoodsReport, *, done: bool) -> HttpResponse:
    return show(
        request,
        "seller/goods_report.html",
        report=report,
        done=done,
        errors=report.errors[:SHOWN_ERRORS],
        more_errors=max(len(report.errors) - SHOWN_ERRORS, 0),
        kinds={"created": _("新增"), "changed": _("修改"), "refused": _("未通过")},
    )


@contextmanager
def _kept(folder: Path) -> Iterator[tuple[Any, PictureSource | None]]:
    if not (folder / "sheet").exists():
        raise NotFound()
    with ExitStack() as stack:
        name = uploads.name_of(folder)
        file: IO[bytes] = stack.enter_context((folder / "sheet").open("rb"))
        sheet = stack.enter_context(sheets.open_goods_sheet(file, name=name))
        pictures = None
        if (folder / "pictures").exists():
            pictures = stack.enter_context(
                open_picture_zip(folder / "pictures", name=_("图片压缩包"))
            )
        yield sheet, pictures
