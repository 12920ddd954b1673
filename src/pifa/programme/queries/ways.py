"""Which way into a season is open for a company, and what of its past decides that."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from pifa.kernel import clock
from pifa.kernel.actors import Actor
from pifa.parties import policies as parties
from pifa.programme import shelf
from pifa.programme.models import Enrolment, Freeze, Membership, Rehearsal, SeasonRow
from pifa.programme.queries import figures
from pifa.programme.rules.asking import Answer
from pifa.programme.rules.calendar import (
    Entry,
    Past,
    Rehearsed,
    Way,
    enrolment_way,
    entry_of,
    rehearsal_way,
    way_day,
)
from pifa.programme.rules.checkpoints import Outcome
from pifa.programme.rules.entry import entry_answers
from pifa.programme.rules.season import Department, Season, Stage
from pifa.programme.states import OPEN_ENROLMENT, MembershipState, RehearsalState

_PASSED = {
    RehearsalState.PASSED: True,
    RehearsalState.FAILED: False,
    RehearsalState.REFUSED: False,
}


@dataclass(frozen=True, slots=True)
class WayIn:
    """A season's ways for one company today, with what is asked and how it stands.

    `rehearsal_opens` and `enrolment_opens` are the days from which a way that is shut may be open.
    """

    season: Season
    department: Department | None
    entry: Entry
    rehearsal: Way
    enrolment: Way
    rehearsal_asks: tuple[Answer, ...]
    enrolment_asks: tuple[Answer, ...]
    rehearsal_opens: date | None
    enrolment_opens: date | None


def way_in(actor: Actor, code: str) -> WayIn:
    """The ways into a season for the actor's company. At most seventeen statements."""
    company_id = parties.require(actor)
    row = shelf.row_of(code)
    season, day = shelf.season_of(row), clock.today()
    past = past_of(row, season, company_id, day)
    department = figures.department_of(season, company_id)
    known = figures.entry_figures(season, company_id, day)
    of = department.code if department else ""
    rehearsal, enrolment = rehearsal_way(season, past, day), enrolment_way(season, past, day)
    return WayIn(
        season=season,
        department=department,
        entry=entry_of(past),
        rehearsal=rehearsal,
        enrolment=enrolment,
        rehearsal_asks=entry_answers(season, Stage.REHEARSAL, known, of),
        enrolment_asks=entry_answers(season, Stage.ENROLMENT, known, of),
        rehearsal_opens=way_day(past, rehearsal),
        enrolment_opens=way_day(past, enrolment),
    )


def past_of(row: SeasonRow, season: Season, company_id: int, day: date) -> Past:
    """What of a company's past decides its way into a season. Four statements."""
    # In the month itself it is a member still; later its last verdict says whether it stayed one.
    stays = Q(state=MembershipState.IN_FORCE) | Q(
        verdicts__superseded=False, verdicts__outcome=Outcome.RENEWED, removed_reason=""
    )
    in_month = Membership.objects.filter(
        stays,
        company=company_id,
        season__first_day__lte=season.returning.last,
        season__last_day__gte=season.returning.first,
    ).exclude(season=row)
    frozen_until, barred = held_back(company_id, day)
    rehearsals = Rehearsal.objects.filter(company=company_id, season=row).order_by("pk")
    return Past(
        returns=in_month.exists(),
        frozen_until=frozen_until,
        barred=barred,
        enrolled=Enrolment.objects.filter(
            company=company_id, season=row, state__in=OPEN_ENROLMENT
        ).exists(),
        rehearsals=tuple(
            Rehearsed(round_, _PASSED.get(RehearsalState(state)))
            for round_, state in rehearsals.values_list("round", "state")
        ),
    )


def held_back(company_id: int, day: date) -> tuple[date | None, bool]:
    """The first day on which a company may apply again (None: it may on `day`), and whether it may
    not at all. One statement."""
    until, barred = None, False
    rows = Freeze.objects.filter(company=company_id, lifted_at=None)
    for kind, end in rows.values_list("kind", "until"):
        if kind == Freeze.Kind.BRUSHING:
            barred = True
        elif end is not None and end > day and (until is None or end > until):
            until = end
    return until, barred
