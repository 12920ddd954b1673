"""The statement: what a buyer paid and got back, what stands on a seller's accounts."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from pifa.finance import queries as finance
from pifa.ledger import queries as ledger
from pifa.ledger.rules import AccountKind
from pifa.web.shared.centre import Centre, actor_on
from pifa.web.shared.days import read_day

SELLER_ACCOUNTS = (
    AccountKind.BALANCE,
    AccountKind.ESCROW,
    AccountKind.DEPOSIT,
    AccountKind.CLAWBACK,
    AccountKind.RECOURSE,
)


def statement(request: HttpRequest, centre: Centre) -> HttpResponse:
    """Entries over market days, newest first, with the balance after each."""
    actor = actor_on(request)
    since, until = (read_day(request.GET.get(name, ""), name) for name in ("since", "until"))
    cursor = request.GET.get("cursor")
    context: dict[str, Any] = {"since": since, "until": until}
    if centre.side == "buyer":
        page = finance.purchases_statement(actor, since, until, cursor)
    else:
        kind = _account(request.GET.get("account", ""))
        page = ledger.statement(actor, kind, since, until, cursor)
        labels = {
            AccountKind.BALANCE: _("可用余额"),
            AccountKind.ESCROW: _("担保中"),
            AccountKind.DEPOSIT: _("保证金"),
            AccountKind.CLAWBACK: _("平台垫付欠款"),
            AccountKind.RECOURSE: _("待偿保险追偿款"),
        }
        address = centre.url("statement")
        context["account"] = kind.value
        context["accounts"] = [
            (labels[one], f"{address}?account={one.value}", None, one is kind)
            for one in SELLER_ACCOUNTS
            if one not in (AccountKind.CLAWBACK, AccountKind.RECOURSE) or one is kind
        ]
    return centre.show(request, "shared/statement.html", page=page, **context)


def _account(wanted: str) -> AccountKind:
    known = {kind.value: kind for kind in SELLER_ACCOUNTS}
    return known.get(wanted, AccountKind.BALANCE)
