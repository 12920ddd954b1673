"""Buyer protection (买家保障): a seller's deposit, frozen while it takes part.

The deposit's own row is locked before its payable, as an order's is.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import uuid4

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from pifa.finance import policies, queries
from pifa.finance.commands.debts import pay_debt
from pifa.finance.commands.locking import lock_payable
from pifa.finance.commands.payables import (
    NewPayable,
    change_amount,
    close_payable,
    open_payables,
)
from pifa.finance.errors import NotJoined, ProtectionStillNeeded
from pifa.finance.events import DEPOSIT_SUBJECT, ProtectionJoined, ProtectionLeft
from pifa.finance.insurance.bond import closing
from pifa.finance.insurance.bond.terms import active, covered
from pifa.finance.models import Payable, ProtectionDeposit
from pifa.finance.words import deposit_title
from pifa.kernel import audit, clock
from pifa.kernel.actors import Actor
from pifa.kernel.events import emit
from pifa.kernel.money import Money
from pifa.ledger import commands as ledger
from pifa.ledger import queries as books
from pifa.ledger import rules as postings
from pifa.ledger.rules import AccountKind, TransferKind


@dataclass(frozen=True, slots=True)
class ProtectionStart:
    """Joined already, or what is missing and the payable by which it is paid online."""

    joined: bool
    missing: Money
    payable_number: str | None


def join_buyer_protection(actor: Actor) -> ProtectionStart:
    """Freeze the deposit from the company's balance, or ask for it by a payable.

    The amount is `MARKET["protection_deposit_fen"]` less what is frozen already (a refund may
    have drawn on it) and what a bond covers; owner or finance role. Asked again it gives the same payable.
    """
    company_id = policies.handles_money(actor)
    with transaction.atomic():
        row = lock_row(company_id)
        locked = ledger.lock_company(company_id)
        missing = Money(row.required_fen) - locked[AccountKind.DEPOSIT] - covered(company_id)
        if missing > locked[AccountKind.BALANCE]:
            return ProtectionStart(False, missing, _ask_for(company_id, missing))
        if missing.fen > 0:
            legs = postings.deposit_frozen(_subject(company_id), company_id, missing)
            key = f"deposit:{company_id}:{uuid4().hex}"
            ledger.transfer(key, TransferKind.DEPOSIT, legs)
        close_waiting(company_id)
        _mark_joined(row)
        audit.record(actor, "protection.join", f"company:{company_id}", amount_fen=missing.fen)
        return ProtectionStart(True, Money(0), None)


def leave_buyer_protection(actor: Actor) -> Money:
    """Return the whole deposit to the company's balance; owner or finance role.

    `ProtectionStillNeeded` while money of buyers is held for it or was paid out to it before
    their trade was done, `NotJoined` if it has none.
    """
    company_id = policies.handles_money(actor)
    with transaction.atomic():
        row = lock_row(company_id)
        if row.joined_at is None or row.left_at is not None:
            raise NotJoined
        locked = ledger.lock_company(company_id)
        held = locked[AccountKind.ESCROW] + queries.paid_out_early(company_id)
        deposit = locked[AccountKind.DEPOSIT]
        if held:
            raise ProtectionStillNeeded(held=held)
        bond = active(company_id)
        if bond is not None:
            closing.close(bond, "leave", Money(0))
        leave(row, deposit)
        audit.record(actor, "protection.leave", f"company:{company_id}")
        return deposit


def leave(row: ProtectionDeposit, deposit: Money) -> None:
    """Out of protection, with the whole deposit back on the balance; the caller has all locks."""
    company_id = row.company_id
    if deposit:
        legs = postings.deposit_returned(_subject(company_id), company_id, deposit)
        key = f"deposit-return:{company_id}:{uuid4().hex}"
        ledger.transfer(key, TransferKind.DEPOSIT_RETURN, legs)
        pay_debt(company_id, key)
    close_waiting(company_id)
    row.left_at = clock.now()
    row.save(update_fields=["left_at"])
    emit(ProtectionLeft(company_id=company_id))


def close_waiting(company_id: int) -> None:
    """A deposit that was to be paid online is not wanted any more."""
    waiting = _open_payable(company_id)
    if waiting is not None:
        close_payable(waiting.subject)


def lock_for(subject: str) -> None:
    """Lock the deposit's row of a deposit payable's subject, before the payable itself."""
    lock_row(_company_of(subject))


def deposit_arrived(subject: str) -> None:
    """A deposit payable settled: its money leaves escrow and is frozen."""
    company_id = _company_of(subject)
    row = lock_row(company_id)
    payable = lock_payable(subject)
    amount = Money(payable.settled_fen)
    legs = postings.deposit_paid_in(subject, company_id, amount)
    ledger.transfer(f"release:{subject}", TransferKind.DEPOSIT, legs)
    Payable.objects.filter(pk=payable.pk).update(released_fen=amount.fen)
    frozen = books.balance(company_id, AccountKind.DEPOSIT)
    if (frozen + covered(company_id)).fen >= row.required_fen:
        _mark_joined(row)


def lock_row(company_id: int) -> ProtectionDeposit:
    """A company's part in protection, locked, with the deposit that is asked for today."""
    required = settings.MARKET["protection_deposit_fen"]
    ProtectionDeposit.objects.get_or_create(
        company_id=company_id, defaults={"required_fen": required}
    )
    row = ProtectionDeposit.objects.select_for_update(no_key=True).get(company_id=company_id)
    if row.required_fen != required:
        row.required_fen = required
        row.save(update_fields=["required_fen"])
    return row


def _ask_for(company_id: int, missing: Money) -> str:
    waiting = _open_payable(company_id)
    if waiting is not None:
        change_amount(waiting.subject, missing)
        return waiting.number
    asked = _payables(company_id).count()
    subject = _subject(company_id) if not asked else f"{_subject(company_id)}:{asked + 1}"
    return open_payables(
        [NewPayable(subject, company_id, company_id, missing.fen, deposit_title())]
    )[0]


def _mark_joined(row: ProtectionDeposit) -> None:
    if row.joined_at is not None and row.left_at is None:
        return
    row.joined_at, row.left_at = clock.now(), None
    row.save(update_fields=["joined_at", "left_at"])
    emit(ProtectionJoined(company_id=row.company_id))


def _open_payable(company_id: int) -> Payable | None:
    return _payables(company_id).filter(state=Payable.State.OPEN).first()


def _payables(company_id: int) -> QuerySet[Payable]:
    return Payable.objects.filter(payer=company_id, subject__startswith=DEPOSIT_SUBJECT)


def _subject(company_id: int) -> str:
    return f"{DEPOSIT_SUBJECT}{company_id}"


def _company_of(subject: str) -> int:
    return int(subject.split(":")[1])
