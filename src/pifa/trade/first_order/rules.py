"""What of a first order can be claimed: pure functions over its refund cases."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from pifa.kernel.money import Money

REFUSED, DISPUTE, FREIGHT = "refused", "dispute", "freight"
"""Kinds of loss, as `models.LossKind` names them."""


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """A refund case: how it ended and when. `refused_at` stands if the seller refused it, and the
    buyer did not take it back; `verdict` if the market ruled."""

    is_return: bool
    asked: Money
    granted: Money
    is_paid: bool
    ended_at: datetime | None
    refused_at: datetime | None
    verdict: str
    decided_at: datetime | None


@dataclass(frozen=True, slots=True)
class Loss:
    """Something that went wrong, since when, and how much of it can be claimed at most."""

    kind: str
    since: datetime
    most: Money

    def claim_by(self, days: int) -> datetime:
        """The last moment to claim it."""
        return self.since + timedelta(days=days)


def losses(cases: Iterable[CaseFacts], limit: Money) -> list[Loss]:
    """What went wrong in an order's refund cases, one loss of a kind (the latest), within a limit.

    A dispute that the market did not grant in full; a refusal that was not brought before it; goods
    that went back, whose return freight the buyer paid (up to the limit).
    """
    found: dict[str, Loss] = {}
    for case in cases:
        for loss in _of_case(case, limit):
            known = found.get(loss.kind)
            if loss.most and (known is None or loss.since >= known.since):
                found[loss.kind] = loss
    return [found[kind] for kind in (REFUSED, DISPUTE, FREIGHT) if kind in found]


def _of_case(case: CaseFacts, limit: Money) -> Iterable[Loss]:
    if case.verdict in ("seller", "partly") and case.decided_at is not None:
        yield Loss(DISPUTE, case.decided_at, min(case.asked - case.granted, limit))
    elif case.refused_at is not None and not case.is_paid:
        yield Loss(REFUSED, case.refused_at, min(case.asked, limit))
    if case.is_return and case.is_paid and case.ended_at is not None:
        yield Loss(FREIGHT, case.ended_at, limit)
