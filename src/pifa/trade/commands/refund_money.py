"""How a refund case ends: with money back (wholly or in part), or without."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_noop

from pifa.catalog import commands as stock
from pifa.finance import commands as finance
from pifa.finance import queries as payments
from pifa.kernel import audit, clock, deadlines
from pifa.kernel.actors import SYSTEM, Actor
from pifa.kernel.events import emit
from pifa.kernel.ids import number_of
from pifa.kernel.money import Money
from pifa.trade import rules
from pifa.trade.commands import at_the_door
from pifa.trade.commands.fulfilment import resume
from pifa.trade.commands.loading import (
    LockedCase,
    acting_side,
    buyer_of,
    lock_order,
    pieces,
    reread_money,
)
from pifa.trade.commands.pricing import end_as_closed, waive_rest
from pifa.trade.events.facts import OrderClosed, RefundEnded, RefundPaid, UnshippedRefunded
from pifa.trade.models import Order
from pifa.trade.states import ORDER, OrderStatus, RefundState

REFUNDED = gettext_noop("已全额退款")
UNSHIPPED = gettext_noop("卖家逾期未发货，已全额退款")
HELD_BACK = gettext_noop("约定的款项没有付清，不能发货，交易关闭")
"""The reasons of closing, kept in their source words; readers have them in their language."""


def pay_back(actor: Actor, locked: LockedCase, amount: Money, action: str) -> None:
    """Send money back to the buyer and end the case; the order closes when all went back.

    What is held goes first; after receipt the seller's balance, then its deposit. Raises
    finance's `PayeeCannotRefund` with nothing changed when they do not cover it.
    """
    case, order = locked.case, locked.order
    rules.check_refund(amount, Money(order.covered_fen), Money(order.refunded_fen))
    back = finance.refund(
        order.subject, amount, key=case.number, reason=case.reason[:200], purpose=case.purpose
    )
    reread_money(order)
    case.granted_fen = amount.fen
    _end(locked, RefundState.PAID, "granted_fen", "answer")
    whole = rules.is_whole(Money(order.refunded_fen), Money(order.covered_fen))
    after_receipt = order.status_before == OrderStatus.AWAITING_REVIEW
    audit.record(
        actor,
        action,
        order.subject,
        refund=case.number,
        amount_fen=amount.fen,
        whole=whole,
    )
    emit(
        RefundPaid(
            number=order.number,
            buyer_id=buyer_of(order),
            counts_as_id=order.counts_as_id,
            seller_id=order.seller_id,
            refund=case.number,
            amount_fen=amount.fen,
            waived_fen=back.waived.fen,
            waived_by=back.waived_by,
            after_receipt=after_receipt,
        )
    )
    if whole:
        ORDER.check(order.status, "refund_in_whole")
        waive_rest(order)
        close_paid(actor, order, REFUNDED, was_shipped=order.shipped_at is not None)
    elif case.at_the_door:
        ORDER.check(order.status, "refund_in_whole")
        waive_rest(order)
        at_the_door.release_kept(order)
        close_paid(actor, order, at_the_door.KEPT, was_shipped=True)
    else:
        _go_on(order, "refund_in_part")


def refund_unshipped(subject: str) -> None:
    """The seller did not ship a paid order in time: all that is left goes back, the order closes.

    Where it could not, for what was promised was not paid as agreed, the reason says so.

    An order with an open refund case or dispute is left to that (`WrongState`).
    """
    with transaction.atomic():
        order = lock_order(SYSTEM, number_of(subject), "refund_unshipped")
        amount = rules.refundable(Money(order.covered_fen), Money(order.refunded_fen))
        held_back = order.promised_fen and payments.shipment_refusals([subject])
        why = HELD_BACK if held_back else UNSHIPPED
        back = finance.refund(subject, amount, key=f"unshipped:{order.number}", reason=why)
        reread_money(order)
        audit.record(SYSTEM, "order.refund_unshipped", subject, amount_fen=amount.fen)
        emit(
            UnshippedRefunded(
                number=order.number,
                buyer_id=buyer_of(order),
                seller_id=order.seller_id,
                amount_fen=amount.fen,
                waived_fen=back.waived.fen,
                waived_by=back.waived_by,
            )
        )
        close_paid(SYSTEM, order, why, was_shipped=False, back=back.amount)


def end_without_money(actor: Actor, locked: LockedCase, state: RefundState, action: str) -> None:
    """End a case without money: the order goes on where it stood."""
    order = locked.order
    by = acting_side(actor, order)
    _end(locked, state)
    audit.record(actor, action, order.subject, refund=locked.case.number)
    emit(
        RefundEnded(
            number=order.number,
            buyer_id=buyer_of(order),
            counts_as_id=order.counts_as_id,
            seller_id=order.seller_id,
            refund=locked.case.number,
            by=by,
        )
    )
    _go_on(order, "end_refund")


def _end(locked: LockedCase, state: RefundState, *fields: str) -> None:
    locked.case.state = state
    locked.case.ended_at = clock.now()
    locked.case.save(update_fields=["state", "ended_at", *fields])
    deadlines.clear(locked.subject)


def close_paid(
    actor: Actor, order: Order, reason: str, *, was_shipped: bool, back: Money | None = None
) -> None:
    """End an order whose pieces counted as sold, when its money is where it belongs.

    `back`: what went back with its end, where no refund case but an event of its own tells of it.
    Goods that never left are for sale again; goods that were shipped are the seller's to look at
    before it raises its stock.
    """
    sold = pieces([order.pk])
    if not was_shipped:
        stock.release_stock(sold)
    stock.add_sold({sku_id: -quantity for sku_id, quantity in sold.items()})
    end_as_closed(order, reason)
    emit(
        OrderClosed(
            number=order.number,
            buyer_id=buyer_of(order),
            counts_as_id=order.counts_as_id,
            seller_id=order.seller_id,
            by=acting_side(actor, order),
            reason=reason,
            was_paid=True,
            refunded_fen=back.fen if back else 0,
            told=back is not None,
        )
    )


def _go_on(order: Order, verb: str) -> None:
    ORDER.check(order.status, verb)
    order.status, order.status_before = OrderStatus(order.status_before), ""
    order.save(update_fields=["status", "status_before"])
    resume(order)
    at_the_door.after_case(order)
