"""The market of one buyer and one seller that most tests of orders begin with."""

from __future__ import annotations

import pytest

from tests.trade import market


@pytest.fixture
def trading(db: None) -> market.Trading:
    return market.trading()
