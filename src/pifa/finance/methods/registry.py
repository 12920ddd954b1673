"""The methods of this market, in the order in which they are offered."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from pifa.finance.gateways.protocol import Channel
from pifa.finance.methods.acceptance_bill.method import AcceptanceBillMethod
from pifa.finance.methods.balance import BalanceMethod
from pifa.finance.methods.cash_on_delivery.method import CashOnDeliveryMethod
from pifa.finance.methods.corporate_transfer.method import CorporateTransferMethod
from pifa.finance.methods.gateway.method import (
    AlipayMethod,
    CardMethod,
    GatewayMethod,
    WechatMethod,
)
from pifa.finance.methods.partner_bank.method import CODE as PARTNER_BANK
from pifa.finance.methods.partner_bank.method import PartnerBankMethod, sign
from pifa.finance.methods.protocol import AgreedMethod, PaymentMethod, WordMethod
from pifa.finance.methods.secured.method import SecuredMethod
from pifa.finance.methods.trade_credit.method import TradeCreditMethod
from pifa.finance.methods.trust.method import TrustMethod
from pifa.kernel.actors import Actor
from pifa.kernel.errors import NotFound

METHODS: dict[str, PaymentMethod] = {}

AGREED: dict[str, AgreedMethod] = {}
"""Those that can be agreed on with the order itself."""

WORDS: dict[str, WordMethod] = {}
"""Those that take the payer's word, with the order or later."""

ONLINE: dict[str, GatewayMethod] = {}
"""Those by which anybody pays on the spot, known to the market or not."""

SIGNED: Mapping[str, Callable[[Actor, str], None]] = {PARTNER_BANK: sign}
"""Those that move money on the payer's password: what uses up the token that stands for it."""


def register(method: PaymentMethod) -> PaymentMethod:
    """Offer a method from now on."""
    METHODS[method.code] = method
    return method


def register_word(method: WordMethod) -> None:
    """Offer a method that takes the payer's word."""
    register(method)
    WORDS[method.code] = method


def register_agreed(method: AgreedMethod) -> None:
    """Offer a method, with the order as well."""
    register_word(method)
    AGREED[method.code] = method


def register_online(method: GatewayMethod) -> None:
    """Offer a gateway, where its adapter is set up."""
    register(method)
    ONLINE[method.code] = method


def in_use() -> list[PaymentMethod]:
    """The methods of which payers hear; the rest only finish what was begun with them."""
    off = {code for code, method in ONLINE.items() if not method.enabled}
    return [method for method in METHODS.values() if method.code not in off]


def online() -> list[GatewayMethod]:
    """Those by which somebody whom the market does not know may pay."""
    return [method for method in ONLINE.values() if method.enabled]


def channels_of(code: str) -> tuple[Channel, ...]:
    """The channels that a payer may choose from with a method."""
    return ONLINE[code].gateway.channels if code in ONLINE else ()


def get(code: str) -> PaymentMethod:
    """The method of a code; `NotFound` for a code the market does not know."""
    try:
        return METHODS[code]
    except KeyError as error:
        raise NotFound from error


register_online(GatewayMethod())
register_online(AlipayMethod())
register_online(WechatMethod())
register_online(CardMethod())
register(BalanceMethod())
register(CorporateTransferMethod())
register_agreed(TradeCreditMethod())
register_agreed(CashOnDeliveryMethod())
register_agreed(SecuredMethod())
register_agreed(TrustMethod())
register(PartnerBankMethod())
register_word(AcceptanceBillMethod())
