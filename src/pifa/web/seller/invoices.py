"""A seller's invoices as a sheet; the desk itself is shared by both centres."""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from pifa.kernel.sheets.answers import WrittenKind, sheet_answer
from pifa.trade.invoices.queries import TABS
from pifa.trade.invoices.sheet import COLUMNS, export_invoices
from pifa.web.access import seller_page
from pifa.web.seller.frame import CLERK, FINANCE, actor_on
from pifa.web.shared.invoices import filters_of


@seller_page(CLERK, FINANCE)
@require_POST
def sheet(request: HttpRequest) -> HttpResponseBase:
    """The invoices of what the desk shows, for the bookkeeper, as .xlsx or .csv."""
    kind: WrittenKind = "csv" if request.POST.get("kind") == "csv" else "xlsx"
    tab = request.GET.get("tab", "waiting")
    rows = export_invoices(
        actor_on(request), tab if tab in TABS else "waiting", filters_of(request), kind=kind
    )
    return sheet_answer(_("发票"), kind, COLUMNS, rows)
