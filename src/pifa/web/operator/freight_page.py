"""Return-freight insurance for the market's staff: premiums against payouts. Only to read."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy

from pifa.finance.insurance.freight import queries
from pifa.web.operator.queues import needs, operator_of, page


@needs("finance.view_freightpolicy")
def freight_insurance(request: HttpRequest) -> HttpResponse:
    """What was taken in and paid out, then every policy, the newest first."""
    actor = operator_of(request)
    found = queries.freight_policies_of_market(actor, request.GET.get("cursor"), 50)
    return page(
        request,
        "console/freight_insurance.html",
        gettext_lazy("运费险"),
        sums=queries.freight_sums(actor),
        rows=found.items,
        next_cursor=found.next_cursor,
    )
