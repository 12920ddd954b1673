"""What buyers, sellers and the bank do with bills: for the tests of acceptance bills."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from pifa.finance import commands as finance
from pifa.finance.methods.acceptance_bill.models import Bill
from pifa.finance.models import Payable
from pifa.finance.sandbox import bill_book
from pifa.kernel import clock, deadlines
from pifa.kernel.money import Money
from pifa.ledger import queries as books
from pifa.ledger.rules import AccountKind
from pifa.trade import commands
from pifa.trade.models import Order
from tests.trade.market import Trading, pay

ACCEPTOR = "sandbox-bank"
DAYS = 90


@dataclass
class Desk:
    """A trading whose orders are paid by bill."""

    trading: Trading

    def asked(self, order: Order, matures_on: date | None = None, acceptor: str = ACCEPTOR) -> Bill:
        """A bill that the bank was asked for, and has not told of."""
        payable = Payable.objects.get(subject=order.subject)
        begun = finance.start_payment(self.trading.buying, payable.number, "acceptance_bill")
        day = matures_on or clock.today() + timedelta(days=DAYS)
        number = finance.draw_bill(self.trading.buying, begun.payment_number, acceptor, day)
        return self.bill(number)

    def offered(self, order: Order | None = None, matures_on: date | None = None) -> Bill:
        """One that is drawn and waits for the seller."""
        bill = self.asked(order or self.trading.place(), matures_on)
        assert bill_book.send_waiting() == ["noted"]
        return self.bill(bill.number)

    def accepted(self, order: Order | None = None, matures_on: date | None = None) -> Bill:
        """One that the seller took."""
        bill = self.offered(order, matures_on)
        finance.accept_bill(self.trading.selling, bill.number)
        return self.bill(bill.number)

    def shipped(self) -> Bill:
        """One whose order is on its way."""
        bill = self.accepted()
        commands.ship(self.trading.selling, self.order(bill).number, "试验快递", "T1")
        return bill

    def mature(self, bill: Bill, plan: str = "honour") -> Bill:
        """Its day comes, and the bank tells what became of it."""
        bill_book.plan(bill.number, plan)
        # What else falls due until then (receipt, reviews) happens in its order.
        deadlines.run_due(clock.start_of_day(bill.presents_on) + timedelta(minutes=1))
        return self.bill(bill.number)

    def bill(self, number: str) -> Bill:
        return Bill.objects.get(number=number)

    def order(self, bill: Bill) -> Order:
        return Order.objects.get(number=bill.payable.subject.removeprefix("order:"))

    def pay(self, order: Order) -> list[str]:
        return pay(self.trading.buying, order.number)

    def balance(self, kind: AccountKind = AccountKind.BALANCE, *, buyer: bool = False) -> int:
        company = self.trading.buyer if buyer else self.trading.seller
        return books.balance(company.pk, kind).fen

    def refund(self, order: Order, amount: Money) -> None:
        """A refund that the seller grants."""
        buying, selling = self.trading.buying, self.trading.selling
        case = commands.ask_refund(buying, order.number, "money", amount, "破损")
        commands.answer_refund(selling, case, True)
