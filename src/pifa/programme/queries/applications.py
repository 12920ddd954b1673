"""What a company has applied for in a season, what became of it and why, and what it proved."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from pifa.kernel.actors import Actor
from pifa.kernel.errors import NotFound
from pifa.kernel.money import Money
from pifa.parties import policies as parties
from pifa.programme import policies
from pifa.programme.models import Enrolment, Evidence, Opinion, Proof, Rehearsal
from pifa.programme.states import EnrolmentState, RehearsalState

OPEN = (EnrolmentState.SUBMITTED, EnrolmentState.SECOND)
"""States in which an enrolment waits for its reviewers."""


@dataclass(frozen=True, slots=True)
class RehearsalView:
    """A rehearsal; `reason` is why it was refused."""

    id: int
    round: str
    state: str
    state_label: str
    reason: str
    applied_at: datetime
    decided_at: datetime | None
    passed_at: datetime | None


@dataclass(frozen=True, slots=True)
class OpinionView:
    """What a reviewer said; reviewers are nameless to applicants."""

    approves: bool
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ProofView:
    """What an applicant brought; without a file `format` is empty. `size` in bytes."""

    id: int
    kind: str
    kind_label: str
    amount: Money | None
    words: str
    name: str
    format: str
    size: int
    at: datetime


@dataclass(frozen=True, slots=True)
class FoundView:
    """What reviewers found out of an applicant, and on what that rests."""

    metric: str
    value: int
    words: str
    at: datetime


@dataclass(frozen=True, slots=True)
class EnrolmentView:
    """An enrolment with all that was said of it."""

    id: int
    season: str
    round: str
    entry: str
    department: str
    month: Money
    peak: Money
    declared: Money
    exception: bool
    exception_reason: str
    state: str
    state_label: str
    reason: str
    applied_at: datetime
    decided_at: datetime | None
    opinions: tuple[OpinionView, ...]
    proofs: tuple[ProofView, ...]
    found: tuple[FoundView, ...]

    @property
    def waits(self) -> bool:
        """Whether it is not decided: it can be withdrawn, and proofs added."""
        return self.state in OPEN


@dataclass(frozen=True, slots=True)
class Applications:
    """All a company applied for in a season, the latest first."""

    rehearsals: tuple[RehearsalView, ...]
    enrolments: tuple[EnrolmentView, ...]

    @property
    def enrolment(self) -> EnrolmentView | None:
        """The latest."""
        return self.enrolments[0] if self.enrolments else None


def applications(actor: Actor, code: str) -> Applications:
    """What the actor's company applied for in a season. Five statements."""
    company_id = parties.require(actor)
    rehearsals = Rehearsal.objects.filter(company=company_id, season__code=code).order_by("-pk")
    rows = Enrolment.objects.filter(company=company_id, season__code=code).order_by("-pk")
    return Applications(
        tuple(_rehearsal(row) for row in rehearsals),
        tuple(_enrolments(list(rows.select_related("season")))),
    )


def enrolment(actor: Actor, enrolment_id: int) -> EnrolmentView:
    """An enrolment, to its company and to operators; else `NotFound`. Four statements."""
    row = Enrolment.objects.select_related("season").filter(pk=enrolment_id).first()
    if row is None:
        raise NotFound
    policies.may_read(actor, row.company_id)
    (view,) = _enrolments([row])
    return view


def proof_file(actor: Actor, proof_id: int) -> tuple[ProofView, bytes]:
    """A proof with its file's bytes, to its company and to operators; else `NotFound`."""
    row = Proof.objects.filter(pk=proof_id).exclude(format="").select_related("enrolment").first()
    if row is None:
        raise NotFound
    policies.may_read(actor, row.enrolment.company_id)
    with row.file.open("rb") as file:
        content: bytes = file.read()
    return _proof(row), content


def _rehearsal(row: Rehearsal) -> RehearsalView:
    return RehearsalView(
        id=row.pk,
        round=row.round,
        state=row.state,
        state_label=str(RehearsalState(row.state).label),
        reason=row.reason,
        applied_at=row.applied_at,
        decided_at=row.decided_at,
        passed_at=row.passed_at,
    )


def _enrolments(rows: list[Enrolment]) -> list[EnrolmentView]:
    ids = [row.pk for row in rows]
    if not ids:
        return []
    opinions = list(Opinion.objects.filter(enrolment__in=ids).order_by("pk"))
    proofs = list(Proof.objects.filter(enrolment__in=ids).order_by("pk"))
    found = list(Evidence.objects.filter(enrolment__in=ids).order_by("pk"))
    return [
        EnrolmentView(
            id=row.pk,
            season=row.season.code,
            round=row.round,
            entry=row.entry,
            department=row.department,
            month=Money(row.month_fen),
            peak=Money(row.peak_fen),
            declared=Money(row.declared_fen),
            exception=row.exception,
            exception_reason=row.exception_reason,
            state=row.state,
            state_label=str(EnrolmentState(row.state).label),
            reason=row.reason,
            applied_at=row.applied_at,
            decided_at=row.decided_at,
            opinions=tuple(
                OpinionView(one.approves, one.reason, one.at)
                for one in opinions
                if one.enrolment_id == row.pk
            ),
            proofs=tuple(_proof(one) for one in proofs if one.enrolment_id == row.pk),
            found=tuple(
                FoundView(one.metric, one.value, one.words, one.at)
                for one in found
                if one.enrolment_id == row.pk
            ),
        )
        for row in rows
    ]


def _proof(row: Proof) -> ProofView:
    return ProofView(
        id=row.pk,
        kind=row.kind,
        kind_label=str(Proof.Kind(row.kind).label),
        amount=None if row.fen is None else Money(row.fen),
        words=row.words,
        name=row.name,
        format=row.format,
        size=row.size,
        at=row.at,
    )
