"""Past trade brought in by a sheet."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import FileResponse, HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy as _
from ninja import File, Form, UploadedFile

from pifa.api.auth import actor_of
from pifa.api.fields import In, Line, Out, PageOut, PathId, Text, listed
from pifa.api.files import CSV_FILE, stream_of
from pifa.api.routing import Topic
from pifa.kernel.errors import NotFound
from pifa.kernel.sheets.answers import CSV
from pifa.trade.models import ImportBatch
from pifa.trade.past import commands, queries
from pifa.trade.past import mapping as mappings

topic = Topic()


class MappingOut(Out):
    """A column mapping that ships with the market."""

    name: str
    title: str


class MappingPage(PageOut):
    items: list[MappingOut]


class ImportIn(In):
    """How the sheet is to be read: by a mapping's name, or by one of one's own as TOML."""

    mapping: Line = "order-sheet"
    mapping_toml: Text = ""


class ImportOut(Out):
    """One import and how far it is. Rows that were refused are in a sheet to download."""

    id: int
    file_name: str
    mapping: str
    state: str
    state_label: str
    rows_done: int
    rows_total: int
    orders_new: int
    orders_known: int
    lines_new: int
    customers_new: int
    rejected: int
    warnings: int
    error: str
    started_at: datetime
    ended_at: datetime | None
    has_rejected_rows: bool


class ImportPage(PageOut):
    items: list[ImportOut]


@topic.reads("/imports/mappings", MappingPage, _("可用的列对应"))
def import_mappings(request: HttpRequest) -> object:
    return listed([mappings.load(name) for name in mappings.builtin_names()])


@topic.reads("/imports", ImportPage, _("导入记录"), _("最近 50 次。"))
def imports(request: HttpRequest) -> object:
    return listed([_batch(row) for row in queries.batches(actor_of(request))])


@topic.writes(
    "POST",
    "/imports",
    ImportOut,
    _("导入历史订单"),
    _(".xlsx、.csv 或 .csv.gz，在后台进行；同一份表再导一次不会重复。导入的订单只供查阅和报表。"),
    status=201,
)
def start_import(
    request: HttpRequest,
    wanted: Form[ImportIn],
    sheet: File[UploadedFile],
) -> dict[str, Any]:
    mapping = _mapping(wanted)
    name = sheet.name or "orders"
    return _batch(commands.start_import(actor_of(request), stream_of(sheet), name, mapping))


@topic.reads("/imports/{import_id}", ImportOut, _("一次导入"))
def one_import(request: HttpRequest, import_id: PathId) -> dict[str, Any]:
    return _batch(queries.batch(actor_of(request), import_id))


@topic.reads(
    "/imports/{import_id}/rejected",
    None,
    _("下载被拒绝的行"),
    _("每行带行号、字段、原因和办法，改好后可直接再导入。没有被拒绝的行时是 404。"),
    content=CSV_FILE,
)
def rejected_rows(request: HttpRequest, import_id: PathId) -> HttpResponseBase:
    batch = queries.batch(actor_of(request), import_id)
    if not batch.rejected_file:
        raise NotFound
    return FileResponse(
        batch.rejected_file.open("rb"),
        as_attachment=True,
        filename=f"rejected-{batch.pk}.csv",
        content_type=f"{CSV}; charset=utf-8",
    )


def _mapping(wanted: ImportIn) -> mappings.Mapping:
    """A mapping by name, never by a path on the server, or as given."""
    if wanted.mapping_toml:
        return mappings.parse(wanted.mapping_toml)
    known = mappings.builtin_names()
    if wanted.mapping not in known:
        raise mappings.MappingUnknown(
            field="mapping", wanted=wanted.mapping, found=", ".join(known)
        )
    return mappings.load(wanted.mapping)


def _batch(row: ImportBatch) -> dict[str, Any]:
    added = {"id", "state_label", "has_rejected_rows"}
    own = {name: getattr(row, name) for name in ImportOut.model_fields if name not in added}
    return own | {
        "id": row.pk,
        "state_label": row.get_state_display(),
        "has_rejected_rows": bool(row.rejected_file),
    }
