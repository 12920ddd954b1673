"""What this floor announces."""

from __future__ import annotations

from dataclasses import dataclass

from pifa.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class GrantsChanged(Event):
    """Companies gained or lost a benefit with a market day, or its terms changed."""

    name = "benefits.changed"
    benefit: str
    company_ids: tuple[int, ...]
    day: str
