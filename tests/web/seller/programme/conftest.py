from __future__ import annotations

import pytest

from tests.plugins.clock import MarketClock
from tests.programme.world import World


@pytest.fixture
def season(market_clock: MarketClock) -> World:
    """The market in which the season of March 2018 is published."""
    made = World(market_clock)
    made.publish()
    return made
