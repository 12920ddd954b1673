"""How trade's events become facts of the metrics. Declared (imported) trade emits none of them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from pifa.metrics.facts import Fact, FactKind
from pifa.metrics.sources import maps
from pifa.trade.events import facts
from pifa.trade.models import Dispute
from pifa.trade.states import BUYER


@maps(facts.OrderPaid.name)
def _paid(name: str, payload: dict[str, Any], happened_at: datetime) -> Iterator[Fact]:
    number = payload["number"]
    nth = payload.get("nth", 1)
    yield _fact(
        f"paid:{number}" if nth == 1 else f"paid:{number}:{nth}",
        FactKind.PAID,
        payload,
        happened_at,
        amount_fen=payload["paid_fen"],
        count=int(nth == 1),
    )


@maps(facts.RefundPaid.name)
def _refunded(name: str, payload: dict[str, Any], happened_at: datetime) -> Iterator[Fact]:
    # What was promised and need not be paid any more had never counted as paid.
    amount_fen = payload["amount_fen"] - payload.get("waived_fen", 0)
    yield _of_case("refunded", FactKind.REFUNDED, payload, happened_at, amount_fen, count=1)


@maps(facts.OrderClosed.name)
def _closed(name: str, payload: dict[str, Any], happened_at: datetime) -> Iterator[Fact]:
    # Nobody asked for it: the money is gone from sales and spend, no refund is counted.
    amount_fen = payload.get("refunded_fen", 0)
    if amount_fen:
        key = f"closed:{payload['number']}"
        yield _fact(key, FactKind.REFUNDED, payload, happened_at, amount_fen=amount_fen)


@maps(facts.OrderCompleted.name)
def _completed(name: str, payload: dict[str, Any], happened_at: datetime) -> Iterator[Fact]:
    number = payload["number"]
    yield _fact(f"completed:{number}", FactKind.COMPLETED, payload, happened_at, count=1)


@maps(facts.OrderRecounted.name)
def _recounted(name: str, payload: dict[str, Any], happened_at: datetime) -> Iterator[Fact]:
    key = f"recounted:{payload['number']}:{payload['guest_id']}"
    yield _fact(key, FactKind.RECOUNTED, payload, happened_at)


@maps(facts.DisputeOpened.name)
def _opened(name: str, payload: dict[str, Any], happened_at: datetime) -> Iterator[Fact]:
    yield _of_case("dispute", FactKind.DISPUTE_OPENED, payload, happened_at, count=1)


@maps(facts.DisputeRuled.name)
def _ruled(name: str, payload: dict[str, Any], happened_at: datetime) -> Iterator[Fact]:
    upheld = payload["verdict"] != Dispute.Verdict.SELLER
    yield _of_case("dispute.ruled", FactKind.DISPUTE_ENDED, payload, happened_at, count=int(upheld))


@maps(facts.RefundEnded.name)
def _ended(name: str, payload: dict[str, Any], happened_at: datetime) -> Iterator[Fact]:
    # The operator's verdict for the seller ends the case as well, and is told by itself.
    if payload["by"] == BUYER:
        yield _of_case("dispute.withdrawn", FactKind.DISPUTE_WITHDRAWN, payload, happened_at)


def _of_case(
    key: str,
    kind: FactKind,
    payload: dict[str, Any],
    happened_at: datetime,
    amount_fen: int = 0,
    count: int = 0,
) -> Fact:
    refund = payload["refund"]
    return _fact(
        f"{key}:{refund}", kind, payload, happened_at, f"refund:{refund}", amount_fen, count
    )


def _fact(
    key: str,
    kind: FactKind,
    payload: dict[str, Any],
    happened_at: datetime,
    ref: str = "",
    amount_fen: int = 0,
    count: int = 0,
) -> Fact:
    return Fact(
        key=key,
        kind=kind,
        at=happened_at,
        seller_id=payload["seller_id"],
        buyer_id=payload.get("counts_as_id") or payload["buyer_id"],
        subject=f"order:{payload['number']}",
        ref=ref,
        amount_fen=amount_fen,
        count=count,
    )
