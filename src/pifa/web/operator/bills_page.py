"""Acceptance bills for the market's staff: sums, what waits, matures and was dishonoured."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy

from pifa.finance import queries as finance
from pifa.web.operator.queues import needs, operator_of, page
from pifa.web.shared.bills import labels


@needs("finance.view_bill")
def bills(request: HttpRequest) -> HttpResponse:
    """Every bill by tab."""
    actor = operator_of(request)
    tab = request.GET.get("tab", "all")
    tab = tab if tab in finance.BILL_TABS else "all"
    found = finance.bills_of_market(actor, tab=tab, cursor=request.GET.get("cursor"), size=50)
    return page(
        request,
        "console/bills.html",
        gettext_lazy("承兑汇票"),
        totals=finance.bill_totals(actor),
        rows=found.items,
        next_cursor=found.next_cursor,
        tab=tab,
        tabs=list(labels().items()),
    )
