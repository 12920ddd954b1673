"""The method: the buyer's word, for which a financier pays."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from pifa.finance.methods.protocol import Attempt, Due, Outcome, Progress, Start, Terms, Words
from pifa.finance.methods.secured import standing, words
from pifa.finance.methods.secured.book import rates
from pifa.finance.methods.secured.models import SecuredAccount, SecuredPayout, SecuredReceivable
from pifa.finance.methods.secured.rules import Fees
from pifa.kernel.errors import DomainError
from pifa.kernel.money import Money
from pifa.ledger import rules
from pifa.ledger.rules import AccountKind, Legs, Purse

SUBJECT = "order:"
"""Only what is delivered and received can be bought this way."""

# What financiers paid and got beside the ledger's own transfers: payouts by their receipts (those
# of claims that had changed went back), their fees for paying early, refunds; then what buyers
# repaid and what was given back to them, by the keys of the transfers.
_BANK_ENTRIES = """
SELECT 'in', receipt_no, amount_fen, 'financier', number
FROM finance_securedpayout WHERE receipt_no IS NOT NULL
UNION ALL
SELECT 'out', 'financier-back:' || number, amount_fen, 'financier', number
FROM finance_securedpayout WHERE state = 'returned'
UNION ALL
SELECT 'out', 'financier-fee:' || number, early_fee_fen, 'financier', number
FROM finance_securedpayout WHERE state = 'paid' AND early_fee_fen > 0
UNION ALL
SELECT 'out', r.key, r.amount_fen, 'refund', y.number
FROM finance_paymentrefund r JOIN finance_payment y ON y.id = r.payment_id
WHERE y.method = 'secured'
UNION ALL
SELECT CASE WHEN d.kind = 'gateway' THEN 'in' ELSE 'out' END, t.key, p.amount_fen, 'financier',
    p.subject
FROM ledger_transfer t
JOIN ledger_posting p ON p.transfer_id = t.id
JOIN ledger_account d ON d.id = p.debit_id
JOIN ledger_account c ON c.id = p.credit_id
WHERE t.kind IN ('financier_repaid', 'financier_return') AND 'gateway' IN (d.kind, c.kind)
"""


class SecuredMethod:
    """Takes the word of a buyer with a limit, for a seller in the service."""

    code = standing.CODE
    label: Words = _("诚e赊")
    bank_entries = _BANK_ENTRIES
    for_finance_only = False

    def purse(self, due: Due) -> Purse:
        """The market's money at banks: a refund goes back to the financier."""
        return rules.GATEWAY

    def offered(self, due: Due, payer_id: int | None) -> Words | DomainError | None:
        """A buyer with so much free, and a seller who has joined."""
        if not due.subject.startswith(SUBJECT) or payer_id is None:
            return _("诚e赊只用于订单。")
        return standing.refusal_for(payer_id, due.payee_id, due.amount)

    def terms(self, dues: Sequence[Due]) -> Sequence[Terms | None]:
        """What is free of the buyer's limit and when it is due, or why it cannot be used; nothing
        for sellers who have not joined."""
        found = rates()
        joined = standing.members(due.payee_id for due in dues)
        payer_id = dues[0].payer_id if dues else None
        if found is None or not joined or payer_id is None:
            return [None] * len(dues)
        limit = standing.limit_of(payer_id)
        account = SecuredAccount.objects.filter(buyer=payer_id).first()
        now = standing.standing_of(account, limit)
        answers: list[Terms | None] = []
        for due in dues:
            if due.payee_id not in joined:
                answers.append(None)
                continue
            error = standing.refusal(account, limit, due.amount)
            if error is not None:
                answers.append(Terms(str(error), refused=True, figures=error.figures))
                continue
            figures = {"limit": now.limit, "used": now.used, "free": now.free}
            answers.append(Terms(words.offered(now.free, found.term_days), figures=figures))
        return answers

    def lock(self, payer_id: int, payee_ids: Sequence[int]) -> Sequence[Purse]:
        """The buyer's account; its word moves RECEIVABLE and the sellers' PROMISED."""
        standing.account_of(payer_id)
        claims = [Purse(AccountKind.PROMISED, payee_id) for payee_id in payee_ids]
        return [Purse(AccountKind.RECEIVABLE, payer_id), *claims]

    def waive(self, due: Due) -> Legs:
        """The buyer owes so much less; what it had repaid the financier owes back."""
        assert due.payer_id is not None
        row = SecuredReceivable.objects.get(payable__number=due.payable_number)
        before = row.position
        after = before.waive(due.amount)
        return rules.financed_waived(
            due.subject,
            due.payer_id,
            due.payee_id,
            forgiven=after.forgiven - before.forgiven,
            returned=after.returned - before.returned,
        )

    def start(self, attempt: Attempt) -> Start:
        """Take from the limit, under the account's lock; the refusals with their figures."""
        # Commands know the methods' register, which is being filled when this is loaded.
        from pifa.finance.methods.secured.commands import receivables

        receivables.reserve(attempt)
        return Start(promised=True)

    def progress(self, attempt: Attempt) -> Progress:
        """The financier tells of every payout by itself."""
        return Progress(Outcome.WAITING, Money(0), "")

    def settle(self, attempt: Attempt) -> Legs:
        """The financier's money to the payee's ESCROW, less what of the fees is still to be taken."""
        due = attempt.due
        payout = SecuredPayout.objects.get(
            receivable__payable__number=due.payable_number, state=SecuredPayout.State.REQUESTED
        )
        taken = fees_of(payout).of_part(Money(payout.taken_fen), due.amount)
        SecuredPayout.objects.filter(pk=payout.pk).update(
            taken_fen=payout.taken_fen + taken.total.fen
        )
        return rules.financed(
            due.subject, due.payee_id, due.amount, service=taken.service, early=taken.early
        )

    def refund(self, attempt: Attempt, amount: Money, key: str, reason: str) -> None:
        """The financier has it back; the buyer owes less, or gets what it had repaid."""
        from pifa.finance.methods.secured.commands import receivables

        receivables.refunded(attempt, amount, key)

    def close(self, attempt: Attempt) -> None:
        """Nothing is open anywhere."""


def fees_of(payout: SecuredPayout) -> Fees:
    """What is deducted from a payout."""
    return Fees(Money(payout.service_fee_fen), Money(payout.early_fee_fen))
