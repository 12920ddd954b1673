"""What every test stands on; each plugin's first lines say what it offers."""

from __future__ import annotations

pytest_plugins = [
    "tests.plugins.database",
    "tests.plugins.clock",
    "tests.plugins.browser",
]
