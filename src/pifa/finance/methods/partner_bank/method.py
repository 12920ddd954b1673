"""Quick payment: the bank moves the money when the payment password is given."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from pifa.finance import policies
from pifa.finance.methods.protocol import Attempt, Due, Outcome, Progress, Start, Words
from pifa.finance.partner_bank import queries, registry
from pifa.finance.partner_bank.commands.passwords import account_for, spend
from pifa.finance.partner_bank.models import PartnerAccount
from pifa.kernel.actors import Actor
from pifa.kernel.money import Money
from pifa.ledger import rules
from pifa.ledger.rules import Legs, Purse

CODE = "partner_bank"

_BANK_ENTRIES = """
SELECT 'in', receipt_no, amount_fen, 'quick_payment', number
FROM finance_payment WHERE method = 'partner_bank' AND receipt_no IS NOT NULL
UNION ALL
SELECT 'out', r.key, r.amount_fen, 'quick_refund', y.number
FROM finance_paymentrefund r JOIN finance_payment y ON y.id = r.payment_id
WHERE y.method = 'partner_bank'
"""


class PartnerBankMethod:
    """GATEWAY to the payee's escrow; a refund goes back to the account it came from."""

    code = CODE
    label: Words = _("网商银行快捷支付")
    for_finance_only = True
    bank_entries = _BANK_ENTRIES

    def purse(self, due: Due) -> Purse:
        """The market's money at banks."""
        return rules.GATEWAY

    def offered(self, due: Due, payer_id: int | None) -> Words | None:
        """Whoever has an account with enough on it. The figure is for who gave a password."""
        if payer_id is None:
            return _("需要登录后使用。")
        there = queries.available(payer_id)
        if there is None:
            return _("还没有开通网商银行账户。")
        return _("网商银行账户余额不足。") if there < due.amount else None

    def start(self, attempt: Attempt) -> Start:
        """The bank moves the money; `NotEnough` if it went meanwhile."""
        account = _account_of(attempt)
        bank = registry.get(account.bank)
        receipt = bank.pay(account.number, attempt.due.amount, attempt.payment_number)
        return Start(receipt_no=receipt)

    def progress(self, attempt: Attempt) -> Progress:
        """What was not settled at once never will be."""
        return Progress(Outcome.CLOSED, Money(0), "")

    def settle(self, attempt: Attempt) -> Legs:
        """GATEWAY to the payee's ESCROW."""
        due = attempt.due
        return rules.settlement(due.subject, due.payee_id, due.amount, self.purse(due))

    def refund(self, attempt: Attempt, amount: Money, key: str, reason: str) -> None:
        """The bank puts it back on the account."""
        account = _account_of(attempt)
        bank = registry.get(account.bank)
        bank.refund(account.number, amount, key, attempt.payment_number)

    def close(self, attempt: Attempt) -> None:
        """Nothing is open anywhere."""


def sign(actor: Actor, authorisation: str) -> None:
    """Use up what the payment password allowed; `NotAuthorised`, `NoAccount`."""
    spend(actor, account_for(policies.handles_money(actor)), authorisation)


def _account_of(attempt: Attempt) -> PartnerAccount:
    assert attempt.due.payer_id is not None
    return account_for(attempt.due.payer_id)
