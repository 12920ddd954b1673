"""Every test begins in the market's own language.

A request in English leaves its thread speaking English; the next test must not notice.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.utils import translation


@pytest.fixture(autouse=True)
def _own_language() -> Iterator[None]:
    translation.deactivate()
    yield
    translation.deactivate()
