"""A seller who fills orders in, and people who open the links: for the tests of invitations."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from pifa.finance.sandbox import bank
from pifa.finance.sandbox.bank import BankAction
from pifa.kernel import clock
from pifa.kernel.actors import Actor
from pifa.kernel.money import Money, UnitPrice
from pifa.parties.commands import AddressInput
from pifa.trade.invitations import commands, queries
from pifa.trade.invitations.commands import Confirmation, Confirmed, InvitationGiven
from pifa.trade.invitations.rules import GoodsGiven
from pifa.trade.models import Order, OrderInvitation
from tests.trade.market import Trading, trade_of

TYPED = GoodsGiven(
    quantity=20, price=UnitPrice.yuan("12.5"), title="定制挂钩", spec_text="黑色", unit="件"
)
MOBILE = "13900001234"


def given(trading: Trading, **fields: Any) -> InvitationGiven:
    """What the seller says: two kinds of goods, ¥537.50 with freight, valid a week."""
    said: dict[str, Any] = {
        "lines": [
            GoodsGiven(quantity=1000, price=UnitPrice.yuan("0.2755"), sku_id=trading.skus[0]),
            TYPED,
        ],
        "freight": Money.yuan("12.00"),
        "valid_until": clock.today() + timedelta(days=7),
    }
    return InvitationGiven(**said | fields)


def invited(trading: Trading, **fields: Any) -> OrderInvitation:
    """An invitation that was sent."""
    return of(commands.invite(trading.selling, given(trading, **fields)))


def of(number: str) -> OrderInvitation:
    """An invitation as it is in its table now."""
    return OrderInvitation.objects.select_related("order").get(number=number)


def token(trading: Trading, row: OrderInvitation) -> str:
    """What its seller copies."""
    return queries.invitation(trading.selling, row.number).token


def somewhere(mobile: str = MOBILE) -> AddressInput:
    """An address as a guest types it."""
    return AddressInput(
        consignee="李师傅", region="33", city="义乌市", detail="工业路 2 号", mobile=mobile
    )


def confirm(
    trading: Trading, row: OrderInvitation, actor: Actor | None = None, **fields: Any
) -> Confirmed:
    """Confirm what stands there now; a guest types an address."""
    said: dict[str, Any] = {"revision": row.revision}
    if not row.has_address and not fields.get("address_id"):
        said["to"] = somewhere()
    return commands.confirm_invitation(actor, token(trading, row), Confirmation(**said | fields))


def pay(
    trading: Trading,
    row: OrderInvitation,
    payer: str = "6222-guest",
    action: BankAction = BankAction.PAY,
) -> list[str]:
    """Pay a confirmed one by its link, from an account."""
    begun = begin(trading, row)
    return bank.act(trade_of(begun), action, payer=payer)


def begin(trading: Trading, row: OrderInvitation) -> str:
    """Begin to pay it; the payment's number."""
    order = of(row.number).order
    assert order is not None
    total = Money(order.total_fen)
    return commands.pay_invitation(token(trading, row), total, "gateway").payment_number


def bought(trading: Trading, mobile: str = MOBILE, payer: str = "6222-guest") -> Order:
    """An order that a guest confirmed and paid."""
    row = invited(trading)
    confirm(trading, row, to=somewhere(mobile))
    pay(trading, row, payer)
    order = of(row.number).order
    assert order is not None
    return order
