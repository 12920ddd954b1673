"""Loans of the partner bank for the market's staff: what is drawn, what is overdue. Only to read."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pifa.finance.loans import queries
from pifa.web.operator.queues import needs, operator_of, page
from pifa.web.shared.forms import typed_words

STATES = ("", "running", "overdue", "defaulted", "repaid")


@needs("finance.view_loan")
def loans(request: HttpRequest) -> HttpResponse:
    """Every drawn loan, newest first; by state, or by company or number."""
    actor = operator_of(request)
    words, state = typed_words(request), request.GET.get("state", "")
    state = state if state in STATES else ""
    found = queries.market_loans(
        actor, typed=words, state=state, cursor=request.GET.get("cursor"), size=50
    )
    labels = {
        "": _("全部"),
        "running": _("还款中"),
        "overdue": _("逾期"),
        "defaulted": _("违约"),
        "repaid": _("已还清"),
    }
    sums = queries.market_loan_sums(actor)
    return page(
        request,
        "console/loans.html",
        gettext_lazy("贷款"),
        rows=found.items,
        next_cursor=found.next_cursor,
        state=state,
        states=[(one, labels[one]) for one in STATES],
        sums=[(labels[one], *sums[one]) for one in STATES if one],
        words=words,
    )


@needs("finance.view_loan")
def loan(request: HttpRequest, number: str) -> HttpResponse:
    """One loan: its decision, every instalment, every payment."""
    found = queries.loan(operator_of(request), number)
    return page(
        request,
        "console/loan.html",
        f"{found.loan.company_name} · {number}",
        found=found,
        loan=found.loan,
    )
