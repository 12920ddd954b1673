"""A member takes over what it ordered as a guest, by the code that was shown to who paid."""

from __future__ import annotations

from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Coalesce

from pifa.finance import commands as finance
from pifa.finance.queries import by_link
from pifa.kernel import audit
from pifa.kernel.actors import Actor
from pifa.kernel.errors import NotFound
from pifa.kernel.events import emit
from pifa.parties import queries as parties
from pifa.trade import policies as of_orders
from pifa.trade.invitations import facts, links
from pifa.trade.invitations.commands.loading import lock
from pifa.trade.invitations.errors import CodeRefused, OwnInvitation
from pifa.trade.models import Order, OrderChannel, OrderInvitation


def take_over(actor: Actor, code: str) -> list[str]:
    """Bring the order of a code, and what the same payer paid as the same guest, into the history
    of the actor's company; returns the numbers, that of the code's order first.

    A code is good for once, and only when its order was paid: who typed somebody else's mobile
    number gets nothing that it did not pay. What metrics counted for the guest counts for the
    company soon after (`trade.commands.recounting`). Purchasers. `CodeRefused`, `OwnInvitation`.
    """
    buyer_id = of_orders.require_buying(actor)
    digest = links.digest_of(links.normal_code(code))
    with transaction.atomic():
        first = OrderInvitation.objects.filter(claim_digest=digest).select_related("order").first()
        if first is None or first.order is None or first.order.buyer_id is None:
            raise CodeRefused("code")
        if first.seller_id == buyer_id:
            raise OwnInvitation()
        guest_id, number = first.order.buyer_id, first.order.number
        orders = _lock_orders(guest_id, first.order.subject)
        try:
            row = lock(Q(claim_digest=digest, order__number=number))
        except NotFound as error:
            raise CodeRefused("code") from error
        paid = [order for order in orders if order.payments]
        if number not in [order.number for order in paid] or not parties.guests_among([guest_id]):
            raise CodeRefused("code")
        _move(paid, guest_id, buyer_id)
        OrderInvitation.objects.filter(order__in=paid).update(claim_digest=None)
        numbers = [number, *(order.number for order in paid if order.number != number)]
        audit.record(actor, "invitation.take_over", row.subject, orders=numbers)
        emit(
            facts.OrdersTakenOver(
                seller_id=row.seller_id,
                guest_id=guest_id,
                buyer_id=buyer_id,
                orders=tuple(numbers),
            )
        )
    return numbers


def _lock_orders(guest_id: int, subject: str) -> list[Order]:
    """The guest's orders that whoever paid this one paid, locked in their order."""
    subjects = by_link.paid_by_same(subject)
    numbers = [text.removeprefix("order:") for text in subjects]
    rows = Order.objects.filter(buyer=guest_id, channel=OrderChannel.INVITATION, number__in=numbers)
    return list(rows.select_for_update(of=("self",), no_key=True).order_by("pk"))


def _move(orders: list[Order], guest_id: int, buyer_id: int) -> None:
    rows = Order.objects.filter(pk__in=[order.pk for order in orders])
    rows.update(counts_as=Coalesce(F("counts_as"), guest_id), buyer=buyer_id)
    finance.change_payer([order.subject for order in orders], buyer_id)
