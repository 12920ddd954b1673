"""How what happens on lines of credit becomes facts of the metrics."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from pifa.finance.methods.trade_credit import events
from pifa.metrics.facts import Fact, FactKind
from pifa.metrics.sources import maps


@maps(events.CreditRepaidInTime.name)
def _repaid(name: str, payload: dict[str, Any], happened_at: datetime) -> Iterator[Fact]:
    yield _fact(FactKind.REPAID, payload["due_on"], payload, happened_at)


@maps(events.CreditOverdueDay.name)
def _overdue(name: str, payload: dict[str, Any], happened_at: datetime) -> Iterator[Fact]:
    # Two due days that are late on the same day are one day of the line: they have one key.
    yield _fact(FactKind.OVERDUE, payload["day"], payload, happened_at)


def _fact(kind: FactKind, day: str, payload: dict[str, Any], happened_at: datetime) -> Fact:
    line = f"credit:{payload['line_id']}"
    return Fact(
        key=f"{kind}:{line}:{day}",
        kind=kind,
        at=happened_at,
        seller_id=payload["seller_id"],
        buyer_id=payload["buyer_id"],
        subject=line,
        count=1,
    )
