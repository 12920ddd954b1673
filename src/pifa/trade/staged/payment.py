"""What payments do to an order that is paid in stages: into production, and out of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from pifa.catalog import commands as stock
from pifa.finance import queries as finance
from pifa.finance.events import StageCovered
from pifa.kernel import clock, deadlines
from pifa.kernel.bulk import insert
from pifa.kernel.events import emit
from pifa.kernel.money import Money
from pifa.trade import rules as orders
from pifa.trade.commands.loading import buyer_of, pieces, term
from pifa.trade.commands.order_rows import NewOrder
from pifa.trade.events.facts import ProductionBegun
from pifa.trade.models import Order, StagedOrder
from pifa.trade.staged.clock_of import BALANCE_KINDS, PRODUCTION_KINDS, await_production
from pifa.trade.staged.schedule import BALANCE, DEPOSIT, PURPOSES, schedule
from pifa.trade.states import ORDER, OrderStatus


def open_staged(placed: Sequence[NewOrder], moment: datetime) -> None:
    """Keep the plans of orders that were just written and are paid in stages; two statements,
    none if there are no such orders."""
    plans = {
        order.number: order.plan.staged
        for order in placed
        if schedule(order.plan.total, order.plan.staged, moment)
    }
    if not plans:
        return
    rows = Order.objects.filter(number__in=list(plans)).values_list("number", "pk")
    insert(
        StagedOrder,
        [
            {
                "order_id": pk,
                "deposit_bp": plan.deposit_bp,
                "deposit_fen": plan.deposit_fen,
                "production_days": plan.production_days,
                "balance_days": plan.balance_days,
                "keeper": plan.keeper,
            }
            for number, pk in rows
            if (plan := plans[number]) is not None
        ],
        returning=None,
    )


def cover(order: Order, event: StageCovered) -> None:
    """The deposit or the balance of a locked order is paid or promised.

    While a refund case holds the order, it is moved where it will go on.
    """
    staged = StagedOrder.objects.get(order=order)
    if event.purpose == DEPOSIT:
        _begin_production(order, staged)
        return
    staged.balance_at = clock.now()
    staged.save(update_fields=["balance_at"])
    if standing(order) == OrderStatus.AWAITING_BALANCE:
        deadlines.clear(order.subject, *BALANCE_KINDS)
        await_shipment(order)


def standing(order: Order) -> str:
    """Where an order stands; for one that a refund case holds: where it will go on."""
    return order.status_before if order.status == OrderStatus.IN_REFUND else order.status


def await_shipment(order: Order) -> None:
    """Production is finished and all is paid or promised: the seller may ship."""
    from pifa.trade.commands.fulfilment import shipment_deadlines

    ORDER.check(standing(order), "pay_balance")
    moment = clock.now()
    order.covered_at = moment
    if order.lead_days is not None:
        order.ship_by = moment + orders.ship_span(order.lead_days, term("ship_hours"))
    if order.status == OrderStatus.IN_REFUND:
        order.status_before = OrderStatus.AWAITING_SHIPMENT
    else:
        order.status = OrderStatus.AWAITING_SHIPMENT
        deadlines.set_new(
            shipment_deadlines(order.subject, order.scene, moment, lead_days=order.lead_days)
        )
    order.save(update_fields=["status", "status_before", "covered_at", "ship_by"])


def _begin_production(order: Order, staged: StagedOrder) -> None:
    ORDER.check(order.status, "pay_deposit")
    staged.deposit_at = clock.now()
    # Written together with the deadline that follows from it.
    order.status = OrderStatus.IN_PRODUCTION
    order.save(update_fields=["status"])
    stock.add_sold(pieces([order.pk]))
    deadlines.clear(order.subject, "order.expire", "order.payment_due", *PRODUCTION_KINDS)
    await_production(order, staged)
    amounts = amounts_of(order.subject)
    emit(
        ProductionBegun(
            number=order.number,
            buyer_id=buyer_of(order),
            seller_id=order.seller_id,
            deposit_fen=amounts[DEPOSIT].fen,
            balance_fen=amounts[BALANCE].fen,
            produce_by=staged.produce_by.isoformat() if staged.produce_by else "",
        )
    )


def amounts_of(subject: str) -> dict[str, Money]:
    """What each purpose of a schedule comes to, its parts together; one statement."""
    found = dict.fromkeys(PURPOSES, Money(0))
    for stage in finance.stages(subject):
        found[stage.purpose] = found.get(stage.purpose, Money(0)) + stage.amount
    return found
