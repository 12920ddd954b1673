"""The verbs of an order in production, and how it ends when a side does not do its part."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from pifa.finance import commands as finance
from pifa.finance import queries as books
from pifa.kernel import audit, clock, deadlines
from pifa.kernel.actors import SYSTEM, Actor
from pifa.kernel.events import emit
from pifa.kernel.ids import number_of
from pifa.kernel.money import ZERO, Money
from pifa.trade import rules as orders
from pifa.trade.commands.loading import acting_side, buyer_of, lock_order, reread_money
from pifa.trade.commands.pricing import give_all_back, waive_rest
from pifa.trade.commands.refund_money import close_paid
from pifa.trade.errors import ProductionNotLate
from pifa.trade.events.facts import BalanceLapsed, ProductionCancelled, ProductionFinished
from pifa.trade.models import Order, StagedOrder
from pifa.trade.staged import rules
from pifa.trade.staged.clock_of import PRODUCTION_KINDS, await_balance, days
from pifa.trade.staged.payment import await_shipment
from pifa.trade.staged.schedule import BALANCE, DEPOSIT
from pifa.trade.states import OrderStatus

SELLER_CANCELS = gettext_noop("卖家取消订单，已全额退款")
BUYER_CANCELS = gettext_noop("卖家逾期未完成生产，买家取消订单，已全额退款")
NEVER_MADE = gettext_noop("卖家长期未完成生产，已全额退款")
KEPT_BY_SELLER = gettext_noop("逾期未付尾款，定金归卖家")
KEPT_BY_BUYER = gettext_noop("逾期未付尾款，定金退回买家")
"""The reasons of closing, kept in their source words; readers have them in their language."""


def finish_production(actor: Actor, number: str) -> None:
    """The goods are made (the seller): the balance is due, or if it is paid, shipment."""
    with transaction.atomic():
        order = lock_order(actor, number, "finish_production")
        staged = StagedOrder.objects.get(order=order)
        staged.finished_at = clock.now()
        staged.save(update_fields=["finished_at"])
        order.status = OrderStatus.AWAITING_BALANCE
        order.save(update_fields=["status"])
        audit.record(actor, "order.finish_production", order.subject)
        if staged.balance_at is None:
            await_balance(order, staged)
        else:
            await_shipment(order)
            _pay_out(order)
        deadlines.clear(order.subject, *PRODUCTION_KINDS)
        emit(
            ProductionFinished(
                number=order.number,
                buyer_id=buyer_of(order),
                seller_id=order.seller_id,
                balance_fen=0 if staged.balance_at else _open(order).fen,
                due=staged.balance_by.isoformat() if staged.balance_by else "",
                paid_early=staged.balance_at is not None,
            )
        )


def cancel_production(actor: Actor, number: str, reason: str = "") -> None:
    """The seller does not make the order, or does not deliver it: all money goes back."""
    reason = orders.optional_text(reason, _("原因"), 200, "reason")
    with transaction.atomic():
        order = lock_order(actor, number, "cancel_production")
        _cancel(actor, order, "cancel_production", reason or SELLER_CANCELS)


def cancel_late(actor: Actor, number: str) -> None:
    """The buyer leaves an order whose production is late: all money goes back.

    `ProductionNotLate` before the day of production and the days of grace are over.
    """
    with transaction.atomic():
        order = lock_order(actor, number, "cancel_late")
        staged = StagedOrder.objects.get(order=order)
        assert staged.produce_by is not None
        since = rules.late_from(staged.produce_by, days("production_grace_days"))
        if clock.now() < since:
            raise ProductionNotLate(since=since.astimezone(clock.zone()).strftime("%Y-%m-%d %H:%M"))
        _cancel(actor, order, "cancel_late", BUYER_CANCELS)


def lapse_production(subject: str) -> None:
    """Nobody ended an order that was never made (the market): all money goes back."""
    with transaction.atomic():
        order = lock_order(SYSTEM, number_of(subject), "lapse_production")
        _cancel(SYSTEM, order, "lapse_production", NEVER_MADE)


def lapse_balance(subject: str) -> None:
    """The balance was not paid in time (the market): the deposit goes to its keeper, what of
    the balance was paid goes back, and nothing more is to be paid."""
    with transaction.atomic():
        order = lock_order(SYSTEM, number_of(subject), "lapse_balance")
        staged = StagedOrder.objects.get(order=order)
        left = books.money_by_purpose(subject)
        parts = {name: left[name].left if name in left else ZERO for name in (DEPOSIT, BALANCE)}
        divided = rules.lapse(staged.keeper, parts[DEPOSIT], parts[DEPOSIT] + parts[BALANCE])
        waive_rest(order)
        if divided.kept and left[DEPOSIT].promised:
            # Nothing will be received: what the buyer owes falls due by the lapse instead.
            finance.note_received(subject)
        back = ZERO
        purpose = BALANCE if divided.kept else ""
        reason = KEPT_BY_SELLER if divided.kept else KEPT_BY_BUYER
        key = f"lapse:{order.number}"
        if divided.refunded:
            back = finance.refund(
                subject, divided.refunded, key=key, reason=reason, purpose=purpose
            ).amount
            reread_money(order)
        released = finance.release(subject, key=key)
        order.released_fen += released.fen
        order.save(update_fields=["released_fen"])
        audit.record(
            SYSTEM,
            "order.lapse_balance",
            subject,
            keeper=staged.keeper,
            kept_fen=divided.kept.fen,
            refunded_fen=divided.refunded.fen,
        )
        emit(
            BalanceLapsed(
                number=order.number,
                buyer_id=buyer_of(order),
                seller_id=order.seller_id,
                keeper=staged.keeper,
                kept_fen=divided.kept.fen,
                refunded_fen=divided.refunded.fen,
            )
        )
        close_paid(SYSTEM, order, reason, was_shipped=False, back=back)


def _cancel(actor: Actor, order: Order, verb: str, reason: str) -> None:
    back = give_all_back(order, f"{verb}:{order.number}", reason)
    amount = back.amount + back.waived
    audit.record(actor, f"order.{verb}", order.subject, amount_fen=amount.fen, reason=reason)
    emit(
        ProductionCancelled(
            number=order.number,
            buyer_id=buyer_of(order),
            seller_id=order.seller_id,
            by=acting_side(actor, order),
            amount_fen=amount.fen,
        )
    )
    close_paid(actor, order, reason, was_shipped=False, back=back.amount)


def _pay_out(order: Order) -> None:
    """A seller with instant payout has what was paid early when the goods are made."""
    if order.paid_at is None:
        return
    released = finance.pay_out_at_once(order.subject)
    order.released_fen += released.fen
    order.save(update_fields=["released_fen"])


def _open(order: Order) -> Money:
    return Money(order.total_fen - order.covered_fen - order.waived_fen)
