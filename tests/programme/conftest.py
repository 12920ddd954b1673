from __future__ import annotations

from pathlib import Path

import pytest

from pifa.demo.vocabulary.categories import TOP_CATEGORIES
from pifa.programme.reading import read_file
from pifa.programme.rules.season import Season

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
