"""The method: a bill of the buyer's bank, which the seller takes for the money until its day."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from pifa.finance.methods.acceptance_bill import standing
from pifa.finance.methods.protocol import Attempt, Due, Outcome, Progress, Start, Words
from pifa.kernel.errors import DomainError
from pifa.kernel.money import Money
from pifa.ledger import rules
from pifa.ledger.rules import AccountKind, Legs, Purse
from pifa.parties import queries as parties

SUBJECT = "order:"
"""A bill stands for a real trade."""

_BANK_ENTRIES = """
SELECT 'in', receipt_no, face_fen, 'bill', number FROM finance_bill WHERE receipt_no IS NOT NULL
"""


class AcceptanceBillMethod:
    """Pays when its bill is honoured; from the seller's acceptance on it is promised."""

    code = standing.CODE
    label: Words = _("电子承兑汇票")
    bank_entries = _BANK_ENTRIES
    for_finance_only = True

    def purse(self, due: Due) -> Purse:
        """The payer's balance: a bill that was honoured cannot be undone."""
        assert due.payer_id is not None
        return Purse(AccountKind.BALANCE, due.payer_id)

    def offered(self, due: Due, payer_id: int | None) -> Words | DomainError | None:
        """Orders between companies with verified legal names; not while a bill is dishonoured."""
        if not due.subject.startswith(SUBJECT) or payer_id is None:
            return _("承兑汇票只用于订单。")
        cards = parties.cards([payer_id, due.payee_id])
        if not cards[payer_id].verified_name:
            return _("贵企业完成企业认证后可用：汇票按认证名称出票。")
        if not cards[due.payee_id].verified_name:
            return _("卖家完成企业认证后可用。")
        return standing.refusal(payer_id)

    def start(self, attempt: Attempt) -> Start:
        """The payer goes on to where the bill is drawn."""
        return Start(f"/buyer/bills/draw/{attempt.payment_number}/")

    def progress(self, attempt: Attempt) -> Progress:
        """The bank tells of every bill by itself."""
        return Progress(Outcome.WAITING, Money(0), "")

    def settle(self, attempt: Attempt) -> Legs:
        """The acceptor's money to the payee's ESCROW; the promise is over."""
        due = attempt.due
        assert due.payer_id is not None
        paid = rules.settlement(due.subject, due.payee_id, due.amount)
        kept = rules.promise_ended(due.subject, due.payer_id, due.payee_id, due.amount)
        return (*paid, *kept)

    def waive(self, due: Due) -> Legs:
        """The seller's claim and the buyer's debt end together."""
        assert due.payer_id is not None
        return rules.promise_ended(due.subject, due.payer_id, due.payee_id, due.amount)

    def refund(self, attempt: Attempt, amount: Money, key: str, reason: str) -> None:
        """The posting has done it."""

    def close(self, attempt: Attempt) -> None:
        """A bill that nobody has accepted yet goes back to its drawer."""
        # Commands know the methods' register, which is being filled when this is loaded.
        from pifa.finance.methods.acceptance_bill.commands import drawing

        drawing.withdraw(attempt.payment_number)
