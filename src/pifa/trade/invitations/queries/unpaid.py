"""What a seller has invited to that is not paid yet, for floors above that plan by it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Count, QuerySet, Sum

from pifa.trade.invitations.states import InvitationState
from pifa.trade.models import Order, OrderChannel, OrderInvitation
from pifa.trade.states import OrderStatus


def unpaid_fen(seller_id: int, until: datetime) -> int:
    """What a seller's invitations would bring that can still be paid at a moment: those that nobody
    has confirmed, while they are valid, and the orders they became that await payment. In fen; two
    statements."""
    return sum(
        int(rows.aggregate(fen=Sum("total_fen", default=0))["fen"])
        for rows in _unpaid([seller_id], until)
    )


def unpaid_of(seller_ids: Iterable[int], until: datetime) -> dict[int, tuple[int, int]]:
    """Of each of these sellers that has any: how many such invitations and orders, and their sum in
    fen. Two statements."""
    found: dict[int, tuple[int, int]] = {}
    for rows in _unpaid(seller_ids, until):
        summed = rows.values("seller").annotate(rows=Count("pk"), fen=Sum("total_fen"))
        for seller_id, count, fen in summed.values_list("seller", "rows", "fen"):
            before = found.get(seller_id, (0, 0))
            found[seller_id] = (before[0] + count, before[1] + int(fen))
    return found


def _unpaid(seller_ids: Iterable[int], until: datetime) -> tuple[QuerySet[Any], QuerySet[Any]]:
    sellers = list(seller_ids)
    waiting = OrderInvitation.objects.filter(
        seller__in=sellers, state=InvitationState.OPEN, valid_until__gte=until
    )
    orders = Order.objects.filter(
        seller__in=sellers, channel=OrderChannel.INVITATION, status=OrderStatus.AWAITING_PAYMENT
    )
    return waiting, orders
