"""A buyer and a seller who trade: for the tests of orders."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pifa.catalog.models import Offer, Sku
from pifa.finance import commands as finance
from pifa.finance.models import Payable, SandboxTrade
from pifa.finance.sandbox import bank
from pifa.finance.sandbox.bank import BankAction
from pifa.kernel.actors import Actor
from pifa.kernel.money import Money
from pifa.parties.models import Address, Company
from pifa.trade import commands, queries
from pifa.trade.commands import CheckoutRequest
from pifa.trade.models import Order
from tests.catalog import market as goods

LARGE = 1_000_000


@dataclass
class Trading:
    """One buyer, one seller with an offer of two SKUs, and what they do with each other."""

    seller: Company
    buyer: Company
    selling: Actor
    buying: Actor
    operator: Actor
    address: Address
    offer: Offer
    skus: list[int]

    def request(self, lines: Sequence[tuple[int, int]], **fields: Any) -> CheckoutRequest:
        """A checkout of (SKU id, quantity) with the total that a preview shows."""
        if "shown_total" not in fields:
            view = queries.preview_checkout(self.buying, lines=lines, region=self.address.region)
            fields["shown_total"] = view.total
        return CheckoutRequest(lines=lines, address_id=self.address.pk, **fields)

    def place(self, quantity: int = 100, **fields: Any) -> Order:
        """Order pieces of the first SKU."""
        (number,) = commands.place_orders(
            self.buying, self.request([(self.skus[0], quantity)], **fields)
        )
        return self.order(number)

    def paid(self, quantity: int = 100) -> Order:
        """An order that is paid."""
        order = self.place(quantity)
        pay(self.buying, order.number)
        return self.order(order.number)

    def shipped(self, quantity: int = 100) -> Order:
        """An order that is on its way."""
        order = self.paid(quantity)
        commands.ship(self.selling, order.number, "试验快递", f"T{order.pk}")
        return self.order(order.number)

    def received(self, quantity: int = 100) -> Order:
        """An order that was received; its money is the seller's."""
        order = self.shipped(quantity)
        commands.confirm_receipt(self.buying, order.number)
        return self.order(order.number)

    def order(self, number: str) -> Order:
        """The order as it is in its table now."""
        return Order.objects.get(number=number)

    def stock(self, position: int = 0) -> tuple[int, int]:
        """Stock and reserved pieces of a SKU."""
        sku = Sku.objects.get(pk=self.skus[position])
        return sku.stock, sku.reserved


def trading(*, stock: Sequence[int] = (10_000, 5_000), moq: int = 1, **fields: Any) -> Trading:
    """A market of one buyer and one seller, straight into the tables."""
    seller = goods.seller("永固紧固件厂")
    buyer = goods.company("顺达建材行")
    offer = goods.offer(seller, stock=stock, moq=moq, unit="件", **fields)
    return Trading(
        seller=seller,
        buyer=buyer,
        selling=goods.actor(seller),
        buying=goods.actor(buyer),
        operator=goods.operator(),
        address=address(buyer),
        offer=offer,
        skus=goods.sku_ids(offer),
    )


def address(of: Company) -> Address:
    """An address in Zhejiang."""
    return Address.objects.create(
        company=of,
        consignee="王小明",
        region="33",
        city="杭州市",
        detail="试验路 1 号",
        post_code="310000",
        mobile="13812345678",
    )


def pay(actor: Actor, number: str, action: BankAction = BankAction.PAY) -> list[str]:
    """Pay an order at the sandbox bank; returns what the market answered to its notices."""
    payable = Payable.objects.get(subject=f"order:{number}")
    start = finance.start_payment(actor, payable.number, "gateway")
    return bank.act(trade_of(start.payment_number), action)


def trade_of(payment_number: str) -> str:
    """The sandbox bank's number of a payment."""
    return SandboxTrade.objects.get(payment_number=payment_number).trade_no


def yuan(amount: str) -> Money:
    """An amount in yuan."""
    return Money.yuan(amount)
