"""Nothing that one test kept in the cache is found by the next: its rows are gone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.core.cache import cache


@pytest.fixture(autouse=True)
def _empty_cache() -> Iterator[None]:
    """Begin every test with an empty cache."""
    cache.clear()
    yield
    cache.clear()
