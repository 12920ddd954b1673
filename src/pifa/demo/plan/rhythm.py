"""When trade happens: seasons, holidays, the days of the week, the hours of a day."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from functools import cache
from itertools import accumulate
from random import Random

from pifa.demo import setting
from pifa.demo.vocabulary.chance import below, between, chance

_WEEKDAY = (1.12, 1.1, 1.06, 1.04, 0.98, 0.66, 0.46)
_MONTH = {1: 0.78, 2: 0.5, 3: 1.02, 4: 0.96, 5: 0.98, 6: 1.06}
_HOLIDAYS = (
    (date(2026, 1, 1), date(2026, 1, 3), 0.35),
    (date(2026, 2, 12), date(2026, 2, 24), 0.18),
    (date(2026, 4, 4), date(2026, 4, 6), 0.4),
    (date(2026, 5, 1), date(2026, 5, 5), 0.35),
    (date(2026, 6, 19), date(2026, 6, 21), 0.45),
)
_CAMPAIGN = {date(2026, 3, 28): 2.2, date(2026, 6, 18): 1.6}
# Share of orders that begin in each hour of a day.
_HOURS = (0, 0, 0, 0, 0, 0, 1, 2, 6, 12, 13, 9, 5, 8, 12, 12, 10, 7, 4, 5, 6, 5, 3, 1)


def weight(day: date) -> float:
    """How lively a day of trade is; an ordinary weekday of an ordinary month is about 1."""
    found = _WEEKDAY[day.weekday()] * _MONTH.get(day.month, 1.0) * _CAMPAIGN.get(day, 1.0)
    for first, last, factor in _HOLIDAYS:
        if first <= day <= last:
            found *= factor
    return found


@cache
def _spread(first: date, last: date) -> tuple[float, ...]:
    days = (last - first).days + 1
    return tuple(accumulate(weight(first + timedelta(days=day)) for day in range(days)))


def liveliness(first: date, last: date) -> float:
    """The weights of a span of days added up."""
    return _spread(first, last)[-1]


def a_day(rng: Random, first: date, last: date) -> date:
    """A day from `first` to `last`, lively ones more often."""
    marks = _spread(first, last)
    return first + timedelta(days=_drawn(rng, marks))


def a_moment(rng: Random, day: date) -> datetime:
    """A moment of a day at which people order."""
    return setting.moment(day, _drawn(rng, _HOUR_MARKS), below(rng, 60), below(rng, 60))


def working(rng: Random, earliest: datetime) -> datetime:
    """The moment itself in working hours (8 to 20), else the next morning or the same one."""
    if earliest.hour < 8:
        return earliest.replace(hour=8, minute=between(rng, 2, 58))
    if earliest.hour >= 20:
        morning = earliest + timedelta(days=1)
        return morning.replace(hour=between(rng, 8, 10), minute=between(rng, 1, 59))
    return earliest


def soon(rng: Random, low_hours: float, high_hours: float) -> timedelta:
    """A span between so many hours, to the second."""
    return timedelta(seconds=between(rng, int(low_hours * 3600), int(high_hours * 3600)))


def about(rng: Random, count: float) -> int:
    """A whole number whose mean is `count`."""
    whole = int(count)
    return whole + int(chance(rng, count - whole))


_HOUR_MARKS = tuple(accumulate(float(hour) for hour in _HOURS))


def _drawn(rng: Random, marks: Sequence[float]) -> int:
    return min(bisect_right(marks, rng.random() * marks[-1]), len(marks) - 1)
