"""Opening an account: the bank checks who the company is, and keeps two passwords."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.password_validation import (
    get_password_validators,
    validate_password,
)
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pifa.finance.partner_bank import registry, rules
from pifa.finance.partner_bank.errors import (
    AccountExists,
    IdentityDiffers,
    NotVerified,
    PasswordUnfit,
)
from pifa.finance.partner_bank.events import AccountOpened
from pifa.finance.partner_bank.models import PartnerAccount
from pifa.finance.partner_bank.protocol import Secret
from pifa.finance.partner_bank.rules import Identity
from pifa.kernel import audit, clock
from pifa.kernel.actors import Actor, Role
from pifa.kernel.events import emit
from pifa.parties import policies
from pifa.parties.models import Company

FIELD_LABELS: dict[str, str | Promise] = {
    "name": gettext_lazy("主体名称"),
    "licence_no": gettext_lazy("统一社会信用代码"),
    "representative": gettext_lazy("法定代表人"),
}

_VALIDATORS: list[dict[str, Any]] = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 8},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
"""Whatever the market asks of its logins: the bank's own rule for both passwords."""


@dataclass(frozen=True, slots=True)
class Passwords:
    """The two passwords of an account. Never shown, not even in a trace."""

    query: str = field(repr=False)
    payment: str = field(repr=False)


def open_account(actor: Actor, identity: Identity, passwords: Passwords) -> PartnerAccount:
    """Open the company's account. Owners only.

    `IdentityDiffers` names the field that is not as parties verified it, `NotVerified` before an
    enterprise verification, `PasswordUnfit` for passwords that are too easy or equal,
    `AccountExists` for a second account.
    """
    company_id = policies.require(actor, Role.OWNER)
    check_identity(company_id, identity)
    check_password(actor, passwords.query, "query_password")
    check_password(actor, passwords.payment, "payment_password")
    if passwords.query == passwords.payment:
        raise PasswordUnfit("payment_password", reason=_("支付密码不能与查询密码相同。"))
    bank = registry.get()
    with transaction.atomic():
        company = Company.objects.select_for_update(no_key=True).get(pk=company_id)
        if PartnerAccount.objects.filter(company=company).exists():
            raise AccountExists
        number = bank.open(
            company.verified_name,
            {Secret.QUERY: passwords.query, Secret.PAYMENT: passwords.payment},
        )
        account = PartnerAccount.objects.create(
            company=company, bank=bank.code, number=number, opened_at=clock.now()
        )
        audit.record(actor, "partner_bank.open", f"company:{company_id}", tail=number[-4:])
        emit(AccountOpened(company_id=company_id, tail=number[-4:]))
    return account


def check_identity(company_id: int, told: Identity) -> None:
    """`IdentityDiffers` or `NotVerified` unless this is who parties verified."""
    company = Company.objects.get(pk=company_id)
    if not company.verified_name or not company.licence_no:
        raise NotVerified
    known = Identity(company.verified_name, company.licence_no, company.verified_representative)
    wrong = rules.differs(told, known)
    if wrong:
        raise IdentityDiffers(wrong, what=FIELD_LABELS[wrong])


def check_password(actor: Actor, password: str, where: str) -> None:
    """`PasswordUnfit` for a password that is too easy, or the one the member signs in with."""
    user = get_user_model().objects.filter(pk=actor.user_id or 0).first()
    try:
        validate_password(password, user, get_password_validators(_VALIDATORS))
    except ValidationError as error:
        raise PasswordUnfit(where, reason=" ".join(error.messages)) from error
    if user is not None and user.check_password(password):
        raise PasswordUnfit(where, reason=_("不能与登录密码相同。"))
