"""Who may pay at the door, by when a carrier remits, and what its batches are worth. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from pifa.kernel.money import ZERO, Money

ONE = timedelta(days=1)
SATURDAY = 5


# ------------------------------------------------------------------------- what may be agreed on
@dataclass(frozen=True, slots=True)
class Offer:
    """On which terms a seller lets buyers pay at the door; no regions: in none."""

    on: bool
    limit: Money
    regions: frozenset[str]


class Refusal(StrEnum):
    """Why an order may not be paid at the door."""

    OFF = "off"
    DEPOSIT = "deposit"
    REGION = "region"
    LIMIT = "limit"


def refusal(offer: Offer | None, amount: Money, region: str, purpose: str) -> Refusal | None:
    """Why this amount may not be collected at the door; None if it may.

    A deposit is paid before there are goods to deliver, so never at a door.
    """
    if offer is None or not offer.on:
        return Refusal.OFF
    if purpose == "deposit":
        return Refusal.DEPOSIT
    if region not in offer.regions:
        return Refusal.REGION
    if amount > offer.limit:
        return Refusal.LIMIT
    return None


# ------------------------------------------------------------------------- when it is remitted
def is_business_day(day: date, closed: Collection[date]) -> bool:
    """Whether banks work on a day: no weekend, none of the days on which they are closed."""
    return day.weekday() < SATURDAY and day not in closed


def business_day_after(day: date, days: int, closed: Collection[date]) -> date:
    """The so-manieth business day after a day (none: the day itself)."""
    while days > 0:
        day += ONE
        if is_business_day(day, closed):
            days -= 1
    return day


# ------------------------------------------------------------------------- what a batch is worth
@dataclass(frozen=True, slots=True)
class Line:
    """A line as the carrier writes it: our number, what it collected, the fee that it kept."""

    reference: str
    collected: Money
    fee: Money


@dataclass(frozen=True, slots=True)
class Known:
    """What we know of a number: what the carrier reported as collected and has not remitted.

    `reported`: it reported at all that it collected.
    """

    with_carrier: Money
    reported: bool


class Judgement(StrEnum):
    """What a line of a batch is beside what we know."""

    MATCHED = "matched"
    SHORT = "short"
    """Less than was collected: so much is kept, the rest is still the carrier's debt."""
    OVER = "over"
    """More than was collected: what is too much waits in suspense."""
    TWICE = "twice"
    """All of it was remitted before."""
    UNKNOWN = "unknown"
    """None of our numbers."""
    NOT_COLLECTED = "not_collected"
    """The carrier never reported that it was collected."""
    UNCOVERED = "uncovered"
    """The batch's bank amount does not reach to it."""


IN_ORDER = frozenset({Judgement.MATCHED})


@dataclass(frozen=True, slots=True)
class Judged:
    """A line with its judgement, what of it is paid to the seller and what fee is charged."""

    line: Line
    judgement: Judgement
    kept: Money = ZERO
    fee: Money = ZERO

    @property
    def net(self) -> Money:
        """What it takes of the bank amount: the carrier has kept its fee."""
        return self.kept - self.fee


@dataclass(frozen=True, slots=True)
class Reckoning:
    """A batch reconciled line by line; `left` of the bank amount belongs to no line."""

    judged: tuple[Judged, ...]
    left: Money


def reckon(bank: Money, lines: Sequence[Line], known: Mapping[str, Known]) -> Reckoning:
    """Judge the lines in their order against what we know and the one bank amount.

    No more is kept for a number than the carrier has of it, and no more in all than came.
    """
    left = bank
    open_ = {number: row.with_carrier for number, row in known.items()}
    judged = []
    for line in lines:
        one = _judge(line, known.get(line.reference), open_.get(line.reference, ZERO))
        if one.net > left:
            one = Judged(line, Judgement.UNCOVERED)
        if one.kept:
            open_[line.reference] = open_[line.reference] - one.kept
            left = left - one.net
        judged.append(one)
    return Reckoning(tuple(judged), left)


def _judge(line: Line, known: Known | None, open_: Money) -> Judged:
    if known is None:
        return Judged(line, Judgement.UNKNOWN)
    if not known.reported:
        return Judged(line, Judgement.NOT_COLLECTED)
    if not open_:
        return Judged(line, Judgement.TWICE)
    kept = min(line.collected, open_)
    fee = min(line.fee, kept)
    if line.collected == open_:
        return Judged(line, Judgement.MATCHED, kept, fee)
    over = line.collected > open_
    return Judged(line, Judgement.OVER if over else Judgement.SHORT, kept, fee)


def stated(lines: Sequence[Line]) -> Money:
    """What a batch's bank amount should be by its own lines."""
    return Money(sum(line.collected.fen - line.fee.fen for line in lines))
