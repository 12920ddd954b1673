from __future__ import annotations

import pytest

from tests.plugins.clock import MarketClock
from tests.programme.world import World


@pytest.fixture
def season(market_clock: MarketClock) -> World:
    """The season of March 2018, published."""
    world = World(market_clock)
    world.publish()
    return world
