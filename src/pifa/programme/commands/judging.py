"""What a checkpoint's run writes, in statements whose number does not grow with the members."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import QuerySet
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

LINES = 2_000
"""Verdicts that PostgreSQL is handed at once."""


class Judged(NamedTuple):
    """A member with its judgement."""

    membership_id: int
    company_id: int
    department: str
    had_traffic: bool
    judgement: Judgement


class _After(NamedTuple):
    """What a verdict leaves a membership with."""

    state: str
    member_tag: bool
    traffic_tag: bool
    removed_reason: str = ""


_IN_FORCE = MembershipState.IN_FORCE.value
_RENEWED = _After(MembershipState.RENEWED.value, True, True)
_ENDED = _After(MembershipState.ENDED.value, False, False)
_AFTER = {
    Outcome.KEPT: _After(_IN_FORCE, True, True),
    Outcome.TRAFFIC_LOST: _After(_IN_FORCE, True, False),
    Outcome.RENEWED: _RENEWED,
    Outcome.NOT_RENEWED: _ENDED,
    Outcome.FROZEN: _After(MembershipState.REMOVED.value, False, False, MISSED),
}


def judged_of(checkpoint: Checkpoint, members: QuerySet[Membership]) -> list[Judged]:
    """Members with what a checkpoint comes to for them as facts stand now. Two statements."""
    return list(each_judged(checkpoint, members))


def each_judged(checkpoint: Checkpoint, members: QuerySet[Membership]) -> Iterator[Judged]:
    """The same, judged one by one as they are asked for; both statements are over by then, so that
    the connection is free for what is written meanwhile."""
    span = checkpoint.span
    sales = metrics.sales_between(span.first, span.last, members.values("company_id"))
    columns = ("pk", "company_id", "department", "traffic_tag", "month_fen", "peak_fen")
    rows = list(members.order_by("pk").values_list(*columns))

    def judgement(company_id: int, month_fen: int, peak_fen: int) -> Judgement:
        target = target_of(checkpoint.target, month_fen, peak_fen)
        return judge(checkpoint, sales.get(company_id, 0), target)

    return (
        Judged(pk, company_id, department, traffic, judgement(company_id, *targets))
        for pk, company_id, department, traffic, *targets in rows
    )


def write(run_: CheckpointRun, judged: Iterable[Judged]) -> tuple[list[Judged], list[int]]:
    """Keep the verdicts: the judged as they came, and the ids of their verdicts.

    A run writes a hundred thousand, so that only what differs between them travels to SQLite, as
    one JSON parameter, and PostgreSQL takes them in while the next are judged. Its twin by the ORM
    is in the tests.
    """
    moment = clock.now()
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            kept = list(judged)
            same: list[Any] = [run_.pk, Verdict.Cause.RUN.value, moment.replace(tzinfo=None)]
            cursor.execute(_INSERT, [*same, json.dumps([_values(one) for one in kept])])
            return kept, [found[0] for found in cursor.fetchall()]
        kept, waiting = [], iter(judged)
        begin = f"{run_.pk}\t1\tf\t{Verdict.Cause.RUN.value}\t{moment.isoformat()}"
        with cursor.copy(_COPY) as copy:
            while some := list(islice(waiting, LINES)):
                kept += some
                copy.write("".join([begin + _LINE % _values(one) for one in some]))
        cursor.execute(_IDS, [run_.pk])
        return kept, cursor.fetchone()[0] or []


_COLUMNS = (
    "run_id, revision, superseded, cause, at, membership_id, measured_fen, target_fen, asked_fen,"
    " outcome, had_traffic"
)
_COPY = f"COPY programme_verdict ({_COLUMNS}) FROM STDIN"
_LINE = "\t%d\t%d\t%d\t%d\t%s\t%s\n"
_IDS = "SELECT array_agg(id ORDER BY id) FROM programme_verdict WHERE run_id = %s"
_INSERT = f"""
    INSERT INTO programme_verdict ({_COLUMNS})
    SELECT %s, 1, 0, %s, %s, {", ".join(f"value ->> {place}" for place in range(6))}
    FROM json_each(%s) ORDER BY key
    RETURNING id
"""  # noqa: S608 - our own columns


def _values(one: Judged) -> tuple[int, int, int, int, str, bool]:
    """What differs between verdicts, in the order of the columns."""
    found = one.judgement
    return (
        one.membership_id,
        found.measured_fen,
        found.target_fen,
        found.asked_fen,
        found.outcome.value,
        one.had_traffic,
    )


def tag(row: SeasonRow, judged: Iterable[Judged]) -> None:
    """Move tags and states of everybody to whom this run gives or takes something; their benefits
    follow when it is told (`granting.follow`). One statement, and one for each way they move."""
    later = Membership.objects.filter(season__first_day__gt=row.first_day, state=_IN_FORCE)
    elsewhere = set(later.values_list("company", flat=True))
    moved: dict[_After, list[int]] = defaultdict(list)
    for one in judged:
        after = _AFTER[one.judgement.outcome]
        if after is _RENEWED and one.company_id in elsewhere:
            after = _ENDED  # it holds its tags by that season already
        if after.state != _IN_FORCE or after.traffic_tag != one.had_traffic:
            moved[after].append(one.membership_id)
    sqlite = connection.vendor == "sqlite"
    with connection.cursor() as cursor:
        for after, ids in moved.items():
            given: Any = json.dumps(ids) if sqlite else ids
            cursor.execute(_MOVE_SQLITE if sqlite else _MOVE_POSTGRES, [*after, given])


_MOVE = """
    UPDATE programme_membership
    SET state = %s, member_tag = %s, traffic_tag = %s, removed_reason = %s
    WHERE id IN (SELECT {ids})
"""
_MOVE_SQLITE = _MOVE.format(ids="value FROM json_each(%s)")
_MOVE_POSTGRES = _MOVE.format(ids="unnest(%s::bigint[])")


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
    out = [Outcome.NOT_RENEWED.value, Outcome.FROZEN.value]
    given = Verdict.objects.filter(run=run_, superseded=False, outcome__in=out)
    companies = given.values("membership__company")
    Membership.objects.filter(
        company__in=companies,
        season__first_day__gt=row.first_day,
        state__in=[MembershipState.WAITING, MembershipState.IN_FORCE],
    ).update(
        state=MembershipState.REMOVED,
        removed_reason=NOT_RETURNING,
        member_tag=False,
        traffic_tag=False,
    )
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
