"""The sandbox bank's book: accounts, and every movement between them, written once for a key.

What is on an account is the sum of its entries, as with the market's own accounts: a running
balance would be one row that every payment waits for.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.db.models import Sum

from pifa.finance.sandbox.models import SandboxAccount, SandboxEntry
from pifa.kernel import clock
from pifa.kernel.money import Money

Kind = SandboxEntry.Kind
_Role = SandboxAccount.Role

BANK = "沙箱银行"
MARKET_NUMBER = "8800000000000001"
PAYERS_NUMBER = "8800000000000002"
FINANCIER_NUMBER = "8800000000000003"


@dataclass(frozen=True, slots=True)
class Holder:
    """An account as somebody names it: whose, at which bank, its number."""

    number: str
    name: str
    bank: str
    role: str = _Role.OUTSIDE.value


MARKET = Holder(MARKET_NUMBER, "Pifa", BANK, _Role.MARKET.value)
PAYERS = Holder(PAYERS_NUMBER, "网关付款人", BANK, _Role.PAYERS.value)
FINANCIER = Holder(FINANCIER_NUMBER, "沙箱金融机构", BANK, _Role.FINANCIER.value)


def account_at(bank: str, number: str, name: str) -> Holder:
    """A company's account at this bank, or at another."""
    role = _Role.CUSTOMER if bank == BANK else _Role.OUTSIDE
    return Holder(number, name, bank, role.value)


def move(
    kind: str, key: str, payer: Holder, payee: Holder, amount: Money, reference: str = ""
) -> SandboxEntry | None:
    """Write a movement once for its key; None if the key is known."""
    if is_written(key):
        return None
    debit, credit = account_of(payer), account_of(payee)
    try:
        # A concurrent movement of the same key waits on the unique index for the first one.
        with transaction.atomic():
            return SandboxEntry.objects.create(
                key=key,
                kind=kind,
                debit=debit,
                credit=credit,
                amount_fen=amount.fen,
                reference=reference,
                at=clock.now(),
            )
    except IntegrityError:
        if not is_written(key):
            raise
        return None


def is_written(key: str) -> bool:
    """Whether a movement with this key is in the book."""
    return SandboxEntry.objects.filter(key=key).exists()


def send_back(payer: Holder, amount: Money, key: str, reference: str) -> None:
    """Send money of the market back to the account at another bank that it came from."""
    move(Kind.TRANSFER_BACK, key, MARKET, payer, amount, reference)


def market_money() -> Money:
    """What the bank keeps for the market."""
    return balance(MARKET_NUMBER)


def balance(number: str) -> Money:
    """What is on an account of the bank; nothing on one that it does not keep."""
    came = SandboxEntry.objects.filter(credit__number=number).aggregate(fen=Sum("amount_fen"))
    went = SandboxEntry.objects.filter(debit__number=number).aggregate(fen=Sum("amount_fen"))
    return Money(int(came["fen"] or 0) - int(went["fen"] or 0))


def account_of(holder: Holder) -> SandboxAccount:
    """The account of a number in the book; a number that is new is opened as its holder says."""
    row, _made = SandboxAccount.objects.get_or_create(
        number=holder.number,
        defaults={"holder": holder.name, "bank": holder.bank, "role": holder.role},
    )
    return row
