"""The market's own clock: it runs while a server runs, stands otherwise, and never goes back."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pifa.kernel import clock
from pifa.kernel.models import MarketClock

OPENING = datetime(2026, 6, 30, 1, 30, tzinfo=UTC)


class Wall:
    """The clock on the wall, in the test's hand; every process reads the same one."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now_ = datetime(2031, 1, 1, tzinfo=UTC)
        wall = self

        class Moment(datetime):
            @classmethod
            def now(cls, tz: object = None) -> datetime:  # type: ignore[override]
                return wall.now_

        monkeypatch.setattr(clock, "datetime", Moment)

    def later(self, **span: float) -> None:
        self.now_ += timedelta(**span)


@pytest.fixture
def wall(monkeypatch: pytest.MonkeyPatch) -> Wall:
    return Wall(monkeypatch)


@pytest.mark.own_clock
@pytest.mark.django_db
class TestOwnClock:
    def test_it_stands_until_a_server_starts_and_while_it_is_down(self, wall: Wall) -> None:
        clock.set_market_clock(OPENING)
        wall.later(days=3)
        assert clock.now() == OPENING

        clock.start()
        wall.later(seconds=40)
        assert clock.now() == OPENING + timedelta(seconds=40)

        clock.stop()
        wall.later(days=3)
        assert clock.now() == OPENING + timedelta(seconds=40)
        clock.start()
        assert clock.now() == OPENING + timedelta(seconds=40)

    def test_a_server_that_died_without_a_word_costs_a_minute_at_most(self, wall: Wall) -> None:
        clock.set_market_clock(OPENING)
        clock.start()
        wall.later(seconds=30)
        clock.beat()
        wall.later(days=2)
        stood = OPENING + timedelta(seconds=30) + clock.STALE_AFTER
        assert clock.now() == stood
        clock.start()
        wall.later(seconds=1)
        assert clock.now() == stood + timedelta(seconds=1)

    def test_it_runs_on_through_a_week_of_beats(self, wall: Wall) -> None:
        clock.set_market_clock(OPENING)
        clock.start()
        for _beat in range(50):
            wall.later(seconds=5)
            clock.beat()
        assert clock.now() == OPENING + timedelta(seconds=250)

    def test_it_is_moved_forward_and_goes_on_running(self, wall: Wall) -> None:
        clock.set_market_clock(OPENING)
        clock.start()
        clock.move_to(OPENING + timedelta(days=7))
        wall.later(seconds=10)
        assert clock.now() == OPENING + timedelta(days=7, seconds=10)

    def test_it_never_goes_back(self, wall: Wall) -> None:
        clock.set_market_clock(OPENING)
        with pytest.raises(clock.ClockGoesForward):
            clock.move_to(OPENING - timedelta(seconds=1))
        clock.reach(OPENING - timedelta(days=1))
        assert clock.now() == OPENING

    def test_a_beat_of_a_process_that_remembers_less_undoes_no_move(self, wall: Wall) -> None:
        """Another process moved the clock; this one has the earlier time in its memory."""
        clock.set_market_clock(OPENING)
        clock.start()
        assert clock.now() == OPENING
        week = OPENING + timedelta(days=7)
        MarketClock.objects.update(market_at=week)
        clock.beat()
        assert clock.now() == week

    def test_a_move_by_another_process_is_known_within_a_second(
        self, wall: Wall, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        ticks = [100.0]
        monkeypatch.setattr("pifa.kernel.clock.time.monotonic", lambda: ticks[0])
        clock.set_market_clock(OPENING)
        assert clock.now() == OPENING
        MarketClock.objects.update(market_at=OPENING + timedelta(days=7))
        ticks[0] += 1.0
        assert clock.now() == OPENING + timedelta(days=7)

    def test_the_clock_is_asked_once_for_many_readings(
        self, wall: Wall, django_assert_num_queries: object
    ) -> None:
        clock.set_market_clock(OPENING)
        with django_assert_num_queries(1):  # type: ignore[operator]
            for _reading in range(20):
                clock.now()

    def test_a_market_without_its_own_clock_follows_the_wall(self, wall: Wall) -> None:
        clock.start()
        assert not clock.has_own_clock()
        assert clock.now() == wall.now_
        wall.later(days=400)
        assert clock.now() == wall.now_
        clock.stop()
        assert not clock.has_own_clock()


def test_frozen_time_stands_within_its_context_and_nests() -> None:
    with clock.frozen(OPENING):
        with clock.frozen(OPENING + timedelta(days=1)):
            assert clock.now() == OPENING + timedelta(days=1)
        assert clock.now() == OPENING
    assert clock.now() != OPENING


@given(st.datetimes(datetime(2000, 1, 1), datetime(2099, 12, 30), timezones=st.just(UTC)))
def test_every_moment_lies_within_its_market_day(moment: datetime) -> None:
    day = clock.market_day(moment)
    assert clock.start_of_day(day) <= moment < clock.start_of_day(day + timedelta(days=1))


def test_the_market_day_begins_at_midnight_in_shanghai() -> None:
    assert clock.market_day(datetime(2026, 3, 1, 15, 59, 59, tzinfo=UTC)) == date(2026, 3, 1)
    assert clock.market_day(datetime(2026, 3, 1, 16, 0, tzinfo=UTC)) == date(2026, 3, 2)
    assert clock.start_of_day(date(2026, 3, 2)) == datetime(2026, 3, 1, 16, 0, tzinfo=UTC)
