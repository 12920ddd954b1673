"""CAL-*: border days, entries and rounds of the season of March 2018."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pifa.programme.rules.calendar import (
    Entry,
    Past,
    Rehearsed,
    Shut,
    dashboard_from,
    enrolment_way,
    entry_of,
    rehearsal_way,
)
from pifa.programme.rules.season import Season

NEW = Past()
RETURNING = Past(returns=True)


def passed(round_: str) -> Past:
    return Past(rehearsals=(Rehearsed(round_, True),))


DAYS = st.dates(date(2017, 12, 1), date(2018, 4, 30))


@pytest.mark.parametrize(
    ("day", "round_", "shut"),
    [
        (date(2017, 12, 31), "january", Shut.TOO_EARLY),
        (date(2018, 1, 1), "january", None),
        (date(2018, 1, 24), "january", None),
        (date(2018, 1, 25), "february", Shut.TOO_EARLY),
        (date(2018, 1, 31), "february", Shut.TOO_EARLY),
        (date(2018, 2, 1), "february", None),
        (date(2018, 2, 24), "february", None),
        (date(2018, 2, 25), None, Shut.TOO_LATE),
    ],
)
def test_rehearsals_are_signed_up_for_on_the_decks_days(
    march: Season, day: date, round_: str | None, shut: Shut | None
) -> None:
    """CAL-REHEARSAL: 1 – 24 January, 1 – 24 February, both ends in."""
    way = rehearsal_way(march, NEW, day)
    assert (way.round.code if way.round else None, way.shut) == (round_, shut)


@pytest.mark.parametrize(
    ("day", "shut"),
    [
        (date(2018, 1, 14), Shut.TOO_EARLY),
        (date(2018, 1, 15), None),
        (date(2018, 1, 31), None),
        (date(2018, 2, 1), Shut.TOO_EARLY),
        (date(2018, 2, 14), Shut.TOO_EARLY),
        (date(2018, 2, 15), None),
        (date(2018, 2, 28), None),
        (date(2018, 3, 1), Shut.TOO_LATE),
    ],
)
def test_enrolment_is_open_on_the_decks_days(march: Season, day: date, shut: Shut | None) -> None:
    """CAL-ENROLMENT: 15 – 31 January, 15 – 28 February, both ends in."""
    assert enrolment_way(march, RETURNING, day).shut == shut


@given(day=DAYS)
def test_a_returning_member_never_rehearses(march: Season, day: date) -> None:
    """CAL-RETURNING: no rehearsal, enrols directly; a newcomer never without one."""
    assert entry_of(RETURNING) is Entry.RETURNING
    assert not rehearsal_way(march, RETURNING, day).is_open
    assert entry_of(NEW) is Entry.NEWCOMER
    assert not enrolment_way(march, NEW, day).is_open


@given(day=DAYS, of=st.sampled_from(["january", "february"]))
def test_only_the_rehearsal_of_the_same_round_counts(march: Season, day: date, of: str) -> None:
    """CAL-SAME-ROUND: another month's rehearsal does not count, passed or not."""
    way = enrolment_way(march, passed(of), day)
    if way.is_open:
        assert way.round is not None
        assert way.round.code == of
    elif day in march.round("february").enrolment and of == "january":
        assert way.shut is Shut.OTHER_ROUND


@given(day=DAYS, outcome=st.sampled_from([True, False, None]))
def test_who_rehearsed_in_january_may_try_again_in_february(
    march: Season, day: date, outcome: bool | None
) -> None:
    """CAL-AGAIN: one rehearsal a round; the next round is open whatever became of the first."""
    past = Past(rehearsals=(Rehearsed("january", outcome),))
    way = rehearsal_way(march, past, day)
    assert way.is_open == (day in march.round("february").rehearsal_signup)
    if day in march.round("january").rehearsal_signup:
        assert way.shut is Shut.SIGNED_UP


@pytest.mark.parametrize(
    ("outcome", "shut"), [(True, None), (False, Shut.NOT_PASSED), (None, Shut.NOT_PASSED)]
)
def test_enrolment_waits_for_the_rehearsal_to_be_passed(
    march: Season, outcome: bool | None, shut: Shut | None
) -> None:
    """CAL-SIDE-BY-SIDE: both may run in one month; enrolment is open once the rehearsal is passed."""
    past = Past(rehearsals=(Rehearsed("january", outcome),))
    assert enrolment_way(march, past, date(2018, 1, 20)).shut == shut


@given(day=DAYS, frozen=st.integers(-40, 40))
def test_a_freeze_ends_with_its_day(march: Season, day: date, frozen: int) -> None:
    """CAL-FROZEN: on the first day after a freeze everything is open that the calendar opens."""
    until = day + timedelta(days=frozen)
    past = Past(frozen_until=until)
    free, way = rehearsal_way(march, NEW, day), rehearsal_way(march, past, day)
    if day < until and free.is_open:
        assert way.shut is Shut.FROZEN
    else:
        assert way == free


@given(day=DAYS, returns=st.booleans())
def test_who_is_barred_or_enrolled_has_no_way_in(march: Season, day: date, returns: bool) -> None:
    """FAIR-BRUSHING, ENTRY-ONCE."""
    both = (Rehearsed("january", True), Rehearsed("february", True))
    for past in (
        Past(returns=returns, barred=True, rehearsals=both),
        Past(returns=returns, enrolled=True, rehearsals=both),
    ):
        assert not rehearsal_way(march, past, day).is_open
        assert not enrolment_way(march, past, day).is_open


@given(day=DAYS)
def test_a_shut_way_says_when_it_opens_and_an_open_one_until_when(march: Season, day: date) -> None:
    for way in (rehearsal_way(march, NEW, day), enrolment_way(march, RETURNING, day)):
        if way.is_open:
            assert way.until is not None
            assert way.until >= day
        elif way.shut is Shut.TOO_EARLY:
            assert way.opens is not None
            assert way.opens > day


def test_the_dashboard_is_there_the_day_after_approval() -> None:
    """CAL-DASHBOARD."""
    assert dashboard_from(date(2018, 1, 31)) == date(2018, 2, 1)
