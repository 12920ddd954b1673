"""Periods tile time, due days are exact, a repayment is laid out oldest first."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pifa.finance.methods.trade_credit import rules
from pifa.finance.methods.trade_credit.rules import Bucket, Ladder, Standing, TermKind, Terms
from pifa.kernel.money import Money, total

ONE = timedelta(days=1)
days = st.dates(date(2019, 12, 1), date(2101, 1, 31))
numbers = st.integers(1, 31)
amounts = st.integers(0, 10**12).map(Money)


@pytest.mark.parametrize(
    ("number", "day", "start", "end"),
    [
        (28, date(2026, 3, 20), date(2026, 2, 28), date(2026, 3, 28)),
        (28, date(2026, 3, 27), date(2026, 2, 28), date(2026, 3, 28)),
        (28, date(2026, 3, 28), date(2026, 3, 28), date(2026, 4, 28)),
        (1, date(2026, 1, 1), date(2026, 1, 1), date(2026, 2, 1)),
        (31, date(2026, 2, 27), date(2026, 1, 31), date(2026, 2, 28)),
        (31, date(2026, 2, 28), date(2026, 2, 28), date(2026, 3, 31)),
        (31, date(2024, 2, 28), date(2024, 1, 31), date(2024, 2, 29)),
        (31, date(2024, 2, 29), date(2024, 2, 29), date(2024, 3, 31)),
        (30, date(2024, 2, 29), date(2024, 2, 29), date(2024, 3, 30)),
        (29, date(2024, 2, 29), date(2024, 2, 29), date(2024, 3, 29)),
        (29, date(2023, 2, 28), date(2023, 2, 28), date(2023, 3, 29)),
        (29, date(2100, 2, 28), date(2100, 2, 28), date(2100, 3, 29)),
        (30, date(2025, 12, 31), date(2025, 12, 30), date(2026, 1, 30)),
        (15, date(2026, 1, 14), date(2025, 12, 15), date(2026, 1, 15)),
    ],
)
def test_borders(number: int, day: date, start: date, end: date) -> None:
    assert rules.period_of(number, day) == rules.Period(start, end)


@given(numbers, days)
def test_periods_tile_time(number: int, day: date) -> None:
    period = rules.period_of(number, day)
    assert period.start <= day < period.end
    assert rules.period_of(number, period.start) == period
    assert rules.period_of(number, period.last_day) == period
    assert rules.period_of(number, period.end).start == period.end
    assert rules.period_of(number, period.start - ONE).end == period.start


@given(numbers, days)
def test_every_border_is_day_d_or_the_months_last(number: int, day: date) -> None:
    for border in (rules.period_of(number, day).start, rules.period_of(number, day).end):
        last = monthrange(border.year, border.month)[1]
        assert border.day == min(number, last)
    period = rules.period_of(number, day)
    months = (period.end.year - period.start.year) * 12 + period.end.month - period.start.month
    assert months == 1


@given(numbers, days, days)
def test_a_first_period_begins_with_its_terms(number: int, since: date, day: date) -> None:
    day = max(since, day)
    terms = Terms(TermKind.MONTHLY, number, since)
    due = rules.due_of(terms, day)
    whole = rules.period_of(number, day)
    assert due.period == rules.Period(max(since, whole.start), whole.end)
    assert due.due_on == whole.end > day


@given(st.integers(1, rules.MOST_DAYS), days)
def test_so_many_days_after_receipt(number: int, day: date) -> None:
    due = rules.due_of(Terms(TermKind.DAYS, number, day), day)
    assert (due.due_on - day).days == number
    assert due.period is None
    assert rules.days_overdue(due.due_on, due.due_on) == 0
    assert rules.days_overdue(due.due_on, due.due_on + ONE) == 1


@pytest.mark.parametrize(
    ("kind", "number"), [("monthly", 0), ("monthly", 32), ("days", 0), ("days", 181)]
)
def test_senseless_terms(kind: str, number: int) -> None:
    with pytest.raises(ValueError, match="terms of"):
        Terms(TermKind(kind), number, date(2026, 1, 1))


@given(amounts, st.lists(amounts, max_size=8))
def test_a_repayment_is_laid_out_oldest_first(amount: Money, owed: list[Money]) -> None:
    shares, left = rules.lay_out(amount, owed)
    assert total(shares) + left == amount
    assert left == max(Money(0), amount - total(owed))
    for at, (share, open_) in enumerate(zip(shares, owed, strict=True)):
        assert Money(0) <= share <= open_
        if share < open_:  # nothing later is paid before this is
            assert not any(shares[at + 1 :])
            assert not left


@given(amounts, amounts, amounts, st.booleans(), st.booleans())
def test_a_line_is_never_used_beyond_its_limit(
    limit: Money, used: Money, amount: Money, frozen: bool, late: bool
) -> None:
    standing = Standing(limit, used, frozen, Money(int(late)))
    refused = rules.refusal(standing, amount)
    if refused is None:
        assert used + amount <= limit
        assert not frozen
        assert not late
        assert amount <= standing.free
    elif refused is rules.Refusal.LIMIT:
        assert used + amount > limit


@pytest.mark.parametrize(
    ("late", "bucket"),
    [
        (-5, Bucket.NOT_DUE), (0, Bucket.NOT_DUE), (1, Bucket.TO_30), (30, Bucket.TO_30),
        (31, Bucket.TO_60), (60, Bucket.TO_60), (61, Bucket.TO_90), (90, Bucket.TO_90),
        (91, Bucket.OVER_90), (4000, Bucket.OVER_90),
    ],
)  # fmt: skip
def test_buckets(late: int, bucket: Bucket) -> None:
    today = date(2026, 3, 28)
    assert rules.bucket_of(today - late * ONE, today) is bucket
    assert rules.bucket_of(None, today) is Bucket.NOT_DUE


def test_the_ladder_is_climbed_day_by_day() -> None:
    ladder = Ladder(remind_before=3, freeze_after=1, remind_after=(3, 7), stop=9)
    climbed, day = [], -40
    while (following := ladder.next_step(day)) is not None:
        assert following > day
        climbed.append(day := following)
    assert climbed == [-3, *range(1, 10)]
    assert [day for day in climbed if ladder.reminds(day)] == [-3, 1, 3, 7]


def test_the_steps_of_a_ladder_are_what_it_tells_and_where_it_stops() -> None:
    ladder = Ladder(remind_before=3, freeze_after=2, remind_after=(3, 7), stop=10)
    assert ladder.steps() == (-3, 1, 2, 3, 7, 10)
    assert [days for days in ladder.steps() if ladder.reminds(days)] == [-3, 1, 2, 3, 7]
