"""The method: the buyer's word, by which the bank stands and debits it after receipt."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from pifa.finance.methods.protocol import Attempt, Due, Outcome, Progress, Start, Terms, Words
from pifa.finance.methods.trust import book, standing, words
from pifa.finance.methods.trust.models import TrustCall
from pifa.kernel.errors import DomainError
from pifa.kernel.money import Money
from pifa.ledger import rules
from pifa.ledger.rules import AccountKind, Legs, Purse

SUBJECT = "order:"
"""Only what is delivered and received can be bought this way."""

# What the bank paid by its receipts (what had changed went back), and refunds. What buyers repaid
# stands with the other financiers' transfers of the same kind (`methods.secured`).
_BANK_ENTRIES = """
SELECT 'in', receipt_no, amount_fen, 'trust', number
FROM finance_trustcall WHERE receipt_no IS NOT NULL
UNION ALL
SELECT 'out', 'financier-back:' || number, amount_fen, 'trust', number
FROM finance_trustcall WHERE state = 'returned'
UNION ALL
SELECT 'out', r.key, r.amount_fen, 'refund', y.number
FROM finance_paymentrefund r JOIN finance_payment y ON y.id = r.payment_id
WHERE y.method = 'trust_payment'
"""


class TrustMethod:
    """Takes the word of a buyer with a mandate."""

    code = standing.CODE
    label: Words = _("信任付")
    bank_entries = _BANK_ENTRIES
    for_finance_only = False

    def purse(self, due: Due) -> Purse:
        """The market's money at banks: a refund goes back through the bank."""
        return rules.GATEWAY

    def offered(self, due: Due, payer_id: int | None) -> Words | DomainError | None:
        """A buyer with a mandate and so much free."""
        if not due.subject.startswith(SUBJECT) or payer_id is None:
            return _("信任付只用于订单。")
        return standing.refusal_for(payer_id, due.payee_id, due.payable_number, due.amount)

    def terms(self, dues: Sequence[Due]) -> Sequence[Terms | None]:
        """What is free of the mandate, or why it cannot be used; nothing without one. One
        statement."""
        payer_id = dues[0].payer_id if dues else None
        if payer_id is None or book.terms() is None:
            return [None] * len(dues)
        mandate = standing.mandate_of(payer_id)
        if mandate is None:
            return [None] * len(dues)
        now = standing.standing_of(mandate)
        figures = {"limit": now.in_all, "used": now.used, "free": now.free}
        answers: list[Terms | None] = []
        for due in dues:
            error = standing.refusal(now, due.amount)
            if due.payee_id == payer_id:
                answers.append(None)
            elif error is not None:
                answers.append(Terms(str(error), refused=True, figures=error.figures))
            else:
                answers.append(Terms(words.offered(now), figures=figures))
        return answers

    def lock(self, payer_id: int, payee_ids: Sequence[int]) -> Sequence[Purse]:
        """The buyer's account; its word moves RECEIVABLE and the sellers' PROMISED."""
        standing.account_of(payer_id)
        claims = [Purse(AccountKind.PROMISED, payee_id) for payee_id in payee_ids]
        return [Purse(AccountKind.RECEIVABLE, payer_id), *claims]

    def waive(self, due: Due) -> Legs:
        """The seller's claim and the buyer's word end together."""
        assert due.payer_id is not None
        return rules.promise_ended(due.subject, due.payer_id, due.payee_id, due.amount)

    def start(self, attempt: Attempt) -> Start:
        """Take from the mandate, under the account's lock; the refusals with their figures."""
        # Commands know the methods' register, which is being filled when this is loaded.
        from pifa.finance.methods.trust.commands import items

        items.reserve(attempt)
        return Start(promised=True)

    def progress(self, attempt: Attempt) -> Progress:
        """The bank tells of every debit by itself."""
        return Progress(Outcome.WAITING, Money(0), "")

    def settle(self, attempt: Attempt) -> Legs:
        """The bank's money to the payee's ESCROW: the buyer's, whose word is kept, or the bank's
        own, which the buyer owes it from now on."""
        due = attempt.due
        assert due.payer_id is not None
        call = TrustCall.objects.get(
            item__payable__number=due.payable_number, state=TrustCall.State.ASKED
        )
        if call.kind == TrustCall.Kind.COVER:
            return rules.financed(due.subject, due.payee_id, due.amount)
        return (
            *rules.settlement(due.subject, due.payee_id, due.amount),
            *rules.promise_ended(due.subject, due.payer_id, due.payee_id, due.amount),
        )

    def refund(self, attempt: Attempt, amount: Money, key: str, reason: str) -> None:
        """The bank has it back; the buyer owes less, or finds it on its account."""
        from pifa.finance.methods.trust.commands import items

        items.refunded(attempt, amount, key)

    def close(self, attempt: Attempt) -> None:
        """Nothing is open anywhere."""
