"""Bringing past trade in: the upload, the list of imports, one import's progress and result."""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO, cast

from django import forms
from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from pifa.kernel.errors import DomainError, NotFound
from pifa.trade.models import ImportBatch
from pifa.trade.past import commands, queries
from pifa.trade.past import mapping as mappings
from pifa.web.access import seller_page
from pifa.web.seller import uploads
from pifa.web.seller.frame import CLERK, actor_on, show
from pifa.web.seller.past.columns import MAPPING, PURPOSE, SHEET, first_mapping

State = ImportBatch.State
STATE_KINDS = {
    State.WAITING: "warn",
    State.RUNNING: "now",
    State.DONE: "ok",
    State.STOPPED: "bad",
    State.FAILED: "bad",
}
REJECTIONS_SHOWN = 100


class UploadForm(forms.Form):
    """A sheet of past trade, and a column mapping if one was kept."""

    sheet = forms.FileField(
        label=gettext_lazy("订单表"),
        help_text=gettext_lazy(
            ".xlsx、.csv 或 .csv.gz（UTF-8 或 GB18030）。一行一个订单，或一行一个货品都可以。"
        ),
        widget=forms.FileInput({"accept": ".xlsx,.csv,.gz"}),
    )
    mapping = forms.FileField(
        label=gettext_lazy("列对应文件"),
        required=False,
        help_text=gettext_lazy("以前保存过的 .toml；没有就自动识别，下一步还可以手工改。"),
        widget=forms.FileInput({"accept": ".toml"}),
    )


@seller_page(CLERK)
def past(request: HttpRequest) -> HttpResponse:
    """Upload a sheet, and see the imports so far."""
    form = UploadForm(request.POST or None, request.FILES or None)
    refusal = None
    if request.method == "POST" and form.is_valid():
        folder = uploads.keep(
            request,
            PURPOSE,
            {SHEET: form.cleaned_data["sheet"], MAPPING: form.cleaned_data["mapping"]},
        )
        try:
            _make_ready(folder)
        except DomainError as error:
            uploads.forget(request, PURPOSE)
            refusal = error
        else:
            return redirect("seller:past_columns")
    status = 422 if request.method == "POST" else 200
    return show(
        request,
        "seller/past.html",
        status=status,
        form=form,
        refusal=refusal,
        batches=[
            (batch, STATE_KINDS[State(batch.state)]) for batch in queries.batches(actor_on(request))
        ],
    )


def _make_ready(folder: Path) -> None:
    """See that the sheet opens and the mapping reads; find one where none came."""
    path = folder / MAPPING
    if path.exists():
        try:
            mapping = mappings.parse(path.read_text(encoding="utf-8-sig"))
        except UnicodeDecodeError as error:
            raise mappings.MappingInvalid(
                file=MAPPING, key="1", expected=_("UTF-8 编码的文本")
            ) from error
    else:
        mapping = first_mapping(folder)
    path.write_text(mappings.dump(mapping), encoding="utf-8")


@seller_page(CLERK)
def result(request: HttpRequest, batch_id: int) -> HttpResponse:
    """One import: how far it is, what came in, what did not. Refreshes itself while it runs."""
    actor = actor_on(request)
    batch = queries.batch(actor, batch_id)
    running = batch.state in (State.WAITING, State.RUNNING)
    return show(
        request,
        "seller/past_result.html",
        batch=batch,
        kind=STATE_KINDS[State(batch.state)],
        running=running,
        rows_total=max(batch.rows_total, 1),
        figures=[
            (_("新订单"), batch.orders_new),
            (_("已有的订单"), batch.orders_known),
            (_("新明细行"), batch.lines_new),
            (_("新客户"), batch.customers_new),
            (_("未导入的行"), batch.rejected),
            (_("提醒"), batch.warnings),
        ],
        rejections=[] if running else queries.rejections(actor, batch_id, REJECTIONS_SHOWN),
        may_repeat=batch.state in (State.STOPPED, State.FAILED) and bool(batch.file),
    )


@seller_page(CLERK)
def rejected(request: HttpRequest, batch_id: int) -> HttpResponseBase:
    """The rows that did not come in, as a sheet to be mended and sent again."""
    batch = queries.batch(actor_on(request), batch_id)
    if not batch.rejected_file:
        raise NotFound()
    return FileResponse(
        batch.rejected_file.open("rb"),
        as_attachment=True,
        filename=_("未导入的行") + f"-{batch.pk}.csv",
        content_type="text/csv; charset=utf-8",
    )


@seller_page(CLERK)
@require_POST
def again(request: HttpRequest, batch_id: int) -> HttpResponse:
    """Import the kept file once more; what is in already stays as it is."""
    actor = actor_on(request)
    batch = queries.batch(actor, batch_id)
    if not batch.file:
        raise NotFound()
    with batch.file.open("rb") as file:
        new = commands.start_import(
            actor, cast(BinaryIO, file), batch.file_name, mappings.parse(batch.mapping_toml)
        )
    messages.success(request, _("已重新开始导入；已导入的订单不会重复。"))
    return redirect("seller:past_result", batch_id=new.pk)
