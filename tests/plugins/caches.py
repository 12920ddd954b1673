"""Nothing that one test kept in the cache is found by the next: its rows are gone. And what no test
changes is looked for once."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from typing import Any

import pytest
from django.core.cache import cache


@pytest.fixture(autouse=True)
def _empty_cache() -> Iterator[None]:
    """Begin every test with an empty cache."""
    cache.clear()
    yield
    cache.clear()


@pytest.fixture(autouse=True, scope="session")
def _static_files_found_once() -> Iterator[None]:
    """Every client of a test looks through all static files anew, which takes longer than a page."""
    noise: Any = import_module("whitenoise.middleware").WhiteNoiseMiddleware
    look = noise.add_files_from_finders
    found: dict[str, dict[str, Any]] = {}

    def look_once(middleware: Any) -> None:
        if middleware.static_prefix not in found:
            look(middleware)
            found[middleware.static_prefix] = dict(middleware.files)
        middleware.files.update(found[middleware.static_prefix])

    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setattr(noise, "add_files_from_finders", look_once)
        yield
