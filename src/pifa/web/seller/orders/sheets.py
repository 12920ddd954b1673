"""Orders on paper and in sheets: the order sheet, delivery notes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from tempfile import SpooledTemporaryFile
from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from pifa.kernel import clock
from pifa.kernel.sheets import Column, csv_chunks, write_xlsx
from pifa.trade import commands
from pifa.trade import queries as trade
from pifa.trade.queries import SHEET_COLUMNS
from pifa.web.access import seller_page
from pifa.web.seller.frame import CLERK, FINANCE, actor_on
from pifa.web.seller.orders.desk import FilterForm, back_to_desk, picked, tab_of

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_IN_MEMORY = 2 * 1024 * 1024


@seller_page(CLERK, FINANCE)
@require_POST
def export(request: HttpRequest) -> HttpResponseBase:
    """The order sheet of what the desk shows, or of the ticked orders, as .xlsx or .csv."""
    kind = "csv" if request.POST.get("kind") == "csv" else "xlsx"
    numbers = picked(request) or None
    rows = commands.export_orders(
        actor_on(request), tab_of(request), FilterForm(request.GET).filters(), numbers, kind=kind
    )
    return sheet_response(_("订单"), SHEET_COLUMNS, rows, kind)


@seller_page(CLERK)
@require_POST
def delivery_notes(request: HttpRequest) -> HttpResponse:
    """A delivery note a page for each ticked order, to be printed and put into the parcel."""
    numbers = picked(request)
    notes = trade.packing_notes(actor_on(request), numbers) if numbers else []
    if not notes:
        messages.info(request, _("请先勾选要打印的订单。"))
        return redirect(back_to_desk(request))
    return render(
        request,
        "seller/delivery_notes.html",
        {"notes": notes, "seller": request.member.company},  # type: ignore[attr-defined]
    )


def sheet_response(
    name: str,
    columns: Sequence[Column],
    rows: Iterator[tuple[object, ...]],
    kind: str = "xlsx",
) -> HttpResponseBase:
    """A sheet to download, named with the day; a .csv is streamed as its rows are read."""
    file_name = f"{name}-{clock.today():%Y%m%d}.{kind}"
    if kind == "csv":
        response = StreamingHttpResponse(
            csv_chunks(columns, rows), content_type="text/csv; charset=utf-8"
        )
        response["Content-Disposition"] = content_disposition_header(True, file_name)
        return response
    file: Any = SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 - the response closes it
    write_xlsx(file, columns, rows, title=name)
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=file_name, content_type=XLSX)
