"""The sandbox bank under a mandate: it debits a company's account, or pays from its own, and tells.

It debits what is on the account and refuses what is not there; what it has promised it always pays.
What it is told to do instead is kept on the mandate (`SandboxMandate.Play`): a word that is wrong
comes first, and `CORRECTED_AFTER` the right one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from pifa.finance.partner_bank.errors import NotEnough
from pifa.finance.sandbox import books, deposits, keys
from pifa.finance.sandbox.financing import WORD_DEADLINE
from pifa.finance.sandbox.models import SandboxAccount, SandboxMandate, SandboxWord
from pifa.kernel import clock, deadlines
from pifa.kernel.money import Money

CODE = "trust"
NAME = _("沙箱银行")
Play = SandboxMandate.Play

OWN = books.Holder("8800000000000008", "信任付", books.BANK, SandboxAccount.Role.FINANCIER.value)
LATE = timedelta(days=1)
CORRECTED_AFTER = timedelta(hours=1)
NO_FUNDS, REFUSED = "no_funds", "refused"
"""Why it does not debit; `methods.trust.words` has them in the reader's language."""


@dataclass(frozen=True, slots=True)
class Signed:
    """A mandate as the bank's page shows it: whose account, what is on it, how it is played."""

    ref: str
    holder: str
    tail: str
    balance: Money
    play: str


def sign(account_number: str) -> str:
    """A company lets the bank debit its account."""
    account = SandboxAccount.objects.get(number=account_number)
    return SandboxMandate.objects.create(ref=uuid4().hex, account=account).ref


def play(ref: str, how: str) -> None:
    """From now on the bank does this when it is asked to debit; nothing for what it does not know."""
    if how in Play.values:
        SandboxMandate.objects.filter(ref=ref).update(play=how)


def signed(limit: int = 50) -> list[Signed]:
    """The mandates of companies, latest first."""
    rows = SandboxMandate.objects.select_related("account").order_by("-pk")[:limit]
    return [
        Signed(
            row.ref,
            row.account.holder,
            row.account.number[-4:],
            books.balance(row.account.number),
            row.play,
        )
        for row in rows
    ]


def words(limit: int = 30) -> list[SandboxWord]:
    """What the bank told the market under mandates, latest first."""
    return list(SandboxWord.objects.filter(financier=CODE).order_by("-pk")[:limit])


def decide(number: str, ref: str, amount: Money, *, covers: bool) -> None:
    """Pay or refuse, write the book, and send the notice by a deadline; once for a number."""
    if SandboxWord.objects.filter(number=number).exists():
        return
    mandate = SandboxMandate.objects.select_related("account").get(ref=ref)
    receipt_no = f"TP{uuid4().hex[:20].upper()}"
    reason = ""
    if covers:
        books.move(books.Kind.FINANCIER_OUT, receipt_no, OWN, books.MARKET, amount, number)
    else:
        reason = _refusal(mandate, receipt_no, amount, number)
    _tell(mandate.play, number, amount, receipt_no="" if reason else receipt_no, reason=reason)


def take(amount: Money, key: str, reference: str) -> None:
    """Money of the market for the bank."""
    books.move(books.Kind.FINANCIER_IN, key, books.MARKET, OWN, amount, reference)


def give_to_buyer(ref: str, amount: Money, key: str, reference: str) -> None:
    """The bank's money to the account under a mandate."""
    account = SandboxMandate.objects.select_related("account").get(ref=ref).account
    holder = books.Holder(account.number, account.holder, account.bank, account.role)
    books.move(books.Kind.MANDATE_REFUND, key, OWN, holder, amount, reference)


def _refusal(mandate: SandboxMandate, receipt_no: str, amount: Money, number: str) -> str:
    if mandate.play == Play.REFUSE:
        return REFUSED
    try:
        deposits.debit(mandate.account.number, receipt_no, amount, number)
    except NotEnough:
        return NO_FUNDS
    return ""


def _tell(how: str, number: str, amount: Money, *, receipt_no: str, reason: str) -> None:
    now = clock.now()
    payload = {
        "notice_id": uuid4().hex,
        "number": number,
        "outcome": "refused" if reason else "paid",
        "amount_fen": str(amount.fen),
        "receipt_no": receipt_no,
        "reason": reason,
    }
    signature = keys.sign(payload)
    at = now
    if how == Play.LATE:
        at = now + LATE
    elif how == Play.TWICE:
        _send_later(f"{number}b", payload, signature, now)
    elif how == Play.AMOUNT and receipt_no:
        wrong = payload | {"notice_id": uuid4().hex, "amount_fen": str(amount.fen + 1)}
        _send_later(f"{number}b", wrong, keys.sign(wrong), now)
        at = now + CORRECTED_AFTER
    elif how == Play.SIGNATURE:
        forged = payload | {"amount_fen": str(amount.fen + 1)}
        _send_later(f"{number}b", forged, signature, now)
        at = now + CORRECTED_AFTER
    _send_later(number, payload, signature, at)


def _send_later(number: str, payload: dict[str, Any], signature: str, at: datetime) -> None:
    with transaction.atomic():
        word = SandboxWord.objects.create(
            financier=CODE, number=number, payload=payload, signature=signature, send_at=at
        )
        deadlines.set_deadline(WORD_DEADLINE, f"sandbox-word:{word.pk}", at)
