"""What a checkpoint's run writes, in statements whose number does not grow with the members."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_noop

from pifa.kernel import bulk, clock
from pifa.kernel.events import emit
from pifa.metrics import queries as metrics
from pifa.programme.events import AT_ONCE, EnrolmentDecided, VerdictsGiven
from pifa.programme.models import CheckpointRun, Enrolment, Freeze, Membership, SeasonRow, Verdict
from pifa.programme.rules.checkpoints import Judgement, Outcome, frozen_until, judge, target_of
from pifa.programme.rules.season import Checkpoint
from pifa.programme.states import EnrolmentState, MembershipState

MISSED = gettext_noop("月底考核未达标")
NOT_RETURNING = gettext_noop("上一季未留存")

_GONE = {"member_tag": False, "traffic_tag": False}


class Judged(NamedTuple):
    """A member with its judgement."""

    membership_id: int
    company_id: int
    department: str
    had_traffic: bool
    judgement: Judgement


def judged_of(checkpoint: Checkpoint, members: QuerySet[Membership]) -> list[Judged]:
    """Members with what a checkpoint comes to for them as facts stand now. Two statements."""
    span = checkpoint.span
    sales = metrics.sales_between(span.first, span.last, members.values("company_id"))
    columns = ("pk", "company_id", "department", "traffic_tag", "month_fen", "peak_fen")
    found = []
    for pk, company_id, department, traffic, month_fen, peak_fen in members.order_by(
        "pk"
    ).values_list(*columns):
        target = target_of(checkpoint.target, month_fen, peak_fen)
        judgement = judge(checkpoint, sales.get(company_id, 0), target)
        found.append(Judged(pk, company_id, department, traffic, judgement))
    return found


def write(run_: CheckpointRun, judged: Iterable[Judged]) -> list[int]:
    """Keep the verdicts; their ids. One statement.

    A run writes a hundred thousand, so that only what differs between them travels, as one JSON
    parameter. Its twin by the ORM is in the tests.
    """
    given = [
        (
            one.membership_id,
            one.judgement.measured_fen,
            one.judgement.target_fen,
            one.judgement.asked_fen,
            one.judgement.outcome,
            one.had_traffic,
        )
        for one in judged
    ]
    if not given:
        return []
    sqlite = connection.vendor == "sqlite"
    moment = clock.now()
    same: list[Any] = [
        run_.pk,
        Verdict.Cause.RUN.value,
        moment.replace(tzinfo=None) if sqlite else moment,
    ]
    with connection.cursor() as cursor:
        cursor.execute(_INSERT_SQLITE if sqlite else _INSERT_POSTGRES, [*same, json.dumps(given)])
        return [found[0] for found in cursor.fetchall()]


_INSERT = """
    INSERT INTO programme_verdict (run_id, revision, superseded, cause, at, membership_id,
        measured_fen, target_fen, asked_fen, outcome, had_traffic)
    SELECT %s, 1, {no}, %s, %s, {values}
    FROM {rows}
    RETURNING id
"""
_INSERT_SQLITE = _INSERT.format(
    no="0",
    values=", ".join(f"value ->> {place}" for place in range(6)),
    rows="json_each(%s) ORDER BY key",
)
_INSERT_POSTGRES = _INSERT.format(
    no="false",
    values=", ".join(
        f"(value ->> {place})::{kind}"
        for place, kind in enumerate(["bigint", "bigint", "bigint", "bigint", "text", "boolean"])
    ),
    rows="jsonb_array_elements(%s::jsonb) AS rows(value)",
)


def tag(row: SeasonRow, run_: CheckpointRun) -> None:
    """Move tags and states of everybody to whom this run gives or takes something; their benefits
    follow when it is told (`granting.follow`)."""
    _of(run_, Outcome.KEPT).filter(traffic_tag=False).update(traffic_tag=True)
    _of(run_, Outcome.TRAFFIC_LOST).filter(traffic_tag=True).update(traffic_tag=False)
    renewed = _of(run_, Outcome.RENEWED)
    renewed.update(traffic_tag=True, state=MembershipState.RENEWED)
    # Who is a member of a later season already holds its tags by that one.
    later = Membership.objects.filter(
        company=OuterRef("company"),
        season__first_day__gt=row.first_day,
        state=MembershipState.IN_FORCE,
    )
    renewed.filter(Exists(later)).update(state=MembershipState.ENDED, **_GONE)
    _of(run_, Outcome.NOT_RENEWED).update(state=MembershipState.ENDED, **_GONE)
    _of(run_, Outcome.FROZEN).update(state=MembershipState.REMOVED, removed_reason=MISSED, **_GONE)


def freeze(row: SeasonRow, checkpoint: Checkpoint, judged: Iterable[Judged]) -> None:
    """Let who missed the last checkpoint by far not apply for some months."""
    rows: list[dict[str, Any]] = [
        {
            "company_id": one.company_id,
            "kind": Freeze.Kind.MISSED.value,
            "season_id": row.pk,
            "since": checkpoint.runs_on,
            "until": frozen_until(checkpoint),
        }
        for one in judged
        if one.judgement.outcome is Outcome.FROZEN
    ]
    bulk.insert(Freeze, rows, returning=None)


def undo_later(row: SeasonRow, run_: CheckpointRun) -> None:
    """Who did not stay is no returning member of a later season: what it was given there, it was
    given for this season's month."""
    companies = _out(run_).values("company")
    Membership.objects.filter(
        company__in=companies,
        season__first_day__gt=row.first_day,
        state__in=[MembershipState.WAITING, MembershipState.IN_FORCE],
    ).update(state=MembershipState.REMOVED, removed_reason=NOT_RETURNING, **_GONE)
    theirs = Enrolment.objects.filter(company__in=companies, season__first_day__gt=row.first_day)
    told = []
    for state, sources in (
        (EnrolmentState.REFUSED, [EnrolmentState.SUBMITTED, EnrolmentState.SECOND]),
        (EnrolmentState.VOID, [EnrolmentState.APPROVED]),
    ):
        rows = theirs.filter(state__in=sources)
        told += [
            EnrolmentDecided(
                company_id=company_id,
                season=code,
                state=state.value,
                month_fen=month_fen,
                reason=NOT_RETURNING,
            )
            for company_id, code, month_fen in rows.values_list(
                "company", "season__code", "month_fen"
            )
        ]
        rows.update(state=state, reason=NOT_RETURNING, decided_at=clock.now())
    emit(*told)


def announce(row: SeasonRow, code: str, ids: Sequence[int]) -> None:
    """Tell of verdicts, some hundreds in an event."""
    told = sorted(ids)
    emit(
        *(
            VerdictsGiven(
                season=row.code,
                checkpoint=code,
                first_id=told[start],
                last_id=told[min(start + AT_ONCE, len(told)) - 1],
            )
            for start in range(0, len(told), AT_ONCE)
        )
    )


def _of(run_: CheckpointRun, *outcomes: Outcome) -> QuerySet[Membership]:
    """The memberships to which a run gave one of these outcomes."""
    given = Verdict.objects.filter(
        run=run_, superseded=False, outcome__in=[one.value for one in outcomes]
    )
    return Membership.objects.filter(pk__in=given.values("membership"))


def _out(run_: CheckpointRun) -> QuerySet[Membership]:
    return _of(run_, Outcome.NOT_RENEWED, Outcome.FROZEN)
