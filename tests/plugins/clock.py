"""The market's time in tests: it stands still, in every thread, until a test moves it.

Every test begins at `NINE_ON_MONDAY`. `market_clock.set(moment)` and
`market_clock.forward(days=3)` move it. A test that is about the market's own clock (started,
stopped, moved by an operator) carries `@pytest.mark.own_clock` and finds it as production does.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextvars import ContextVar
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from pifa.kernel import clock

NINE_ON_MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


class MarketClock:
    """A hand on the market clock; `clock.frozen` still works within it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._monkeypatch = monkeypatch

    def set(self, moment: datetime) -> None:
        """Let the market clock stand at a moment (aware), for this process and its threads."""
        # A context variable's default is the one value that threads started by a test (racing
        # buyers, the live server) see as well.
        utc: datetime | None = moment.astimezone(UTC)
        self._monkeypatch.setattr(
            clock, "_override", ContextVar("market_clock_in_tests", default=utc)
        )

    def forward(self, *, days: float = 0, hours: float = 0, minutes: float = 0) -> datetime:
        """Move the standing clock forward and return the new moment."""
        self.set(clock.now() + timedelta(days=days, hours=hours, minutes=minutes))
        return clock.now()


@pytest.fixture(autouse=True)
def market_clock(request: pytest.FixtureRequest) -> Iterator[MarketClock]:
    """The standing market clock of this test, at 9 on a Monday morning in Shanghai."""
    # Its own patcher, so that it outlives the live server and whatever else a test tears down.
    with pytest.MonkeyPatch.context() as monkeypatch:
        hand = MarketClock(monkeypatch)
        clock.forget()
        if request.node.get_closest_marker("own_clock") is None:
            hand.set(NINE_ON_MONDAY)
        yield hand
        clock.forget()
