"""Secured credit for the market's staff: every receivable by tab, and the buyers who are late.

Only to read: the financier decides, the market freezes late buyers by itself.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pifa.finance import queries as finance
from pifa.finance.queries import SECURED_TABS
from pifa.web.operator.queues import needs, operator_of, page
from pifa.web.shared.forms import typed_words


@needs("finance.view_securedreceivable")
def receivables(request: HttpRequest) -> HttpResponse:
    """What is claimed and owed in all, buyers who are late, and receivables by tab."""
    actor = operator_of(request)
    words, tab = typed_words(request), request.GET.get("tab", "all")
    tab = tab if tab in SECURED_TABS else "all"
    found = finance.secured_of_market(
        actor, tab=tab, words_=words, cursor=request.GET.get("cursor"), size=50
    )
    labels = {
        "all": _("全部"),
        "overdue": _("已逾期"),
        "requested": _("提前收款申请中"),
        "succeeded": _("提前收款成功"),
        "failed": _("提前收款失败"),
        "due": _("到期待收款"),
    }
    return page(
        request,
        "console/secured.html",
        gettext_lazy("诚e赊"),
        sums=finance.secured_sums(actor),
        late=finance.late_buyers(actor),
        rows=found.items,
        next_cursor=found.next_cursor,
        tab=tab,
        tabs=[(one, labels[one]) for one in SECURED_TABS],
        words=words,
    )
