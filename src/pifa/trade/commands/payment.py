"""What a payment does to an order: called by finance's events, in finance's transaction."""

from __future__ import annotations

from django.db.models import F

from pifa.catalog import commands as stock
from pifa.finance import commands as finance
from pifa.kernel import audit, clock, deadlines
from pifa.kernel.actors import SYSTEM
from pifa.kernel.events import emit
from pifa.trade.commands.fulfilment import shipment_deadlines
from pifa.trade.commands.loading import buyer_of, market_order, pieces, term
from pifa.trade.events.facts import OrderPaid
from pifa.trade.models import Order, Provenance
from pifa.trade.states import ORDER, OrderStatus


def settle(subject: str, amount_fen: int) -> None:
    """The order's money is in escrow: it waits for shipment, its pieces count as sold.

    A seller with instant payout has the money at once; the order goes on as any other.
    `WrongState` (and with it the settlement rolls back) unless the order awaits payment.
    """
    order = market_order(subject)
    if order is None:
        return
    ORDER.check(order.status, "pay")
    moment = clock.now()
    order.status = OrderStatus.AWAITING_SHIPMENT
    order.paid_fen = amount_fen
    order.paid_at = moment
    order.released_fen = finance.pay_out_at_once(subject).fen
    order.save(update_fields=["status", "paid_fen", "paid_at", "released_fen"])
    stock.add_sold(pieces([order.pk]))
    deadlines.clear(subject, "order.expire", "order.payment_due")
    deadlines.set_new(shipment_deadlines(subject, order.scene, moment))
    audit.record(SYSTEM, "order.pay", subject, amount_fen=amount_fen)
    emit(
        OrderPaid(
            number=order.number,
            buyer_id=buyer_of(order),
            seller_id=order.seller_id,
            paid_fen=amount_fen,
            channel=order.channel,
            scene=order.scene,
            ship_by=(moment + term("ship_hours")).isoformat(),
            instant=bool(order.released_fen),
        )
    )


def note_refunded(subject: str, amount_fen: int) -> None:
    """Money of an order went back to its buyer; the refund case that asked does the rest."""
    number = subject.removeprefix("order:")
    Order.objects.filter(number=number, provenance=Provenance.MARKET).update(
        refunded_fen=F("refunded_fen") + amount_fen
    )
