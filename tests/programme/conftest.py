from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pifa.demo.vocabulary.categories import TOP_CATEGORIES
from pifa.programme.reading import read_file
from pifa.programme.rules.season import Season
from tests.plugins.clock import MarketClock

if TYPE_CHECKING:
    from tests.programme.world import World

SEASONS = Path(__file__).resolve().parents[2] / "src" / "pifa" / "seasons"
MARCH = SEASONS / "march-2018.toml"
MONTHLY = SEASONS / "monthly.toml"
CATEGORIES = {one.slug: one.name for one in TOP_CATEGORIES}


@pytest.fixture(scope="session")
def march() -> Season:
    """The deck's season of March 2018, as it ships."""
    season = read_file(MARCH, categories=CATEGORIES).season
    assert season is not None
    return season


@pytest.fixture
def world(market_clock: MarketClock) -> World:
    from tests.programme.world import World

    return World(market_clock)


@pytest.fixture
def season(world: World) -> World:
    world.publish()
    return world
