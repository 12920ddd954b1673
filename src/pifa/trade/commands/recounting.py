"""Orders that metrics counted for a guest count for the member that the guest turned out to be."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction

from pifa.finance.queries import by_link
from pifa.kernel import audit
from pifa.kernel.actors import SYSTEM
from pifa.kernel.events import emit
from pifa.parties import queries as parties
from pifa.trade.commands.loading import ORDER_SUBJECT, buyer_of
from pifa.trade.events.facts import OrderRecounted
from pifa.trade.models import Order, OrderChannel


def recount_payer(subject: str, member_id: int) -> list[str]:
    """Whoever paid a subject is this member: what it paid as a guest counts for it; the numbers."""
    subjects = [text for text in by_link.paid_by_same(subject) if text.startswith(ORDER_SUBJECT)]
    return recount([text.removeprefix(ORDER_SUBJECT) for text in subjects], member_id)


@transaction.atomic
def recount(numbers: Collection[str], member_id: int) -> list[str]:
    """Let those of these orders that count for a guest count for a member; their numbers.

    What counts for another member stays there. Repeated, it changes nothing. Three statements and
    two for each order that changes.
    """
    rows = Order.objects.filter(number__in=numbers, channel=OrderChannel.INVITATION)
    orders = list(rows.select_for_update(of=("self",), no_key=True).order_by("pk"))
    whose = {order.number: order.counts_as_id or buyer_of(order) for order in orders}
    guests = parties.guests_among(whose.values())
    moved = [order for order in orders if whose[order.number] in guests and order.payments]
    for order in moved:
        order.counts_as_id = None if order.buyer_id == member_id else member_id
        order.save(update_fields=["counts_as"])
        guest_id = whose[order.number]
        audit.record(SYSTEM, "order.recount", order.subject, guest=guest_id, member=member_id)
        emit(
            OrderRecounted(
                number=order.number,
                buyer_id=buyer_of(order),
                counts_as_id=order.counts_as_id,
                seller_id=order.seller_id,
                guest_id=guest_id,
            )
        )
    return [order.number for order in moved]
