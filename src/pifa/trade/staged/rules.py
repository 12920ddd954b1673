"""What falls due in an order that is paid in stages, and what becomes of its money."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from pifa.kernel.money import ZERO, Money

PRODUCTION_REMINDER = timedelta(days=2)
BALANCE_REMINDER = timedelta(days=1)
"""How long before its deadline the one who should act is reminded."""

MAX_PICTURES = 6
"""Pictures of one production note."""


@dataclass(frozen=True, slots=True)
class Lapse:
    """How the money of an order whose balance lapsed is divided; nothing else is held."""

    kept: Money
    refunded: Money


def lapse(keeper: str, deposit: Money, covered: Money) -> Lapse:
    """Divide what is paid or promised: the seller keeps the deposit and never more, if the plan
    says so; the rest goes back.

    `deposit` is what is left of it after refunds, `covered` all that is left.
    """
    kept = min(deposit, covered) if keeper == "seller" else ZERO
    return Lapse(kept, covered - kept)


def late_from(produce_by: datetime, grace: timedelta) -> datetime:
    """From when the buyer may cancel an order whose production is not finished."""
    return produce_by + grace
