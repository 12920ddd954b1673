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


YEARLY = Rate(Fraction(6, 100), by_day=False)

# A loan of 120,000 at 6 % a year with monthly rests, as any table of equal principal shows it:
# 10,000 and half a percent of what is owed; interest 3,900.00 in all.
TABLE = [
    ("120000", "600"), ("110000", "550"), ("100000", "500"), ("90000", "450"), ("80000", "400"),
    ("70000", "350"), ("60000", "300"), ("50000", "250"), ("40000", "200"), ("30000", "150"),
    ("20000", "100"), ("10000", "50"),
]  # fmt: skip


def test_equal_principal_against_a_table_of_monthly_rests() -> None:
    rows = schedule(Money.yuan(120_000), YEARLY, 12, Method.EQUAL_PRINCIPAL, Basis.THIRTY_360)
    assert [(row.opening, row.interest) for row in rows] == [
        (Money.yuan(opening), Money.yuan(interest)) for opening, interest in TABLE
    ]
    assert {row.principal for row in rows} == {Money.yuan(10_000)}
    assert total(row.interest for row in rows) == Money.yuan(3_900)


@pytest.mark.parametrize(
    ("principal", "rate", "months"),
    [("100000", "0.0435", 24), ("87654.32", "0.0475", 360), ("1234567.89", "0.036", 120)],
)
def test_every_row_is_the_textbook_formula(principal: str, rate: str, months: int) -> None:
    """Interest of the k-th row: (P − (k − 1) · P/n) · r/12; ours pays whole fen of principal."""
    owed, part = Fraction(principal), Fraction(principal) / months
    rows = schedule(
        Money.yuan(principal), Rate(Fraction(rate), by_day=False), months,
        Method.EQUAL_PRINCIPAL, Basis.THIRTY_360,
    )  # fmt: skip
    for k, row in enumerate(rows):
        exact = (owed - k * part) * Fraction(rate) / 12
        # Half a fen of each part that was rounded, its interest, and half a fen of rounding.
        slack = Fraction(1, 200) * (1 + k * Fraction(rate) / 12)
        assert abs(Fraction(row.interest.decimal) - exact) <= slack
        assert abs(Fraction(row.principal.decimal) - part) <= Fraction(months, 200)


def test_interest_only_against_a_table_of_monthly_rests() -> None:
    rows = schedule(Money.yuan(120_000), YEARLY, 12, Method.INTEREST_ONLY, Basis.THIRTY_360)
    assert [row.payment for row in rows] == [Money.yuan(600)] * 11 + [Money.yuan(120_600)]


@pytest.mark.parametrize("basis", Basis)
def test_nothing_a_year_costs_nothing(basis: Basis) -> None:
    free = Rate(Fraction(0), by_day=False)
    rows = schedule(Money.yuan(100), free, 6, Method.EQUAL_PRINCIPAL, basis, date(2026, 1, 31))
    assert total(row.payment for row in rows) == Money.yuan(100)


def test_a_fen_an_instalment_is_the_smallest_loan() -> None:
    rows = schedule(Money(12), DECK, 12, Method.EQUAL_PRINCIPAL, Basis.THIRTY_360)
    assert [row.principal.fen for row in rows] == [1] * 12
    assert [row.interest.fen for row in rows] == [0] * 12
    with pytest.raises(ValueError, match="no loan"):
        schedule(Money(11), DECK, 12, Method.EQUAL_PRINCIPAL, Basis.THIRTY_360)


@pytest.mark.parametrize(
    ("drawn_on", "days"),
    [
        (date(2026, 1, 31), [28, 31, 30, 31, 30, 31]),
        (date(2028, 1, 31), [29, 31, 30, 31, 30, 31]),
        (date(2026, 8, 31), [30, 31, 30, 31, 31, 28]),
        (date(2026, 2, 28), [28, 31, 30, 31, 30, 31]),
        (date(2028, 2, 29), [29, 31, 30, 31, 30, 31]),
    ],
)
def test_drawn_at_the_end_of_a_month_on_actual_days(drawn_on: date, days: list[int]) -> None:
    rows = schedule(LOAN, DECK, 6, Method.INTEREST_ONLY, Basis.ACTUAL_360, drawn_on)
    assert [row.days for row in rows] == days
    assert [row.interest for row in rows] == [Money.yuan(30) * each for each in days]


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
            (("--periods", "361"), "1<=x<=360"),
            (("--periods", "1.5"), "not a valid integer"),
            (("--principal", "-5"), "no loan"),
            (("--principal", "0"), "no loan: above zero"),
            (("--principal", "99999999999999999999"), "no loan: above zero, up to"),
            (("--rate", "0." + "9" * 5000), "write 4.35%"),
            (("--drawn-on", "9999-12-01"), "no days any more"),
            (("--principal", "many"), "write 100000"),
            (("--principal", "NaN"), "write 100000"),
            (("--rate", "-1%"), "write 4.35%"),
            (("--rate", "100%"), "100 % or more"),
            (("--rate", "1/month"), "write 4.35%"),
            (("--method", "balloon"), "equal-principal"),
            (("--basis", "30/365"), "30/360"),
            (("--drawn-on", "2026-02-30"), "does not match"),
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
