"""Payment from the payer's own balance with the market (余额支付): done at once."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from pifa.finance.methods.protocol import Attempt, Due, Outcome, Progress, Start, Words
from pifa.kernel.money import Money
from pifa.ledger import queries as books
from pifa.ledger import rules
from pifa.ledger.rules import AccountKind, Legs, Purse


class BalanceMethod:
    """The payer's balance to the payee's escrow; a refund goes to the balance again."""

    code = "balance"
    label: Words = _("余额支付")
    for_finance_only = True
    bank_entries = ""

    def purse(self, due: Due) -> Purse:
        """The payer's balance."""
        assert due.payer_id is not None
        return Purse(AccountKind.BALANCE, due.payer_id)

    def offered(self, due: Due, payer_id: int | None) -> Words | None:
        """Whoever has enough on its balance."""
        if payer_id is None:
            return _("需要登录后使用。")
        balance = books.balance(payer_id, AccountKind.BALANCE)
        if balance < due.amount:
            return _("余额 {balance}，还差 {missing}。").format(
                balance=balance, missing=due.amount - balance
            )
        return None

    def start(self, attempt: Attempt) -> Start:
        """The money is here already."""
        return Start(receipt_no=f"balance:{attempt.payment_number}")

    def progress(self, attempt: Attempt) -> Progress:
        """What was not settled at once never will be."""
        return Progress(Outcome.CLOSED, Money(0), "")

    def settle(self, attempt: Attempt) -> Legs:
        """The payer's BALANCE to the payee's ESCROW."""
        due = attempt.due
        return rules.settlement(due.subject, due.payee_id, due.amount, self.purse(due))

    def refund(self, attempt: Attempt, amount: Money, key: str, reason: str) -> None:
        """The posting has done it."""

    def close(self, attempt: Attempt) -> None:
        """Nothing is open anywhere."""
