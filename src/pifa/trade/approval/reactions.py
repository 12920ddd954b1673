"""What approvals do when an order's price changes or an order ends, in the same transaction."""

from __future__ import annotations

from pifa.kernel.events import subscribe
from pifa.trade.approval import commands
from pifa.trade.events.facts import OrderClosed, PriceAdjusted
from pifa.trade.models import Order


@subscribe(PriceAdjusted)
def _on_price(event: PriceAdjusted) -> None:
    # Whoever changed the price holds the order's lock.
    commands.price_changed(Order.objects.select_related("placed_by").get(number=event.number))


@subscribe(OrderClosed)
def _on_closed(event: OrderClosed) -> None:
    if not event.was_paid:
        commands.lapse(event.number)
