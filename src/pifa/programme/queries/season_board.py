"""Seasons and their checkpoints as operators watch them. Operators only."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, TextChoices

from pifa.kernel.actors import Actor
from pifa.kernel.errors import NotFound
from pifa.metrics import queries as metrics
from pifa.programme import policies, shelf
from pifa.programme.models import (
    CheckpointRun,
    Enrolment,
    Membership,
    Rehearsal,
    SeasonRow,
    Verdict,
)
from pifa.programme.rules.checkpoints import Judgement, Outcome, judge, target_of
from pifa.programme.rules.season import Checkpoint, Season
from pifa.programme.states import EnrolmentState, MembershipState, RehearsalState


@dataclass(frozen=True, slots=True)
class RunView:
    """A checkpoint's run: when it is due, when it ran, why it waits, what it came to. `season` is the
    code of its season."""

    season: str
    checkpoint: Checkpoint
    done: bool
    due_at: datetime
    ran_at: datetime | None
    waits: str
    members: int
    passed: int
    outcomes: Mapping[Outcome, int]


@dataclass(frozen=True, slots=True)
class SeasonBoard:
    """A published season: its runs, and how many stand in which state (by label)."""

    row: SeasonRow
    season: Season
    members: int
    runs: tuple[RunView, ...]
    states: tuple[tuple[str, str, int], ...]

    @property
    def waits(self) -> tuple[RunView, ...]:
        """The checkpoints that are due and lack something."""
        return tuple(one for one in self.runs if one.waits)


def boards(actor: Actor) -> tuple[SeasonBoard, ...]:
    """Every published season, the latest first. Four statements."""
    policies.may_review(actor)
    return _boards(list(SeasonRow.objects.order_by("-first_day", "-pk")))


def board(actor: Actor, code: str) -> SeasonBoard:
    """One season with how many applied and are in it; `NotFound`. At most seven statements."""
    policies.may_review(actor)
    row = shelf.row_of(code)
    found = _boards([row])[0]
    states = [
        (str(model._meta.verbose_name), str(kinds(state).label), n)
        for model, kinds in _STATES
        for state, n in _counted(model, row)
    ]
    return SeasonBoard(row, found.season, found.members, found.runs, tuple(states))


_STATES: tuple[tuple[Any, type[TextChoices]], ...] = (
    (Rehearsal, RehearsalState),
    (Enrolment, EnrolmentState),
    (Membership, MembershipState),
)


def _counted(model: Any, row: SeasonRow) -> list[tuple[str, int]]:
    counted = model.objects.filter(season=row).values("state").annotate(n=Count("pk"))
    return list(counted.order_by("state").values_list("state", "n"))


def waiting(actor: Actor) -> tuple[RunView, ...]:
    """The checkpoints that are due and wait for facts, of all seasons. One statement if there are
    none, else four."""
    policies.may_review(actor)
    held = CheckpointRun.objects.filter(state=CheckpointRun.State.WAITING).exclude(reason={})
    rows = {one.season_id: one.season for one in held.select_related("season")}
    found = _boards(list(rows.values())) if rows else ()
    return tuple(run for one in found for run in one.waits)


def _boards(rows: list[SeasonRow]) -> tuple[SeasonBoard, ...]:
    outcomes: dict[int, Counter[Outcome]] = {}
    given = Verdict.objects.filter(run__season__in=rows, superseded=False)
    for run_id, outcome, n in (
        given.values("run", "outcome").annotate(n=Count("pk")).values_list("run", "outcome", "n")
    ):
        outcomes.setdefault(run_id, Counter())[Outcome(outcome)] += n
    runs: dict[int, list[RunView]] = {}
    seasons = {row.pk: shelf.season_of(row) for row in rows}
    listed = CheckpointRun.objects.filter(season__in=rows).select_related("season")
    for one in listed.order_by("position"):
        runs.setdefault(one.season_id, []).append(
            RunView(
                season=one.season.code,
                checkpoint=seasons[one.season_id].checkpoint(one.code),
                done=one.state == CheckpointRun.State.DONE,
                due_at=one.due_at,
                ran_at=one.ran_at,
                waits=str(one.reason.get("words", "")),
                members=one.members,
                passed=one.passed,
                outcomes=outcomes.get(one.pk, Counter()),
            )
        )
    counted = Membership.objects.filter(season__in=rows).values("season")
    members = dict(counted.annotate(n=Count("pk")).values_list("season", "n"))
    return tuple(
        SeasonBoard(row, seasons[row.pk], members.get(row.pk, 0), tuple(runs.get(row.pk, ())), ())
        for row in rows
    )


@dataclass(frozen=True, slots=True)
class DryLine:
    """A member and what a checkpoint would come to for it."""

    company_id: int
    company: str
    department: str
    judgement: Judgement


@dataclass(frozen=True, slots=True)
class DryRun:
    """What a checkpoint would come to for all members in force, who lacks most first. `done`: it has
    run; its verdicts stand, whatever this says."""

    row: SeasonRow
    checkpoint: Checkpoint
    done: bool
    lines: tuple[DryLine, ...]


def dry(actor: Actor, code: str, checkpoint: str) -> DryRun:
    """A checkpoint run dry: nothing is written. `NotFound`. Four statements, however many members."""
    policies.may_review(actor)
    row = shelf.row_of(code)
    run = CheckpointRun.objects.filter(season=row, code=checkpoint).first()
    if run is None:
        raise NotFound
    wanted = shelf.season_of(row).checkpoint(checkpoint)
    members = Membership.objects.filter(season=row, state=MembershipState.IN_FORCE)
    span = wanted.span
    sales = metrics.sales_between(span.first, span.last, members.values("company_id"))
    columns = ("company_id", "company__name", "department", "month_fen", "peak_fen")
    lines = [
        DryLine(
            company_id,
            name,
            department,
            judge(wanted, sales.get(company_id, 0), target_of(wanted.target, month, peak)),
        )
        for company_id, name, department, month, peak in members.values_list(*columns)
    ]
    lines.sort(key=lambda one: (-one.judgement.missing_fen, one.company_id))
    done = run.state == CheckpointRun.State.DONE
    return DryRun(row, wanted, done, tuple(lines))
