"""What invoices do when money goes back or an order ends, in the same transaction."""

from __future__ import annotations

from pifa.kernel.events import subscribe
from pifa.trade.events.facts import OrderClosed
from pifa.trade.invoices import reckoning


@subscribe(OrderClosed)
def _on_closed(event: OrderClosed) -> None:
    reckoning.follow_end(event.number)
