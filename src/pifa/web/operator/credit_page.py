"""Lines of trade credit for the market's staff: all of them, and one with its ladder of lateness.

Only to read: a line is its seller's to grant, change and freeze; the market freezes what is overdue
by itself.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pifa.finance import queries as finance
from pifa.web.operator.queues import needs, operator_of, page
from pifa.web.shared.forms import typed_words

STATES = ("", "overdue", "frozen")


@needs("finance.view_creditline")
def lines(request: HttpRequest) -> HttpResponse:
    """Every line, those used most first; by state, or by either side's name or login."""
    words, state = typed_words(request), request.GET.get("state", "")
    state = state if state in STATES else ""
    found = finance.credit_lines_of_market(
        operator_of(request),
        words_=words,
        state=state,
        cursor=request.GET.get("cursor"),
        size=50,
    )
    labels = {"": _("全部"), "overdue": _("逾期"), "frozen": _("已冻结")}
    return page(
        request,
        "console/credit_lines.html",
        gettext_lazy("账期额度"),
        rows=found.items,
        next_cursor=found.next_cursor,
        state=state,
        states=[(one, labels[one]) for one in STATES],
        words=words,
    )


@needs("finance.view_creditline")
def line(request: HttpRequest, line_id: int) -> HttpResponse:
    """One line: its figures, what is due with every step of the ladder, statements, history."""
    actor = operator_of(request)
    found = finance.credit_line(actor, line_id)
    items = finance.credit_items(actor, line_id, cursor=request.GET.get("cursor"), size=50)
    return page(
        request,
        "console/credit_line.html",
        f"{found.seller_name} → {found.buyer_name}",
        line=found,
        due_days=finance.due_days(actor, line_id),
        items=items.items,
        next_cursor=items.next_cursor,
        statements=finance.credit_statements(actor, line_id, size=24).items,
        history=finance.credit_history(actor, line_id),
    )
