"""Early, in part and late: parts add up, interest is never below zero, early never costs more."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pifa.finance.loans.early import (
    after_early,
    days_gone,
    next_monday,
    parts_of,
    penalty,
    period_interest,
)
from pifa.finance.loans.rules import Basis, Method, Rate, interest, schedule
from pifa.kernel.money import Money, total

BASES = st.sampled_from([Basis.THIRTY_360, Basis.ACTUAL_360])
METHODS = st.sampled_from(Method)
DAYS = st.dates(date(2020, 1, 1), date(2040, 12, 31))
RATES = st.fractions(0, Fraction(1, 1000), max_denominator=100_000)


@dataclass(frozen=True)
class Row:
    """An instalment as far as these figures need it."""

    since: date
    due_on: date
    days: int
    opening: Money
    principal: Money
    interest: Money
    came: tuple[tuple[int, Money], ...] = ()

    @property
    def closing(self) -> Money:
        return self.opening - total(part for _gone, part in self.came) - self.principal


def plan(
    amount: int, rate: Fraction, months: int, method: Method, basis: Basis, drawn: date
) -> list[Row]:
    rows, since = [], drawn
    for row in schedule(Money(amount), Rate(rate, by_day=True), months, method, basis, drawn):
        assert row.due_on is not None
        rows.append(Row(since, row.due_on, row.days, row.opening, row.principal, row.interest))
        since = row.due_on
    return rows


def prepay(
    rows: list[Row], at: int, today: date, amount: Money, rate: Fraction, basis: Basis
) -> list[Row]:
    """The rows after a part came in the period `at`: what `costs.part` does with tables."""
    first = rows[at]
    owed = first.opening - total(part for _gone, part in first.came)
    after = after_early(owed, [row.closing for row in rows[at:]], amount)
    principals = parts_of(owed - amount, after)
    gone = days_gone(basis, first.since, first.due_on, today)
    came = (*first.came, (gone, amount))
    told = [*rows[:at], replace(
        first,
        principal=principals[0],
        came=came,
        interest=period_interest(first.opening, rate, first.days, came),
    )]  # fmt: skip
    for row, opening, principal in zip(rows[at + 1 :], after, principals[1:], strict=False):
        told.append(
            replace(row, opening=opening, principal=principal,
                    interest=interest(opening, rate, row.days))
        )  # fmt: skip
    return told


@given(
    amount=st.integers(1_000_00, 1_000_000_00),
    rate=RATES,
    months=st.sampled_from([6, 12]),
    method=METHODS,
    basis=BASES,
    drawn=DAYS,
    parts=st.lists(
        st.tuples(st.integers(0, 11), st.integers(0, 30), st.integers(1, 10**8)), max_size=5
    ),
)
def test_whatever_comes_early_the_parts_add_up_and_nothing_costs_more(
    amount: int, rate: Fraction, months: int, method: Method, basis: Basis, drawn: date,
    parts: list[tuple[int, int, int]],
) -> None:  # fmt: skip
    on_time = plan(amount, rate, months, method, basis, drawn)
    rows = on_time
    for at, after, fen in sorted(parts):
        if at >= months:
            continue
        first = rows[at]
        owed = first.opening - total(part for _gone, part in first.came)
        if fen >= owed.fen:
            continue
        today = min(first.since + timedelta(days=after), first.due_on - timedelta(days=1))
        before = rows
        rows = prepay(rows, at, today, Money(fen), rate, basis)
        assert all(new.interest <= old.interest for new, old in zip(rows, before, strict=True))
    came = total(part for row in rows for _gone, part in row.came)
    assert total(row.principal for row in rows) + came == Money(amount)
    assert all(row.principal.fen >= 0 and row.interest.fen >= 0 for row in rows)
    assert rows[-1].closing == Money(0)
    assert all(a.closing == b.opening for a, b in itertools.pairwise(rows))
    assert total(row.interest for row in rows) <= total(row.interest for row in on_time)


@given(
    amount=st.integers(1_000_00, 1_000_000_00),
    rate=RATES,
    months=st.sampled_from([6, 12]),
    method=METHODS,
    basis=BASES,
    drawn=DAYS,
    at=st.integers(0, 11),
    after=st.integers(0, 31),
)
def test_ending_it_early_costs_no_more_than_on_time(
    amount: int, rate: Fraction, months: int, method: Method, basis: Basis, drawn: date,
    at: int, after: int,
) -> None:  # fmt: skip
    rows = plan(amount, rate, months, method, basis, drawn)
    row = rows[min(at, months - 1)]
    today = min(row.since + timedelta(days=after), row.due_on)
    gone = days_gone(basis, row.since, row.due_on, today)
    now = period_interest(row.opening, rate, gone, ())
    assert 0 <= now.fen <= row.interest.fen
    if today == row.due_on:
        assert now == row.interest
    if today == row.since:
        assert now == Money(0)


@given(basis=BASES, since=DAYS, months=st.integers(1, 1))
def test_days_only_ever_go_on(basis: Basis, since: date, months: int) -> None:
    due = plan(1_000_00, Fraction(0), 6, Method.INTEREST_ONLY, basis, since)[0].due_on
    counted = [
        days_gone(basis, since, due, since + timedelta(days=day))
        for day in range((due - since).days + 3)
    ]
    assert counted == sorted(counted)
    assert counted[0] == 0
    assert counted[-1] == (30 if basis is Basis.THIRTY_360 else (due - since).days)


def test_worked_by_hand() -> None:
    """¥100,000, interest only, 0.03 % a day: ¥40,000 on the tenth day of a month of thirty."""
    rows = plan(
        100_000_00, Fraction(3, 10_000), 6, Method.INTEREST_ONLY, Basis.THIRTY_360, date(2026, 4, 1)
    )
    told = prepay(
        rows, 0, date(2026, 4, 11), Money.yuan(40_000), Fraction(3, 10_000), Basis.THIRTY_360
    )
    # 10 days on 100,000 are 300, 20 days on 60,000 are 360.
    assert told[0].interest == Money.yuan(660)
    assert told[1].interest == Money.yuan(540)
    assert [row.principal for row in told] == [Money(0)] * 5 + [Money.yuan(60_000)]


@pytest.mark.parametrize("amount", [0, -1, 100_01])
def test_nothing_and_more_than_is_owed_cannot_come_early(amount: int) -> None:
    with pytest.raises(ValueError, match="cannot come early"):
        after_early(Money(100_00), [Money(50_00), Money(0)], Money(amount))


@given(owed=st.integers(0, 10**8), rate=RATES, first=st.integers(0, 40), second=st.integers(0, 40))
def test_lateness_is_the_same_however_often_it_is_counted(
    owed: int, rate: Fraction, first: int, second: int
) -> None:
    begin, factor = date(2026, 3, 1), Fraction(3, 2)
    between, end = begin + timedelta(days=first), begin + timedelta(days=first + second)
    at_once = penalty(Money(owed), rate, factor, begin, end)
    in_two = penalty(Money(owed), rate, factor, begin, between) + penalty(
        Money(owed), rate, factor, between, end
    )
    assert at_once == in_two
    assert penalty(Money(owed), rate, factor, end, begin) == Money(0)


def test_the_next_monday_is_never_today() -> None:
    monday = date(2026, 3, 2)
    assert next_monday(monday) == date(2026, 3, 9)
    assert {next_monday(monday + timedelta(days=day)) for day in range(1, 7)} == {date(2026, 3, 9)}
