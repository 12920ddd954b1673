"""Claims on first-order protection: the queue, and one with its order and the decision."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pifa.integrity import queries as integrity
from pifa.trade import queries as trading
from pifa.trade.first_order import commands, queries
from pifa.web.operator.forms import ClaimForm
from pifa.web.operator.queues import decide, needs, operator_of, page


@needs("trade.change_firstorderclaim")
def claims(request: HttpRequest) -> HttpResponse:
    """Claims that wait, the oldest first; `?decided=1` those that were decided."""
    decided = request.GET.get("decided") == "1"
    found = queries.first_order_claims(
        operator_of(request), not decided, request.GET.get("cursor"), 50
    )
    return page(
        request,
        "console/claims.html",
        gettext_lazy("首单赔付"),
        rows=found.items,
        next_cursor=found.next_cursor,
        decided=decided,
    )


@needs("trade.change_firstorderclaim")
def claim(request: HttpRequest, number: str) -> HttpResponse:
    """The buyer's words beside the order; make it good or refuse it with a reason."""
    actor = operator_of(request)
    shown = queries.first_order_claim(actor, number)
    form = ClaimForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        approve = data["decision"] == "approve"
        if decide(
            request,
            _("已记录，并通知买家。"),
            lambda: commands.decide_first_order(actor, number, approve, data["reason"], form.money),
        ):
            return redirect("admin:queue_claims")
    return page(
        request,
        "console/claim.html",
        shown.order,
        claim=shown,
        form=form,
        order=trading.order(actor, shown.order),
        ruling=integrity.ruling_of(actor, shown.order),
    )
