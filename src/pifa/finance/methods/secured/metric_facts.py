"""How what buyers owe financiers becomes facts of the metrics. Sales count by themselves: an order
is paid when the financier pays it (`trade.events.metric_facts`)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from pifa.finance.methods.secured import events
from pifa.metrics.facts import Fact, FactKind
from pifa.metrics.sources import maps


@maps(events.SecuredRepaidInTime.name)
def _repaid(name: str, payload: dict[str, Any], happened_at: datetime) -> Iterator[Fact]:
    yield _fact(FactKind.REPAID, payload["due_on"], payload, happened_at)


@maps(events.SecuredOverdueDay.name)
def _overdue(name: str, payload: dict[str, Any], happened_at: datetime) -> Iterator[Fact]:
    # Two due days that are late on the same day are one day of the buyer: they have one key.
    yield _fact(FactKind.OVERDUE, payload["day"], payload, happened_at)


def _fact(kind: FactKind, day: str, payload: dict[str, Any], happened_at: datetime) -> Fact:
    subject = f"secured:{payload['account_id']}"
    return Fact(
        key=f"{kind}:{subject}:{day}",
        kind=kind,
        at=happened_at,
        seller_id=payload["seller_id"],
        buyer_id=payload["buyer_id"],
        subject=subject,
        count=1,
    )
