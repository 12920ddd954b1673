"""How debits become facts of the metrics: one that went through is a repayment in time, a day on
which one failed or something was owed to the bank a day overdue. Sales count by themselves."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from pifa.finance.methods.trust import events
from pifa.metrics.facts import Fact, FactKind
from pifa.metrics.sources import maps


@maps(events.TrustDebited.name)
def _debited(name: str, payload: dict[str, Any], happened_at: datetime) -> Iterator[Fact]:
    # One a day, as one statement of trade credit is.
    yield _fact(FactKind.REPAID, payload, happened_at)


@maps(events.TrustDebitFailed.name, events.TrustOwingDay.name)
def _overdue(name: str, payload: dict[str, Any], happened_at: datetime) -> Iterator[Fact]:
    # Whatever is late on a day is one day of the buyer: all of it has one key.
    yield _fact(FactKind.OVERDUE, payload, happened_at)


def _fact(kind: FactKind, payload: dict[str, Any], happened_at: datetime) -> Fact:
    subject = f"trust:{payload['account_id']}"
    return Fact(
        key=f"{kind}:{subject}:{payload['day']}",
        kind=kind,
        at=happened_at,
        seller_id=payload["seller_id"],
        buyer_id=payload["buyer_id"],
        subject=subject,
        count=1,
    )
