"""Which seasons there are to speak of today, and the calendar of each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from pifa.kernel import clock
from pifa.kernel.actors import Actor
from pifa.kernel.errors import NotFound
from pifa.parties import policies as parties
from pifa.programme import shelf
from pifa.programme.models import Membership, SeasonRow
from pifa.programme.rules.days import Dated, calendar_of
from pifa.programme.rules.season import Season

LOOK_BACK = timedelta(days=100)
"""How long after its last day a season may still be carried; files say less."""


@dataclass(frozen=True, slots=True)
class SeasonView:
    """A published season with its calendar."""

    row: SeasonRow
    season: Season
    dates: tuple[Dated, ...]

    @property
    def code(self) -> str:
        return self.season.code

    @property
    def last_entry(self) -> date:
        """The last day on which anybody may enrol."""
        return max(one.enrolment.last for one in self.season.rounds)


def seasons(day: date | None = None) -> tuple[SeasonView, ...]:
    """The seasons that are announced, run, or whose tags are still held, the earliest first. One
    statement; a season's calendar is no secret."""
    day = day or clock.today()
    rows = SeasonRow.objects.filter(last_day__gte=day - LOOK_BACK).order_by("first_day", "code")
    found = [_view(row) for row in rows]
    return tuple(one for one in found if one.season.carried_until >= day)


def season(code: str) -> SeasonView:
    """A published season, also one that is long over; `NotFound`. One statement."""
    return _view(shelf.row_of(code))


def to_enter(found: tuple[SeasonView, ...], day: date) -> SeasonView:
    """The season that a company would apply for on a day: the first whose enrolment is not over,
    else the latest. `NotFound` where there is none."""
    coming = [one for one in found if one.last_entry >= day]
    if coming:
        return coming[0]
    if found:
        return found[-1]
    raise NotFound


@dataclass(frozen=True, slots=True)
class OwnSeason:
    """A season in which a company is or was a member."""

    code: str
    title: str
    title_en: str
    first: date
    last: date
    member_tag: bool


def own_seasons(actor: Actor) -> tuple[OwnSeason, ...]:
    """The seasons of the actor's company, the latest first. One statement."""
    rows = Membership.objects.filter(company=parties.require(actor)).order_by("-season__first_day")
    columns = ("code", "title", "title_en", "first_day", "last_day")
    return tuple(
        OwnSeason(*values)
        for values in rows.values_list(*(f"season__{name}" for name in columns), "member_tag")
    )


def to_follow(own: tuple[OwnSeason, ...], day: date) -> OwnSeason | None:
    """The season whose dashboard a member wants to see: the one that runs, else the latest that has
    begun, else the one it waits for."""
    running = [one for one in own if one.first <= day <= one.last]
    begun = [one for one in own if one.first <= day]
    return next(iter([*running, *begun, *reversed(own)]), None)


def _view(row: SeasonRow) -> SeasonView:
    made = shelf.season_of(row)
    return SeasonView(row, made, calendar_of(made))
