"""A seller that lets its buyer pay at the door."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from pifa.finance import commands as finance
from pifa.kernel.money import Money
from pifa.ledger import queries as books
from tests.trade import market
from tests.trade.cash.door import Door


@pytest.fixture
def door(trading: market.Trading) -> Iterator[Door]:
    finance.offer_cash(trading.selling, True, Money(5_000_00), ["33", "31"])
    yield Door(trading)
    assert books.check() == []
