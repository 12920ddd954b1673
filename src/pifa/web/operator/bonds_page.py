"""Performance bonds for the market's staff: premiums against claims, and every term. Only to read."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy

from pifa.finance.insurance.bond import queries
from pifa.web.operator.queues import needs, operator_of, page


@needs("finance.view_bondpolicy")
def bonds(request: HttpRequest) -> HttpResponse:
    """What was taken in and paid, then every term, the newest first."""
    actor = operator_of(request)
    found = queries.bonds_of_market(actor, request.GET.get("cursor"), 50)
    return page(
        request,
        "console/bonds.html",
        gettext_lazy("履约保证金险"),
        sums=queries.bond_sums(actor),
        rows=found.items,
        next_cursor=found.next_cursor,
    )
