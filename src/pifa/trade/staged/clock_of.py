"""What falls due by itself in an order that is paid in stages; the order is locked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.conf import settings

from pifa.finance import commands as finance
from pifa.kernel import clock, deadlines
from pifa.trade import rules as orders
from pifa.trade.models import Order, StagedOrder
from pifa.trade.rules import Pause
from pifa.trade.staged import rules
from pifa.trade.staged.schedule import BALANCE
from pifa.trade.states import OrderStatus

PRODUCTION_KINDS = ("order.production_due", "order.production_late", "order.production_lapse")
BALANCE_KINDS = ("order.balance_due", "order.balance_lapse")


def days(name: str) -> timedelta:
    """A period of the market's terms in days."""
    return timedelta(days=settings.MARKET[name])


def await_production(order: Order, staged: StagedOrder, pauses: Sequence[Pause] = ()) -> None:
    """Set by when production is to be finished, and what happens when it is not.

    The buyer may cancel `production_grace_days` after it; `production_lapse_days` after it the
    market gives all money back, so that nothing waits for ever.
    """
    assert staged.deposit_at is not None
    span = timedelta(days=staged.production_days)
    by = orders.due_with_pauses(staged.deposit_at, span, pauses)
    staged.produce_by = by
    staged.save(update_fields=["deposit_at", "produce_by"])
    remind_at = orders.reminder(staged.deposit_at, by, rules.PRODUCTION_REMINDER)
    late_at = rules.late_from(by, days("production_grace_days"))
    lapse_at = by + days("production_lapse_days")
    if staged.balance_at is None:
        finance.set_due(order.subject, BALANCE, by + timedelta(days=staged.balance_days))
    _set(order.subject, zip(PRODUCTION_KINDS, (remind_at, late_at, lapse_at), strict=True))


def await_balance(order: Order, staged: StagedOrder, pauses: Sequence[Pause] = ()) -> None:
    """Set by when the balance is to be paid after production, and its lapse."""
    assert staged.finished_at is not None
    span = timedelta(days=staged.balance_days)
    by = orders.due_with_pauses(staged.finished_at, span, pauses)
    staged.balance_by = by
    staged.save(update_fields=["balance_by"])
    finance.set_due(order.subject, BALANCE, by)
    remind_at = orders.reminder(staged.finished_at, by, rules.BALANCE_REMINDER)
    _set(order.subject, zip(BALANCE_KINDS, (remind_at, by), strict=True))


def resume(order: Order, pauses: Sequence[Pause]) -> None:
    """Set anew what falls due when a refund case lets an order in production go."""
    if order.status not in (OrderStatus.IN_PRODUCTION, OrderStatus.AWAITING_BALANCE):
        return
    staged = StagedOrder.objects.get(order=order)
    if order.status == OrderStatus.IN_PRODUCTION:
        await_production(order, staged, pauses)
    else:
        await_balance(order, staged, pauses)


def _set(subject: str, due: Iterable[tuple[str, datetime]]) -> None:
    moment = clock.now()
    rows = [
        (kind, subject, at)
        for kind, at in due
        # A reminder whose moment passed while the order stood still is not made up for.
        if at > moment or not kind.endswith("_due")
    ]
    deadlines.set_new(rows)
