"""The method: a word instead of money, kept later from the payer's balance."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from pifa.finance.methods.protocol import Attempt, Due, Outcome, Progress, Start, Terms, Words
from pifa.finance.methods.trade_credit import standing, words
from pifa.finance.methods.trade_credit.commands import items
from pifa.finance.methods.trade_credit.errors import NoCreditLine
from pifa.finance.methods.trade_credit.models import CreditLine
from pifa.kernel.errors import DomainError
from pifa.kernel.money import Money
from pifa.ledger import rules
from pifa.ledger.rules import AccountKind, Legs, Purse

SUBJECT = "order:"
"""Only what is delivered and received can be bought on credit."""


class TradeCreditMethod:
    """Takes the word of a buyer to whom the payee has granted a line."""

    code = standing.CODE
    label: Words = _("账期支付")
    bank_entries = ""
    for_finance_only = False

    def purse(self, due: Due) -> Purse:
        """The payer's balance: there a repayment arrives, and a refund of what was paid."""
        assert due.payer_id is not None
        return Purse(AccountKind.BALANCE, due.payer_id)

    def offered(self, due: Due, payer_id: int | None) -> Words | DomainError | None:
        """A buyer with a line of this seller that is open and has so much free."""
        if not due.subject.startswith(SUBJECT):
            return _("账期只用于订单。")
        line = CreditLine.objects.filter(seller=due.payee_id, buyer=payer_id).first()
        return NoCreditLine() if line is None else standing.refusal(line, due.amount)

    def terms(self, dues: Sequence[Due]) -> list[Terms]:
        """What is free of each seller's line and when it is settled, or why it cannot be used."""
        payers = {due.payer_id for due in dues}
        rows = CreditLine.objects.filter(
            seller__in=[due.payee_id for due in dues], buyer__in=payers
        )
        lines = {line.seller_id: line for line in rows}
        refused = standing.refusals(
            (lines[due.payee_id], due.amount) for due in dues if due.payee_id in lines
        )
        return [_terms(lines.get(due.payee_id), refused.get(due.payee_id)) for due in dues]

    def lock(self, payer_id: int, payee_ids: Sequence[int]) -> Sequence[Purse]:
        """The lines by id; a promise moves the buyer's RECEIVABLE and the sellers' PROMISED."""
        rows = CreditLine.objects.filter(buyer=payer_id, seller__in=payee_ids).order_by("pk")
        list(rows.select_for_update(no_key=True))
        claims = [Purse(AccountKind.PROMISED, payee_id) for payee_id in payee_ids]
        return [Purse(AccountKind.RECEIVABLE, payer_id), *claims]

    def waive(self, due: Due) -> Legs:
        """The seller's claim and the buyer's debt end together."""
        assert due.payer_id is not None
        return rules.promise_ended(due.subject, due.payer_id, due.payee_id, due.amount)

    def start(self, attempt: Attempt) -> Start:
        """Take from the limit, under the line's lock; the refusals of a line with their figures."""
        items.reserve(attempt)
        return Start(promised=True)

    def progress(self, attempt: Attempt) -> Progress:
        """A promise waits for a repayment, which asks its own provider."""
        return Progress(Outcome.WAITING, Money(0), "")

    def settle(self, attempt: Attempt) -> Legs:
        """The payer's BALANCE to the payee's ESCROW, and the promise is over."""
        due = attempt.due
        assert due.payer_id is not None
        paid = rules.settlement(due.subject, due.payee_id, due.amount, self.purse(due))
        kept = rules.promise_ended(due.subject, due.payer_id, due.payee_id, due.amount)
        return (*paid, *kept)

    def refund(self, attempt: Attempt, amount: Money, key: str, reason: str) -> None:
        """The posting has done it."""

    def close(self, attempt: Attempt) -> None:
        """Nothing is open anywhere."""


def _terms(line: CreditLine | None, refusal: DomainError | None) -> Terms:
    error = NoCreditLine() if line is None else refusal
    if line is None or error is not None:
        assert error is not None
        return Terms(str(error), refused=True, figures=error.figures)
    figures = standing.figures(line, None)
    return Terms(
        words.offered(figures.free, line.own_terms),
        figures={"limit": figures.limit, "used": figures.used, "free": figures.free},
    )
