"""The market's own statement, and the ledger's proof on demand."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy

from pifa.ledger import queries as ledger
from pifa.ledger.models import ACCOUNT_LABELS
from pifa.ledger.rules import MARKET_OWNED, AccountKind
from pifa.web.operator.queues import needs, operator_of, page

KINDS = tuple(kind for kind in AccountKind if kind in MARKET_OWNED)


@needs("ledger.view_posting")
def market_ledger(request: HttpRequest) -> HttpResponse:
    """Balances of the market, entries of one of its accounts, and the check when asked for."""
    wanted = request.GET.get("kind", AccountKind.GATEWAY.value)
    kind = next((item for item in KINDS if item.value == wanted), AccountKind.GATEWAY)
    statement = ledger.statement(
        operator_of(request), kind, cursor=request.GET.get("cursor") or None
    )
    checked = ledger.check() if "check" in request.GET else None
    return page(
        request,
        "console/ledger.html",
        gettext_lazy("平台流水"),
        balances=[(ACCOUNT_LABELS[item], item.value, ledger.balance(None, item)) for item in KINDS],
        kind=kind,
        kind_label=ACCOUNT_LABELS[kind],
        statement=statement,
        checked=checked,
    )
