"""Online payment (在线支付): held in escrow from the moment the gateway's notice is believed."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from pifa.finance.gateways import registry
from pifa.finance.gateways.alipay import Alipay
from pifa.finance.gateways.protocol import Gateway, TradeRequest
from pifa.finance.gateways.wechat import Wechat
from pifa.finance.methods.protocol import Attempt, Due, Progress, Start, Words
from pifa.kernel.money import Money
from pifa.ledger import rules
from pifa.ledger.rules import Legs, Purse

_ENTRIES = """
SELECT 'in', receipt_no, amount_fen, 'payment', number
FROM finance_payment WHERE method = '{code}' AND receipt_no IS NOT NULL
UNION ALL
SELECT 'out', r.key, r.amount_fen, 'refund', y.number
FROM finance_paymentrefund r JOIN finance_payment y ON y.id = r.payment_id
WHERE y.method = '{code}'
"""


class GatewayMethod:
    """Pays through one gateway adapter; the market's default unless another is given."""

    code = "gateway"
    label: Words = _("在线支付")
    gateway_code = registry.DEFAULT
    for_finance_only = False

    @property
    def bank_entries(self) -> str:
        """What came and went back by it; nothing where the money is at another bank."""
        return "" if self.is_elsewhere else self.entries

    @property
    def entries(self) -> str:
        """What came and went back by it, wherever the money is."""
        return _ENTRIES.format(code=self.code)

    @property
    def is_elsewhere(self) -> bool:
        """Whether its money is with a provider whose book is not on this machine."""
        return self.gateway_code in registry.PROVIDERS

    @property
    def gateway(self) -> Gateway:
        """The adapter by which it pays."""
        return registry.get(self.gateway_code)

    @property
    def enabled(self) -> bool:
        """Whether it is offered in this market at all."""
        return self.gateway.enabled

    def purse(self, due: Due) -> Purse:
        """The market's money at gateways."""
        return rules.GATEWAY

    def offered(self, due: Due, payer_id: int | None) -> Words | None:
        """Everybody may pay online, up to what the gateway takes at once."""
        limit = self.gateway.limit
        if due.amount > limit:
            return _("超过单笔限额 {limit}。").format(limit=limit)
        return None

    def start(self, attempt: Attempt) -> Start:
        """Open a trade at the gateway; the payer goes on to the gateway's page."""
        due = attempt.due
        trade = TradeRequest(attempt.payment_number, due.amount, due.title, attempt.channel)
        return Start(self.gateway.open(trade))

    def progress(self, attempt: Attempt) -> Progress:
        """What the gateway answers to a query."""
        return self.gateway.query(attempt.payment_number)

    def settle(self, attempt: Attempt) -> Legs:
        """GATEWAY to the payee's ESCROW."""
        due = attempt.due
        return rules.settlement(due.subject, due.payee_id, due.amount, self.purse(due))

    def refund(self, attempt: Attempt, amount: Money, key: str, reason: str) -> None:
        """Ask the gateway to send money back to the payer."""
        self.gateway.refund(attempt.payment_number, amount, key, reason)

    def close(self, attempt: Attempt) -> None:
        """Close the trade at the gateway."""
        self.gateway.close(attempt.payment_number)


class CardMethod(GatewayMethod):
    """Credit card (信用卡支付): entered on the acquirer's page, authorised and captured in one."""

    code = "card"
    label: Words = _("信用卡支付")
    gateway_code = "sandbox-card"


class AlipayMethod(GatewayMethod):
    """Alipay (支付宝)."""

    code = "alipay"
    label: Words = Alipay.label
    gateway_code = Alipay.code


class WechatMethod(GatewayMethod):
    """WeChat Pay (微信支付)."""

    code = "wechat"
    label: Words = Wechat.label
    gateway_code = Wechat.code
