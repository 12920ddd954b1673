"""Passwords of accounts at the sandbox bank: kept as hashes, locked after wrong tries in a row."""

from __future__ import annotations

from datetime import timedelta

from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction

from pifa.finance.partner_bank.protocol import Secret, Tried
from pifa.finance.partner_bank.rules import LOCK_AFTER, LOCK_HOURS
from pifa.finance.partner_bank.states import password_after
from pifa.finance.sandbox.models import SandboxAccount, SandboxPassword
from pifa.kernel import clock

_State = SandboxPassword.State


def put(number: str, which: Secret, password: str) -> None:
    """Keep a password's hash in the place of an earlier one; free to use."""
    account = SandboxAccount.objects.get(number=number)
    SandboxPassword.objects.update_or_create(
        account=account,
        which=which.value,
        defaults={
            "hash": make_password(password),
            "state": _State.FREE,
            "wrong": 0,
            "locked_until": None,
        },
    )


def equals(number: str, which: Secret, password: str) -> bool:
    """Whether it is the password; nothing is counted."""
    row = SandboxPassword.objects.filter(account__number=number, which=which.value).first()
    return row is not None and check_password(password, row.hash)


def attempt(number: str, which: Secret, password: str) -> Tried:
    """Try a password: right ones begin the count anew, the fifth wrong one in a row locks."""
    with transaction.atomic():
        rows = SandboxPassword.objects.select_for_update(of=("self",), no_key=True)
        row = rows.get(account__number=number, which=which.value)
        if row.locked_until is not None and clock.now() >= row.locked_until:
            _free(row)
        if row.locked_until is not None:
            return Tried(right=False, left=0, locked_until=row.locked_until)
        if check_password(password, row.hash):
            if row.wrong:
                _free(row)
            return Tried(right=True, left=LOCK_AFTER)
        row.wrong += 1
        if row.wrong >= LOCK_AFTER:
            row.state = password_after(row.state, "lock")
            row.locked_until = clock.now() + timedelta(hours=LOCK_HOURS)
        row.save(update_fields=["wrong", "state", "locked_until"])
        left = LOCK_AFTER - row.wrong
        return Tried(False, left, row.locked_until, just_locked=row.locked_until is not None)


def unlock(number: str, which: Secret) -> None:
    """Let a password be tried again once its lock is over."""
    rows = SandboxPassword.objects.select_for_update(of=("self",), no_key=True)
    row = rows.get(account__number=number, which=which.value)
    if row.locked_until is not None and clock.now() >= row.locked_until:
        _free(row)


def _free(row: SandboxPassword) -> None:
    if row.state == _State.LOCKED:
        row.state = password_after(row.state, "unlock")
    row.wrong, row.locked_until = 0, None
    row.save(update_fields=["wrong", "state", "locked_until"])
