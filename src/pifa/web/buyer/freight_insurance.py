"""The return freight of a buyer's orders that is insured."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from pifa.web.access import buyer_page
from pifa.web.buyer.centre import CENTRE
from pifa.web.shared.centre import actor_on
from pifa.web.shared.freight_insurance import listed


@buyer_page
def policies(request: HttpRequest) -> HttpResponse:
    """Every policy, the newest first."""
    context = listed(request, actor_on(request), "buyer")
    return CENTRE.show(request, "buyer/freight_insurance.html", **context)
