"""The methods of this market, in the order in which they are offered."""

from __future__ import annotations

from pifa.finance.methods.balance import BalanceMethod
from pifa.finance.methods.cash_on_delivery.method import CashOnDeliveryMethod
from pifa.finance.methods.corporate_transfer.method import CorporateTransferMethod
from pifa.finance.methods.gateway.method import GatewayMethod
from pifa.finance.methods.protocol import AgreedMethod, PaymentMethod
from pifa.finance.methods.trade_credit.method import TradeCreditMethod
from pifa.kernel.errors import NotFound

METHODS: dict[str, PaymentMethod] = {}

AGREED: dict[str, AgreedMethod] = {}
"""Those that can be agreed on with the order itself."""


def register(method: PaymentMethod) -> PaymentMethod:
    """Offer a method from now on."""
    METHODS[method.code] = method
    return method


def register_agreed(method: AgreedMethod) -> None:
    """Offer a method, with the order as well."""
    register(method)
    AGREED[method.code] = method


def get(code: str) -> PaymentMethod:
    """The method of a code; `NotFound` for a code the market does not know."""
    try:
        return METHODS[code]
    except KeyError as error:
        raise NotFound from error


register(GatewayMethod())
register(BalanceMethod())
register(CorporateTransferMethod())
register_agreed(TradeCreditMethod())
register_agreed(CashOnDeliveryMethod())
