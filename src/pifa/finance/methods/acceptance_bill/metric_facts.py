"""How bills become facts of the metrics. Sales count by themselves: an order is paid when its bill
is honoured (`trade.events.metric_facts`)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from pifa.finance.methods.acceptance_bill import events
from pifa.metrics.facts import Fact, FactKind
from pifa.metrics.sources import maps


@maps(events.BillHonoured.name)
def _honoured(name: str, payload: dict[str, Any], happened_at: datetime) -> Iterator[Fact]:
    yield _fact(FactKind.REPAID, payload["presents_on"], payload, happened_at)


@maps(events.BillDishonoured.name)
def _dishonoured(name: str, payload: dict[str, Any], happened_at: datetime) -> Iterator[Fact]:
    yield _fact(FactKind.OVERDUE, payload["day"], payload, happened_at)


def _fact(kind: FactKind, day: str, payload: dict[str, Any], happened_at: datetime) -> Fact:
    subject = f"bill:{payload['number']}"
    return Fact(
        key=f"{kind}:{subject}:{day}",
        kind=kind,
        at=happened_at,
        seller_id=payload["seller_id"],
        buyer_id=payload["buyer_id"],
        subject=subject,
        count=1,
    )
