"""What buyers, sellers, operators and the clock do with orders, drawn at random."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from pifa.finance.models import Payable
from pifa.kernel import deadlines
from pifa.kernel.money import Money
from pifa.trade import commands as trade
from pifa.trade.approval.commands import decide_purchase
from pifa.trade.models import Order, Quote, RefundCase
from pifa.trade.quotes import commands as quotes
from pifa.trade.staged import commands as staged
from tests.trade.whole.bills import BillVerbs
from tests.trade.whole.freight import FreightVerbs
from tests.trade.whole.invitations import InvitationVerbs
from tests.trade.whole.mandates import MandateVerbs
from tests.trade.whole.world import may_refuse, picked

OPENINGS = 4
"""With how many orders the market begins."""


class Market(MandateVerbs, BillVerbs, FreightVerbs, InvitationVerbs):
    """Every verb may be refused, none may go wrong. One that finds nothing to be done to does what
    it would need, so that few steps are idle."""

    def begin(self, openings: Sequence[tuple[str, int]]) -> None:
        """The first orders are paid by a method each, and so many steps on their way."""
        for order, (method, depth) in zip(Order.objects.order_by("pk"), openings, strict=True):
            for _step in range(depth):
                order.refresh_from_db()
                self._advance(order, method)

    def wait(self, hours: int) -> None:
        self.now += timedelta(hours=hours)
        deadlines.run_due(self.now)

    def order(self, pick: int, large: bool) -> None:
        route = self.routes[pick % len(self.routes)]
        with may_refuse():
            self.place(self.owner[route.buyer.pk], route, 120 if large else 60)

    def decide(self, pick: int, approve: bool) -> None:
        order = self._order(pick, approvals__state="waiting")
        with may_refuse():
            if order is None:
                self.place(self.purchaser, self.routes[pick % 2], 160)
            else:
                total = Money(order.total_fen)
                decide_purchase(self.buyer_of(order), order.number, approve, total, "随机")

    def accept(self, pick: int) -> None:
        if quote := picked(Quote.objects.all(), pick):
            with may_refuse():
                quotes.accept_quote(self.owner[self.buyer.pk], quote.number, quote.revision)

    def go_on(self, pick: int, method: str) -> None:
        """The natural next thing that a side does for an order; what is to be paid, by a method."""
        order = self._order(pick, status__in=[*_PAYS, *_HOLDS_MONEY])
        if order is not None:
            self._advance(order, method)

    def reprice(self, pick: int, amount: Money) -> None:
        if order := self._order(pick):
            with may_refuse():
                trade.adjust_price(self.seller_of(order), order.number, amount)

    def end(self, pick: int, verb: str) -> None:
        """One of the ways in which a side lets an order go that is not shipped."""
        order = self._order(pick)
        if order is None:
            return
        with may_refuse():
            if verb == "cancel":
                trade.cancel_order(self.buyer_of(order), order.number)
            elif verb == "close":
                trade.close_order(self.seller_of(order), order.number)
            elif verb == "late":
                staged.cancel_late(self.buyer_of(order), order.number)
            else:
                staged.cancel_production(self.seller_of(order), order.number)

    def ask(self, pick: int, share: int, returns: bool, purpose: str) -> None:
        """Ask back so many percent of what is paid or promised (at least a fen)."""
        order = self._order(pick, status__in=_HOLDS_MONEY)
        if order is not None:
            left = order.covered_fen - order.refunded_fen
            amount = Money(max(left * share // 100, 1))
            kind = "return" if returns and order.shipped_at else "money"
            with may_refuse():
                trade.ask_refund(self.buyer_of(order), order.number, kind, amount, "随机", purpose)

    def case(self, pick: int, favour: bool, amount: Money) -> None:
        """The next thing that happens to a refund case, well or badly for its buyer."""
        case = picked(RefundCase.objects.filter(ended_at=None).select_related("order"), pick)
        if case is None:
            self.ask(pick, 60, False, "")
            return
        number = case.number
        buyer, seller = self.buyer_of(case.order), self.seller_of(case.order)
        with may_refuse():
            if case.state == "asked":
                trade.answer_refund(seller, number, favour, "随机")
            elif case.state == "returning":
                trade.send_return(buyer, number, "R1")
            elif case.state == "returned":
                if favour:
                    trade.confirm_return(seller, number)
                else:
                    trade.answer_refund(seller, number, False, "随机")
            elif case.state == "refused":
                trade.open_dispute(buyer, number, "随机")
            else:
                verdict = "partly" if amount.fen < case.asked_fen else "buyer"
                verdict = verdict if favour else "seller"
                part = amount if verdict == "partly" else None
                trade.rule_dispute(self.operator, number, verdict, "随机", part)

    def withdraw_case(self, pick: int) -> None:
        case = picked(RefundCase.objects.filter(ended_at=None).select_related("order"), pick)
        if case is not None:
            with may_refuse():
                trade.withdraw_refund(self.buyer_of(case.order), case.number)

    def _advance(self, order: Order, method: str) -> None:
        if order.status in _PAYS:
            self.pay_for(Payable.objects.get(subject=order.subject), method)
            return
        steps = {
            "in_production": self._finish,
            "awaiting_shipment": self._ship,
            "awaiting_receipt": self._confirm,
            "awaiting_review": self._review,
        }
        if order.status in steps:
            with may_refuse():
                steps[order.status](order)

    def _finish(self, order: Order) -> None:
        staged.finish_production(self.seller_of(order), order.number)

    def _ship(self, order: Order) -> None:
        trade.ship(self.seller_of(order), order.number, "试验快递", f"T{order.pk}")

    def _confirm(self, order: Order) -> None:
        trade.confirm_receipt(self.buyer_of(order), order.number)

    def _review(self, order: Order) -> None:
        trade.write_review(self.buyer_of(order), order.number, 5)

    def _order(self, pick: int, **where: Any) -> Order | None:
        return picked(Order.objects.filter(**where), pick)


_PAYS = ("awaiting_payment", "awaiting_balance")
_HOLDS_MONEY: Sequence[str] = (
    "in_production",
    "awaiting_balance",
    "awaiting_shipment",
    "awaiting_receipt",
    "awaiting_review",
)
