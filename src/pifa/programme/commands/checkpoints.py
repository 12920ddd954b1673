"""Checkpoints are run for all members at once, exactly once, and given again where facts changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_noop

from pifa.kernel import clock
from pifa.kernel.collector import without_collector
from pifa.metrics import queries as metrics
from pifa.programme import shelf
from pifa.programme.commands import granting, judging
from pifa.programme.commands.judging import MISSED, NOT_RETURNING, Judged
from pifa.programme.errors import StillWaiting
from pifa.programme.models import CheckpointRun, Enrolment, Freeze, Membership, SeasonRow, Verdict
from pifa.programme.rules.checkpoints import (
    Judgement,
    Outcome,
    Tags,
    frozen_until,
    tags_after,
)
from pifa.programme.rules.season import Checkpoint
from pifa.programme.states import OPEN_ENROLMENT, EnrolmentState, MembershipState

LIFTED = gettext_noop("考核结果已更正")

_STATE_AFTER = {
    Outcome.RENEWED: MembershipState.RENEWED,
    Outcome.NOT_RENEWED: MembershipState.ENDED,
    Outcome.FROZEN: MembershipState.REMOVED,
}
"""Where the last checkpoint leaves a membership; the others leave it in force."""


@dataclass(frozen=True, slots=True)
class Result:
    """What a run came to: members by outcome. `before`: it had run already, and nothing was done."""

    code: str
    outcomes: Mapping[Outcome, int]
    before: bool = False

    @property
    def members(self) -> int:
        return sum(self.outcomes.values())

    @property
    def passed(self) -> int:
        return self.outcomes.get(Outcome.KEPT, 0) + self.outcomes.get(Outcome.RENEWED, 0)


def dry_run(row: SeasonRow, code: str) -> list[Judged]:
    """What a checkpoint would come to as facts stand now; nothing is written. Two statements."""
    return judging.judged_of(shelf.season_of(row).checkpoint(code), _in_force(row))


@transaction.atomic
def run(row: SeasonRow, code: str) -> Result:
    """Run a checkpoint: verdicts, tags, freezes, in one transaction; benefits follow it in parts.

    Raises `StillWaiting` while an earlier one of the season waits, `FactsIncomplete` while facts of
    its days are missing. One that has run stays as it is.
    """
    checkpoint = shelf.season_of(row).checkpoint(code)
    runs = CheckpointRun.objects.select_for_update(no_key=True).filter(season=row)
    known = {one.code: one for one in runs.order_by("position")}
    mine = known[code]
    if mine.state == CheckpointRun.State.DONE:
        return Result(code, {}, before=True)
    for one in known.values():
        if one.position < mine.position and one.state == CheckpointRun.State.WAITING:
            raise StillWaiting(code=code, earlier=one.code)
    metrics.require_complete(checkpoint.span.last)
    with without_collector():
        judged, ids = judging.write(mine, judging.each_judged(checkpoint, _in_force(row)))
        judging.tag(row, judged)
        judging.freeze(row, checkpoint, judged)
        result = Result(code, Counter(one.judgement.outcome for one in judged))
    judging.undo_later(row, mine)
    mine.state, mine.ran_at, mine.reason = CheckpointRun.State.DONE, clock.now(), {}
    mine.members, mine.passed = result.members, result.passed
    mine.save(update_fields=["state", "ran_at", "reason", "members", "passed"])
    judging.announce(row, code, ids)
    return result


@transaction.atomic
def revise(first_rating: date, company_ids: Collection[int]) -> int:
    """Give the verdicts of these companies again whose days hold facts that changed; how many came
    out otherwise. A day's facts count in the ratings from the next day on (`first_rating`)."""
    changed_from = first_rating - timedelta(days=1)
    done = CheckpointRun.objects.filter(state=CheckpointRun.State.DONE).select_related("season")
    runs = done.filter(verdicts__membership__company__in=list(company_ids)).distinct()
    moved = 0
    for one in list(runs.order_by("season", "position")):
        checkpoint = shelf.season_of(one.season).checkpoint(one.code)
        if checkpoint.span.last < changed_from:
            continue
        theirs = Membership.objects.filter(
            season=one.season, company__in=list(company_ids), verdicts__run=one
        ).distinct()
        moved += _revise(one, judging.judged_of(checkpoint, theirs))
    return moved


def _revise(run_: CheckpointRun, judged: Sequence[Judged]) -> int:
    rows = Verdict.objects.select_for_update(no_key=True, of=("self",)).select_related("membership")
    held = {
        verdict.membership_id: verdict
        for verdict in rows.filter(
            run=run_, superseded=False, membership__in=[one.membership_id for one in judged]
        )
    }
    # What an operator decided on an appeal stands, whatever the facts come to later.
    changed = [
        one
        for one in judged
        if held[one.membership_id].measured_fen != one.judgement.measured_fen
        and held[one.membership_id].cause != Verdict.Cause.APPEAL
    ]
    for one in changed:
        replace(held[one.membership_id], one.judgement, Verdict.Cause.REVISED)
    return len(changed)


def replace(old: Verdict, judgement: Judgement, cause: Verdict.Cause) -> Verdict:
    """Put another verdict in the place of a locked one; tags, benefits and freezes follow."""
    Verdict.objects.filter(pk=old.pk).update(superseded=True)
    new = Verdict.objects.create(
        run_id=old.run_id,
        membership_id=old.membership_id,
        revision=old.revision + 1,
        cause=cause,
        measured_fen=judgement.measured_fen,
        target_fen=judgement.target_fen,
        asked_fen=judgement.asked_fen,
        outcome=judgement.outcome.value,
        had_traffic=old.had_traffic,
        at=clock.now(),
    )
    run_ = CheckpointRun.objects.select_related("season").get(pk=old.run_id)
    holding = Verdict.objects.filter(run=run_, superseded=False)
    run_.passed = holding.filter(outcome__in=[Outcome.KEPT, Outcome.RENEWED]).count()
    run_.save(update_fields=["passed"])
    if old.outcome != new.outcome:
        company_id = old.membership.company_id
        _follow_freeze(run_, company_id, judgement.outcome)
        follow_verdicts([old.membership_id])
        if judgement.outcome is Outcome.RENEWED:
            _give_back_later(run_.season, company_id)
        else:
            judging.undo_later(run_.season, run_)
        granting.sync([company_id])
    judging.announce(run_.season, run_.code, [new.pk])
    return new


def follow_verdicts(membership_ids: Iterable[int]) -> None:
    """Let tags and states of memberships be what their verdicts in force come to, in the order of
    the checkpoints. Who was removed for another reason than a verdict stays removed."""
    for membership in Membership.objects.filter(pk__in=list(membership_ids)):
        if membership.removed_reason not in ("", MISSED):
            continue
        rows = Verdict.objects.filter(membership=membership, superseded=False)
        outcomes = [
            Outcome(one) for one in rows.order_by("run__position").values_list("outcome", flat=True)
        ]
        if not outcomes:
            continue
        tags, last = tags_after(outcomes), outcomes[-1]
        state = _STATE_AFTER.get(last, MembershipState.IN_FORCE)
        if state is MembershipState.RENEWED and _is_over(membership):
            state, tags = MembershipState.ENDED, Tags(False, False)
        membership.state = state
        membership.member_tag, membership.traffic_tag = tags.member, tags.traffic
        membership.removed_reason = MISSED if last is Outcome.FROZEN else ""
        membership.save(update_fields=["state", "member_tag", "traffic_tag", "removed_reason"])


def _is_over(membership: Membership) -> bool:
    """Whether what was carried over has ended, or a later season's membership has begun."""
    if shelf.season_of(membership.season).carried_until < clock.today():
        return True
    later = Membership.objects.filter(
        company=membership.company_id,
        season__first_day__gt=membership.season.first_day,
        state=MembershipState.IN_FORCE,
    )
    return later.exists()


def _give_back_later(row: SeasonRow, company_id: int) -> None:
    """Who stayed after all has again what it was given for a later season, unless it has applied
    for that anew."""
    later = Enrolment.objects.filter(company=company_id, season__first_day__gt=row.first_day)
    lost = later.filter(state=EnrolmentState.VOID, reason=NOT_RETURNING)
    for enrolment in lost.select_related("season"):
        if later.filter(season=enrolment.season, state__in=OPEN_ENROLMENT).exists():
            continue
        enrolment.state, enrolment.reason = EnrolmentState.APPROVED, ""
        enrolment.save(update_fields=["state", "reason"])
        begun = enrolment.season.first_day <= clock.today()
        theirs = Membership.objects.filter(enrolment=enrolment, removed_reason=NOT_RETURNING)
        theirs.update(
            state=MembershipState.IN_FORCE if begun else MembershipState.WAITING,
            member_tag=begun,
            traffic_tag=begun,
            removed_reason="",
        )
        follow_verdicts(Membership.objects.filter(enrolment=enrolment).values_list("pk", flat=True))


def _in_force(row: SeasonRow) -> QuerySet[Membership]:
    return Membership.objects.filter(season=row, state=MembershipState.IN_FORCE)


def _follow_freeze(run_: CheckpointRun, company_id: int, outcome: Outcome) -> None:
    checkpoint: Checkpoint = shelf.season_of(run_.season).checkpoint(run_.code)
    held = Freeze.objects.filter(
        company=company_id, kind=Freeze.Kind.MISSED, season=run_.season, lifted_at=None
    )
    if outcome is not Outcome.FROZEN:
        held.update(lifted_at=clock.now(), lift_reason=LIFTED)
    elif not held.exists():
        Freeze.objects.create(
            company_id=company_id,
            kind=Freeze.Kind.MISSED,
            season=run_.season,
            since=checkpoint.runs_on,
            until=frozen_until(checkpoint),
        )
