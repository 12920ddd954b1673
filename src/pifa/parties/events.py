"""What this floor announces, and what it does on others' events."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver

from pifa.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class CompanySignedUp(Event):
    """A company joined the market."""

    name = "company.signed_up"
    company_id: int
    member_id: int


@dataclass(frozen=True, kw_only=True)
class BecameSeller(Event):
    """A company sells from now on."""

    name = "company.became_seller"
    company_id: int


@dataclass(frozen=True, kw_only=True)
class LoggedIn(Event):
    """A member signed in for a company: one of the market's signals of a living shop."""

    name = "member.logged_in"
    member_id: int
    company_id: int


@dataclass(frozen=True, kw_only=True)
class VerificationReviewed(Event):
    """An operator decided on a verification; a refusal has its reason."""

    name = "verification.reviewed"
    verification_id: int
    company_id: int
    approved: bool
    reason: str


@dataclass(frozen=True, kw_only=True)
class IntegrityGradeSet(Event):
    """An operator graded a company; an empty grade means ungraded."""

    name = "company.graded"
    company_id: int
    grade: str
    before: str


@dataclass(frozen=True, kw_only=True)
class PenaltyGiven(Event):
    """Penalty points were put on a shop."""

    name = "penalty.given"
    penalty_id: int
    company_id: int
    points: int
    reason: str


@dataclass(frozen=True, kw_only=True)
class PenaltyRevoked(Event):
    """Penalty points were taken back."""

    name = "penalty.revoked"
    penalty_id: int
    company_id: int
    points: int
    reason: str


@dataclass(frozen=True, kw_only=True)
class MembershipBought(Event):
    """A company is a paying member up to and including a day."""

    name = "membership.bought"
    company_id: int
    years: int
    since: date
    until: date


@receiver(user_logged_in, dispatch_uid="pifa.parties.note_login")
def _somebody_signed_in(sender: Any, request: Any, user: Any, **_: Any) -> None:
    """Note a sign-in through pages for the company the person will act for."""
    from pifa.parties import commands, queries  # they announce the events above

    session = getattr(request, "session", None)
    chosen = session.get("company") if session is not None else None
    member = queries.member_for(user.pk, chosen) or queries.member_for(user.pk, None)
    if member is not None:
        commands.note_login(member)
