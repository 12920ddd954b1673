"""When goods run out: the rule holds whatever was bought when."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pifa.trade import restocking
from pifa.trade.restocking import Need, Purchase, habit

FIRST = date(2026, 1, 1)
purchases = st.lists(
    st.builds(
        lambda days, quantity: Purchase(FIRST + timedelta(days=days), quantity),
        st.integers(0, 400),
        st.integers(1, 10**6),
    ),
    max_size=30,
)
habitual = purchases.filter(lambda found: len({one.day for one in found}) > 1)


def every(days: int, quantities: list[int]) -> list[Purchase]:
    return [Purchase(FIRST + timedelta(days=days * n), q) for n, q in enumerate(quantities)]


@given(st.integers(1, 90), st.integers(1, 10**6), st.integers(2, 20))
def test_a_regular_buyer_is_expected_after_the_usual_interval(
    days: int, quantity: int, times: int
) -> None:
    found = habit(every(days, [quantity] * times))
    assert found is not None
    assert (found.interval, found.lasting, found.quantity) == (days, days, quantity)
    assert found.expected == found.last + timedelta(days=days)


@given(st.integers(1, 90), st.integers(1, 1000), st.integers(1, 9))
def test_more_bought_last_lasts_so_much_longer(days: int, quantity: int, times: int) -> None:
    found = habit(every(days, [quantity, quantity, quantity * times]))
    assert found is not None
    assert found.lasting == min(days * times, restocking.LONGEST)


@given(purchases)
def test_one_day_of_buying_is_no_habit_and_two_are(found: list[Purchase]) -> None:
    assert (habit(found) is None) == (len({one.day for one in found}) < 2)


@given(habitual, st.randoms(use_true_random=False))
def test_the_order_of_reading_does_not_matter(found: list[Purchase], random: object) -> None:
    mixed = list(found)
    random.shuffle(mixed)  # type: ignore[attr-defined]
    assert habit(mixed) == habit(found)


@given(habitual, st.integers(1, 1000))
def test_it_moves_with_the_calendar(found: list[Purchase], days: int) -> None:
    now, then = (
        habit(found),
        habit([Purchase(one.day + timedelta(days=days), one.quantity) for one in found]),
    )
    assert now is not None
    assert then is not None
    assert then.expected - now.expected == timedelta(days=days)
    assert (then.lasting, then.interval) == (now.lasting, now.interval)


@given(habitual, st.integers(2, 50))
def test_it_does_not_depend_on_what_a_piece_is(found: list[Purchase], size: int) -> None:
    """Pieces or boxes of pieces: the days stay."""
    now = habit(found)
    boxes = habit([Purchase(one.day, one.quantity * size) for one in found])
    assert now is not None
    assert boxes is not None
    assert (boxes.expected, boxes.interval) == (now.expected, now.interval)


@given(habitual, st.integers(1, 10**6))
def test_more_never_runs_out_earlier(found: list[Purchase], more: int) -> None:
    last = max(one.day for one in found)
    now, then = habit(found), habit([*found, Purchase(last, more)])
    assert now is not None
    assert then is not None
    assert then.expected >= now.expected > now.last


@given(habitual, st.integers(0, 3000))
def test_overdue_and_need_agree(found: list[Purchase], days: int) -> None:
    bought = habit(found)
    assert bought is not None
    today = bought.last + timedelta(days=days)
    need = bought.need(today)
    assert bought.overdue(today) == max((today - bought.expected).days, 0)
    if need is Need.DUE:
        assert today >= bought.expected
    if need in (Need.SOON, Need.LATER):
        assert today < bought.expected
        assert bought.overdue(today) == 0
    if need is Need.GIVEN_UP:
        assert bought.overdue(today) > 2 * bought.lasting


def test_one_unusual_gap_moves_little() -> None:
    usual = every(10, [100] * 6)
    gap = [Purchase(usual[-1].day + timedelta(days=90), 100)]
    gap.append(Purchase(gap[0].day + timedelta(days=10), 100))
    found = habit([*usual, *gap])
    assert found is not None
    assert (found.lasting, found.interval) == (10, 10)


def test_nothing_is_foreseen_for_years() -> None:
    found = habit([Purchase(FIRST, 1), Purchase(FIRST + timedelta(days=300), 10**8)])
    assert found is not None
    assert found.lasting == restocking.LONGEST


def test_what_it_says_day_by_day() -> None:
    found = habit(every(10, [100, 100]))
    assert found is not None
    at = {days: found.need(found.last + timedelta(days=days)) for days in (2, 3, 10, 37, 38)}
    assert at == {2: Need.LATER, 3: Need.SOON, 10: Need.DUE, 37: Need.DUE, 38: Need.GIVEN_UP}


@pytest.mark.parametrize(
    ("days", "interval"),
    [([], None), ([5], None), ([5, 5], None), ([0, 3, 6, 20], 3), ([0, 5, 11], 6)],
)
def test_the_usual_interval_is_the_median_of_days(days: list[int], interval: int | None) -> None:
    assert restocking.usual_interval(FIRST + timedelta(days=n) for n in days) == interval
