"""What reviewers do: decide on rehearsals and enrolments, note what they found, many at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from pifa.kernel import audit, clock
from pifa.kernel.actors import Actor
from pifa.kernel.errors import DomainError, InvalidInput, NotFound
from pifa.kernel.events import emit
from pifa.programme import policies, shelf
from pifa.programme.commands import members, rehearsing
from pifa.programme.errors import HasSaid, RehearsalMissing, WayShut
from pifa.programme.events import EnrolmentDecided, RehearsalMoved
from pifa.programme.models import Enrolment, Evidence, Opinion, Rehearsal
from pifa.programme.queries.ways import past_of
from pifa.programme.rules.calendar import Shut, Way, way_day
from pifa.programme.states import ENROLMENT, REHEARSAL, EnrolmentState, RehearsalState
from pifa.programme.vocabulary import ENTRY_WORDS
from pifa.trade.rules import required_text

NOTED = tuple(word.name for word in ENTRY_WORDS if word.name in ("yearly_revenue", "grave_ip"))
"""What a reviewer finds out: the market has no figure of its own for it."""


@dataclass(frozen=True, slots=True)
class Decided:
    """What became of one enrolment or rehearsal of a batch: its state, or why it was left as it is."""

    id: int
    state: str
    refused: DomainError | None = None


@transaction.atomic
def decide_rehearsal(actor: Actor, rehearsal_id: int, *, approve: bool, reason: str = "") -> str:
    """Approve a rehearsal, so that it is measured, or refuse it with the reason; the state it comes
    to. Operators.

    What came within its days before the approval counts as well.
    """
    user_id = policies.may_review(actor)
    if not approve:
        reason = required_text(reason, _("理由"), 300, "reason")
    rehearsal = Rehearsal.objects.select_for_update(no_key=True).filter(pk=rehearsal_id).first()
    if rehearsal is None:
        raise NotFound
    move = REHEARSAL.check(rehearsal.state, "approve" if approve else "refuse")
    rehearsal.state = RehearsalState(str(move.target))
    rehearsal.reason = reason
    rehearsal.decided_at = clock.now()
    rehearsal.decided_by_id = user_id
    rehearsal.save(update_fields=["state", "reason", "decided_at", "decided_by"])
    audit.record(actor, f"rehearsal.{move.verb}", rehearsal.subject, reason=reason)
    emit(
        RehearsalMoved(
            company_id=rehearsal.company_id,
            season=rehearsal.season.code,
            round=rehearsal.round,
            state=rehearsal.state,
            reason=reason,
        )
    )
    if approve:
        rehearsing.count(rehearsal)
    return rehearsal.state


@transaction.atomic
def note_evidence(actor: Actor, enrolment_id: int, metric: str, value: int, words: str) -> None:
    """Note what was found out of an applicant: its yearly revenue in fen, or whether it infringed
    gravely (1, 0), and what bears it out. Operators."""
    user_id = policies.may_review(actor)
    words = required_text(words, _("依据"), 500, "words")
    if metric not in NOTED:
        raise InvalidInput(field="metric", reason=" | ".join(NOTED))
    if value < 0 or (metric == "grave_ip" and value > 1):
        raise InvalidInput(field="value", reason=_("核实结果不能小于 0；是非值只能是 0 或 1。"))
    enrolment = Enrolment.objects.filter(pk=enrolment_id).first()
    if enrolment is None:
        raise NotFound
    Evidence.objects.create(
        enrolment=enrolment, metric=metric, value=value, words=words, by_id=user_id, at=clock.now()
    )
    audit.record(actor, "enrolment.evidence", enrolment.subject, metric=metric)


@transaction.atomic
def decide(actor: Actor, enrolment_id: int, *, approve: bool, reason: str) -> str:
    """Say what becomes of an enrolment; the state it comes to. Operators.

    One refusal refuses. An exception is approved by as many reviewers as the season asks, each with
    the reason; until then it waits for the next. Raises `HasSaid`, `RehearsalMissing`, `WayShut` for a
    company that was frozen or barred since, `WrongState`.
    """
    user_id = policies.may_review(actor)
    reason = required_text(reason, _("理由"), 300, "reason")
    rows = Enrolment.objects.select_for_update(no_key=True).select_related("season")
    enrolment = rows.filter(pk=enrolment_id).first()
    if enrolment is None:
        raise NotFound
    ENROLMENT.check(enrolment.state, "approve" if approve else "refuse")
    if Opinion.objects.filter(enrolment=enrolment, by=user_id).exists():
        raise HasSaid
    if approve:
        _may_take_part(enrolment)
    Opinion.objects.create(
        enrolment=enrolment, approves=approve, reason=reason, by_id=user_id, at=clock.now()
    )
    audit.record(actor, "enrolment.decide", enrolment.subject, approve=approve, reason=reason)
    if not approve:
        refuse(enrolment, reason)
    elif _wants_more(enrolment):
        enrolment.state = EnrolmentState.SECOND
        enrolment.save(update_fields=["state"])
    else:
        _end(enrolment, EnrolmentState.APPROVED, "")
        members.admit(enrolment)
    return enrolment.state


def decide_all(
    actor: Actor, enrolment_ids: Sequence[int], *, approve: bool, reason: str
) -> list[Decided]:
    """Say the same of many enrolments; each is a transaction of its own, and one that is refused by
    a rule holds up none of the others. Operators."""
    policies.may_review(actor)
    return [
        _decided(one, partial(decide, actor, one, approve=approve, reason=reason))
        for one in dict.fromkeys(enrolment_ids)
    ]


def decide_rehearsals(
    actor: Actor, rehearsal_ids: Sequence[int], *, approve: bool, reason: str = ""
) -> list[Decided]:
    """Say the same of many rehearsals, each in a transaction of its own. Operators."""
    policies.may_review(actor)
    return [
        _decided(one, partial(decide_rehearsal, actor, one, approve=approve, reason=reason))
        for one in dict.fromkeys(rehearsal_ids)
    ]


def _decided(pk: int, act: Callable[[], str]) -> Decided:
    try:
        return Decided(pk, act())
    except DomainError as error:
        return Decided(pk, "", error)


def refuse(enrolment: Enrolment, reason: str) -> None:
    """Refuse an enrolment that is locked, with the reason."""
    _end(enrolment, EnrolmentState.REFUSED, reason)


def _end(enrolment: Enrolment, state: EnrolmentState, reason: str) -> None:
    enrolment.state = state
    enrolment.reason = reason
    enrolment.decided_at = clock.now()
    enrolment.save(update_fields=["state", "reason", "decided_at"])
    emit(
        EnrolmentDecided(
            company_id=enrolment.company_id,
            season=enrolment.season.code,
            state=state.value,
            month_fen=enrolment.month_fen,
            reason=reason,
        )
    )


def _may_take_part(enrolment: Enrolment) -> None:
    """What may have changed since it was filed: the rehearsal, a freeze, rulings."""
    season, today = shelf.season_of(enrolment.season), clock.today()
    past = past_of(enrolment.season, season, enrolment.company_id, today)
    shut = None
    if past.barred:
        shut = Shut.BARRED
    elif past.frozen_until is not None:
        shut = Shut.FROZEN
    if shut is not None:
        way = Way(None, shut)
        day = way_day(past, way)
        raise WayShut(way, day.isoformat() if day else "")
    if enrolment.rehearsal_id is not None:
        rehearsal = Rehearsal.objects.get(pk=enrolment.rehearsal_id)
        if rehearsal.state != RehearsalState.PASSED:
            raise RehearsalMissing


def _wants_more(enrolment: Enrolment) -> bool:
    if not enrolment.exception:
        return False
    given = Opinion.objects.filter(enrolment=enrolment, approves=True).count()
    return given < shelf.season_of(enrolment.season).opinions
