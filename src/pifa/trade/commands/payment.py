"""What a payment does to an order: called by finance's events, in finance's transaction."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import F

from pifa.catalog import commands as stock
from pifa.finance import commands as finance
from pifa.finance import queries as books
from pifa.finance.events import StageCovered, StagePromised, StageSettled
from pifa.kernel import audit, clock, deadlines
from pifa.kernel.actors import SYSTEM
from pifa.kernel.events import emit
from pifa.kernel.money import ZERO, Money
from pifa.parties import queries as parties
from pifa.trade import rules
from pifa.trade.commands.fulfilment import shipment_deadlines
from pifa.trade.commands.loading import buyer_of, market_order, pieces, term
from pifa.trade.events.facts import OrderPaid, OrderPromised
from pifa.trade.models import Order, OrderChannel, Provenance
from pifa.trade.staged import payment as staged
from pifa.trade.staged.payment import standing
from pifa.trade.staged.schedule import PURPOSES
from pifa.trade.states import ORDER, OrderStatus


def settle(event: StageSettled) -> None:
    """Money for the order came and is in escrow; this is when it counts, part by part.

    A seller with instant payout has the money of an order that is paid in full at once; what
    is paid after receipt goes to the seller's balance. Finance tells afterwards whether the order
    may go on (`cover`). `WrongState` (and with it the settlement rolls back) for an order that
    takes no money.
    """
    order = market_order(event.subject)
    if order is None:
        return
    if not event.was_promised:
        _check_takes_money(order)
    moment = clock.now()
    order.payments += 1
    order.paid_fen += event.amount_fen
    order.promised_fen -= event.amount_fen if event.was_promised else 0
    order.paid_at = moment if event.whole else order.paid_at
    order.released_fen += _to_the_seller(order, event).fen
    order.counts_as_id = _counts_as(order, event)
    order.save(
        update_fields=[
            "payments",
            "paid_fen",
            "promised_fen",
            "paid_at",
            "released_fen",
            "counts_as",
        ]
    )
    audit.record(
        SYSTEM, "order.pay", event.subject, amount_fen=event.amount_fen, purpose=event.purpose
    )
    emit(
        OrderPaid(
            number=order.number,
            buyer_id=buyer_of(order),
            counts_as_id=order.counts_as_id,
            seller_id=order.seller_id,
            paid_fen=event.amount_fen,
            channel=order.channel,
            scene=order.scene,
            ship_by=(moment + _ship_span(order)).isoformat(),
            instant=bool(order.released_fen),
            nth=order.payments,
            left_fen=order.total_fen - order.paid_fen - order.waived_fen,
            purpose=event.purpose,
            covered=event.whole or _is_covered(event),
            kept=event.was_promised,
        )
    )


def _counts_as(order: Order, event: StageSettled) -> int | None:
    """Whom metrics count for a guest: the first verified payer, once and for all of the order."""
    payer_id = event.payer_company_id
    if (
        order.counts_as_id is not None
        or order.channel != OrderChannel.INVITATION
        or payer_id in (None, order.buyer_id)
        or order.buyer_id not in parties.guests_among([buyer_of(order)])
    ):
        return order.counts_as_id
    return payer_id


def _ship_span(order: Order) -> timedelta:
    return rules.ship_span(order.lead_days, term("ship_hours"))


def _to_the_seller(order: Order, event: StageSettled) -> Money:
    # What was promised for a deposit that the seller may keep comes after the order's end.
    if order.received_at is not None or order.status == OrderStatus.CLOSED:
        return finance.release(order.subject, key=f"{order.subject}/{order.payments}")
    # Goods that are not made yet, or that the buyer objects to, are not paid for at once.
    waits = order.status in (OrderStatus.IN_PRODUCTION, OrderStatus.IN_REFUND)
    return finance.pay_out_at_once(order.subject) if event.whole and not waits else ZERO


_TAKES_MONEY = {
    OrderStatus.IN_PRODUCTION.value: "pay_balance_early",
    OrderStatus.AWAITING_BALANCE.value: "pay_balance",
}


def _check_takes_money(order: Order) -> None:
    """Money on its way is taken while a refund case holds the order, too."""
    status = standing(order)
    ORDER.check(status, _TAKES_MONEY.get(status, "pay"))


def _is_covered(event: StageSettled) -> bool:
    return not any(
        stage.purpose == event.purpose and stage.payable_now
        for stage in books.stages(event.subject)
    )


def note_promised(event: StagePromised) -> None:
    """The buyer's word stands for a part of the order: it owes that much."""
    order = market_order(event.subject)
    if order is None:
        return
    _check_takes_money(order)
    order.promised_fen += event.amount_fen
    order.save(update_fields=["promised_fen"])


def cover(event: StageCovered) -> None:
    """All of a purpose is paid or promised: an order with nothing open waits for shipment.

    Its pieces count as sold from then on; those of one that is paid in stages from its deposit.
    """
    order = market_order(event.subject)
    if order is None:
        return
    if event.purpose in PURPOSES:
        staged.cover(order, event)
        _announce_promised(order, event.method)
        return
    ORDER.check(order.status, "pay")
    moment = clock.now()
    order.status = OrderStatus.AWAITING_SHIPMENT
    order.covered_at = moment
    order.ship_by = moment + _ship_span(order) if order.lead_days is not None else None
    order.save(update_fields=["status", "covered_at", "ship_by"])
    stock.add_sold(pieces([order.pk]))
    deadlines.clear(order.subject, "order.expire", "order.payment_due")
    deadlines.set_new(
        shipment_deadlines(order.subject, order.scene, moment, lead_days=order.lead_days)
    )
    _announce_promised(order, event.method)


def _announce_promised(order: Order, method: str) -> None:
    if order.promised_fen and order.covered_at:
        emit(
            OrderPromised(
                number=order.number,
                buyer_id=buyer_of(order),
                seller_id=order.seller_id,
                promised_fen=order.promised_fen,
                ship_by=(order.covered_at + _ship_span(order)).isoformat(),
                method=method,
            )
        )


def note_refunded(subject: str, amount_fen: int, waived_fen: int) -> None:
    """Money of an order went back to its buyer, or it owes less; who asked does the rest.

    Where the rest need not be paid any more, what was paid is now all of it.
    """
    number = subject.removeprefix("order:")
    rows = Order.objects.filter(number=number, provenance=Provenance.MARKET)
    rows.update(
        refunded_fen=F("refunded_fen") + amount_fen,
        promised_fen=F("promised_fen") - waived_fen,
        waived_fen=F("waived_fen") + waived_fen,
    )
    if waived_fen:
        whole = rows.filter(paid_fen__gt=0, paid_fen=F("total_fen") - F("waived_fen"))
        whole.filter(paid_at=None).update(paid_at=clock.now())
