"""Where the invoice of an order stands, as both centres show it on the order's page."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.http import urlencode

from pifa.trade.invoices import policies, queries
from pifa.trade.queries import OrderDetail
from pifa.web.shared.centre import Centre, actor_on
from pifa.web.shared.invoices import STATE_KINDS


def of_order(request: HttpRequest, centre: Centre, detail: OrderDetail) -> dict[str, Any]:
    """The context of `shared/_order_invoice.html`; nothing for declared trade."""
    if detail.order.provenance != "market":
        return {"invoice": None}
    actor, number = actor_on(request), detail.order.number
    invoice = queries.order_invoice(actor, number)
    buys = centre.side == "buyer"
    may = actor.has_role(*(policies.ASKING if buys else policies.ISSUING))
    row = invoice.row
    ask = f"{centre.url('invoice_ask')}?{urlencode({'order': number})}" if buys else ""
    return {
        "invoice": invoice,
        "invoice_kind": STATE_KINDS.get(row.state, "") if row else "",
        "invoice_url": centre.url("invoice", row.number) if row and may else "",
        "ask_url": ask if buys and may and invoice.can_ask and detail.order.paid else "",
    }
