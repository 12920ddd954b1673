"""A seller takes a bond, says whether it goes on, and goes back to the deposit."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction

from pifa.finance import policies
from pifa.finance.commands import protection
from pifa.finance.errors import NotJoined
from pifa.finance.insurance.bond import rules
from pifa.finance.insurance.bond.closing import close
from pifa.finance.insurance.bond.errors import AlreadyBonded, BondOwes, NotBonded
from pifa.finance.insurance.bond.events import BOND_END, BOND_REMINDER
from pifa.finance.insurance.bond.models import BondPolicy
from pifa.finance.insurance.bond.terms import active, terms_on
from pifa.finance.insurance.registry import insurer
from pifa.finance.models import ProtectionDeposit
from pifa.kernel import audit, clock, deadlines
from pifa.kernel.actors import Actor
from pifa.kernel.ids import public_number
from pifa.kernel.money import ZERO, Money
from pifa.ledger import commands as ledger
from pifa.ledger import rules as postings
from pifa.ledger.errors import InsufficientBalance
from pifa.ledger.rules import AccountKind, TransferKind
from pifa.ledger.words import account as account_name
from pifa.parties import queries as parties

Locked = dict[AccountKind, Money]


def take_bond(actor: Actor) -> str:
    """Pay the premium of a year and have the covered deposit on the balance; the bond's number.

    Owner or finance role. `NotJoined` outside buyer protection, `AlreadyBonded`, `BondOwes` while
    refunds laid out or paid by the insurer are owed, `InsufficientBalance` if balance and deposit
    together do not have the premium.
    """
    company_id = policies.handles_money(actor)
    with transaction.atomic():
        row, locked = lock(company_id)
        if row.joined_at is None or row.left_at is not None:
            raise NotJoined
        if active(company_id) is not None:
            raise AlreadyBonded
        if owed := debts(locked):
            raise BondOwes(owed=owed)
        protection.close_waiting(company_id)
        today = clock.today()
        bond = begin(company_id, Money(row.required_fen), today)
        released = min(locked[AccountKind.DEPOSIT], Money(bond.cover_fen))
        if released:
            legs = postings.deposit_returned(bond.subject, company_id, released)
            ledger.transfer(f"release:{bond.subject}", TransferKind.DEPOSIT_RETURN, legs)
        pay_premium(bond)
        audit.record(actor, "bond.take", bond.subject, premium_fen=bond.premium_fen)
        return bond.number


def renew_bond_by_itself(actor: Actor, on: bool) -> None:
    """Whether the bond is renewed at its end; owner or finance role. `NotBonded`."""
    company_id = policies.handles_money(actor)
    with transaction.atomic():
        lock(company_id)
        bond = active(company_id)
        if bond is None:
            raise NotBonded
        bond.renews = on
        bond.save(update_fields=["renews"])
        audit.record(actor, "bond.renewal", bond.subject, on=on)


def give_bond_up(actor: Actor) -> Money:
    """Go back to the deposit now: what of it is missing is frozen from the balance; how much.

    The premium is not returned. Owner or finance role; `NotBonded`, `InsufficientBalance`.
    """
    company_id = policies.handles_money(actor)
    with transaction.atomic():
        row, locked = lock(company_id)
        bond = active(company_id)
        if bond is None:
            raise NotBonded
        frozen = refreeze(bond, row, locked)
        audit.record(actor, "bond.give_up", bond.subject, amount_fen=frozen.fen)
        return frozen


def lock(company_id: int) -> tuple[ProtectionDeposit, Locked]:
    """The company's part in protection and its accounts, which are the bond's lock too."""
    row = protection.lock_row(company_id)
    return row, ledger.lock_company(company_id)


def debts(locked: Locked) -> Money:
    """What a company owes the market and the insurer for refunds."""
    return locked.get(AccountKind.CLAWBACK, ZERO) + locked.get(AccountKind.RECOURSE, ZERO)


def begin(company_id: int, required: Money, since: date) -> BondPolicy:
    """A new term, not yet paid for."""
    terms = terms_on(since)
    cover = rules.cover(terms, required)
    bond = BondPolicy.objects.create(
        number=public_number("G"),
        company_id=company_id,
        cover_fen=cover.fen,
        premium_fen=rules.premium(terms, cover).fen,
        since=since,
        until=rules.until(terms, since),
        taken_at=clock.now(),
    )
    ends = clock.start_of_day(bond.until)
    deadlines.set_deadline(BOND_END, bond.subject, ends)
    soon = clock.start_of_day(bond.until - timedelta(days=terms.remind_days))
    deadlines.set_deadline(BOND_REMINDER, bond.subject, soon)
    return bond


def pay_premium(bond: BondPolicy) -> None:
    """The premium goes from the balance to the insurer, which writes the policy."""
    premium, key = Money(bond.premium_fen), f"bond-premium:{bond.number}"
    legs = postings.bond_premium(bond.subject, bond.company_id, premium)
    ledger.transfer(key, TransferKind.BOND_PREMIUM, legs)
    holder = parties.company(bond.company_id)
    insurer().write_policy(
        bond.number,
        holder.verified_name or holder.name,
        Money(bond.cover_fen),
        premium,
        bond.until,
        key,
    )


def refreeze(bond: BondPolicy, row: ProtectionDeposit, locked: Locked) -> Money:
    """Freeze what of the deposit is missing and end the bond; `InsufficientBalance`."""
    missing = max(Money(row.required_fen) - locked[AccountKind.DEPOSIT], ZERO)
    balance = locked[AccountKind.BALANCE]
    if missing > balance:
        raise InsufficientBalance(
            account=account_name(AccountKind.BALANCE), balance=balance, needed=missing
        )
    if missing:
        legs = postings.deposit_frozen(bond.subject, bond.company_id, missing)
        ledger.transfer(f"refreeze:{bond.subject}", TransferKind.DEPOSIT, legs)
    close(bond, "refreeze", missing)
    return missing
