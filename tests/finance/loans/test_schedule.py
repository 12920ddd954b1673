"""Schedules to the fen: the deck's loan, monthly rests, actual days, and what always holds."""

from __future__ import annotations

import itertools
import json
from datetime import date
from fractions import Fraction

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from pifa.cli import loan
from pifa.finance.loans.rules import Basis, Method, Rate, months_later, schedule
from pifa.kernel.money import Money, total

DECK = Rate(Fraction(3, 10_000), by_day=True)
LOAN = Money.yuan(100_000)


def interest_of(drawn_on: date | None, basis: Basis) -> Money:
    rows = schedule(LOAN, DECK, 12, Method.EQUAL_PRINCIPAL, basis, drawn_on)
    return total(row.interest for row in rows)


def test_the_decks_loan_costs_5850_on_months_of_thirty_days() -> None:
    assert interest_of(None, Basis.THIRTY_360) == Money.yuan("5850.00")


def test_on_actual_days_it_depends_on_the_day_of_drawdown() -> None:
    firsts = [date(year, month, 1) for year in (2025, 2026) for month in range(1, 13)]
    costs = {day: interest_of(day, Basis.ACTUAL_360) for day in firsts}
    assert costs[date(2025, 2, 1)] == min(costs.values()) == Money.yuan("5890.00")
    assert max(costs.values()) == Money.yuan("5962.50")
    assert costs[date(2026, 1, 1)] == Money.yuan("5907.50")


def test_row_by_row_at_a_yearly_rate_with_monthly_rests() -> None:
    rows = schedule(
        Money.yuan(10_000), Rate(Fraction(435, 10_000), by_day=False), 3,
        Method.EQUAL_PRINCIPAL, Basis.THIRTY_360, date(2026, 1, 31),
    )  # fmt: skip
    assert [(row.due_on, row.principal, row.interest, row.closing) for row in rows] == [
        (date(2026, 2, 28), Money.yuan("3333.33"), Money.yuan("36.25"), Money.yuan("6666.67")),
        (date(2026, 3, 31), Money.yuan("3333.33"), Money.yuan("24.17"), Money.yuan("3333.34")),
        (date(2026, 4, 30), Money.yuan("3333.34"), Money.yuan("12.08"), Money.yuan("0.00")),
    ]


def test_interest_only_pays_the_principal_last() -> None:
    rows = schedule(LOAN, DECK, 6, Method.INTEREST_ONLY, Basis.THIRTY_360)
    assert [row.interest for row in rows] == [Money.yuan(900)] * 6
    assert [row.principal for row in rows] == [Money(0)] * 5 + [LOAN]


def test_actual_days_of_a_leap_year() -> None:
    yearly = Rate(Fraction(365, 10_000), by_day=False)
    rows = schedule(
        Money.yuan(10_000), yearly, 2, Method.INTEREST_ONLY, Basis.ACTUAL_365, date(2028, 2, 1)
    )
    assert [(row.days, row.interest) for row in rows] == [
        (29, Money.yuan("29.00")),
        (31, Money.yuan("31.00")),
    ]


@given(
    fen=st.integers(400, 10**11),
    rate=st.fractions(0, 1, max_denominator=100_000),
    by_day=st.booleans(),
    periods=st.integers(1, 360),
    method=st.sampled_from(Method),
    basis=st.sampled_from(Basis),
    drawn_on=st.dates(date(2000, 1, 1), date(2100, 1, 1)),
)
def test_the_parts_add_up_and_no_fen_is_owed_twice(
    fen: int, rate: Fraction, by_day: bool, periods: int, method: Method, basis: Basis,
    drawn_on: date,
) -> None:  # fmt: skip
    rows = schedule(Money(fen), Rate(rate, by_day), periods, method, basis, drawn_on)
    assert len(rows) == periods
    assert total(row.principal for row in rows) == Money(fen)
    assert rows[0].opening == Money(fen)
    assert rows[-1].closing == Money(0)
    for before, after in itertools.pairwise(rows):
        assert after.opening == before.closing
        assert after.interest <= before.interest or basis is not Basis.THIRTY_360
        assert before.due_on is not None
        assert after.due_on is not None
        assert before.due_on < after.due_on
    if basis is not Basis.THIRTY_360:
        last = rows[-1].due_on
        assert last is not None
        assert sum(row.days for row in rows) == (last - drawn_on).days
    daily = rate if by_day else rate / (365 if basis is Basis.ACTUAL_365 else 360)
    for row in rows:
        assert abs(row.interest.fen - row.opening.fen * daily * row.days) <= Fraction(1, 2)


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2026, 1, 31), 3, date(2026, 4, 30)),
        (date(2026, 12, 15), 1, date(2027, 1, 15)),
        (date(2026, 11, 30), 14, date(2028, 1, 30)),
    ],
)
def test_a_month_without_the_day_ends_on_its_last(day: date, months: int, later: date) -> None:
    assert months_later(day, months) == later


class TestCommand:
    def told(self, *arguments: str) -> dict[str, object]:
        result = CliRunner().invoke(loan.group, ["schedule", "--json", *arguments])
        assert result.exit_code == 0, result.output
        found: dict[str, object] = json.loads(result.output)
        return found

    @pytest.mark.parametrize("rate", ["10.8%", "0.108", "10.8%/year", "0.03%/day", "0.0003/day"])
    def test_a_rate_is_understood_as_it_is_written(self, rate: str) -> None:
        told = self.told("--principal", "100,000", "--rate", rate, "--periods", "12")
        assert (told["principal"], told["interest"]) == ("100000.00", "5850.00")

    @pytest.mark.parametrize(
        ("arguments", "advice"),
        [
            (("--rate", "4.35"), "write 4.35%"),
            (("--rate", "much"), "write 4.35%"),
            (("--principal", "1.005"), "write 100000"),
            (("--basis", "actual"), "day of drawdown"),
            (("--principal", "0.05"), "no loan"),
            (("--periods", "0"), "1<=x<=360"),
        ],
    )
    def test_what_is_wrong_is_named_with_what_to_write(
        self, arguments: tuple[str, str], advice: str
    ) -> None:
        given = {"--principal": "1000", "--rate": "5%", "--periods": "12"} | dict([arguments])
        flat = [word for pair in given.items() for word in pair]
        result = CliRunner().invoke(loan.group, ["schedule", *flat])
        assert result.exit_code != 0
        assert advice in result.output

    def test_a_table_says_the_same(self) -> None:
        result = CliRunner().invoke(
            loan.group,
            ["schedule", "--principal", "100000", "--rate", "0.03%/day", "--periods", "12"],
        )
        assert "5,850.00" in result.output
        assert result.output.count("8,333.33") >= 11
