"""Who is behind: pure, with the numbers of March 2018."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pifa.programme.rules.pace import (
    Pace,
    current,
    expected_by,
    hour_marks,
    minutes_into,
    reading,
    same_day_before,
)
from pifa.programme.rules.season import Season

TARGETS = (100_000_000, 50_000_000)


@pytest.mark.parametrize(
    ("day", "code"),
    [
        (date(2018, 2, 20), "CHECK-15"),
        (date(2018, 3, 1), "CHECK-15"),
        (date(2018, 3, 15), "CHECK-15"),
        (date(2018, 3, 16), "CHECK-MONTH"),
        (date(2018, 3, 28), "CHECK-PEAK"),
        (date(2018, 3, 29), "CHECK-MONTH"),
        (date(2018, 4, 20), "CHECK-MONTH"),
    ],
)
def test_members_work_towards_the_checkpoint_whose_days_run(
    march: Season, day: date, code: str
) -> None:
    found = current(march, day)
    assert found is not None
    assert found.code == code


@pytest.mark.parametrize(
    ("day", "fen", "pace"),
    [
        (1, 0, Pace.UNKNOWN),
        (2, 0, Pace.BEHIND),
        (4, 3_999_999, Pace.BEHIND),
        (4, 4_000_000, Pace.ON_PACE),  # a fifth of the days brought a fifth of what is asked
        (15, 20_000_000, Pace.REACHED),
        (15, 18_666_666, Pace.BEHIND),
    ],
)
def test_the_days_that_are_over_say_who_is_behind(
    march: Season, day: int, fen: int, pace: Pace
) -> None:
    """CHECK-15 asks 20 % of the month: ¥200,000 by the 15th."""
    check = march.checkpoint("CHECK-15")
    assert reading(check, fen, TARGETS, date(2018, 3, day), None).pace is pace


def test_who_is_farthest_behind_comes_first(march: Season) -> None:
    check, day = march.checkpoint("CHECK-15"), date(2018, 3, 8)
    sums = {"none": 0, "little": 2_000_000, "most": 9_000_000, "on": 10_000_000, "done": 30_000_000}
    order = sorted(sums, key=lambda name: reading(check, sums[name], TARGETS, day, None).urgency)
    assert order == ["none", "little", "most", "on", "done"]
    small = reading(check, 0, (10_000_000, 0), day, None)
    assert reading(check, 0, TARGETS, day, None).urgency < small.urgency


@pytest.mark.parametrize(
    ("hour", "share"),
    [(0, 0), (6, "0.10"), (12, "0.20"), (14, "0.40"), (16, "0.60"), (20, "0.80"), (24, 1)],
)
def test_on_the_peak_day_the_hours_say_it(march: Season, hour: int, share: object) -> None:
    """CHECK-MARKERS: 20 % by 12:00, 60 % by 16:00, all by 24:00; straight between them."""
    assert expected_by(hour_marks(march), hour * 60) == Fraction(str(share))


def test_a_young_peak_day_says_nothing_yet(march: Season) -> None:
    check, day, marks = march.checkpoint("CHECK-PEAK"), date(2018, 3, 28), hour_marks(march)
    early = reading(check, 0, TARGETS, day, expected_by(marks, 120))
    assert early.pace is Pace.UNKNOWN
    noon = expected_by(marks, 720)
    assert reading(check, 9_999_999, TARGETS, day, noon).pace is Pace.BEHIND
    assert reading(check, 10_000_000, TARGETS, day, noon).pace is Pace.ON_PACE


@given(st.integers(0, 1440), st.integers(0, 1440))
def test_what_is_expected_never_falls(march: Season, one: int, other: int) -> None:
    marks = hour_marks(march)
    low, high = sorted((one, other))
    assert 0 <= expected_by(marks, low) <= expected_by(marks, high) <= 1


def test_days_and_minutes_at_their_edges() -> None:
    zone, day = ZoneInfo("Asia/Shanghai"), date(2018, 3, 28)
    noon = datetime(2018, 3, 28, 12, 30, tzinfo=zone)
    assert minutes_into(day, noon) == 750
    assert minutes_into(day, noon - timedelta(days=1)) == 0
    assert minutes_into(day, noon + timedelta(days=1)) == 1440
    assert same_day_before(date(2018, 3, 28)) == date(2018, 2, 28)
    assert same_day_before(date(2018, 3, 31)) is None
    assert same_day_before(date(2018, 1, 5)) == date(2017, 12, 5)
