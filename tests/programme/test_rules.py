"""ENTRY-*, REHEARSE-*, CHECK-*: the pure rules."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pifa.programme.rules.checkpoints import (
    Outcome,
    Tags,
    ahead,
    asked_of,
    frozen_until,
    judge,
    tags_after,
    view_marker,
)
from pifa.programme.rules.entry import Targets, entry_answers, may_apply, shortfalls, whole_months
from pifa.programme.rules.rehearsal import OrderSum, progress
from pifa.programme.rules.season import Season, Stage
from pifa.rulebook.rules import Figure, Ratio
from tests.programme.conftest import MONTHLY

YUAN = 100
SOUND: dict[str, Figure] = {
    "medal": 3,
    "buyer_protection": True,
    "member_months": 3,
    "grade_accepted": True,
    "penalty_points": 35,
    "grave_ip": False,
    "tier": 2,
    "yearly_revenue": 30_000_000 * YUAN,
    "repeat_rate": Ratio(1, 4),
}


@cache
def monthly(month: date) -> Season:
    from pifa.programme.reading import read_file

    season = read_file(MONTHLY, month).season
    assert season is not None
    return season


def shut(season: Season, stage: Stage, **changed: Figure) -> set[str]:
    found = entry_answers(season, stage, {**SOUND, **changed}, "consumer")
    return {answer.asked.rule_id for answer in found if answer.shuts}


# -------------------------------------------------------------------------- ENTRY-*
def test_every_gate_of_entry_holds_at_its_border_and_shuts_beside_it(march: Season) -> None:
    """ENTRY-MEDAL, -PROTECTION, -MEMBERSHIP, -GRADE, -PENALTIES, -IP, -ACTIVE."""
    assert shut(march, Stage.ENROLMENT) == set()
    for metric, value, rule_id in (
        ("medal", 2, "ENTRY-MEDAL"),
        ("buyer_protection", False, "ENTRY-PROTECTION"),
        ("member_months", 2, "ENTRY-MEMBERSHIP"),
        ("grade_accepted", False, "ENTRY-GRADE"),
        ("penalty_points", 36, "ENTRY-PENALTIES"),
        ("grave_ip", True, "ENTRY-IP"),
        ("tier", 1, "ENTRY-ACTIVE"),
    ):
        assert shut(march, Stage.ENROLMENT, **{metric: value}) == {rule_id}


def test_a_rehearsal_asks_the_medal_alone(march: Season) -> None:
    """REHEARSE-GATE: medal 3A is a gate; revenue and repeat rate are references."""
    nothing: dict[str, Figure] = dict.fromkeys(SOUND)
    assert shut(march, Stage.REHEARSAL, **{**nothing, "medal": 3}) == set()
    assert shut(march, Stage.REHEARSAL, medal=2) == {"ENTRY-MEDAL"}


@given(
    revenue=st.one_of(st.none(), st.integers(0, 10**12)),
    back=st.integers(0, 100),
    exception=st.booleans(),
)
def test_references_are_weighed_and_never_shut(
    march: Season, revenue: int | None, back: int, exception: bool
) -> None:
    """ENTRY-REVENUE, ENTRY-REPEAT, ENTRY-EXCEPTION."""
    figures = {**SOUND, "yearly_revenue": revenue, "repeat_rate": Ratio(back, 100)}
    found = entry_answers(march, Stage.ENROLMENT, figures, "consumer")
    assert may_apply(found, exception=exception)
    held = {answer.asked.rule_id: answer.holds for answer in found}
    assert held["ENTRY-REVENUE"] == (revenue is not None and revenue >= 30_000_000 * YUAN)
    assert held["ENTRY-REPEAT"] == (back >= 25)
    below = entry_answers(march, Stage.ENROLMENT, {**figures, "medal": 2}, "consumer")
    assert may_apply(below, exception=exception) == exception


@given(
    st.integers(1, 4 * 10**8),
    st.integers(0, 2 * 10**8),
    st.sampled_from(["consumer", "non_consumer"]),
)
def test_targets_are_held_against_the_departments_floors(
    march: Season, month: int, peak: int, code: str
) -> None:
    """ENTRY-TARGETS: ¥2 m and ¥1 m for consumer goods, ¥1 m and ¥0.5 m for others."""
    department = march.department(code)
    found = shortfalls(march, department, Targets(month, peak))
    missing = {one.target: one.missing_fen for one in found}
    assert missing.get("month", 0) == max(department.month_floor_fen - month, 0)
    assert missing.get("peak", 0) == max(department.peak_floor_fen - peak, 0)
    ordinary = monthly(date(2018, 5, 1))
    assert not [
        one for one in shortfalls(ordinary, department, Targets(month, 0)) if one.target == "peak"
    ]


@given(st.dates(date(2000, 1, 1), date(2030, 1, 1)), st.integers(0, 4000))
def test_months_of_membership_are_whole(since: date, days: int) -> None:
    """ENTRY-MEMBERSHIP: three months are over on the same day of the third month after."""
    day = since + timedelta(days=days)
    months = whole_months(since, day)
    assert 0 <= months * 28 <= days
    assert days < (months + 1) * 31
    assert months <= whole_months(since, day + timedelta(days=1)) <= months + 1
    assert whole_months(None, day) == 0
    assert whole_months(date(2018, 1, 15), date(2018, 4, 14)) == 2
    assert whole_months(date(2018, 1, 15), date(2018, 4, 15)) == 3


# -------------------------------------------------------------------------- REHEARSE-*
ORDERS = st.lists(
    st.builds(
        OrderSum,
        number=st.uuids().map(str),
        buyer_id=st.integers(1, 5),
        fen=st.one_of(st.sampled_from([0, 4_999_999, 5_000_000]), st.integers(-10, 10**7)),
        by_bank=st.booleans(),
    ),
    max_size=8,
)


@given(ORDERS)
def test_a_rehearsal_is_passed_by_its_three_conditions_over_the_same_orders(
    march: Season, orders: list[OrderSum]
) -> None:
    """REHEARSE-BUYERS, REHEARSE-LARGE, REHEARSE-BANK: ≥ 3 buyers, ≥ 1 of ≥ ¥50,000, ≥ 1 by bank."""
    found = progress(march.rehearsing, orders)
    kept = [one for one in orders if one.fen > 0]
    expected = {
        "REHEARSE-BUYERS": len({one.buyer_id for one in kept}) >= 3,
        "REHEARSE-LARGE": any(one.fen >= 50_000 * YUAN for one in kept),
        "REHEARSE-BANK": any(one.by_bank for one in kept),
    }
    assert {answer.asked.rule_id: answer.holds for answer in found.answers} == expected
    assert found.passed == all(expected.values())
    for answer in found.answers:
        assert answer.holds == (answer.view.missing is None)


def test_one_order_may_be_large_and_by_bank_at_once(march: Season) -> None:
    """REHEARSE-LARGE, REHEARSE-BANK: one order may meet both; small ones make up the buyers."""
    orders = [
        OrderSum("1", 1, 50_000 * YUAN, True),
        OrderSum("2", 2, 1, False),
        OrderSum("3", 3, 1, False),
    ]
    assert progress(march.rehearsing, orders).passed
    assert not progress(march.rehearsing, orders[:2]).passed


@given(ORDERS, ORDERS)
def test_more_orders_never_fail_a_rehearsal(
    march: Season, some: list[OrderSum], more: list[OrderSum]
) -> None:
    if progress(march.rehearsing, some).passed:
        assert progress(march.rehearsing, some + more).passed


# -------------------------------------------------------------------------- CHECK-*
FEN = st.integers(-(10**9), 10**12)
TARGET = st.integers(1, 10**12)


@given(place=st.integers(0, 2), measured=FEN, target=TARGET)
def test_a_checkpoint_is_passed_at_exactly_its_share(
    march: Season, place: int, measured: int, target: int
) -> None:
    """CHECK-15, CHECK-PEAK, CHECK-MONTH: exact, whatever the target."""
    checkpoint = march.checkpoints[place]
    found = judge(checkpoint, measured, target)
    assert found.passed == (Fraction(measured, target) >= checkpoint.pass_at)
    assert (found.missing_fen == 0) == found.passed
    asked = asked_of(checkpoint.pass_at, target)
    assert judge(checkpoint, asked, target).passed
    assert not judge(checkpoint, asked - 1, target).passed


def test_march_freezes_whoever_misses_the_month(march: Season) -> None:
    """CHECK-MONTH in March 2018: 100 % or frozen for three months."""
    month = march.checkpoint("CHECK-MONTH")
    assert judge(month, 99_999, 100_000).outcome is Outcome.FROZEN
    assert judge(month, 100_000, 100_000).outcome is Outcome.RENEWED
    assert frozen_until(month) == date(2018, 7, 1)


@given(measured=FEN, target=TARGET)
def test_an_ordinary_month_freezes_below_four_fifths_alone(measured: int, target: int) -> None:
    """CHECK-FREEZE: between 80 and 100 % no traffic tag, no renewal, no freeze."""
    month = monthly(date(2018, 5, 1)).checkpoint("CHECK-MONTH")
    share = Fraction(measured, target)
    expected = (
        Outcome.RENEWED
        if share >= 1
        else Outcome.NOT_RENEWED if share >= Fraction(4, 5) else Outcome.FROZEN
    )  # fmt: skip
    assert judge(month, measured, target).outcome is expected


@given(
    place=st.integers(0, 1),
    target=TARGET,
    sums=st.lists(FEN, min_size=2, max_size=2).map(sorted),
)
def test_more_sales_never_come_to_less(
    march: Season, place: int, target: int, sums: list[int]
) -> None:
    order = [
        Outcome.FROZEN,
        Outcome.NOT_RENEWED,
        Outcome.TRAFFIC_LOST,
        Outcome.KEPT,
        Outcome.RENEWED,
    ]
    for checkpoint in (march.checkpoints[place], march.checkpoints[-1]):
        less, more = (judge(checkpoint, one, target) for one in sums)
        assert order.index(less.outcome) <= order.index(more.outcome)
        assert less.missing_fen >= more.missing_fen


@given(st.lists(st.sampled_from([Outcome.KEPT, Outcome.TRAFFIC_LOST]), max_size=4))
def test_missing_a_checkpoint_costs_the_traffic_tag_and_passing_restores_it(
    outcomes: list[Outcome],
) -> None:
    """CHECK-RESTORE: the member tag is kept throughout, the last checkpoint decides."""
    tags = tags_after(outcomes)
    assert tags.member
    assert tags.traffic == (not outcomes or outcomes[-1] is Outcome.KEPT)
    assert tags_after([*outcomes, Outcome.RENEWED]) == Tags(True, True, renewed=True)
    for out in (Outcome.NOT_RENEWED, Outcome.FROZEN):
        assert tags_after([*outcomes, out]) == Tags(False, False)


@given(
    place=st.integers(0, 2),
    target=TARGET,
    so_far=st.integers(0, 10**12),
    today=st.integers(0, 10**12),
    days=st.integers(-3, 40),
)
def test_what_lies_ahead_says_what_is_missing_and_where_the_pace_leads(
    march: Season, place: int, target: int, so_far: int, today: int, days: int
) -> None:
    """CHECK-AHEAD: once the days are over the pace is the sum itself; before, today only adds to it."""
    checkpoint = march.checkpoints[place]
    day = checkpoint.span.first + timedelta(days=days)
    found = ahead(checkpoint, so_far, target, day, min(today, so_far))
    assert found.missing_fen == judge(checkpoint, so_far, target).missing_fen
    if day > checkpoint.span.last:
        assert (found.at_this_pace_fen, found.days_left) == (so_far, 0)
        assert found.will_pass == judge(checkpoint, so_far, target).passed
    elif days <= 0:
        assert found.at_this_pace_fen is None
    else:
        assert found.at_this_pace_fen is not None
        assert found.at_this_pace_fen >= so_far


def test_the_pace_of_a_third_of_the_days(march: Season) -> None:
    """CHECK-AHEAD, as a member reads it: ¥57,000 in five days are ¥171,000 on the 15th."""
    target = 1_000_000 * YUAN
    found = ahead(march.checkpoint("CHECK-15"), 57_000 * YUAN, target, date(2018, 3, 6))
    assert (found.at_this_pace_fen, found.missing_fen, found.days_left) == (
        171_000 * YUAN,
        143_000 * YUAN,
        10,
    )
    assert found.will_pass is False


@pytest.mark.parametrize(
    ("today", "pace"),
    [
        (0, 150_000),  # a day that has hardly begun lowers nothing
        (9_999, 150_000),
        (10_000, 150_000),
        (100_000, 240_000),  # a large order counts once, and not for each of the days to come
    ],
)
def test_the_day_that_is_not_over_counts_once(march: Season, today: int, pace: int) -> None:
    """CHECK-AHEAD: five days of ¥10,000, the sixth runs."""
    found = ahead(
        march.checkpoint("CHECK-15"),
        (50_000 + today) * YUAN,
        1_000_000 * YUAN,
        date(2018, 3, 6),
        today * YUAN,
    )
    assert found.at_this_pace_fen == pace * YUAN


@given(st.integers(0, 10**12), TARGET, TARGET)
def test_markers_say_what_is_reached(march: Season, measured: int, month: int, peak: int) -> None:
    """CHECK-MARKERS: build-up A and B against half of the peak target; without consequence."""
    for marker in march.markers:
        found = view_marker(marker, measured, month, peak)
        target = month if marker.target == "month" else peak
        assert found.reached == (Fraction(measured, target) >= marker.share)
        assert found.reached == (found.missing_fen == 0)


@given(month=st.dates(date(2018, 1, 1), date(2028, 12, 31)), day=st.integers(1, 31))
def test_a_freeze_of_three_months_ends_on_the_same_day_or_the_first_after(
    month: date, day: int
) -> None:
    """CHECK-FREEZE."""
    base = monthly(month).checkpoint("CHECK-MONTH")
    until = frozen_until(base)
    assert 88 <= (until - base.runs_on).days <= 93
