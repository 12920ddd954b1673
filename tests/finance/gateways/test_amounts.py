"""Amounts and titles as providers write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pifa.finance.gateways.amounts import (
    TITLE_LENGTH,
    plain_title,
    read_fen,
    read_yuan,
    yuan_text,
)
from pifa.kernel.money import MAX_FEN, Money

fen = st.integers(0, MAX_FEN - 1)


@given(fen)
def test_an_amount_survives_the_way_there_and_back(amount: int) -> None:
    assert read_yuan(yuan_text(Money(amount))) == Money(amount)
    assert read_fen(amount) == Money(amount)


@given(fen, fen)
def test_different_amounts_are_written_differently(one: int, other: int) -> None:
    assert (yuan_text(Money(one)) == yuan_text(Money(other))) == (one == other)


@given(st.text(max_size=20))
def test_what_is_read_is_written_the_same(text: str) -> None:
    try:
        amount = read_yuan(text)
    except ValueError:
        return
    assert yuan_text(amount) == text


@pytest.mark.parametrize(
    "text", ["1", "1.0", "01.00", "-1.00", "1.000", "1e2", "", "１.00", "1.00\n", None, 1.0, 100]
)
def test_other_ways_to_write_it_are_refused(text: object) -> None:
    with pytest.raises(ValueError, match="amount"):
        read_yuan(text)


@pytest.mark.parametrize("value", [True, 1.0, "1", None, -1, MAX_FEN + 1])
def test_only_whole_fen_are_fen(value: object) -> None:
    with pytest.raises(ValueError, match=r"fen|books"):
        read_fen(value)


@given(st.text(max_size=200))
def test_a_title_is_short_and_plain(title: str) -> None:
    plain = plain_title(title)
    assert 0 < len(plain) <= TITLE_LENGTH
    assert not set(plain) & set("{}&=\"'/\\<>|_\n\r\t")
    assert plain_title(plain) == plain
