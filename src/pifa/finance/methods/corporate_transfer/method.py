"""Payment by transfer from the buyer's bank account (融易收)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from pifa.finance.banks import registry as banks
from pifa.finance.banks.protocol import Payer
from pifa.finance.methods.corporate_transfer.accounts import open_account
from pifa.finance.methods.corporate_transfer.models import BankMatch
from pifa.finance.methods.protocol import Attempt, Due, Outcome, Progress, Start, Words
from pifa.kernel.money import Money
from pifa.ledger import rules
from pifa.ledger.rules import Legs, Purse
from pifa.parties import queries as parties

CODE = "transfer"

# A line that has no id of the bank goes by ours, which the bank does not know.
_BANK_ENTRIES = """
SELECT 'in', COALESCE(line_no, number), amount_fen, 'line', number FROM finance_bankline
UNION ALL
SELECT 'out', 'bank_out:' || number, returned_fen, 'line_back', number
FROM finance_bankline WHERE returned_fen > 0
UNION ALL
SELECT 'out', r.key, r.amount_fen, 'refund', y.number
FROM finance_paymentrefund r JOIN finance_payment y ON y.id = r.payment_id
WHERE y.method = 'transfer'
"""


class CorporateTransferMethod:
    """A virtual account for each buyer and seller; money that came for it waits in SUSPENSE."""

    code = CODE
    label: Words = _("对公转账")
    bank_entries = _BANK_ENTRIES
    for_finance_only = False

    def purse(self, due: Due) -> Purse:
        """The market's money at the bank: a refund goes back to the account it came from."""
        return rules.GATEWAY

    def offered(self, due: Due, payer_id: int | None) -> Words | None:
        """Companies with a verified legal name, among themselves; without a limit."""
        if payer_id is None:
            return _("需要登录后使用。")
        if payer_id == due.payee_id:
            return _("只用于付款给其他企业。")
        cards = parties.cards([payer_id, due.payee_id])
        if not cards[payer_id].verified_name:
            return _("贵企业完成企业认证后可用：转账按认证名称入账。")
        if not cards[due.payee_id].verified_name:
            return _("卖家完成企业认证后可用。")
        return None

    def start(self, attempt: Attempt) -> Start:
        """Open the pair's account; the payer goes on to the page that says where to transfer."""
        due = attempt.due
        assert due.payer_id is not None
        open_account(due.payer_id, due.payee_id)
        return Start(f"/buyer/transfers/to/{attempt.payment_number}/")

    def progress(self, attempt: Attempt) -> Progress:
        """The bank tells of every line by itself; until then it waits."""
        return Progress(Outcome.WAITING, Money(0), "")

    def settle(self, attempt: Attempt) -> Legs:
        """SUSPENSE, where every line is booked first, to the payee's ESCROW."""
        due = attempt.due
        return rules.claimed(due.subject, due.payee_id, due.amount)

    def refund(self, attempt: Attempt, amount: Money, key: str, reason: str) -> None:
        """The bank sends it to the account that the line came from."""
        matches = BankMatch.objects.select_related("line")
        line = matches.get(payment__number=attempt.payment_number).line
        payer = Payer(line.payer_name, line.payer_account, line.payer_bank)
        banks.get(line.bank).send_back(payer, amount, key, line.line_no or line.number)

    def close(self, attempt: Attempt) -> None:
        """The account stays; money for what is closed waits in suspense."""
