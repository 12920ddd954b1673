"""What happens by itself when a deadline passes; each handler runs in a transaction of its own.

A subject that no longer needs its deadline (another verb was quicker) is passed over.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction

from pifa.finance.errors import PayeeCannotRefund
from pifa.kernel import audit, clock, deadlines
from pifa.kernel.actors import SYSTEM
from pifa.kernel.errors import WrongState
from pifa.kernel.events import emit
from pifa.kernel.ids import number_of
from pifa.kernel.models import Deadline
from pifa.trade import rules
from pifa.trade.commands import fulfilment, pricing, refund_money, refunds, reviews
from pifa.trade.commands.loading import buyer_of, market_order, term
from pifa.trade.events.facts import (
    BalanceDue,
    OrderEvent,
    PaymentDue,
    ProductionDue,
    ProductionLate,
    ReceiptDue,
    ShipmentDue,
)
from pifa.trade.models import Order, RefundCase, StagedOrder
from pifa.trade.staged import commands as staged
from pifa.trade.states import OrderStatus

TRY_AGAIN = timedelta(days=1)
"""When a refund that the market granted cannot be covered by the seller, it is tried daily."""


def _at_deadline(kind: str, act: Callable[[str], None]) -> None:
    @deadlines.handles(kind)
    def handle(subject: str) -> None:
        try:
            with transaction.atomic():
                act(subject)
        except WrongState:
            return
        except PayeeCannotRefund as error:
            order = RefundCase.objects.select_related("order").get(number=number_of(subject)).order
            audit.record(SYSTEM, "refund.postponed", order.subject, **error.as_data())
            deadlines.set_deadline(kind, subject, clock.now() + TRY_AGAIN)


_at_deadline("order.expire", pricing.expire)
_at_deadline("order.refund_unshipped", refund_money.refund_unshipped)
_at_deadline("order.production_lapse", staged.lapse_production)
_at_deadline("order.balance_lapse", staged.lapse_balance)
_at_deadline("order.receive", fulfilment.receive_by_deadline)
_at_deadline("order.complete", reviews.complete_by_deadline)
_at_deadline("refund.grant", refunds.grant)
_at_deadline("refund.receive_return", refunds.receive_return)
_at_deadline("refund.lapse", refunds.lapse)


Due = PaymentDue | ShipmentDue | ReceiptDue | ProductionDue | ProductionLate | BalanceDue


def _remind(
    kind: str,
    status: OrderStatus,
    event: type[Due],
    due: Callable[[Order], datetime | None],
) -> None:
    """Announce that something is due soon, if the order still waits for it."""

    @deadlines.handles(kind)
    def handle(subject: str) -> None:
        order = market_order(subject)
        if order is None or order.status != status:
            return
        moment = due(order)
        if moment is not None:
            fact: OrderEvent = event(
                number=order.number,
                buyer_id=buyer_of(order),
                seller_id=order.seller_id,
                due=moment.isoformat(),
            )
            emit(fact)


def _waiting(kind: str) -> Callable[[Order], datetime | None]:
    def read(order: Order) -> datetime | None:
        rows = Deadline.objects.filter(kind=kind, subject=order.subject, done_at=None)
        return rows.values_list("due_at", flat=True).first()

    return read


def _ship_by(order: Order) -> datetime | None:
    span = rules.ship_span(order.lead_days, term("ship_hours"))
    return order.covered_at + span if order.covered_at else None


def _produce_by(order: Order) -> datetime | None:
    rows = StagedOrder.objects.filter(order=order)
    return rows.values_list("produce_by", flat=True).first()


_remind("order.payment_due", OrderStatus.AWAITING_PAYMENT, PaymentDue, _waiting("order.expire"))
_remind("order.shipment_due", OrderStatus.AWAITING_SHIPMENT, ShipmentDue, _ship_by)
_remind("order.receipt_due", OrderStatus.AWAITING_RECEIPT, ReceiptDue, _waiting("order.receive"))
_remind("order.production_due", OrderStatus.IN_PRODUCTION, ProductionDue, _produce_by)
_remind("order.production_late", OrderStatus.IN_PRODUCTION, ProductionLate, _produce_by)
_remind(
    "order.balance_due", OrderStatus.AWAITING_BALANCE, BalanceDue, _waiting("order.balance_lapse")
)
