"""A market with an offer that is paid in stages, an order of it, and a buyer's word."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from pifa.trade.models import Order
from tests.trade.market import Trading
from tests.trade.staged_market import staged_trading, word_of_mouth


@pytest.fixture
def trading(db: None) -> Trading:
    return staged_trading()


@pytest.fixture
def order(trading: Trading) -> Order:
    """¥35.00 by 30 %: a deposit of ¥10.50 and a balance of ¥24.50."""
    placed = trading.place(100)
    assert placed.total_fen == 35_00
    return placed


@pytest.fixture
def word() -> Iterator[None]:
    with word_of_mouth():
        yield
