"""When trade credit is due, who is late, and what a repayment pays. Pure; days are market days.

`CREDIT-MONTHLY`: periods run from the settlement day D 00:00 to the day before the next D; what
was received in a period is due by the end of the D on which it closed. In a month without a D it
is the month's last day. `CREDIT-DAYS`: due by the end of the N-th day after receipt.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from pifa.kernel.money import ZERO, Money

MOST_DAYS = 180
"""The longest term of `CREDIT-DAYS`."""

MOST_FEN = 100_000_000_00
"""The highest limit of a line: ¥100 million."""

ONE = timedelta(days=1)


class TermKind(StrEnum):
    """How a line is settled; beside each, what its number means."""

    MONTHLY = "monthly"
    """The settlement day of the month, 1 to 31."""
    DAYS = "days"
    """Days from receipt, 1 to `MOST_DAYS`."""


@dataclass(frozen=True, slots=True)
class Terms:
    """How a line is settled, and from which day on it is; `ValueError` for senseless ones."""

    kind: TermKind
    number: int
    since: date

    def __post_init__(self) -> None:
        most = 31 if self.kind is TermKind.MONTHLY else MOST_DAYS
        if not 1 <= self.number <= most:
            raise ValueError(f"terms of {self.kind} are 1 to {most}, not {self.number}")


@dataclass(frozen=True, slots=True)
class Period:
    """Days from `start` up to, not including, `end`; what is received in it is due on `end`."""

    start: date
    end: date

    @property
    def due_on(self) -> date:
        """The settlement day: paid until it is over (23:59:59) is paid in time."""
        return self.end

    @property
    def last_day(self) -> date:
        """The last day that belongs to it."""
        return self.end - ONE


@dataclass(frozen=True, slots=True)
class Due:
    """When something is to be paid; `period` is that of its statement, if it has one."""

    due_on: date
    period: Period | None


def settlement_day(year: int, month: int, number: int) -> date:
    """The day D of a month, its last day where there is none."""
    return date(year, month, min(number, monthrange(year, month)[1]))


def period_of(number: int, day: date) -> Period:
    """The period of settlement day `number` in which a day lies."""
    border = settlement_day(day.year, day.month, number)
    if day >= border:
        year, month = _shifted(day.year, day.month, 1)
        return Period(border, settlement_day(year, month, number))
    year, month = _shifted(day.year, day.month, -1)
    return Period(settlement_day(year, month, number), border)


def due_of(terms: Terms, received_on: date) -> Due:
    """When something that was received on a day is due by these terms.

    The first period of new terms begins with them, so that periods never overlap.
    """
    if terms.kind is TermKind.DAYS:
        return Due(received_on + terms.number * ONE, None)
    whole = period_of(terms.number, received_on)
    return Due(whole.due_on, Period(max(whole.start, min(terms.since, received_on)), whole.end))


def days_overdue(due_on: date, today: date) -> int:
    """Days since the due day was over; 0 until then."""
    return max(0, (today - due_on).days)


# ------------------------------------------------------------------------- what may be ordered
@dataclass(frozen=True, slots=True)
class Standing:
    """How a line stands: the figures that decide whether it may be used."""

    limit: Money
    used: Money
    frozen: bool
    overdue: Money
    """What is due and was not paid in time."""

    @property
    def free(self) -> Money:
        """What may still be promised; nothing while the line is frozen or overdue."""
        if self.frozen or self.overdue:
            return ZERO
        return max(ZERO, self.limit - self.used)


class Refusal(StrEnum):
    """Why a line may not be used."""

    FROZEN = "frozen"
    OVERDUE = "overdue"
    LIMIT = "limit"


def refusal(standing: Standing, amount: Money) -> Refusal | None:
    """Why no order of this amount may be promised; None if it may.

    Of an order that is promised already its part of the limit is taken: for its shipment the
    amount is nothing.
    """
    if standing.overdue:
        return Refusal.OVERDUE
    if standing.frozen:
        return Refusal.FROZEN
    if standing.used + amount > standing.limit:
        return Refusal.LIMIT
    return None


# ------------------------------------------------------------------------- what a repayment pays
def lay_out(amount: Money, owed: Sequence[Money]) -> tuple[list[Money], Money]:
    """What of an amount goes to each of what is owed, the first first, and what is left over."""
    shares = []
    for open_ in owed:
        share = min(amount, open_)
        shares.append(share)
        amount = amount - share
    return shares, amount


# ------------------------------------------------------------------------------------- lateness
@dataclass(frozen=True, slots=True)
class Ladder:
    """What is done about a due day, in days after it: reminded (before it: below zero), the
    line frozen, days counted until `stop`."""

    remind_before: int
    freeze_after: int
    remind_after: tuple[int, ...]
    stop: int

    def next_step(self, days: int) -> int | None:
        """The next day after `days` on which something is to be done; None after the last."""
        if days < -self.remind_before:
            return -self.remind_before
        return max(days + 1, 1) if days < self.stop else None

    def steps(self) -> tuple[int, ...]:
        """Every day on which something is told or done, and the last that is counted."""
        told = {-self.remind_before, 1, self.freeze_after, *self.remind_after, self.stop}
        return tuple(sorted(told))

    def reminds(self, days: int) -> bool:
        """Whether both sides are told on this day."""
        return days in {-self.remind_before, 1, self.freeze_after, *self.remind_after}


class Bucket(StrEnum):
    """How late what is owed is, for the seller's ageing."""

    NOT_DUE = "not_due"
    """Not received yet, in a period that runs, or still in time."""
    TO_30 = "to_30"
    TO_60 = "to_60"
    TO_90 = "to_90"
    OVER_90 = "over_90"


BUCKETS = ((Bucket.TO_30, 1, 30), (Bucket.TO_60, 31, 60), (Bucket.TO_90, 61, 90))
"""Buckets of what is late with the days overdue they hold; later ones are `OVER_90`."""


def bucket_of(due_on: date | None, today: date) -> Bucket:
    """The bucket of something that is owed."""
    late = 0 if due_on is None else days_overdue(due_on, today)
    if not late:
        return Bucket.NOT_DUE
    return next((bucket for bucket, _first, last in BUCKETS if late <= last), Bucket.OVER_90)


def _shifted(year: int, month: int, months: int) -> tuple[int, int]:
    at = year * 12 + month - 1 + months
    return at // 12, at % 12 + 1
