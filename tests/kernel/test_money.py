"""Amounts and unit prices: exact, and no fen is lost or made."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from pifa.kernel.money import Money, UnitPrice, line_amount, total

fen = st.integers(-(10**15), 10**15)
weights = st.lists(st.integers(0, 10**9), min_size=1, max_size=30)


@given(fen)
def test_an_amount_is_read_back_from_its_yuan(amount: int) -> None:
    assert Money.yuan(Money(amount).decimal) == Money(amount)
    assert Money.yuan(str(Money(amount).decimal)).fen == amount


@given(st.integers(-(10**15), 10**15))
def test_a_unit_price_is_read_back_from_its_yuan(e4: int) -> None:
    assert UnitPrice.yuan(UnitPrice(e4).decimal) == UnitPrice(e4)


@pytest.mark.parametrize("bad", ["0.001", "1.005", "", "abc", "NaN", "Infinity", "1e-3", "1,00"])
def test_less_than_a_fen_and_what_is_no_number_are_refused(bad: str) -> None:
    with pytest.raises(ValueError, match="not"):
        Money.yuan(bad)


@pytest.mark.parametrize("bad", ["0.00001", "", "x", "NaN", "-Infinity"])
def test_a_unit_price_has_four_decimals_at_most(bad: str) -> None:
    with pytest.raises(ValueError, match=r"not|more than"):
        UnitPrice.yuan(bad)


@given(fen, weights)
def test_parts_add_up_to_the_whole_and_keep_its_sign(amount: int, shares: list[int]) -> None:
    assume(sum(shares))
    parts = Money(amount).split(shares)
    assert total(parts) == Money(amount)
    assert all(part.fen * amount >= 0 for part in parts)


@given(fen, weights)
def test_no_part_is_a_fen_or_more_away_from_its_exact_share(amount: int, shares: list[int]) -> None:
    assume(sum(shares))
    for part, weight in zip(Money(amount).split(shares), shares, strict=True):
        assert abs(part.fen - Fraction(amount * weight, sum(shares))) < 1
        assert weight or part == Money(0)


@pytest.mark.parametrize("bad", [[], [0, 0], [1, -1], [-1]])
def test_weights_that_share_nothing_are_refused(bad: list[int]) -> None:
    with pytest.raises(ValueError, match="weights"):
        Money(100).split(bad)


def test_left_over_fen_go_to_the_largest_remainders_first_come_first() -> None:
    assert [part.fen for part in Money(100).split([1, 1, 1])] == [34, 33, 33]
    assert [part.fen for part in Money(5).split([1, 3, 3])] == [1, 2, 2]
    assert [part.fen for part in Money(-5).split([2, 1])] == [-3, -2]


@given(st.integers(-(10**10), 10**10), st.integers(-(10**7), 10**7))
def test_a_line_is_rounded_once_half_away_from_nothing(e4: int, quantity: int) -> None:
    exact = Fraction(e4 * quantity, 100)
    amount = line_amount(UnitPrice(e4), quantity).fen
    assert abs(amount - exact) <= Fraction(1, 2)
    if abs(amount - exact) == Fraction(1, 2):
        assert abs(amount) > abs(exact)


@pytest.mark.parametrize(
    ("price", "quantity", "amount"),
    [
        ("0.0350", 1, "0.04"),
        ("0.0350", 1000, "35.00"),
        ("0.0049", 1, "0.00"),
        ("0.0050", 1, "0.01"),
        ("0.0050", -1, "-0.01"),
        ("99999.9999", 10**7, "999999999000.00"),
    ],
)
def test_lines_worked_by_hand(price: str, quantity: int, amount: str) -> None:
    assert line_amount(UnitPrice.yuan(price), quantity) == Money.yuan(amount)


@pytest.mark.parametrize(
    ("amount", "words"),
    [(0, "¥0.00"), (5, "¥0.05"), (-5, "-¥0.05"), (123456789, "¥1,234,567.89")],
)
def test_an_amount_in_words(amount: int, words: str) -> None:
    assert str(Money(amount)) == words
    assert bool(Money(amount)) is (amount != 0)


@pytest.mark.parametrize(
    ("e4", "words"),
    [(350, "¥0.035"), (3500, "¥0.35"), (355, "¥0.0355"), (10000, "¥1.00"), (-350, "-¥0.035")],
)
def test_a_unit_price_in_words_has_two_to_four_decimals(e4: int, words: str) -> None:
    assert str(UnitPrice(e4)) == words


@given(st.lists(fen, max_size=10))
def test_amounts_add_up_as_whole_numbers_do(amounts: list[int]) -> None:
    money = [Money(amount) for amount in amounts]
    assert total(money).fen == sum(amounts)
    for one in money:
        assert (one - one, one + (-one), one * 3) == (Money(0), Money(0), one + one + one)
        assert one.decimal == Decimal(one.fen) / 100
