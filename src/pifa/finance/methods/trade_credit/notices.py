"""Whom trade credit tells of what: both sides, by the worker, after the commit."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils import translation

from pifa.finance.methods.trade_credit import events, words
from pifa.finance.methods.trade_credit.rules import TermKind
from pifa.kernel.events import consumer
from pifa.messages import commands as messages
from pifa.messages.commands import NewNotice
from pifa.parties import queries as parties

KINDS: Mapping[str, str] = {
    events.CreditLineChanged.name: "credit_line",
    events.CreditStatementClosed.name: "credit_statement",
    events.CreditDueSoon.name: "credit_due_soon",
    events.CreditOverdueDay.name: "credit_overdue",
    events.CreditRepaid.name: "credit_repaid",
}


@consumer("finance.credit_notices", *KINDS)
def _tell(name: str, payload: dict[str, Any], happened_at: datetime) -> None:
    messages.notify_all(notices_of(name, payload))


def notices_of(name: str, payload: Mapping[str, Any]) -> list[NewNotice]:
    """The notices of an event, one for each side; none of an overdue day that is only counted."""
    if name == events.CreditOverdueDay.name and not payload["remind"]:
        return []
    buyer_id, seller_id = payload["buyer_id"], payload["seller_id"]
    cards = parties.cards([buyer_id, seller_id])
    line_id = payload["line_id"]
    links = {buyer_id: f"/buyer/credit/{line_id}/", seller_id: f"/seller/credit/{line_id}/"}
    return [
        NewNotice(
            company_id=company_id,
            kind=KINDS[name],
            subject=f"credit:{line_id}",
            params=_params(name, payload, cards[other_id].name),
            link=links[company_id],
        )
        for company_id, other_id in ((buyer_id, seller_id), (seller_id, buyer_id))
    ]


def _params(name: str, payload: Mapping[str, Any], other: str) -> dict[str, Any]:
    """What happened, with the other side's name and what the words of the kind need."""
    params = {**payload, "name": other, "day": payload.get("due_on", "")}
    if name == events.CreditLineChanged.name:
        kind, number = TermKind(payload["terms"]), payload["number"]
        for language, key in (("zh-hans", "settled"), ("en", "settled_en")):
            with translation.override(language):
                params[key] = words.settled(kind, number)
    if name == events.CreditRepaid.name:
        params["surplus"] = payload["left_fen"] > 0
    return params
