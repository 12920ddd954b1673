"""Goods in bulk: a sheet and a zip of pictures in, the same sheet out."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy as _
from ninja import File, Query, Schema, UploadedFile

from pifa.api.auth import actor_of
from pifa.api.fields import Out, PathId
from pifa.api.files import (
    SHEET_FILES,
    RowErrorOut,
    row_errors,
    stream_of,
)
from pifa.api.routing import Topic
from pifa.catalog import goods_sheet
from pifa.catalog.goods_sheet import GoodsReport
from pifa.kernel.actors import Actor
from pifa.kernel.sheets import open_picture_zip
from pifa.kernel.sheets.answers import WrittenKind, file_answer

topic = Topic()
Upload = File[UploadedFile]
OptionalUpload = File[UploadedFile | None]


class BringInQuery(Schema):
    """`submit` hands new and mended offers in for review."""

    submit: bool = False


class OfferOutcomeOut(Out):
    """What becomes of one offer of the sheet."""

    code: str
    title: str
    kind: Literal["created", "changed", "unchanged", "refused"]
    rows: list[int]
    fields: list[str]
    not_submitted: list[str]


class GoodsReportOut(Out):
    """What a sheet would do, or has done. An offer is taken as a whole or not at all."""

    rows: int
    created: int
    changed: int
    unchanged: int
    refused: int
    skus_created: int
    skus_changed: int
    submitted: int
    not_submitted: int
    unknown_headers: list[str]
    offers: list[OfferOutcomeOut]
    errors: list[RowErrorOut]


@topic.reads(
    "/goods/sheet",
    None,
    _("导出货品表"),
    _("与导入的货品表相同，可改后再导入。"),
    content=SHEET_FILES,
)
def export_goods(
    request: HttpRequest,
    kind: Annotated[WrittenKind, Query()] = "xlsx",
    offer_ids: Annotated[list[PathId] | None, Query(max_length=1000)] = None,
) -> HttpResponseBase:
    actor = actor_of(request)
    return file_answer(
        "goods", kind, lambda target: goods_sheet.export(actor, target, kind, offer_ids=offer_ids)
    )


@topic.reads(
    "/goods/sheet/preview",
    GoodsReportOut,
    _("预览货品表"),
    _("说明导入会做什么、哪些行有误；不改变任何东西。"),
    method="POST",
)
def preview_goods(
    request: HttpRequest, sheet: Upload, pictures: OptionalUpload = None
) -> dict[str, Any]:
    return _report(_work(actor_of(request), sheet, pictures, submit=None))


@topic.writes(
    "POST",
    "/goods/sheet",
    GoodsReportOut,
    _("导入货品表"),
    _("sheet 是 .xlsx 或 .csv，pictures 是图片的 zip（可不给）。有误的货品不导入，其余照常。"),
)
def bring_goods_in(
    request: HttpRequest,
    wanted: Query[BringInQuery],
    sheet: Upload,
    pictures: OptionalUpload = None,
) -> dict[str, Any]:
    return _report(_work(actor_of(request), sheet, pictures, submit=wanted.submit))


def _work(
    actor: Actor, sheet: UploadedFile, pictures: UploadedFile | None, *, submit: bool | None
) -> GoodsReport:
    """Preview (without `submit`) or bring in."""
    with goods_sheet.open_goods_sheet(stream_of(sheet), sheet.name) as opened:
        if pictures is None:
            return _read(actor, opened, None, submit)
        with open_picture_zip(stream_of(pictures), name=pictures.name) as archive:
            return _read(actor, opened, archive, submit)


def _read(actor: Actor, opened: Any, archive: Any, submit: bool | None) -> GoodsReport:
    if submit is None:
        return goods_sheet.preview(actor, opened, archive)
    return goods_sheet.bring_in(actor, opened, archive, submit=submit)


def _report(report: GoodsReport) -> dict[str, Any]:
    own = {name: getattr(report, name) for name in GoodsReportOut.model_fields}
    return own | {"errors": row_errors(report.errors)}
