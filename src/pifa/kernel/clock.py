"""The market clock: the only source of time.

Storage is UTC; days, months and settlement days are counted in the market's zone.
A production market runs on the wall clock. A demo or a rehearsal has a clock of its own
that starts at a set moment, stands still while no server runs, and can be moved forward.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from datetime import time as day_time
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from pifa.kernel.errors import DomainError

STALE_AFTER = timedelta(seconds=60)
"""A clock whose server died without a word stands still this long after its last beat."""

_CACHE_SECONDS = 0.9
"""How late a process may learn that another one moved the clock: within a second."""
_override: ContextVar[datetime | None] = ContextVar("market_clock_override", default=None)


@dataclass(frozen=True, slots=True)
class _Anchor:
    """What was last read from the database; without `market_at` the wall clock rules."""

    read_at: float
    market_at: datetime | None = None
    real_at: datetime | None = None
    running: bool = False


_cache: list[_Anchor] = []


class ClockGoesForward(DomainError):
    """The market clock was asked to go back."""

    code = "clock.backwards"
    message = _("市场时钟只能向前调：现在是 {now}，要求的是 {wanted}。")


class NoOwnClock(DomainError):
    """The market runs on the wall clock, which nobody can move."""

    code = "clock.wall"
    message = _("这个市场使用真实时间，时钟不能拨动。")


def zone() -> ZoneInfo:
    """The market's zone (Asia/Shanghai unless set otherwise)."""
    return ZoneInfo(settings.MARKET_TIME_ZONE)


def now() -> datetime:
    """The market's present moment, aware, in UTC."""
    fixed = _override.get()
    if fixed is not None:
        return fixed
    return _stands_at(_read_anchor(), datetime.now(UTC))


def today() -> date:
    """The present market day."""
    return market_day(now())


def market_day(moment: datetime) -> date:
    """The market day on which a moment falls."""
    return moment.astimezone(zone()).date()


FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2999, 12, 31)
"""Days that people may name. Near the ends of the calendar a day's begin cannot be reckoned."""


def start_of_day(day: date) -> datetime:
    """The first moment of a market day, in UTC. A day is start_of_day(d) … start_of_day(d+1)."""
    return datetime.combine(day, day_time(), zone()).astimezone(UTC)


@contextmanager
def frozen(moment: datetime) -> Iterator[None]:
    """Let the clock stand at a moment within this context (tests, handlers of deadlines)."""
    token = _override.set(moment.astimezone(UTC))
    try:
        yield
    finally:
        _override.reset(token)


def set_market_clock(moment: datetime) -> None:
    """Give the market a clock of its own that stands at a moment until a server starts."""
    from pifa.kernel.models import MarketClock

    MarketClock.objects.update_or_create(
        pk=1,
        defaults={"market_at": moment, "real_at": datetime.now(UTC), "running": False},
    )
    forget()


def start() -> None:
    """Let the market's own clock run from where it stood (a server starts)."""
    _re_anchor(running=True)


def beat() -> None:
    """Save where the clock stands, so that a stop without warning loses seconds at most."""
    _re_anchor(running=True)


def stop() -> None:
    """Let the market's own clock stand still (the server stops)."""
    _re_anchor(running=False)


def move_to(moment: datetime) -> None:
    """Move the market's own clock forward; `ClockGoesForward` if it is further already.

    Only the clock moves: what falls due is run by `deadlines.advance_to`.
    """
    if moment < now():
        raise ClockGoesForward(now=now().isoformat(), wanted=moment.isoformat())
    reach(moment)


def reach(moment: datetime) -> None:
    """Let the market's own clock stand at a moment at least; one that is further stays."""
    _re_anchor(at_least=moment)


def has_own_clock() -> bool:
    """Whether the market keeps its own time rather than the wall clock's."""
    from pifa.kernel.models import MarketClock

    return MarketClock.objects.filter(pk=1).exists()


def forget() -> None:
    """Drop the cached anchor, so that the next reading asks the database."""
    _cache.clear()


def _re_anchor(*, running: bool | None = None, at_least: datetime | None = None) -> None:
    """Save where the clock stands, under its row's lock: a beat must not undo another
    process's move, nor a move a beat."""
    from pifa.kernel.models import MarketClock

    with transaction.atomic():
        row = MarketClock.objects.select_for_update().filter(pk=1).first()
        if row is None:
            return
        real = datetime.now(UTC)
        stands = _stands_at(_Anchor(0.0, row.market_at, row.real_at, row.running), real)
        row.market_at = max(stands, at_least) if at_least else stands
        row.real_at = real
        row.running = row.running if running is None else running
        row.save(update_fields=["market_at", "real_at", "running"])
    forget()


def _stands_at(anchor: _Anchor, real: datetime) -> datetime:
    """Where the clock stands at a moment on the wall."""
    if anchor.market_at is None or anchor.real_at is None:
        return real
    if not anchor.running:
        return anchor.market_at
    return anchor.market_at + min(max(real - anchor.real_at, timedelta(0)), STALE_AFTER)


def _read_anchor() -> _Anchor:
    cached = next(iter(_cache), None)
    if cached is not None and time.monotonic() - cached.read_at < _CACHE_SECONDS:
        return cached
    from pifa.kernel.models import MarketClock

    row = MarketClock.objects.filter(pk=1).values_list("market_at", "real_at", "running").first()
    anchor = _Anchor(time.monotonic(), *row) if row else _Anchor(time.monotonic())
    _cache[:] = [anchor]
    return anchor
