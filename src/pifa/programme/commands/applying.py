"""What sellers do: sign up for a rehearsal, enrol, withdraw."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from pifa.kernel import audit, clock
from pifa.kernel.actors import Actor
from pifa.kernel.errors import InvalidInput, NotFound
from pifa.kernel.money import Money
from pifa.parties.models import Company
from pifa.parties.policies import member_id
from pifa.programme import policies, shelf
from pifa.programme.errors import BelowFloor, GatesShut, NoDepartment, WayShut
from pifa.programme.models import Enrolment, Rehearsal, SeasonRow
from pifa.programme.queries import figures
from pifa.programme.queries.ways import past_of
from pifa.programme.rules.asking import Answer
from pifa.programme.rules.calendar import Way, enrolment_way, entry_of, rehearsal_way, way_day
from pifa.programme.rules.entry import Targets, entry_answers, may_apply, shortfalls
from pifa.programme.rules.season import Department, Season, Stage
from pifa.programme.states import ENROLMENT, EnrolmentState, RehearsalState
from pifa.rulebook.rules import Figure
from pifa.trade.rules import required_text

_TARGETS = {"month": _("月目标"), "peak": _("大促当日目标")}


@transaction.atomic
def sign_up(actor: Actor, code: str) -> Rehearsal:
    """Sign up for the rehearsal of the round that is open.

    Raises `WayShut` where the calendar or the company's past says no, `GatesShut` where a gate
    does, `NoDepartment`.
    """
    company_id, row, season, department = _begin(actor, code)
    day = clock.today()
    past = past_of(row, season, company_id, day)
    way = rehearsal_way(season, past, day)
    _require_open(way, way_day(past, way))
    known = figures.entry_figures(season, company_id, day)
    found = entry_answers(season, Stage.REHEARSAL, known, department.code)
    _require_gates(found)
    assert way.round is not None
    rehearsal = Rehearsal.objects.create(
        company_id=company_id,
        season=row,
        round=way.round.code,
        state=RehearsalState.APPLIED,
        figures=_kept(known, found),
        applied_at=clock.now(),
        applied_by_id=member_id(actor),
    )
    audit.record(actor, "rehearsal.sign_up", rehearsal.subject, season=code, round=way.round.code)
    return rehearsal


@transaction.atomic
def enrol(
    actor: Actor, code: str, targets: Targets, declared: Money, exception: str = ""
) -> Enrolment:
    """Enrol for a season with targets and the company's yearly revenue as it declares it.

    `exception` is why gates that are shut should be passed over. Raises `WayShut`, `GatesShut`,
    `BelowFloor`, `NoDepartment`.
    """
    company_id, row, season, department = _begin(actor, code)
    day = clock.today()
    past = past_of(row, season, company_id, day)
    way = enrolment_way(season, past, day)
    _require_open(way, way_day(past, way))
    _require_targets(season, department, targets)
    if declared.fen < 0:
        raise InvalidInput(field="declared", reason=_("营业额不能小于 0。"))
    known = figures.entry_figures(season, company_id, day)
    known["yearly_revenue"] = declared.fen
    known |= {"planned_month": targets.month_fen, "planned_peak": targets.peak_fen}
    found = entry_answers(season, Stage.ENROLMENT, known, department.code)
    reason = required_text(exception, _("特批理由"), 500, "exception") if exception else ""
    if not may_apply(found, exception=bool(reason)):
        _require_gates(found)
    assert way.round is not None
    rehearsal = Rehearsal.objects.filter(
        company=company_id, season=row, round=way.round.code, state=RehearsalState.PASSED
    ).first()
    enrolment = Enrolment.objects.create(
        company_id=company_id,
        season=row,
        round=way.round.code,
        entry=entry_of(past).value,
        rehearsal=None if past.returns else rehearsal,
        department=department.code,
        month_fen=targets.month_fen,
        peak_fen=targets.peak_fen if season.peak else 0,
        declared_fen=declared.fen,
        exception=bool(reason),
        exception_reason=reason,
        figures=_kept(known, found),
        state=EnrolmentState.SUBMITTED,
        applied_at=clock.now(),
        applied_by_id=member_id(actor),
    )
    audit.record(actor, "enrolment.file", enrolment.subject, season=code, exception=bool(reason))
    return enrolment


@transaction.atomic
def withdraw(actor: Actor, enrolment_id: int) -> None:
    """Take an enrolment back that is not decided on. `NotFound`, `WrongState`."""
    company_id = policies.may_apply(actor)
    rows = Enrolment.objects.select_for_update()
    enrolment = rows.filter(pk=enrolment_id, company=company_id).first()
    if enrolment is None:
        raise NotFound
    ENROLMENT.check(enrolment.state, "withdraw")
    enrolment.state = EnrolmentState.WITHDRAWN
    enrolment.decided_at = clock.now()
    enrolment.save(update_fields=["state", "decided_at"])
    audit.record(actor, "enrolment.withdraw", enrolment.subject)


def _begin(actor: Actor, code: str) -> tuple[int, SeasonRow, Season, Department]:
    """Who applies for what; the company's row is the lock of all it applies for."""
    company_id = policies.may_apply(actor)
    row = shelf.row_of(code)
    season = shelf.season_of(row)
    Company.objects.select_for_update(no_key=True).get(pk=company_id)
    department = figures.department_of(season, company_id)
    if department is None:
        raise NoDepartment
    return company_id, row, season, department


def _require_open(way: Way, day: date | None) -> None:
    if not way.is_open:
        raise WayShut(way, day.isoformat() if day else "")


def _require_gates(found: tuple[Answer, ...]) -> None:
    shut = [answer.asked.rule_id for answer in found if answer.shuts]
    if shut:
        raise GatesShut(rules="、".join(shut))


def _require_targets(season: Season, department: Department, targets: Targets) -> None:
    for short in shortfalls(season, department, targets):
        raise BelowFloor(
            field=short.target,
            target=str(_TARGETS[short.target]),
            floor=Money(short.floor_fen),
            missing=Money(short.missing_fen),
        )


def _kept(known: dict[str, Figure], found: tuple[Answer, ...]) -> dict[str, object]:
    return figures.kept(known, [answer.asked.condition.metric for answer in found])
