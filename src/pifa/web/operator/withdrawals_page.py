"""Withdrawals for the market's staff: all of them, by state. Only to read: money that left is the
bank's to tell of, and what waits is the company's to agree to."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pifa.finance.withdrawals import queries
from pifa.finance.withdrawals.models import Withdrawal
from pifa.web.operator.queues import needs, operator_of, page


@needs("finance.view_withdrawal")
def withdrawals(request: HttpRequest) -> HttpResponse:
    """Every withdrawal, the newest first, by state."""
    states = [("", _("全部")), *Withdrawal.State.choices]
    state = request.GET.get("state", "")
    state = state if state in dict(states) else ""
    found = queries.withdrawals_of_market(
        operator_of(request), state, request.GET.get("cursor"), 50
    )
    return page(
        request,
        "console/withdrawals.html",
        gettext_lazy("提现"),
        rows=found.items,
        next_cursor=found.next_cursor,
        state=state,
        states=states,
    )
