"""Amounts in Chinese capitals: by the rules of cheques, and readable back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pifa.kernel.capitals import in_capitals
from pifa.kernel.money import MAX_FEN, Money

DIGITS = {digit: value for value, digit in enumerate("零壹贰叁肆伍陆柒捌玖")}
PLACES = {"拾": 10, "佰": 100, "仟": 1000}


@pytest.mark.parametrize(
    ("yuan", "words"),
    [
        ("0", "零元整"),
        ("0.01", "壹分"),
        ("0.10", "壹角整"),
        ("0.56", "伍角陆分"),
        ("1", "壹元整"),
        ("10", "壹拾元整"),
        ("17.05", "壹拾柒元零伍分"),
        ("100.50", "壹佰元伍角整"),
        ("1005.30", "壹仟零伍元叁角整"),
        ("1050", "壹仟零伍拾元整"),
        ("10000", "壹万元整"),
        ("10001", "壹万零壹元整"),
        ("10500.01", "壹万零伍佰元零壹分"),
        ("107000.53", "壹拾万柒仟元伍角叁分"),
        ("6007.14", "陆仟零柒元壹角肆分"),
        ("1680.32", "壹仟陆佰捌拾元叁角贰分"),
        ("100000000", "壹亿元整"),
        ("100000001", "壹亿零壹元整"),
        ("100010000", "壹亿零壹万元整"),
        ("1000000000000", "壹万亿元整"),
        ("1002003000000", "壹万零贰拾亿零叁佰万元整"),
        ("10000000000000", "壹拾万亿元整"),
    ],
)
def test_as_cheques_write_it(yuan: str, words: str) -> None:
    assert in_capitals(Money.yuan(yuan)) == words


@given(st.integers(0, MAX_FEN))
def test_what_is_written_can_be_read_back(fen: int) -> None:
    words = in_capitals(Money(fen))
    assert read(words) == fen
    assert "零零" not in words


@given(st.integers(0, MAX_FEN), st.integers(0, MAX_FEN))
def test_no_two_amounts_are_written_the_same(one: int, other: int) -> None:
    assert one == other or in_capitals(Money(one)) != in_capitals(Money(other))


@pytest.mark.parametrize("fen", [-1, MAX_FEN + 1])
def test_beyond_what_is_booked(fen: int) -> None:
    with pytest.raises(ValueError, match="capitals"):
        in_capitals(Money(fen))


def read(words: str) -> int:
    """The fen that capitals say."""
    yuan, has_yuan, rest = words.partition("元")
    if not has_yuan:
        yuan, rest = "", words
    fen = number(yuan) * 100
    digit = 0
    for letter in rest:
        if letter in DIGITS:
            digit = DIGITS[letter]
        elif letter in "角分":
            fen += digit * (10 if letter == "角" else 1)
    return fen


def number(words: str) -> int:
    """The whole number that capitals say."""
    for unit, size in (("亿", 10**8), ("万", 10**4)):
        head, found, tail = words.rpartition(unit)
        if found:
            return number(head) * size + number(tail)
    total, digit = 0, 0
    for letter in words:
        if letter in DIGITS:
            digit = DIGITS[letter]
        elif letter in PLACES:
            total += digit * PLACES[letter]
            digit = 0
    return total + digit
