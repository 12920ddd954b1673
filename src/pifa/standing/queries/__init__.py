"""The readers of standing: what companies hold, why, until when, and how many hold what."""

from __future__ import annotations

from pifa.standing.queries.current import (
    CompanyStanding,
    HeldStep,
    SpanView,
    history,
    levels_of,
    medals_of,
    standing_of,
)
from pifa.standing.queries.explaining import (
    ConditionLine,
    Explained,
    LadderStory,
    explain,
)
from pifa.standing.queries.market import (
    Distribution,
    PlausibilityRow,
    RunView,
    companies_at,
    distribution,
    latest_run,
    plausibility,
    runs,
)

__all__ = [
    "CompanyStanding",
    "ConditionLine",
    "Distribution",
    "Explained",
    "HeldStep",
    "LadderStory",
    "PlausibilityRow",
    "RunView",
    "SpanView",
    "companies_at",
    "distribution",
    "explain",
    "history",
    "latest_run",
    "levels_of",
    "medals_of",
    "plausibility",
    "runs",
    "standing_of",
]
