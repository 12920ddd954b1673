"""What this floor announces, and how events of the floors below become facts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from pifa.kernel import clock
from pifa.kernel.events import Event
from pifa.messages.events import MessageSent
from pifa.metrics.facts import Fact, FactKind
from pifa.metrics.sources import maps
from pifa.parties.events import LoggedIn, PenaltyGiven, PenaltyRevoked


@dataclass(frozen=True, kw_only=True)
class FactsRevised(Event):
    """Facts of closed days changed: an order was ruled out or in again, or a fact came late.

    Days whose rating may come out otherwise: `first_day` … `last_day`, which may lie ahead.
    """

    name = "metrics.facts_revised"
    first_day: date
    last_day: date
    company_ids: tuple[int, ...]


@maps(LoggedIn.name)
def _logged_in(name: str, payload: dict[str, Any], happened_at: datetime) -> Iterator[Fact]:
    yield _once_a_day(FactKind.LOGIN, payload["company_id"], happened_at)


@maps(MessageSent.name)
def _replied(name: str, payload: dict[str, Any], happened_at: datetime) -> Iterator[Fact]:
    if payload["is_seller_reply"]:
        yield _once_a_day(FactKind.REPLY, payload["from_company"], happened_at)


@maps(PenaltyGiven.name, PenaltyRevoked.name)
def _penalty(name: str, payload: dict[str, Any], happened_at: datetime) -> Iterator[Fact]:
    given = name == PenaltyGiven.name
    number, company_id = payload["penalty_id"], payload["company_id"]
    yield Fact(
        key=f"penalty:{number}" if given else f"penalty.revoked:{number}",
        kind=FactKind.PENALTY,
        at=happened_at,
        seller_id=company_id,
        subject=f"company:{company_id}",
        ref=f"penalty:{number}",
        count=payload["points"] if given else -payload["points"],
    )


def _once_a_day(kind: FactKind, company_id: int, happened_at: datetime) -> Fact:
    day = clock.market_day(happened_at)
    return Fact(
        key=f"{kind}:{company_id}:{day}",
        kind=kind,
        # Whichever of a day's events comes first makes the same fact.
        at=clock.start_of_day(day),
        seller_id=company_id,
        subject=f"company:{company_id}",
        count=1,
    )
