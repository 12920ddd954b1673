"""The readers of standing: what companies hold, why, until when, and how many hold what."""

from __future__ import annotations

from pifa.standing.queries.current import (
    CompanyStanding,
    HeldStep,
    SpanView,
    history,
    is_certified,
    levels_of,
    medals_of,
    standing_of,
)
from pifa.standing.queries.explaining import (
    ConditionLine,
    Explained,
    LadderStory,
    explain,
    line_of,
    tell_ladder,
)
from pifa.standing.queries.market import (
    Distribution,
    RunView,
    StepCount,
    companies_at,
    distribution,
    latest_run,
    runs,
    waiting,
)
from pifa.standing.queries.outlook import Outlook, StoryToday, glance, outlook
from pifa.standing.queries.plausible import PlausibilityRow, plausibility

__all__ = [
    "CompanyStanding",
    "ConditionLine",
    "Distribution",
    "Explained",
    "HeldStep",
    "LadderStory",
    "Outlook",
    "PlausibilityRow",
    "RunView",
    "SpanView",
    "StepCount",
    "StoryToday",
    "companies_at",
    "distribution",
    "explain",
    "glance",
    "history",
    "is_certified",
    "latest_run",
    "levels_of",
    "line_of",
    "medals_of",
    "outlook",
    "plausibility",
    "runs",
    "standing_of",
    "tell_ladder",
    "waiting",
]
