"""An unpaid order: its price may change, and it may end without a trade."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from pifa.catalog import commands as stock
from pifa.catalog.queries import plan_of
from pifa.finance import commands as finance
from pifa.kernel import audit, clock, deadlines
from pifa.kernel.actors import SYSTEM, Actor
from pifa.kernel.errors import InvalidInput
from pifa.kernel.events import emit
from pifa.kernel.ids import number_of
from pifa.kernel.money import ZERO, Money
from pifa.trade import rules
from pifa.trade.commands.loading import acting_side, buyer_of, lock_order, pieces, reread_money
from pifa.trade.commands.outcomes import Outcome, each
from pifa.trade.events.facts import OrderClosed, PriceAdjusted
from pifa.trade.models import Order, PriceAdjustment, StagedOrder
from pifa.trade.staged.schedule import schedule
from pifa.trade.states import OrderStatus

EXPIRED = gettext_noop("逾期未付款")
"""The market's own reason is kept in its source words; readers have it in their language."""


def adjust_price(actor: Actor, number: str, new_total: Money, reason: str = "") -> None:
    """Set what an unpaid order costs in all, up or down (the seller).

    The payable follows; a payment that was begun over the old total will be sent back. Of an
    order that is paid in stages both change while nothing is paid, after the deposit only the
    balance. `InvalidTotal` at or below ¥0.00, `InvalidInput` if it leaves nothing for the
    balance, `WrongState` when that is paid. The same total again changes nothing.
    """
    rules.check_new_total(new_total)
    reason = rules.optional_text(reason, _("原因"), 200, "reason")
    with transaction.atomic():
        order = lock_order(actor, number, "adjust_price")
        old = Money(order.total_fen)
        if new_total == old:
            return
        # What finance refuses (less than was paid) is refused before the order says it.
        _change_payable(order, new_total)
        order.total_fen = new_total.fen
        order.adjustment_fen = new_total.fen - order.goods_fen - order.freight_fen
        order.save(update_fields=["total_fen", "adjustment_fen"])
        PriceAdjustment.objects.create(
            order=order,
            old_total_fen=old.fen,
            new_total_fen=new_total.fen,
            reason=reason,
            at=clock.now(),
        )
        audit.record(
            actor,
            "order.adjust_price",
            order.subject,
            old_fen=old.fen,
            new_fen=new_total.fen,
            reason=reason,
        )
        emit(
            PriceAdjusted(
                number=order.number,
                buyer_id=buyer_of(order),
                seller_id=order.seller_id,
                old_total_fen=old.fen,
                new_total_fen=new_total.fen,
                reason=reason,
            )
        )


def _change_payable(order: Order, new_total: Money) -> None:
    staged = StagedOrder.objects.filter(order=order).first()
    if staged is None or order.payments or order.promised_fen:
        finance.change_amount(order.subject, new_total)
        return
    stages = schedule(new_total, plan_of(staged), order.placed_at)
    if not stages:
        reason = _("新的应付总额须大于定金。")
        raise InvalidInput(field="new_total", reason=reason)
    finance.change_schedule(order.subject, stages)


def cancel_order(actor: Actor, number: str, reason: str = "") -> None:
    """Cancel an unpaid order (the buyer); its stock is free again, parts that were paid go back."""
    _close(actor, number, "cancel", reason)


def close_order(actor: Actor, number: str, reason: str = "") -> None:
    """Close an unpaid order (the seller); its stock is free again, parts that were paid go back."""
    _close(actor, number, "close", reason)


def close_many(actor: Actor, numbers: Sequence[str], reason: str = "") -> list[Outcome]:
    """Close a batch of unpaid orders, each by itself: one that cannot be closed says why."""
    return each(numbers, lambda number: close_order(actor, number, reason))


def expire(subject: str) -> None:
    """Close an order that was not paid in time (the market, at the deadline)."""
    _close(SYSTEM, number_of(subject), "expire", EXPIRED)


def _close(actor: Actor, number: str, verb: str, reason: str) -> None:
    reason = rules.optional_text(reason, _("原因"), 200, "reason")
    with transaction.atomic():
        end_unpaid(actor, lock_order(actor, number, verb), verb, reason)


def end_unpaid(actor: Actor, order: Order, verb: str, reason: str) -> None:
    """Close a locked, unpaid order: nothing can be paid any more, its stock is free again, parts
    that were paid go back."""
    back = give_all_back(order, f"{verb}:{order.number}", reason)
    stock.release_stock(pieces([order.pk]))
    by = acting_side(actor, order)
    end_as_closed(order, reason)
    audit.record(actor, f"order.{verb}", order.subject, reason=reason)
    emit(
        OrderClosed(
            number=order.number,
            buyer_id=buyer_of(order),
            counts_as_id=order.counts_as_id,
            seller_id=order.seller_id,
            by=by,
            reason=reason,
            was_paid=bool(back.amount + back.waived),
            refunded_fen=back.amount.fen,
        )
    )


def give_all_back(order: Order, key: str, reason: str) -> finance.Refunded:
    """Nothing of a locked order is to be paid any more, and what was paid or promised goes back;
    what that was."""
    covered = Money(order.covered_fen - order.refunded_fen)
    if not covered:
        finance.close_payable(order.subject)
        return finance.Refunded(ZERO, ZERO, ZERO)
    waive_rest(order)
    back = finance.refund(order.subject, covered, key=key, reason=reason)
    reread_money(order)
    return back


def waive_rest(order: Order) -> None:
    """What of a locked order is neither paid nor promised need not be paid any more."""
    waived = finance.waive_rest(order.subject)
    if waived:
        order.waived_fen += waived.fen
        order.save(update_fields=["waived_fen"])


def end_as_closed(order: Order, reason: str) -> None:
    """Write a locked order's end without a trade; nothing falls due for it any more."""
    order.status = OrderStatus.CLOSED
    order.status_before = ""
    order.close_reason = reason
    order.ended_at = clock.now()
    order.save(update_fields=["status", "status_before", "close_reason", "ended_at"])
    deadlines.clear(order.subject)
