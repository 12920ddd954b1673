"""What other floors may know of companies and people."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import F, Q, Sum

from pifa.kernel import clock
from pifa.kernel.actors import Actor, ActorKind, Role
from pifa.kernel.errors import Forbidden, NotFound
from pifa.parties import policies, rules
from pifa.parties.models import (
    Address,
    ApiToken,
    Company,
    Guest,
    Member,
    PenaltyEntry,
    User,
    Verification,
)
from pifa.parties.tokens import actor_by_token

__all__ = [
    "CompanyCard",
    "actor_by_token",
    "actor_for",
    "address",
    "addresses",
    "cards",
    "companies_by_name",
    "company",
    "company_by_login",
    "guests_among",
    "licence_of",
    "member_for",
    "members",
    "memberships",
    "operator_actor",
    "penalties",
    "penalty_points",
    "tokens",
    "verifications",
    "verifications_waiting",
]

FOUND_AT_MOST = 20


# ---------------------------------------------------------------------------- who acts


def member_for(user_id: int, company_id: int | None) -> Member | None:
    """A person's active membership of a company, with company and user loaded: one statement.

    Without a company: the one last signed in for. None for anybody deactivated.
    """
    rows = Member.objects.filter(user_id=user_id, active=True, user__is_active=True)
    if company_id is not None:
        rows = rows.filter(company_id=company_id)
    return (
        rows.select_related("company", "user")
        .order_by(F("last_seen_at").desc(nulls_last=True), "id")
        .first()
    )


def memberships(user_id: int) -> list[Member]:
    """The companies a person may act for, with the company loaded, oldest first."""
    rows = Member.objects.filter(user_id=user_id, active=True, user__is_active=True)
    return list(rows.select_related("company").order_by("id"))


def actor_for(member: Member) -> Actor:
    """The actor a member is for its company; no statement."""
    return Actor(
        ActorKind.MEMBER,
        user_id=member.user_id,
        company_id=member.company_id,
        member_id=member.pk,
        roles=member.role_set,
    )


def operator_actor(user: object) -> Actor:
    """The actor a person of the market's staff is; `Forbidden` for others."""
    if not (isinstance(user, User) and user.is_active and user.is_staff):
        raise Forbidden
    return Actor(ActorKind.OPERATOR, user_id=user.pk)


# ---------------------------------------------------------------------------- companies


@dataclass(frozen=True, slots=True)
class CompanyCard:
    """What anybody may know of a company."""

    id: int
    name: str
    login: str
    is_seller: bool
    region: str
    city: str
    verified_name: str
    integrity_grade: str
    is_member: bool
    member_since: date | None

    @property
    def is_verified(self) -> bool:
        """Whether an operator approved its licence."""
        return bool(self.verified_name)


def company(company_id: int) -> CompanyCard:
    """A company's card; `NotFound` if there is none."""
    found = cards([company_id])
    if not found:
        raise NotFound
    return found[company_id]


def cards(company_ids: Iterable[int]) -> dict[int, CompanyCard]:
    """The cards of companies by id, in one statement."""
    today = clock.today()
    rows = Company.objects.filter(pk__in=set(company_ids))
    return {row.pk: _card(row, today) for row in rows}


def company_by_login(login: str) -> CompanyCard:
    """The card of the company of exactly this 会员名; `NotFound` if there is none."""
    row = Company.objects.filter(login__iexact=login.strip()).first()
    if row is None:
        raise NotFound
    return _card(row, clock.today())


def companies_by_name(words: str, *, sellers_only: bool = False) -> list[CompanyCard]:
    """Up to 20 companies whose name or 会员名 contains the words, sellers first."""
    rows = Company.objects.filter(Q(name__icontains=words) | Q(login__icontains=words))
    if sellers_only:
        rows = rows.filter(is_seller=True)
    today = clock.today()
    return [_card(row, today) for row in rows.order_by("-is_seller", "id")[:FOUND_AT_MOST]]


def guests_among(company_ids: Iterable[int]) -> set[int]:
    """Which of these companies are guests that nobody signs in for: one statement."""
    rows = Guest.objects.filter(company__in=list(company_ids))
    return set(rows.values_list("company_id", flat=True))


def _card(row: Company, today: date) -> CompanyCard:
    return CompanyCard(
        id=row.pk,
        name=row.name,
        login=row.login,
        is_seller=row.is_seller,
        region=row.region,
        city=row.city,
        verified_name=row.verified_name,
        integrity_grade=row.integrity_grade,
        is_member=rules.is_member_on(row.member_until, today),
        member_since=row.member_since,
    )


# ---------------------------------------------------------------------------- a company's own


def members(actor: Actor) -> list[Member]:
    """The actor's company's members, with their users, active ones first."""
    company_id = policies.require(actor)
    rows = Member.objects.filter(company_id=company_id).select_related("user")
    return list(rows.order_by("-active", "id"))


def addresses(actor: Actor) -> list[Address]:
    """The actor's company's address book, the default first."""
    company_id = policies.require(actor)
    return list(
        Address.objects.filter(company_id=company_id, deleted_at=None).order_by(
            "-is_default", "-id"
        )
    )


def address(actor: Actor, address_id: int) -> Address:
    """One entry of the actor's company's address book; else `NotFound`."""
    company_id = policies.require(actor)
    row = Address.objects.filter(pk=address_id, company_id=company_id, deleted_at=None).first()
    if row is None:
        raise NotFound
    return row


def tokens(actor: Actor) -> list[ApiToken]:
    """Tokens not revoked: an owner sees the company's, others their own. Newest first."""
    company_id = policies.require(actor)
    rows = ApiToken.objects.filter(member__company_id=company_id, revoked_at=None)
    if not actor.has_role(Role.OWNER):
        rows = rows.filter(member_id=policies.member_id(actor))
    return list(rows.select_related("member").order_by("-id"))


# ---------------------------------------------------------------------------- standing


def penalty_points(company_id: int, year: int) -> int:
    """Points given and not revoked within a calendar year of the market's zone."""
    rows = PenaltyEntry.objects.filter(
        company_id=company_id,
        revoked_at=None,
        given_at__gte=clock.start_of_day(date(year, 1, 1)),
        given_at__lt=clock.start_of_day(date(year + 1, 1, 1)),
    )
    return rows.aggregate(total=Sum("points"))["total"] or 0


def penalties(actor: Actor, company_id: int) -> list[PenaltyEntry]:
    """A company's penalty entries, revoked ones included, newest first: for it and operators."""
    policies.require_reader(actor, company_id)
    return list(PenaltyEntry.objects.filter(company_id=company_id).order_by("-id"))


def verifications(actor: Actor, company_id: int) -> list[Verification]:
    """A company's verifications, newest first: for it and operators."""
    policies.require_reader(actor, company_id)
    return list(Verification.objects.filter(company_id=company_id).order_by("-id"))


def verifications_waiting(actor: Actor) -> list[Verification]:
    """The operators' queue, longest waiting first, with the company loaded."""
    policies.require_operator(actor)
    rows = Verification.objects.filter(state=Verification.State.SUBMITTED)
    return list(rows.select_related("company").order_by("submitted_at", "id"))


def licence_of(actor: Actor, verification_id: int) -> bytes:
    """The picture of a verification's document, for its own company; else `NotFound`.
    Operators look at it in the console, where each look goes to the audit log."""
    row = Verification.objects.filter(pk=verification_id).first()
    if row is None or not row.document:
        raise NotFound
    policies.require_company(actor, row.company_id)
    with row.document.open("rb") as file:
        content: bytes = file.read()
    return content
