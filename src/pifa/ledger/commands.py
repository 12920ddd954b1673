"""The one writer of accounts, postings and holds.

Lock order within a transfer: the transfer's key, then guarded accounts by id, then holds by
subject (`docs/locking.md`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db import connection, transaction
from django.db.models import F, Q

from pifa.kernel import bulk, clock
from pifa.kernel.money import Money
from pifa.ledger import rules, words
from pifa.ledger.errors import (
    HeldElsewhere,
    InsufficientBalance,
    InsufficientHold,
    TransferConflict,
)
from pifa.ledger.models import Account, Hold, Posting
from pifa.ledger.rules import COMPANY_OWN, GUARDED, AccountKind, Leg, Purse


def transfer(key: str, kind: str, legs: Sequence[Leg]) -> bool:
    """Write legs together, once: False if the key is known, and then nothing is written.

    Guarded balances follow under a condition that keeps them from becoming negative
    (`InsufficientBalance`). Legs into ESCROW raise the hold of their subject, legs out of it
    lower it (`InsufficientHold`, `HeldElsewhere`). A known key with other legs raises
    `TransferConflict`. Callers inside a transaction may catch the errors: nothing of the
    transfer stays.
    """
    if not legs:
        raise ValueError("a transfer moves money")
    with transaction.atomic():
        transfer_id = _claim(key, kind)
        if transfer_id is None:
            _refuse_other_legs(key, legs)
            return False
        _write(transfer_id, legs)
    return True


def lock_company(owner_id: int, *beside: int | None) -> dict[AccountKind, Money]:
    """Lock all of a company's accounts, in the lock order, and return what is on them.

    For a command that decides by several balances before it transfers. Companies `beside` it, whose
    accounts it moves too, are locked with it: one after the other, two could wait for each other.
    """
    owners = {owner_id, *(other for other in beside if other is not None)}
    _open_accounts([Purse(AccountKind.ESCROW, owner_id)])
    rows = Account.objects.filter(owner__in=owners).order_by("pk").select_for_update(no_key=True)
    found = rows.values_list("owner", "kind", "balance_fen")
    return {AccountKind(kind): Money(fen) for owner, kind, fen in found if owner == owner_id}


def lock_accounts(purses: Iterable[Purse]) -> None:
    """Lock accounts of companies, in the lock order, for a command that takes locks of a later
    rank (`docs/locking.md`) before it transfers."""
    ids = sorted(_open_accounts(purses).values())
    list(Account.objects.filter(pk__in=ids).order_by("pk").select_for_update(no_key=True))


def _write(transfer_id: int, legs: Sequence[Leg]) -> None:
    """Move balances and holds, and write the postings."""
    purses = _open_accounts(purse for leg in legs for purse in (leg.debit, leg.credit))
    _move_balances(legs, purses)
    _move_holds(legs, purses)
    moment = clock.now()
    bulk.insert(
        Posting,
        [
            {
                "transfer_id": transfer_id,
                "debit_id": purses[leg.debit],
                "credit_id": purses[leg.credit],
                "amount_fen": leg.amount.fen,
                "subject": leg.subject,
                "at": moment,
            }
            for leg in legs
        ],
        returning=None,
    )


def _claim(key: str, kind: str) -> int | None:
    # A concurrent transfer of the same key waits here on the unique index for the first one.
    # adapt_datetimefield_value is what the ORM does; SQLite takes no aware datetime.
    moment = connection.ops.adapt_datetimefield_value(clock.now())
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO ledger_transfer (key, kind, at) VALUES (%s, %s, %s)"
            " ON CONFLICT (key) DO NOTHING RETURNING id",
            [key, str(kind), moment],
        )
        row = cursor.fetchone()
    return row[0] if row else None


def _refuse_other_legs(key: str, legs: Sequence[Leg]) -> None:
    written = Posting.objects.filter(transfer__key=key).values_list(
        "debit__kind", "debit__owner", "credit__kind", "credit__owner", "amount_fen", "subject"
    )
    wanted = [
        (
            leg.debit.kind.value,
            leg.debit.owner_id,
            leg.credit.kind.value,
            leg.credit.owner_id,
            leg.amount.fen,
            leg.subject,
        )
        for leg in legs
    ]
    if sorted(written, key=repr) != sorted(wanted, key=repr):
        raise TransferConflict(key=key)


def _open_accounts(purses: Iterable[Purse]) -> dict[Purse, int]:
    """The ids of accounts; missing ones are opened, safely against others doing the same.

    A company's accounts are opened together and in one order, so that the order of ids, by
    which they are locked, is escrow, balance, deposit whatever moves first. What it owes (if it
    ever does) comes after them.
    """
    wanted = set(purses)
    found = _find_accounts(wanted)
    missing = wanted.difference(found)
    if missing:
        market = sorted(purse.kind for purse in missing if purse.owner_id is None)
        owners = sorted({purse.owner_id for purse in missing if purse.owner_id is not None})
        rows = [Account(kind=kind.value, guarded=kind in GUARDED) for kind in market]
        rows += [
            Account(owner_id=owner_id, kind=kind.value, guarded=True)
            for owner_id in owners
            for kind in _kinds_to_open(owner_id, missing)
        ]
        Account.objects.bulk_create(rows, ignore_conflicts=True)
        found = _find_accounts(wanted)
    return found


def _kinds_to_open(owner_id: int, missing: set[Purse]) -> list[AccountKind]:
    more = [purse.kind for purse in missing if purse.owner_id == owner_id]
    return [*COMPANY_OWN, *sorted(kind for kind in more if kind not in COMPANY_OWN)]


def _find_accounts(purses: set[Purse]) -> dict[Purse, int]:
    owners = {purse.owner_id for purse in purses}
    rows = Account.objects.filter(Q(owner__in=owners - {None}) | Q(owner=None))
    return {
        Purse(AccountKind(kind), owner): pk
        for pk, kind, owner in rows.values_list("pk", "kind", "owner")
    }


def _move_balances(legs: Sequence[Leg], purses: dict[Purse, int]) -> None:
    gains = [
        (purses[purse], purse, rules.natural(purse.kind, fen).fen)
        for purse, fen in rules.net(legs).items()
        if fen and purse.kind in GUARDED
    ]
    for account_id, purse, fen in sorted(gains, key=lambda gain: gain[0]):
        account = Account.objects.filter(pk=account_id)
        if not account.filter(balance_fen__gte=-fen).update(balance_fen=F("balance_fen") + fen):
            balance = account.values_list("balance_fen", flat=True).get()
            raise InsufficientBalance(
                account=words.account(purse.kind), balance=Money(balance), needed=Money(-fen)
            )


def _move_holds(legs: Sequence[Leg], purses: dict[Purse, int]) -> None:
    for (subject, owner_id), (came, left) in sorted(rules.hold_changes(legs).items()):
        account_id = purses[Purse(AccountKind.ESCROW, owner_id)]
        if came:
            _raise_hold(subject, account_id, came)
        if left:
            _lower_hold(subject, account_id, left)


def _raise_hold(subject: str, account_id: int, fen: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO ledger_hold (account_id, subject, held_fen, remaining_fen)"
            " VALUES (%s, %s, %s, %s) ON CONFLICT (subject) DO UPDATE SET"
            " held_fen = ledger_hold.held_fen + excluded.held_fen,"
            " remaining_fen = ledger_hold.remaining_fen + excluded.remaining_fen"
            " WHERE ledger_hold.account_id = excluded.account_id",
            [account_id, subject, fen, fen],
        )
        if cursor.rowcount != 1:
            raise HeldElsewhere(subject=subject)


def _lower_hold(subject: str, account_id: int, fen: int) -> None:
    hold = Hold.objects.filter(subject=subject, account=account_id)
    if not hold.filter(remaining_fen__gte=fen).update(remaining_fen=F("remaining_fen") - fen):
        held = hold.values_list("remaining_fen", flat=True).first() or 0
        raise InsufficientHold(subject=subject, held=Money(held), needed=Money(fen))
