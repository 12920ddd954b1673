"""What a seller has invited to that is not paid yet, for floors above that plan by it."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Sum

from pifa.trade.invitations.states import InvitationState
from pifa.trade.models import Order, OrderChannel, OrderInvitation
from pifa.trade.states import OrderStatus


def unpaid_fen(seller_id: int, until: datetime) -> int:
    """What a seller's invitations would bring that can still be paid at a moment: those that nobody
    has confirmed, while they are valid, and the orders they became that await payment. In fen; two
    statements."""
    waiting = OrderInvitation.objects.filter(
        seller=seller_id, state=InvitationState.OPEN, valid_until__gte=until
    )
    orders = Order.objects.filter(
        seller=seller_id, channel=OrderChannel.INVITATION, status=OrderStatus.AWAITING_PAYMENT
    )
    return sum(
        int(rows.aggregate(fen=Sum("total_fen", default=0))["fen"]) for rows in (waiting, orders)
    )
