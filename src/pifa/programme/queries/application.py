"""One enrolment or rehearsal with all that a reviewer weighs. Operators only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from pifa.kernel import clock
from pifa.kernel.actors import Actor
from pifa.kernel.errors import NotFound
from pifa.parties.models import Company
from pifa.programme import policies, shelf
from pifa.programme.models import Enrolment, Evidence, Opinion, Rehearsal
from pifa.programme.queries import applications, figures
from pifa.programme.queries.applications import ProofView
from pifa.programme.queries.company_past import CompanyPast, past_of_company
from pifa.programme.queries.naming import person
from pifa.programme.queries.review_queue import (
    Applied,
    departments_of,
    enrolments_shown,
    rehearsal_shown,
)
from pifa.programme.rules.asking import Answer
from pifa.programme.rules.entry import entry_answers
from pifa.programme.rules.season import Stage
from pifa.programme.states import RehearsalState
from pifa.rulebook.rules import Figure


@dataclass(frozen=True, slots=True)
class Said:
    """What a reviewer said of an enrolment."""

    approves: bool
    reason: str
    by: str
    by_id: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Found:
    """What a reviewer found out, and what bears it out; `value` as the metric counts it."""

    metric: str
    value: int
    words: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Compared:
    """A condition by the figures of the day it was filed, and by those of today; `now` is None once
    it is decided."""

    filed: Answer
    now: Answer | None


@dataclass(frozen=True, slots=True)
class Application:
    """An application before its reviewer. `rehearsal` are the conditions of the rehearsal that it is
    or leans on, counted live; `proofs` what the seller brought; `needs` how many approvals an
    exception asks, `has_said` whether the actor gave an opinion already. `registered` is when the
    company came to the market."""

    shown: Applied
    login: str
    region: str
    registered: datetime
    compared: tuple[Compared, ...]
    rehearsal: tuple[Answer, ...]
    rehearsal_state: str
    said: tuple[Said, ...]
    found: tuple[Found, ...]
    proofs: tuple[ProofView, ...]
    needs: int
    has_said: bool
    past: CompanyPast


def enrolment_file(actor: Actor, enrolment_id: int) -> Application:
    """An enrolment; `NotFound`. Some thirty statements."""
    user_id = policies.may_review(actor)
    rows = Enrolment.objects.select_related("company", "season", "rehearsal")
    row = rows.filter(pk=enrolment_id).first()
    if row is None:
        raise NotFound
    shown = enrolments_shown([row])[0]
    said, season = _said(row), shelf.season_of(row.season)
    return Application(
        shown=shown,
        login=row.company.login,
        region=row.company.region,
        registered=row.company.created_at,
        compared=_compared(shown, _known_now(row) if row.decided_at is None else None),
        rehearsal=_rehearsing(row.rehearsal) if row.rehearsal else (),
        rehearsal_state=row.rehearsal.get_state_display() if row.rehearsal else "",
        said=said,
        found=_found(row),
        proofs=applications.enrolment(actor, enrolment_id).proofs,
        needs=season.opinions if row.exception else 1,
        has_said=any(one.by_id == user_id for one in said),
        past=past_of_company(actor, row.company_id),
    )


def rehearsal_file(actor: Actor, rehearsal_id: int) -> Application:
    """A rehearsal; `NotFound`. Some twenty statements."""
    policies.may_review(actor)
    row = Rehearsal.objects.select_related("company", "season").filter(pk=rehearsal_id).first()
    if row is None:
        raise NotFound
    shown = rehearsal_shown(row, departments_of([row.company_id]).get(row.company_id, ""))
    waits = row.state == RehearsalState.APPLIED
    known = figures.entry_figures(shown.season, row.company_id, clock.today()) if waits else None
    return Application(
        shown=shown,
        login=row.company.login,
        region=row.company.region,
        registered=row.company.created_at,
        compared=_compared(shown, known),
        rehearsal=_rehearsing(row),
        rehearsal_state=row.get_state_display(),
        said=(),
        found=(),
        proofs=(),
        needs=1,
        has_said=False,
        past=past_of_company(actor, row.company_id),
    )


def company_name(company_id: int) -> str:
    """What a company is called; empty for none. One statement."""
    return Company.objects.filter(pk=company_id).values_list("name", flat=True).first() or ""


def _known_now(row: Enrolment) -> dict[str, Figure]:
    season = shelf.season_of(row.season)
    known = figures.entry_figures(season, row.company_id, clock.today())
    known |= {"planned_month": row.month_fen, "planned_peak": row.peak_fen}
    return figures.with_evidence(row, known)


def _compared(shown: Applied, known: dict[str, Figure] | None) -> tuple[Compared, ...]:
    if known is None:
        return tuple(Compared(one, None) for one in shown.answers)
    stage = Stage.REHEARSAL if shown.is_rehearsal else Stage.ENROLMENT
    now = entry_answers(shown.season, stage, known, shown.department)
    return tuple(Compared(*pair) for pair in zip(shown.answers, now, strict=True))


def _rehearsing(row: Rehearsal) -> tuple[Answer, ...]:
    season = shelf.season_of(row.season)
    found = figures.rehearsal_progress(season, season.round(row.round), row.company_id)
    return found.answers


def _said(row: Enrolment) -> tuple[Said, ...]:
    rows = Opinion.objects.filter(enrolment=row).select_related("by").order_by("pk")
    return tuple(Said(one.approves, one.reason, person(one.by), one.by_id, one.at) for one in rows)


def _found(row: Enrolment) -> tuple[Found, ...]:
    rows = Evidence.objects.filter(enrolment=row).select_related("by").order_by("pk")
    return tuple(Found(one.metric, one.value, one.words, person(one.by), one.at) for one in rows)
