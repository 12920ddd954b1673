"""What the market says of a company: verified or not, its grade, penalty points, membership."""

from __future__ import annotations

import secrets

from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from pifa.kernel import audit, clock, events
from pifa.kernel.actors import Actor, Role
from pifa.kernel.errors import NotFound
from pifa.kernel.pictures import CleanPicture, clean_picture
from pifa.parties import policies, rules
from pifa.parties.commands import checks
from pifa.parties.errors import (
    BadFormat,
    DocumentMissing,
    LicenceTaken,
    PointsOutOfRange,
    ReasonMissing,
    VerificationWaiting,
    YearsOutOfRange,
)
from pifa.parties.events import (
    IntegrityGradeSet,
    MembershipBought,
    PenaltyGiven,
    PenaltyRevoked,
    VerificationReviewed,
)
from pifa.parties.models import Company, PenaltyEntry, Verification
from pifa.parties.states import VERIFICATION
from pifa.parties.text import clean_line


def submit_verification(
    actor: Actor,
    kind: str,
    legal_name: str,
    licence_no: str,
    document: bytes | None,
    representative: str = "",
) -> Verification:
    """Ask operators to verify who the actor's company is. Owners.

    `kind` is "enterprise" (a unified social credit code and the picture of the licence) or
    "personal" (a resident identity number). `representative` is the legal representative, against
    whom the partner bank checks. The picture is written anew before it is kept,
    where only its company and operators can read it. Raises `BadFormat`, `DocumentMissing`,
    `PictureError`, `LicenceTaken`, `VerificationWaiting`.
    """
    company_id = policies.require(actor, Role.OWNER)
    kind = _kind(kind)
    name = checks.line(legal_name, "legal_name", _("执照名称"), 120, shortest=2)
    number = _licence_number(kind, licence_no)
    if not document and kind == Verification.Kind.ENTERPRISE:
        raise DocumentMissing("document")
    picture = clean_picture(document) if document else None
    person = checks.line(representative, "representative", _("法定代表人"), 60, shortest=0)
    return _keep(actor, company_id, kind, name, number, picture, person)


@transaction.atomic
def _keep(
    actor: Actor,
    company_id: int,
    kind: str,
    name: str,
    number: str,
    picture: CleanPicture | None,
    representative: str,
) -> Verification:
    checks.lock_company(company_id)
    if Verification.objects.filter(
        company_id=company_id, state=Verification.State.SUBMITTED
    ).exists():
        raise VerificationWaiting
    _refuse_taken(company_id, number)
    row = Verification(
        company_id=company_id,
        kind=kind,
        legal_name=name,
        licence_no=number,
        representative=representative,
        submitted_at=clock.now(),
    )
    if picture is not None:
        file_name = f"{company_id}-{secrets.token_hex(16)}.{picture.format}"
        row.document.save(file_name, ContentFile(picture.data), save=False)
    row.save()
    audit.record(
        actor, "verification.submit", f"company:{company_id}",
        id=row.pk, kind=kind, licence=rules.mask_document(number),
    )  # fmt: skip
    return row


def _kind(kind: str) -> str:
    if kind not in Verification.Kind.values:
        raise BadFormat("kind", label=_("类型"), expected=_("企业认证或个人实名认证"))
    return kind


def _licence_number(kind: str, typed: str) -> str:
    number = rules.normal_licence(typed)
    if kind == Verification.Kind.ENTERPRISE and not rules.is_credit_code(number):
        raise BadFormat(
            "licence_no",
            label=_("统一社会信用代码"),
            expected=_("18 位数字和大写字母，末位为校验码，请照营业执照核对"),
        )
    if kind == Verification.Kind.PERSONAL and not rules.is_resident_id(number):
        raise BadFormat(
            "licence_no", label=_("身份证号"), expected=_("18 位，末位为校验码，请照证件核对")
        )
    return number


def _refuse_taken(company_id: int, number: str) -> None:
    if Company.objects.filter(licence_no=number).exclude(pk=company_id).exists():
        raise LicenceTaken("licence_no", licence=rules.mask_document(number))


@transaction.atomic
def review_verification(
    actor: Actor, verification_id: int, approve: bool, reason: str = ""
) -> None:
    """Decide on a waiting verification. Operators; a refusal needs its reason.

    An approval puts the legal name and the licence on the company; a licence stands for one
    company only (`LicenceTaken`).
    """
    policies.require_operator(actor)
    why = checks.line(reason, "reason", _("理由"), 300, shortest=0)
    if not approve and not why:
        raise ReasonMissing("reason")
    row = Verification.objects.filter(pk=verification_id).first()
    if row is None:
        raise NotFound
    company = checks.lock_company(row.company_id)
    row.refresh_from_db()
    step = VERIFICATION.check(row.state, "approve" if approve else "reject")
    row.state, row.reason = str(step.target), why
    row.reviewed_at, row.reviewed_by_id = clock.now(), actor.user_id
    row.save(update_fields=["state", "reason", "reviewed_at", "reviewed_by"])
    if approve:
        _put_on_company(company, row)
    audit.record(actor, f"verification.{step.verb}", f"company:{company.pk}", id=row.pk, reason=why)
    events.emit(
        VerificationReviewed(
            verification_id=row.pk, company_id=company.pk, approved=approve, reason=why
        )
    )


def _put_on_company(company: Company, row: Verification) -> None:
    company.verified_name, company.licence_no = row.legal_name, row.licence_no
    company.verified_representative = row.representative
    try:
        with transaction.atomic():
            company.save(update_fields=["verified_name", "licence_no", "verified_representative"])
    except IntegrityError as error:
        raise LicenceTaken("licence_no", licence=rules.mask_document(row.licence_no)) from error


@transaction.atomic
def set_integrity_grade(actor: Actor, company_id: int, grade: str, reason: str = "") -> None:
    """Grade a company A … AAA, B … BBB, or take its grade away (""). Operators."""
    policies.require_operator(actor)
    if grade not in Company.Grade.values:
        raise BadFormat("grade", label=_("诚信等级"), expected=_("A、AA、AAA、B、BB、BBB 或未评级"))
    why = checks.line(reason, "reason", _("理由"), 300, shortest=0)
    company = checks.lock_company(company_id)
    before, company.integrity_grade = company.integrity_grade, grade
    if before == grade:
        return
    company.save(update_fields=["integrity_grade"])
    audit.record(
        actor, "company.grade", f"company:{company_id}", grade=grade, before=before, reason=why
    )
    events.emit(IntegrityGradeSet(company_id=company_id, grade=grade, before=before))


@transaction.atomic
def give_penalty(actor: Actor, company_id: int, points: int, reason: str) -> PenaltyEntry:
    """Put 1 to 48 penalty points on a company, with the reason it will read. Operators.

    They count in the calendar year of the market in which they are given.
    """
    policies.require_operator(actor)
    if not 1 <= points <= rules.MAX_PENALTY_POINTS:
        raise PointsOutOfRange("points", points=points, most=rules.MAX_PENALTY_POINTS)
    why = _needed_reason(reason)
    checks.lock_company(company_id)
    row = PenaltyEntry.objects.create(
        company_id=company_id,
        points=points,
        reason=why,
        given_at=clock.now(),
        given_by_id=actor.user_id,
    )
    audit.record(
        actor, "penalty.give", f"company:{company_id}", id=row.pk, points=points, reason=why
    )
    events.emit(PenaltyGiven(penalty_id=row.pk, company_id=company_id, points=points, reason=why))
    return row


@transaction.atomic
def revoke_penalty(actor: Actor, penalty_id: int, reason: str) -> None:
    """Take penalty points back, as if never given; nothing happens the second time. Operators."""
    policies.require_operator(actor)
    why = _needed_reason(reason)
    changed = PenaltyEntry.objects.filter(pk=penalty_id, revoked_at=None).update(
        revoked_at=clock.now(), revoke_reason=why
    )
    row = PenaltyEntry.objects.filter(pk=penalty_id).first()
    if row is None:
        raise NotFound
    if not changed:
        return
    audit.record(actor, "penalty.revoke", f"company:{row.company_id}", id=row.pk, reason=why)
    events.emit(
        PenaltyRevoked(penalty_id=row.pk, company_id=row.company_id, points=row.points, reason=why)
    )


def _needed_reason(reason: str) -> str:
    if not clean_line(reason):
        raise ReasonMissing("reason")
    return checks.line(reason, "reason", _("理由"), 300)


@transaction.atomic
def buy_membership(actor: Actor, years: int) -> Company:
    """Buy 1 to 5 years of membership (诚信通): a running one is lengthened, a lapsed one begins
    anew today. Owners and finance. The fee is not this floor's: no money moves here."""
    company_id = policies.require(actor, Role.FINANCE)
    if not 1 <= years <= rules.MAX_MEMBERSHIP_YEARS:
        raise YearsOutOfRange("years", years=years, most=rules.MAX_MEMBERSHIP_YEARS)
    company = checks.lock_company(company_id)
    since, until = rules.membership_term(
        company.member_since, company.member_until, clock.today(), years
    )
    company.member_since, company.member_until = since, until
    company.save(update_fields=["member_since", "member_until"])
    audit.record(
        actor, "membership.buy", f"company:{company_id}", years=years, until=until.isoformat()
    )
    events.emit(MembershipBought(company_id=company_id, years=years, since=since, until=until))
    return company
