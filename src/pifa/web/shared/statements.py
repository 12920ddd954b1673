"""The statement: what a buyer paid and got back, what stands on a seller's accounts."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from pifa.finance import queries as finance
from pifa.kernel.errors import InvalidInput
from pifa.ledger import queries as ledger
from pifa.ledger.rules import AccountKind
from pifa.web.shared.centre import Centre, actor_on

SELLER_ACCOUNTS = (AccountKind.BALANCE, AccountKind.ESCROW, AccountKind.DEPOSIT)


def statement(request: HttpRequest, centre: Centre) -> HttpResponse:
    """Entries over market days, newest first, with the balance after each."""
    actor = actor_on(request)
    since, until = day(request, "since"), day(request, "until")
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
        }
        address = centre.url("statement")
        context["account"] = kind.value
        context["accounts"] = [
            (labels[one], f"{address}?account={one.value}", None, one is kind)
            for one in SELLER_ACCOUNTS
        ]
    return centre.show(request, "shared/statement.html", page=page, **context)


def day(request: HttpRequest, name: str) -> date | None:
    """A day of a filter; empty is none, anything else that is no day is refused."""
    text = request.GET.get(name, "").strip()
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise InvalidInput(field=name, reason=_("日期请写成 2026-03-28 的样子。")) from error


def _account(wanted: str) -> AccountKind:
    known = {kind.value: kind for kind in SELLER_ACCOUNTS}
    return known.get(wanted, AccountKind.BALANCE)
