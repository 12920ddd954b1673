"""Whom requests for quotes tell of what, after the commit; words are in `messages.kinds`.

No notice to a seller names another one, or how many were asked.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pifa.kernel.events import consumer
from pifa.messages import commands as messages
from pifa.messages.commands import NewNotice
from pifa.parties import queries as parties
from pifa.trade.quotes import facts
from pifa.trade.quotes.states import BUYER, SELLER

KINDS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    facts.QuoteAsked.name: ("quote_asked", (SELLER,)),
    facts.QuoteAnswered.name: ("quote_answered", (BUYER,)),
    facts.QuoteWithdrawn.name: ("quote_withdrawn", (BUYER,)),
    facts.QuoteDeclined.name: ("quote_declined", (BUYER,)),
    facts.QuoteRefused.name: ("quote_refused", (SELLER,)),
    facts.QuoteLapsed.name: ("quote_lapsed", (BUYER, SELLER)),
    facts.QuoteDue.name: ("quote_due", (BUYER,)),
    facts.QuoteAccepted.name: ("quote_accepted", (SELLER,)),
    facts.QuoteClosed.name: ("quote_closed", (SELLER,)),
    facts.AnswersEnded.name: ("quote_answers_ended", (BUYER,)),
    facts.RequestEnded.name: ("quote_request_ended", (BUYER,)),
}
"""Event → kind of notice, and which sides get it."""


@consumer("trade.quotes.notices", *KINDS)
def _tell(name: str, payload: dict[str, Any], happened_at: datetime) -> None:
    messages.notify_all(notices_of(name, payload))


def notices_of(name: str, payload: dict[str, Any]) -> list[NewNotice]:
    """The notices that an event becomes, one for each side that is told."""
    kind, sides = KINDS[name]
    if payload.get("by") == BUYER:  # it closed the request itself
        return []
    ids = [payload[key] for key in ("buyer_id", "seller_id") if key in payload]
    names = {key: card.name for key, card in parties.cards(ids).items()}
    return [_notice(kind, side, payload, names) for side in sides]


def _notice(
    kind: str, side: str, payload: Mapping[str, Any], names: Mapping[int, str]
) -> NewNotice:
    request, quote = payload["request"], payload.get("quote", "")
    other = payload.get("seller_id" if side == BUYER else "buyer_id")
    return NewNotice(
        company_id=payload[f"{side}_id"],
        kind=kind,
        subject=f"quote:{quote}" if quote else f"rfq:{request}",
        params={**payload, "company": names.get(other, "") if other else ""},
        link=f"/buyer/quotes/{request}/" if side == BUYER else f"/seller/quotes/{quote}/",
    )
