"""Orders on paper and in sheets: the order sheet, delivery notes."""

from __future__ import annotations

from urllib.parse import urljoin

import segno
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from pifa.kernel import clock
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
        {
            "notes": [(note, code_of(note.number)) for note in notes],
            "seller": request.member.company,  # type: ignore[attr-defined]
        },
    )


@seller_page(CLERK)
@require_POST
def picking_list(request: HttpRequest) -> HttpResponse:
    """What to fetch from the shelves for the ticked orders, once for all of them."""
    numbers = picked(request)
    picking = commands.print_picking(actor_on(request), numbers) if numbers else None
    if picking is None or not picking.picks:
        messages.info(request, _("请先勾选要打印的订单。"))
        return redirect(back_to_desk(request))
    return render(
        request,
        "seller/picking_list.html",
        {
            "picking": picking,
            "printed_at": clock.now(),
            "seller": request.member.company,  # type: ignore[attr-defined]
        },
    )


def code_of(number: str) -> SafeString:
    """A drawing that leads a phone to the buyer's page of an order."""
    address = urljoin(settings.SITE_URL, reverse("buyer:order", args=[number]))
    made = segno.make(address, error="m", micro=False)
    return mark_safe(  # noqa: S308 - drawn by segno from an address of ours
        made.svg_inline(scale=4, border=2, omitsize=True, light="#fff", title=number)
    )
