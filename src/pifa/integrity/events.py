"""What this floor announces, whom it tells, and what the metrics make of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pifa.integrity.errors import NotCovered
from pifa.integrity.models import RulingInForce
from pifa.kernel.errors import DomainError
from pifa.kernel.events import consumer
from pifa.messages import commands as messages
from pifa.messages.commands import NewNotice
from pifa.metrics.facts import Fact, FactKind
from pifa.metrics.sources import maps
from pifa.trade.events import OrderEvent
from pifa.trade.first_order import cover
from pifa.trade.models import Order


@dataclass(frozen=True, kw_only=True)
class OrderRuled(OrderEvent):
    """An operator ruled that an order is brushing: nothing of it counts any more.

    `ruling` is its id in the history.
    """

    name = "integrity.order_ruled"
    ruling: int
    reason: str


@dataclass(frozen=True, kw_only=True)
class RulingTakenBack(OrderEvent):
    """The ruling was taken back: the order counts again, as if it had always counted."""

    name = "integrity.ruling_taken_back"
    ruling: int
    reason: str


_KINDS = {OrderRuled.name: "order_ruled", RulingTakenBack.name: "ruling_taken_back"}


@consumer("integrity.notices", *_KINDS)
def _tell(name: str, payload: dict[str, Any], happened_at: datetime) -> None:
    number = payload["number"]
    messages.notify_all(
        [
            NewNotice(
                company_id=payload[f"{side}_id"],
                kind=_KINDS[name],
                subject=f"order:{number}",
                params=payload,
                link=f"/{side}/orders/{number}/",
            )
            for side in ("buyer", "seller")
        ]
    )


@maps(OrderRuled.name, RulingTakenBack.name)
def _ruled(name: str, payload: dict[str, Any], happened_at: datetime) -> Iterator[Fact]:
    kind = FactKind.EXCLUDED if name == OrderRuled.name else FactKind.INCLUDED
    yield Fact(
        key=f"{kind}:{payload['ruling']}",
        kind=kind,
        at=happened_at,
        seller_id=payload["seller_id"],
        buyer_id=payload["buyer_id"],
        subject=f"order:{payload['number']}",
    )


@cover.objects
def _not_covered(order: Order) -> DomainError | None:
    in_force = RulingInForce.objects.filter(order=order).exists()
    return NotCovered(number=order.number) if in_force else None
