"""Orders on paper and in sheets: the order sheet, delivery notes."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from pifa.kernel.sheets.answers import WrittenKind, sheet_answer
from pifa.trade import commands
from pifa.trade.queries import SHEET_COLUMNS
from pifa.web.access import seller_page
from pifa.web.seller.frame import CLERK, FINANCE, actor_on
from pifa.web.seller.orders.desk import FilterForm, back_to_desk, picked, tab_of


@seller_page(CLERK, FINANCE)
@require_POST
def export(request: HttpRequest) -> HttpResponseBase:
    """The order sheet of what the desk shows, or of the ticked orders, as .xlsx or .csv."""
    kind: WrittenKind = "csv" if request.POST.get("kind") == "csv" else "xlsx"
    numbers = picked(request) or None
    rows = commands.export_orders(
        actor_on(request), tab_of(request), FilterForm(request.GET).filters(), numbers, kind=kind
    )
    return sheet_answer(_("订单"), kind, SHEET_COLUMNS, rows)


@seller_page(CLERK)
@require_POST
def delivery_notes(request: HttpRequest) -> HttpResponse:
    """A delivery note a page for each ticked order, to be printed and put into the parcel."""
    numbers = picked(request)
    notes = commands.print_notes(actor_on(request), numbers) if numbers else []
    if not notes:
        messages.info(request, _("请先勾选要打印的订单。"))
        return redirect(back_to_desk(request))
    return render(
        request,
        "seller/delivery_notes.html",
        {"notes": notes, "seller": request.member.company},  # type: ignore[attr-defined]
    )
