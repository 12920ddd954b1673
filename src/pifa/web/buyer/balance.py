"""What a buyer has on its balance (collected, made good)."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from pifa.finance.policies import handles_money
from pifa.ledger import queries as ledger
from pifa.ledger.rules import AccountKind
from pifa.web.access import buyer_page
from pifa.web.buyer.centre import CENTRE
from pifa.web.shared.centre import actor_on


@buyer_page
def balance(request: HttpRequest) -> HttpResponse:
    """The balance with its entries, newest first."""
    actor = actor_on(request)
    return CENTRE.show(
        request,
        "buyer/balance.html",
        available=ledger.balance(handles_money(actor), AccountKind.BALANCE),
        page=ledger.statement(actor, AccountKind.BALANCE, cursor=request.GET.get("cursor")),
    )
