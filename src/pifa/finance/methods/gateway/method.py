"""Online payment (在线支付): held in escrow from the moment the gateway's notice is believed."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from pifa.finance.gateways import registry
from pifa.finance.gateways.protocol import Gateway, TradeRequest
from pifa.finance.methods.protocol import Attempt, Due, Progress, Start, Words
from pifa.kernel.money import Money
from pifa.ledger import rules
from pifa.ledger.rules import Legs, Purse

_BANK_ENTRIES = """
SELECT 'in', receipt_no, amount_fen, 'payment', number
FROM finance_payment WHERE method = 'gateway' AND receipt_no IS NOT NULL
UNION ALL
SELECT 'out', r.key, r.amount_fen, 'refund', y.number
FROM finance_paymentrefund r JOIN finance_payment y ON y.id = r.payment_id
WHERE y.method = 'gateway'
"""


class GatewayMethod:
    """Pays through one gateway adapter; the market's default unless another is given."""

    code = "gateway"
    label: Words = _("在线支付")
    bank_entries = _BANK_ENTRIES
    for_finance_only = False

    def __init__(self, gateway_code: str = registry.DEFAULT) -> None:
        self._gateway_code = gateway_code

    @property
    def _gateway(self) -> Gateway:
        return registry.get(self._gateway_code)

    def purse(self, due: Due) -> Purse:
        """The market's money at gateways."""
        return rules.GATEWAY

    def offered(self, due: Due, payer_id: int | None) -> Words | None:
        """Everybody may pay online, up to what the gateway takes at once."""
        limit = self._gateway.limit
        if due.amount > limit:
            return _("超过单笔限额 {limit}。").format(limit=limit)
        return None

    def start(self, attempt: Attempt) -> Start:
        """Open a trade at the gateway; the payer goes on to the gateway's page."""
        due = attempt.due
        trade = TradeRequest(attempt.payment_number, due.amount, due.title)
        return Start(self._gateway.open(trade))

    def progress(self, attempt: Attempt) -> Progress:
        """What the gateway answers to a query."""
        return self._gateway.query(attempt.payment_number)

    def settle(self, attempt: Attempt) -> Legs:
        """GATEWAY to the payee's ESCROW."""
        due = attempt.due
        return rules.settlement(due.subject, due.payee_id, due.amount, self.purse(due))

    def refund(self, attempt: Attempt, amount: Money, key: str, reason: str) -> None:
        """Ask the gateway to send money back to the payer."""
        self._gateway.refund(attempt.payment_number, amount, key, reason)

    def close(self, attempt: Attempt) -> None:
        """Close the trade at the gateway."""
        self._gateway.close(attempt.payment_number)
