"""The sandbox bank checks whose an account is, and sends money of the market to it.

It knows the accounts in its own book. Of others it asks the bank that keeps them; since there is
none, a number that ends in 0000 does not exist, one that ends in 9999 is somebody else's, and any
other is in the name that is asked for.
"""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

from pifa.finance.banks.protocol import PayeeCheck, PayoutNotice, PayoutOutcome
from pifa.finance.sandbox import books, deposits
from pifa.finance.sandbox.models import SandboxAccount, SandboxPayee, SandboxPayout
from pifa.finance.withdrawals.events import PAYOUT_DEADLINE
from pifa.kernel import deadlines
from pifa.kernel.errors import NotFound
from pifa.kernel.money import Money

UNKNOWN, ANOTHERS = "0000", "9999"
TAKES = timedelta(minutes=30)
"""So long other banks take to say that money has arrived; this bank says it at once."""


def check(holder: str, number: str, bank_name: str) -> PayeeCheck | None:
    """The account of a number, if it is in this name at this bank."""
    known = SandboxAccount.objects.filter(number=number).first()
    if known is None:
        if number.endswith((UNKNOWN, ANOTHERS)):
            return None
        known = books.account_of(books.account_at(bank_name, number, holder))
    # Its own customers it knows by their number, however they call the bank.
    if known.holder != holder or (known.bank != bank_name and not deposits.is_kept(number)):
        return None
    payee, _new = SandboxPayee.objects.get_or_create(account=known, defaults={"ref": uuid4().hex})
    return PayeeCheck(payee.ref, masked(number), at_partner_bank=known.bank == books.BANK)


def send(ref: str, amount: Money, key: str) -> None:
    """Send money to a checked account, once for a key; what became of it is told by a deadline."""
    account = SandboxPayee.objects.select_related("account").get(ref=ref).account
    payee = books.Holder(account.number, account.holder, account.bank, account.role)
    entry = books.move(books.Kind.PAYOUT, key, books.MARKET, payee, amount)
    if entry is None:
        return
    payout = SandboxPayout.objects.create(entry=entry)
    wait = timedelta(0) if account.bank == books.BANK else TAKES
    deadlines.set_deadline(PAYOUT_DEADLINE, f"sandbox-payout:{payout.pk}", entry.at + wait)


def progress(key: str) -> PayoutNotice:
    """What became of a payout so far."""
    row = SandboxPayout.objects.filter(entry__key=key).first()
    if row is None:
        raise NotFound
    return PayoutNotice(key, PayoutOutcome(row.outcome), row.reason)


def masked(number: str) -> str:
    """What people may see of a number: its last four digits."""
    return f"**** {number[-4:]}"
