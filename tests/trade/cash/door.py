"""What happens at a door, and after it: for the tests of cash on delivery."""

from __future__ import annotations

from dataclasses import dataclass

from pifa.finance import commands as finance
from pifa.finance.models import CashFinding, CashItem, Payable
from pifa.finance.sandbox import carrier
from pifa.kernel.money import Money
from pifa.ledger import queries as books
from pifa.ledger.rules import AccountKind
from pifa.trade import commands
from pifa.trade.models import Order
from tests.trade.market import Trading


@dataclass
class Door:
    """A trading whose orders are paid at the door."""

    trading: Trading

    def agreed(self, quantity: int = 100) -> Order:
        """An order that is agreed to be paid at the door."""
        seller_id = self.trading.seller.pk
        return self.trading.place(quantity, ways={seller_id: "cash_on_delivery"})

    def shipped(self, quantity: int = 100) -> Order:
        """One that is on its way."""
        return self.ship(self.agreed(quantity))

    def ship(self, order: Order) -> Order:
        commands.ship(self.trading.selling, order.number, "沙箱快运", f"T{order.pk}")
        return self.trading.order(order.number)

    def collected(self, quantity: int = 100) -> Order:
        """One that was delivered and collected."""
        order = self.shipped(quantity)
        self.play(order, "collect")
        return self.trading.order(order.number)

    def remitted(self, quantity: int = 100) -> Order:
        """One whose money the carrier has brought."""
        order = self.collected(quantity)
        assert carrier.remit() == ["settled"]
        return self.trading.order(order.number)

    def play(self, order: Order, action: str, less: Money | None = None) -> list[str]:
        return carrier.act(self.item(order).number, action, less or Money(0))

    def item(self, order: Order) -> CashItem:
        return CashItem.objects.get(payable__subject=order.subject)

    def pay(self, order: Order, method: str = "cash_on_delivery") -> str:
        payable = Payable.objects.get(subject=order.subject)
        return finance.start_payment(self.trading.buying, payable.number, method).payment_number

    def found(self) -> list[tuple[str, int, int]]:
        """What is found and not cleared: kind, expected and found in fen."""
        rows = CashFinding.objects.filter(cleared_at=None).order_by("pk")
        return list(rows.values_list("kind", "expected_fen", "found_fen"))

    def balance(self, kind: AccountKind = AccountKind.BALANCE, *, buyer: bool = False) -> int:
        company = self.trading.buyer if buyer else self.trading.seller
        return books.balance(company.pk, kind).fen

    def carrier_owes(self) -> int:
        return books.balance(None, AccountKind.CARRIER).fen
