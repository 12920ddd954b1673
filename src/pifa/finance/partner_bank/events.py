"""What the partner bank announces."""

from __future__ import annotations

from dataclasses import dataclass

from pifa.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class AccountOpened(Event):
    """A company has an account; `tail` are the last digits of its number."""

    name = "partner_bank.opened"
    company_id: int
    tail: str


@dataclass(frozen=True, kw_only=True)
class PasswordLockedEvent(Event):
    """A password was wrong too often in a row. `which` is a `Secret`, `until_at` an ISO moment."""

    name = "partner_bank.password_locked"
    company_id: int
    which: str
    until_at: str


@dataclass(frozen=True, kw_only=True)
class PasswordReset(Event):
    """A password was changed or reset. `which` is a `Secret`."""

    name = "partner_bank.password_reset"
    company_id: int
    which: str
