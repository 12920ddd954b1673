"""Giving, changing and resetting a password.

A wrong password counts even though the caller is refused. So the try is committed by itself, before
anything else begins, and what it allows is named by a token that the movement then uses up.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from pifa.finance import policies
from pifa.finance.partner_bank import registry, rules
from pifa.finance.partner_bank.commands.opening import check_identity, check_password
from pifa.finance.partner_bank.errors import (
    IdentityDiffers,
    NoAccount,
    NotAuthorised,
    PasswordLocked,
    PasswordUnfit,
    WrongPassword,
)
from pifa.finance.partner_bank.events import PasswordLockedEvent, PasswordReset
from pifa.finance.partner_bank.models import BankAuthorisation, PartnerAccount
from pifa.finance.partner_bank.protocol import Secret, Tried
from pifa.finance.partner_bank.rules import Identity
from pifa.kernel import audit, clock, deadlines
from pifa.kernel.actors import Actor, Role
from pifa.kernel.events import emit
from pifa.parties import policies as parties

TOKEN_BYTES = 24
UNLOCK_DEADLINE = "partner_bank.unlock"
"""A lock is over; the deadline's subject is `bankpassword:<account>:<which>`."""


def authorise(actor: Actor, which: Secret, password: str) -> str:
    """Give a password; the token says to others of the member's requests that it was right.

    Owner or finance role. Not to be called inside a transaction that may be rolled back: the
    fifth wrong password in a row locks it. `WrongPassword` says how many tries are left,
    `PasswordLocked` until when.
    """
    account = account_for(policies.handles_money(actor))
    tried = registry.get(account.bank).try_password(account.number, which, password)
    if not tried.right:
        _note_wrong(actor, account, which, tried)
        raise _refusal(tried)
    minutes = rules.SHOWN_MINUTES if which is Secret.QUERY else rules.SIGNED_MINUTES
    token = secrets.token_urlsafe(TOKEN_BYTES)
    BankAuthorisation.objects.create(
        account=account,
        member_id=parties.member_id(actor),
        which=which.value,
        digest=rules.digest_of(token),
        expires_at=clock.now() + timedelta(minutes=minutes),
    )
    return token


def spend(actor: Actor, account: PartnerAccount, token: str) -> None:
    """Use up what the payment password allowed, in the transaction of the movement."""
    found = BankAuthorisation.objects.filter(
        account=account,
        member_id=parties.member_id(actor),
        which=Secret.PAYMENT.value,
        digest=rules.digest_of(token),
        expires_at__gt=clock.now(),
        used_at=None,
    )
    if not found.update(used_at=clock.now()):
        raise NotAuthorised("authorisation")


def change_password(actor: Actor, which: Secret, old: str, new: str) -> None:
    """Put a new password in the place of the old, which is asked and counted as ever."""
    account = account_for(policies.handles_money(actor))
    tried = registry.get(account.bank).try_password(account.number, which, old)
    if not tried.right:
        _note_wrong(actor, account, which, tried)
        raise _refusal(tried)
    _put(actor, account, which, new, "partner_bank.change_password")


def reset_password(actor: Actor, which: Secret, identity: Identity, new: str) -> None:
    """Put a new password in the place of one that is forgotten or locked. Owners only.

    The company's identity is checked again; five that differ in a row close this way too, for
    three hours.
    """
    parties.require(actor, Role.OWNER)
    account = account_for(policies.handles_money(actor))
    if account.reset_locked_until is not None and clock.now() < account.reset_locked_until:
        raise PasswordLocked(until=_moment(account.reset_locked_until))
    try:
        check_identity(account.company_id, identity)
    except IdentityDiffers:
        _note_wrong_identity(actor, account)
        raise
    _put(actor, account, which, new, "partner_bank.reset_password")


def unlock(subject: str) -> None:
    """A lock's time is over."""
    _kind, account_id, which = subject.split(":")
    account = PartnerAccount.objects.select_for_update(no_key=True).get(pk=int(account_id))
    registry.get(account.bank).unlock(account.number, Secret(which))


def account_for(company_id: int) -> PartnerAccount:
    """The company's account; `NoAccount`."""
    account = PartnerAccount.objects.filter(company=company_id).first()
    if account is None:
        raise NoAccount
    return account


def _put(actor: Actor, account: PartnerAccount, which: Secret, new: str, action: str) -> None:
    check_password(actor, new, "new_password")
    bank = registry.get(account.bank)
    if any(bank.is_password(account.number, one, new) for one in Secret):
        raise PasswordUnfit("new_password", reason=_("新密码不能与现有的查询密码或支付密码相同。"))
    with transaction.atomic():
        locked = PartnerAccount.objects.select_for_update(no_key=True).get(pk=account.pk)
        bank.set_password(locked.number, which, new)
        deadlines.clear(_subject(locked, which), UNLOCK_DEADLINE)
        PartnerAccount.objects.filter(pk=locked.pk).update(reset_wrong=0, reset_locked_until=None)
        # What the old password allowed ends with it.
        locked.authorisations.filter(which=which.value, used_at=None).update(expires_at=clock.now())
        audit.record(actor, action, f"company:{locked.company_id}", which=which.value)
        emit(PasswordReset(company_id=locked.company_id, which=which.value))


@transaction.atomic
def _note_wrong(actor: Actor, account: PartnerAccount, which: Secret, tried: Tried) -> None:
    """The audit log knows of every wrong try; a lock is told once."""
    locks = tried.locked_until is not None
    subject = f"company:{account.company_id}"
    audit.record(actor, "partner_bank.wrong_password", subject, which=which.value, locked=locks)
    if tried.locked_until is None or not tried.just_locked:
        return
    deadlines.set_deadline(UNLOCK_DEADLINE, _subject(account, which), tried.locked_until)
    emit(
        PasswordLockedEvent(
            company_id=account.company_id,
            which=which.value,
            until_at=tried.locked_until.isoformat(),
        )
    )


@transaction.atomic
def _note_wrong_identity(actor: Actor, account: PartnerAccount) -> None:
    row = PartnerAccount.objects.select_for_update(no_key=True).get(pk=account.pk)
    row.reset_wrong += 1
    row.reset_locked_until = None
    if row.reset_wrong >= rules.LOCK_AFTER:
        row.reset_wrong = 0
        row.reset_locked_until = clock.now() + timedelta(hours=rules.LOCK_HOURS)
    row.save(update_fields=["reset_wrong", "reset_locked_until"])
    audit.record(actor, "partner_bank.wrong_identity", f"company:{row.company_id}")


def _refusal(tried: Tried) -> WrongPassword | PasswordLocked:
    if tried.locked_until is not None:
        return PasswordLocked("password", until=_moment(tried.locked_until))
    return WrongPassword("password", left=tried.left)


def _moment(moment: datetime) -> str:
    return f"{moment.astimezone(clock.zone()):%Y-%m-%d %H:%M}"


def _subject(account: PartnerAccount, which: Secret) -> str:
    return f"bankpassword:{account.pk}:{which.value}"
