"""What this floor announces, whom it tells, and what it does when facts are revised."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from pifa.kernel.events import Event, consumer
from pifa.messages import commands as messages
from pifa.metrics.events import FactsRevised


@dataclass(frozen=True, kw_only=True)
class StandingChanged(Event):
    """A company holds another step from a market day on. Codes are the rulebook's, "" for none."""

    name = "standing.changed"
    company_id: int
    day: str
    kind: str
    old: str
    new: str
    old_rank: int
    new_rank: int


@dataclass(frozen=True, kw_only=True)
class FallAhead(Event):
    """A company will hold less from a day on if nothing more happens."""

    name = "standing.fall_ahead"
    company_id: int
    kind: str
    old: str
    new: str
    falls_on: str


@dataclass(frozen=True, kw_only=True)
class RatingWaits(Event):
    """A day's rating waits for facts, or for a rulebook that can be read."""

    name = "standing.rating_waits"
    day: str
    reason: str


@consumer("standing.notices", StandingChanged.name, FallAhead.name)
def _tell(name: str, payload: dict[str, Any], happened_at: datetime) -> None:
    from pifa.standing.notices import notice_of

    notice = notice_of(name, payload)
    if notice is not None:
        messages.notify_all([notice])


@consumer("standing.revised", FactsRevised.name)
def _rate_anew(name: str, payload: dict[str, Any], happened_at: datetime) -> None:
    """Have the days rated again whose windows look back on the revised facts."""
    from pifa.standing import commands

    commands.rate_anew(
        date.fromisoformat(payload["first_day"]), date.fromisoformat(payload["last_day"])
    )
