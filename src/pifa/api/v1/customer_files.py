"""Customer files of a seller: the files, tags, follow-ups, merges, and the sheet."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy as _
from ninja import File, Query, UploadedFile

from pifa.api.auth import actor_of
from pifa.api.fields import (
    Paging,
    PathId,
    listed,
)
from pifa.api.files import SHEET_FILES, row_errors, stream_of
from pifa.api.routing import Topic
from pifa.api.v1.customer_file_shapes import (
    CustomerFileFull,
    CustomerFileIn,
    CustomerFilePage,
    DuplicatesOut,
    FiguresOut,
    FileMergeIn,
    FileMergeOut,
    FileNoteIn,
    FilesReportOut,
    FollowUpMarkIn,
    FollowUpsOut,
    NewCustomerFileIn,
    TagList,
)
from pifa.crm import commands, queries, words
from pifa.crm import sheet as sheets
from pifa.crm.commands import Mark
from pifa.crm.queries import FileRow, FileView
from pifa.crm.sheet import FilesReport
from pifa.kernel.money import Money
from pifa.kernel.sheets.answers import WrittenKind, file_answer

topic = Topic()
Upload = File[UploadedFile]


@topic.reads(
    "/customer-files", CustomerFilePage, _("客户档案"), _("自己作为卖家的客户档案，不含已合并的。")
)
def customer_files(
    request: HttpRequest,
    page: Paging,
    q: Annotated[str, Query(max_length=100)] = "",
    tag: Annotated[str, Query(max_length=40)] = "",
    keeper_id: Annotated[PathId | None, Query()] = None,
    sort: Annotated[Literal["amount", "last", "chance"], Query()] = "amount",
) -> object:
    found = queries.files(
        actor_of(request),
        words=q,
        tag=tag,
        keeper_id=keeper_id,
        sort=sort,
        cursor=page.cursor,
        size=page.size,
    )
    return {"items": [_row(row) for row in found.items], "next_cursor": found.next_cursor}


@topic.reads("/customer-files/tags", TagList, _("用过的客户标签"))
def customer_tags(request: HttpRequest) -> object:
    return listed(queries.tags(actor_of(request)))


@topic.reads(
    "/customer-files/duplicates",
    DuplicatesOut,
    _("可能重复的客户"),
    _("电话、名称或地址相同的前 50 对。"),
)
def customer_duplicates(request: HttpRequest) -> object:
    found, _many = queries.duplicates(actor_of(request))
    return listed(
        [
            {"kept": _row(pair.kept), "gone": _row(pair.gone), "why": list(pair.why)}
            for pair in found
        ]
    )


@topic.reads(
    "/customer-files/sheet",
    None,
    _("导出客户表"),
    _("与导入的客户表相同，可改后再导入。导出会记入审计日志。"),
    content=SHEET_FILES,
)
def export_files(
    request: HttpRequest, kind: Annotated[WrittenKind, Query()] = "xlsx"
) -> HttpResponseBase:
    actor = actor_of(request)
    return file_answer("customers", kind, lambda target: sheets.export(actor, target, kind))


@topic.reads(
    "/customer-files/sheet/preview",
    FilesReportOut,
    _("预览客户表"),
    _("说明导入会做什么、哪些行有误；不改变任何东西。"),
    method="POST",
)
def preview_files(request: HttpRequest, sheet: Upload) -> dict[str, Any]:
    with sheets.open_files_sheet(stream_of(sheet), sheet.name) as opened:
        return _report(sheets.preview(actor_of(request), opened))


@topic.writes(
    "POST",
    "/customer-files/sheet",
    FilesReportOut,
    _("导入客户表"),
    _("有误的行不导入，其余照常；表里没有的列不改动。"),
)
def bring_files_in(request: HttpRequest, sheet: Upload) -> dict[str, Any]:
    with sheets.open_files_sheet(stream_of(sheet), sheet.name) as opened:
        return _report(sheets.bring_in(actor_of(request), opened))


@topic.writes("POST", "/customer-files", CustomerFileFull, _("新建客户档案"), status=201)
def add_file(request: HttpRequest, given: NewCustomerFileIn) -> dict[str, Any]:
    actor = actor_of(request)
    row = commands.add_file(actor, given.draft(), given.code)
    return _view(queries.file(actor, row.pk))


@topic.reads("/customer-files/{file_id}", CustomerFileFull, _("一份客户档案"))
def customer_file(request: HttpRequest, file_id: PathId) -> dict[str, Any]:
    return _view(queries.file(actor_of(request), file_id))


@topic.writes("PUT", "/customer-files/{file_id}", CustomerFileFull, _("修改客户档案"))
def change_file(request: HttpRequest, file_id: PathId, given: CustomerFileIn) -> dict[str, Any]:
    actor = actor_of(request)
    commands.change_file(actor, file_id, given.draft())
    return _view(queries.file(actor, file_id))


@topic.writes(
    "POST",
    "/customer-files/{file_id}/notes",
    CustomerFileFull,
    _("写一条备注"),
    _("写下后不能修改。"),
    status=201,
)
def note_file(request: HttpRequest, file_id: PathId, given: FileNoteIn) -> dict[str, Any]:
    actor = actor_of(request)
    commands.add_note(actor, file_id, given.text)
    return _view(queries.file(actor, file_id))


@topic.reads(
    "/follow-ups",
    FollowUpsOut,
    _("今日跟进"),
    _("该补货、正在流失、到期跟进和大客户，每位都说明原因。"),
)
def follow_ups(
    request: HttpRequest, keeper_id: Annotated[PathId | None, Query()] = None
) -> dict[str, Any]:
    found = queries.morning(actor_of(request), keeper_id)
    day = found.day
    return {
        "day": day,
        "followups_count": found.counts.followups,
        "due_count": found.counts.due,
        "slipping_count": found.counts.slipping,
        "followups": [_said(row, words.why_followup(row.file, day)) for row in found.followups],
        "due": [_said(row, words.why_due(row.file, row.figures, day)) for row in found.due],
        "slipping": [_said(row, words.why_slipping(row.figures, day)) for row in found.slipping],
        "top": [_said(row, words.why_top(row.figures, day)) for row in found.top],
    }


@topic.writes(
    "POST", "/customer-files/{file_id}/mark", CustomerFileFull, _("标记已联系、稍后或完成")
)
def mark_file(request: HttpRequest, file_id: PathId, given: FollowUpMarkIn) -> dict[str, Any]:
    actor = actor_of(request)
    commands.mark(actor, file_id, Mark(given.mark), days=given.days, note=given.note)
    return _view(queries.file(actor, file_id))


@topic.writes(
    "POST",
    "/customer-files/merges",
    FileMergeOut,
    _("合并两份客户档案"),
    _("订单、备注和标签都算在保留的档案里，可以撤销。"),
    status=201,
)
def merge_files(request: HttpRequest, given: FileMergeIn) -> dict[str, Any]:
    return _merge(commands.merge(actor_of(request), given.gone_id, given.kept_id))


@topic.writes("POST", "/customer-files/merges/{merge_id}/undo", FileMergeOut, _("撤销合并"))
def undo_merge(request: HttpRequest, merge_id: PathId) -> dict[str, Any]:
    return _merge(commands.undo_merge(actor_of(request), merge_id))


def _said(row: FileRow, why: str) -> dict[str, Any]:
    return {"file": _row(row), "why": why}


def _row(row: FileRow) -> dict[str, Any]:
    own = (
        "code",
        "name",
        "account",
        "contact",
        "phone",
        "keeper_id",
        "buyer_id",
        "relationship_id",
        "next_action",
        "next_day",
    )
    figures = {name: getattr(row.figures, name) for name in FiguresOut.model_fields}
    return {name: getattr(row.file, name) for name in own} | {
        "id": row.file.pk,
        "tags": list(row.tags),
        "amount": row.amount,
        "figures": figures,
    }


def _view(view: FileView) -> dict[str, Any]:
    file = view.row.file
    own = ("other_contacts", "address", "usual_specs", "daily_usage", "usage_unit")
    return (
        _row(view.row)
        | {name: getattr(file, name) for name in own}
        | {
            "phone": view.phone,
            "written_purchases": file.written_purchases,
            "written_amount": Money(file.written_fen),
            "prices": [{"goods": goods, "price": price} for goods, price in view.prices],
            "notes": list(view.notes),
            "orders": list(view.orders),
            "merges": [_merge(merge) for merge in view.merges],
        }
    )


def _merge(merge: Any) -> dict[str, Any]:
    return {
        "id": merge.pk,
        "gone_id": merge.gone_id,
        "gone_name": merge.gone.name,
        "at": merge.at,
    }


def _report(report: FilesReport) -> dict[str, Any]:
    own = {name: getattr(report, name) for name in FilesReportOut.model_fields}
    return own | {"errors": row_errors(report.errors)}
