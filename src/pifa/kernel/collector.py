"""Work that makes very many objects at once, none of them in cycles."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def without_collector() -> Iterator[None]:
    """Do not look for cycles meanwhile: looking through a million live rows again and again takes a
    quarter of the time. Where nobody looks anyway, nothing changes."""
    looked = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if looked:
            gc.enable()
