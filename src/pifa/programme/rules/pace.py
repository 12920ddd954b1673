"""Who is behind: members held against where they should be by now. Pure, exact."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from fractions import Fraction

from pifa.programme.rules.checkpoints import Ahead, ahead, target_of
from pifa.programme.rules.season import Checkpoint, Marker, Measure, Season


class Pace(StrEnum):
    """Where a member stands towards a checkpoint, the worst first."""

    BEHIND = "behind"
    """At this pace it will miss."""
    UNKNOWN = "unknown"
    """The days have just begun: nothing can be said yet."""
    ON_PACE = "on_pace"
    """At this pace it will pass."""
    REACHED = "reached"
    """It has what is asked."""


_ORDER = tuple(Pace)

SOON = Fraction(1, 20)
"""Before so much is expected, a day is too young to say who is behind."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A member towards a checkpoint. `expected` is the share of what is asked that it should have
    by now, 0 to 1; None where days say it instead (`ahead.at_this_pace_fen`)."""

    ahead: Ahead
    expected: Fraction | None

    @property
    def will_fen(self) -> int | None:
        """What it comes to in the end, at this pace; None: unknown."""
        if self.expected is None:
            return self.ahead.at_this_pace_fen
        if self.expected < SOON:
            return None
        return self.ahead.so_far_fen * self.expected.denominator // self.expected.numerator

    @property
    def pace(self) -> Pace:
        if not self.ahead.missing_fen:
            return Pace.REACHED
        will = self.will_fen
        if will is None:
            return Pace.UNKNOWN
        return Pace.BEHIND if will < self.ahead.asked_fen else Pace.ON_PACE

    @property
    def urgency(self) -> tuple[int, float, int]:
        """A key that puts who is farthest behind first, of those alike the one that misses most."""
        share = (self.will_fen or 0) / self.ahead.asked_fen
        return (_ORDER.index(self.pace), share, -self.ahead.missing_fen)


def current(season: Season, day: date) -> Checkpoint | None:
    """The checkpoint that members work towards on a day: the first whose days have begun and are not
    over, else the next to begin, else the last. None without any."""
    running = [one for one in season.checkpoints if day in one.span]
    if running:
        return min(running, key=lambda one: one.span.last)
    coming = [one for one in season.checkpoints if one.span.first > day]
    if coming:
        return min(coming, key=lambda one: one.span.first)
    return season.checkpoints[-1] if season.checkpoints else None


def reading(
    checkpoint: Checkpoint,
    so_far_fen: int,
    targets: tuple[int, int],
    day: date,
    expected: Fraction | None,
    today_fen: int = 0,
) -> Reading:
    """A member with its targets of month and peak day, towards a checkpoint during a day that brought
    `today_fen` of what it has."""
    target = target_of(checkpoint.target, *targets)
    return Reading(ahead(checkpoint, so_far_fen, target, day, today_fen), expected)


def hour_marks(season: Season) -> tuple[Marker, ...]:
    """The markers of the peak day's hours, by hour."""
    found = [
        one
        for one in season.markers
        if one.measure is Measure.SALES and season.peak == one.span.first == one.span.last
    ]
    return tuple(sorted(found, key=lambda one: one.until))


def expected_by(marks: Sequence[Marker], minutes: int) -> Fraction:
    """The share of the peak day's target that is expected so many minutes into it: straight from
    each mark to the next (`CHECK-MARKERS`)."""
    before, share = 0, Fraction(0)
    for hour, wanted in _steps(marks):
        until = hour * 60
        if minutes <= until:
            return share + (wanted - share) * Fraction(minutes - before, until - before)
        before, share = until, wanted
    return share


def _steps(marks: Iterable[Marker]) -> list[tuple[int, Fraction]]:
    steps = [(one.until, one.share) for one in marks]
    return steps if steps and steps[-1][0] == 24 else [*steps, (24, Fraction(1))]


def minutes_into(day: date, moment: datetime) -> int:
    """How many minutes of a day are over at a moment in the market's zone: 0 to 1440."""
    if moment.date() != day:
        return 1440 if moment.date() > day else 0
    return moment.hour * 60 + moment.minute


def same_day_before(day: date) -> date | None:
    """The same day of the month before; None where that month has no such day."""
    last = day.replace(day=1) - timedelta(days=1)
    return last.replace(day=day.day) if day.day <= last.day else None
