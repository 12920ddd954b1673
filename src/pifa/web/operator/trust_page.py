"""Trust payment for the market's staff: every order by tab, debits that fail, what buyers owe banks.

Only to read: the bank decides, the market blocks who owes by itself.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pifa.finance import queries as finance
from pifa.finance.queries import TRUST_TABS
from pifa.web.operator.queues import needs, operator_of, page
from pifa.web.shared.forms import typed_words


@needs("finance.view_trustitem")
def orders(request: HttpRequest) -> HttpResponse:
    """What is promised, failing and owed in all, and orders by tab."""
    actor = operator_of(request)
    words, tab = typed_words(request), request.GET.get("tab", "all")
    tab = tab if tab in TRUST_TABS else "all"
    found = finance.trust_of_market(
        actor, tab=tab, words_=words, cursor=request.GET.get("cursor"), size=50
    )
    labels = {
        "all": _("全部"),
        "open": _("待扣款"),
        "failed": _("扣款失败"),
        "owing": _("待还银行"),
    }
    return page(
        request,
        "console/trust.html",
        gettext_lazy("信任付"),
        sums=finance.trust_sums(actor),
        rows=found.items,
        next_cursor=found.next_cursor,
        tab=tab,
        tabs=[(one, labels[one]) for one in TRUST_TABS],
        words=words,
    )
