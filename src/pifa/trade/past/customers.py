"""Declared orders follow their customer when a seller combines two into one, and go back."""

from __future__ import annotations

from collections.abc import Collection

from pifa.trade.models import Order


def hand_over(from_id: int, to_id: int, only: Collection[int] | None = None) -> list[int]:
    """Let the orders of one customer be those of another, in the caller's transaction.

    `only` some of them, by id; those that are elsewhere by now stay there. Returns the ids.
    """
    orders = Order.objects.filter(customer=from_id)
    if only is not None:
        orders = orders.filter(pk__in=only)
    ids = list(orders.order_by("pk").values_list("pk", flat=True))
    Order.objects.filter(pk__in=ids).update(customer=to_id)
    return ids
