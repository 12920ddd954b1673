"""The calendar as a list, and how far a season has gone: every phase once, in order, exact."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, time
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest

from pifa.programme.rules.days import DayKind, calendar_of, elapsed
from pifa.programme.rules.season import Season, Span

SHANGHAI = ZoneInfo("Asia/Shanghai")


def test_every_phase_round_marker_and_checkpoint_is_there_once(march: Season) -> None:
    dates = calendar_of(march)
    assert Counter(one.kind for one in dates) == {
        DayKind.SIGNUP: 2,
        DayKind.REHEARSAL: 2,
        DayKind.ENROLMENT: 2,
        DayKind.SEASON: 1,
        DayKind.PEAK: 1,
        DayKind.MARKER: len(march.markers),
        DayKind.CHECKPOINT: 3,
        DayKind.CARRIED: 1,
    }
    assert [one.first for one in dates] == sorted(one.first for one in dates)
    assert len({one.uid for one in dates}) == len(dates)
    check = next(one for one in dates if one.code == "CHECK-15")
    assert (check.first, check.hour, check.share) == (date(2018, 3, 16), time(1), Fraction(1, 5))
    noon = next(one for one in dates if one.code == "peak_12")
    assert (noon.last, noon.hour, noon.peak) == (date(2018, 3, 28), time(12), True)


@pytest.mark.parametrize(
    ("moment", "share"),
    [
        (datetime(2018, 2, 28, 23, 59, tzinfo=SHANGHAI), Fraction(0)),
        (datetime(2018, 3, 1, 0, 0, tzinfo=SHANGHAI), Fraction(0)),
        (datetime(2018, 3, 1, 12, 0, tzinfo=SHANGHAI), Fraction(1, 62)),
        (datetime(2018, 3, 31, 23, 59, tzinfo=SHANGHAI), 1 - Fraction(1, 31 * 1440)),
        (datetime(2018, 4, 1, 0, 0, tzinfo=SHANGHAI), Fraction(1)),
    ],
)
def test_how_much_of_the_season_is_over(moment: datetime, share: Fraction) -> None:
    assert elapsed(Span(date(2018, 3, 1), date(2018, 3, 31)), moment) == share
