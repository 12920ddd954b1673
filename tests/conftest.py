"""What every test stands on; each plugin's first lines say what it offers."""

from __future__ import annotations

import pytest

from tools import translations

pytest_plugins = [
    "tests.plugins.ground",
    "tests.plugins.database",
    "tests.plugins.books",
    "tests.plugins.clock",
    "tests.plugins.caches",
    "tests.plugins.language",
    "tests.plugins.browser",
    "tests.plugins.gateways",
]


def pytest_sessionstart(session: pytest.Session) -> None:
    """Compile translations that changed, once, so that pages in English are as in the source."""
    if not hasattr(session.config, "workerinput"):
        translations.compile_all()
