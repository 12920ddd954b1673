"""When a buyer will need goods again, told from when and how much it bought: pure functions.

Of purchases (d₁, q₁) … (dₙ, qₙ) of one kind of goods on n ≥ 2 different days (what was bought on
one day counts together):

- the pieces of purchase i lasted dᵢ₊₁ − dᵢ days, that is (dᵢ₊₁ − dᵢ) / qᵢ days a piece;
- *pace* = the median of the latest `LATEST` of these, so that one unusual gap moves little;
- *lasting* = pace × qₙ, rounded half up to whole days, between one and `LONGEST`;
- *expected* = dₙ + lasting: the day on which the last purchase is used up;
- *overdue* on day t = t − expected, never below zero.

When the last purchase lies back `GIVEN_UP` × lasting and `SOON` days more, nothing is expected
any longer: the buyer stopped, or buys elsewhere. All reckoning is exact; no floats take part.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise
from statistics import median, median_low

LATEST = 6
"""Intervals that count: habits of long ago say nothing about next week."""

GIVEN_UP = 3
"""How many times as long as it should have lasted a purchase lies back when more is not expected."""

LONGEST = 400
"""Days beyond which nothing is foreseen: who bought a sample and then a lorry load is no habit."""

SOON = 7
"""Days ahead that a buyer is told of."""


class Need(StrEnum):
    """How things stand with goods bought again and again."""

    DUE = "due"
    SOON = "soon"
    LATER = "later"
    GIVEN_UP = "given_up"


@dataclass(frozen=True, slots=True, order=True)
class Purchase:
    """Pieces of one kind of goods bought on a market day; more than none."""

    day: date
    quantity: int


@dataclass(frozen=True, slots=True)
class Habit:
    """How goods are bought: `interval` days apart, `quantity` at a time, `lasting` days for
    the last purchase, so that more is expected on `expected`."""

    purchases: int
    interval: int
    quantity: int
    last: date
    lasting: int
    expected: date

    def overdue(self, today: date) -> int:
        """Days that the next purchase is late; 0 while it is not."""
        return max((today - self.expected).days, 0)

    def need(self, today: date) -> Need:
        """Whether more is wanted now, within `SOON` days, later, or no more."""
        if (today - self.last).days > GIVEN_UP * self.lasting + SOON:
            return Need.GIVEN_UP
        if today >= self.expected:
            return Need.DUE
        return Need.SOON if (self.expected - today).days <= SOON else Need.LATER


def by_day(purchases: Iterable[Purchase]) -> list[Purchase]:
    """Purchases in order, those of one day taken together."""
    pieces: defaultdict[date, int] = defaultdict(int)
    for purchase in purchases:
        pieces[purchase.day] += purchase.quantity
    return [Purchase(day, quantity) for day, quantity in sorted(pieces.items())]


def habit(purchases: Iterable[Purchase]) -> Habit | None:
    """The habit behind purchases of one kind of goods; None when all were on one day."""
    bought = by_day(purchases)
    if len(bought) < 2:
        return None
    gaps = _gaps([purchase.day for purchase in bought])[-LATEST:]
    recent = bought[-len(gaps) - 1 :]
    pace = median(
        Fraction(gap, purchase.quantity) for gap, purchase in zip(gaps, recent, strict=False)
    )
    last = bought[-1]
    lasting = min(max(_half_up(pace * last.quantity), 1), LONGEST)
    return Habit(
        purchases=len(bought),
        interval=_half_up(median(map(Fraction, gaps))),
        quantity=median_low(purchase.quantity for purchase in recent),
        last=last.day,
        lasting=lasting,
        expected=last.day + timedelta(days=lasting),
    )


def usual_interval(days: Iterable[date]) -> int | None:
    """The median of days between purchases, rounded half up; None with fewer than two days."""
    gaps = _gaps(sorted(set(days)))[-LATEST:]
    return _half_up(median(map(Fraction, gaps))) if gaps else None


def _gaps(days: Sequence[date]) -> list[int]:
    return [(later - earlier).days for earlier, later in pairwise(days)]


def _half_up(value: Fraction) -> int:
    return (2 * value.numerator + value.denominator) // (2 * value.denominator)
