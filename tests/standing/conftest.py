from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import override_settings

from tests.metrics.world import TODAY, at
from tests.plugins.clock import MarketClock


@pytest.fixture(autouse=True)
def lake(tmp_path: Path, market_clock: MarketClock) -> Iterator[Path]:
    """A lake of the test's own, at noon of `TODAY`."""
    market_clock.set(at(TODAY))
    with override_settings(LAKE=tmp_path / "lake"):
        yield tmp_path / "lake"
