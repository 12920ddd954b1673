"""How things stand with one customer, told from what it bought: pure functions.

| figure | definition |
| --- | --- |
| interval | `restocking.usual_interval` of the days it bought on, the latest six gaps |
| expected | last day + interval |
| runs out | last day + pieces of the last day ÷ daily usage, rounded up; at most `LONGEST` days on |
| chance | `reorder.chance`; 0 for who stays away too long for it (`reorder.is_away`) |
| slipping away | bought on `HABIT` days or more, the last lies back more than `TWICE` intervals \
and more than `SOON` days, but no more than `LOST` days, and it is not due to reorder |
| likely | `reorder.is_due` |
| due to reorder | likely, or what it has runs out within `SOON` days |
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from pifa.crm.rules import reorder
from pifa.trade import restocking

SOON = 7
"""Days ahead that a keeper is told that goods run out."""

HABIT = 3
TWICE = 2
LOST = 400
"""Days after which a customer is gone rather than slipping away."""

LONGEST = 400

GIVEN_UP = 3
"""How many times as long as it should have lasted a purchase may lie back for it to say when
goods run out."""


@dataclass(frozen=True, slots=True, order=True)
class Day:
    """What a customer bought on one market day: fen and pieces, both of that day's orders."""

    day: date
    fen: int
    pieces: int
    orders: int = 1


@dataclass(frozen=True, slots=True)
class Standing:
    """The figures of the head of this module, as of a day; `amount_fen` is all it paid."""

    as_of: date
    orders: int = 0
    days: int = 0
    amount_fen: int = 0
    first_day: date | None = None
    last_day: date | None = None
    last_pieces: int = 0
    interval: int | None = None
    expected: date | None = None
    runs_out: date | None = None
    chance: int = 0
    likely: bool = False
    slipping: bool = False

    @property
    def due(self) -> bool:
        """Whether it is due to reorder."""
        return self.likely or (
            self.runs_out is not None and self.runs_out <= self.as_of + timedelta(days=SOON)
        )


def bought(days: Sequence[Day]) -> list[tuple[date, int]]:
    """The days as the reorder prediction takes them."""
    return [(one.day, one.fen) for one in days if one.fen > 0]


def standing(
    days: Sequence[Day], today: date, daily_usage: int | None, typical_fen: int
) -> Standing:
    """How things stand at the beginning of a day; purchases of today are among the sums but say
    that nothing is due. `days` are in order, each once."""
    if not days:
        return Standing(as_of=today)
    last = days[-1]
    interval = restocking.usual_interval(one.day for one in days)
    runs_out = _runs_out(last, daily_usage, today)
    since = (today - last.day).days
    # Who bought today is asked as if it were tomorrow: what was just bought is no reason to call.
    asked = max(today, last.day + timedelta(days=1))
    away = reorder.is_away(interval, since)
    chance = 0 if away else reorder.chance(bought(days), asked, typical_fen)
    likely = reorder.is_due(chance, interval, since)
    due = likely or (runs_out is not None and runs_out <= today + timedelta(days=SOON))
    slipping = (
        interval is not None
        and len(days) >= HABIT
        and max(TWICE * interval, SOON) < since <= LOST
        and not due
    )
    return Standing(
        as_of=today,
        orders=sum(one.orders for one in days),
        days=len(days),
        amount_fen=sum(one.fen for one in days),
        first_day=days[0].day,
        last_day=last.day,
        last_pieces=last.pieces,
        interval=interval,
        expected=None if interval is None else last.day + timedelta(days=interval),
        runs_out=runs_out,
        chance=chance,
        likely=likely,
        slipping=slipping,
    )


def _runs_out(last: Day, daily_usage: int | None, today: date) -> date | None:
    if not daily_usage or last.pieces <= 0:
        return None
    lasting = min(-(-last.pieces // daily_usage), LONGEST)
    if (today - last.day).days > GIVEN_UP * lasting + SOON:
        return None  # it stopped, or buys elsewhere
    return last.day + timedelta(days=lasting)
