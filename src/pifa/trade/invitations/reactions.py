"""What an invitation does when its order is paid, promised or closed, in the same transaction; and
whom orders count for, once it is known who paid them as a guest."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Q

from pifa.finance.events import PayerIsMember
from pifa.kernel import audit, clock
from pifa.kernel.actors import SYSTEM
from pifa.kernel.errors import NotFound
from pifa.kernel.events import consumer, emit, subscribe
from pifa.trade.commands.recounting import recount, recount_payer
from pifa.trade.events.facts import OrderClosed, OrderPaid, OrderPromised, ProductionBegun
from pifa.trade.invitations import facts, rules
from pifa.trade.invitations.commands.loading import lock, of_invitation, set_deadlines
from pifa.trade.invitations.states import INVITATION, InvitationState
from pifa.trade.models import Order, OrderChannel, OrderInvitation


@subscribe(OrderPaid)
def _on_paid(event: OrderPaid) -> None:
    if event.channel == OrderChannel.INVITATION and event.covered:
        _complete(event.number)


@subscribe(OrderPromised)
def _on_promised(event: OrderPromised) -> None:
    _complete(event.number)


@subscribe(ProductionBegun)
def _on_begun(event: ProductionBegun) -> None:
    # A deposit that was promised is no payment, and the goods are made all the same.
    _complete(event.number)


@subscribe(OrderClosed)
def _on_closed(event: OrderClosed) -> None:
    row = _of_order(event.number)
    if row is None:
        return
    moment = clock.now()
    verb = rules.after_close(row.valid_until, moment)
    row.state = str(INVITATION.check(row.state, verb).target)
    row.order, row.claim_digest, row.changed_at = None, None, moment
    row.save(update_fields=["state", "order", "claim_digest", "changed_at"])
    audit.record(SYSTEM, f"invitation.{verb}", row.subject, order=event.number)
    if verb == "reopen":
        set_deadlines(row)
        emit(facts.InvitationReopened(**of_invitation(row), order=event.number))
    else:
        emit(facts.InvitationExpired(**of_invitation(row)))


@consumer("trade.recounted", PayerIsMember.name)
def _payer_known(name: str, payload: dict[str, Any], happened_at: datetime) -> None:
    # Later, not in the payment's transaction: that holds a payable, and orders are locked before.
    recount_payer(payload["subject"], payload["company_id"])


@consumer("trade.taken_over", facts.OrdersTakenOver.name)
def _taken_over(name: str, payload: dict[str, Any], happened_at: datetime) -> None:
    numbers = payload["orders"]
    recount(numbers, payload["buyer_id"])
    for number in numbers:
        recount_payer(f"order:{number}", payload["buyer_id"])


def _complete(order_number: str) -> None:
    row = _of_order(order_number)
    if row is None:
        return
    row.state = str(INVITATION.check(row.state, "complete").target)
    row.changed_at = clock.now()
    row.save(update_fields=["state", "changed_at"])
    audit.record(SYSTEM, "invitation.complete", row.subject, order=order_number)
    emit(facts.InvitationCompleted(**of_invitation(row), order=order_number))


def _of_order(order_number: str) -> OrderInvitation | None:
    """The invitation that waits for an order, locked; whoever reports of it holds the order."""
    rows = Order.objects.filter(number=order_number, channel=OrderChannel.INVITATION)
    rows = rows.filter(invitation__state=InvitationState.CONFIRMED)
    if not rows.exists():
        return None
    try:
        return lock(Q(order__number=order_number, state=InvitationState.CONFIRMED))
    except NotFound:
        return None
