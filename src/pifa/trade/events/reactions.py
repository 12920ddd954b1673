"""What trade does on events of floors below, in the same transaction, so that both agree."""

from __future__ import annotations

from pifa.finance.events import (
    MoneyArriving,
    PayableRefunded,
    StageCovered,
    StagePromised,
    StageSettled,
    SubjectsWanted,
)
from pifa.finance.methods.cash_on_delivery.events import CashRefused
from pifa.kernel.events import subscribe
from pifa.relationships.events import CustomerClaimed
from pifa.trade.commands import at_the_door, payment
from pifa.trade.commands.loading import ORDER_SUBJECT, lock_market_orders, market_order
from pifa.trade.invoices import reckoning
from pifa.trade.models import Order


@subscribe(MoneyArriving)
def _on_arriving(event: MoneyArriving) -> None:
    # Every verb of an order locks the order before its payable; a payment must do the same.
    market_order(event.subject)


@subscribe(SubjectsWanted)
def _on_wanted(event: SubjectsWanted) -> None:
    lock_market_orders(event.subjects)


@subscribe(StageSettled)
def _on_settled(event: StageSettled) -> None:
    payment.settle(event)
    _follow(event.subject)


@subscribe(StagePromised)
def _on_promised(event: StagePromised) -> None:
    payment.note_promised(event)


@subscribe(StageCovered)
def _on_covered(event: StageCovered) -> None:
    payment.cover(event)


@subscribe(PayableRefunded)
def _on_refunded(event: PayableRefunded) -> None:
    payment.note_refunded(event.subject, event.amount_fen, event.waived_fen)
    _follow(event.subject)


@subscribe(CashRefused)
def _on_refused(event: CashRefused) -> None:
    at_the_door.refused(event.subject)


def _follow(subject: str) -> None:
    """What was invoiced of an order is compared with its money."""
    if subject.startswith(ORDER_SUBJECT):
        reckoning.follow_money(subject.removeprefix(ORDER_SUBJECT))


@subscribe(CustomerClaimed)
def _on_claimed(event: CustomerClaimed) -> None:
    # A company that the seller knew already keeps one customer file: the declared orders join it.
    if event.old_id != event.relationship_id:
        Order.objects.filter(customer=event.old_id).update(customer=event.relationship_id)
