"""The hot writes of a checkout, set-based: one statement a table, however many orders and lines.

An order of 200 lines written through model objects costs several statements and thousands of
objects; here the rows travel as one JSON parameter a table (`kernel.bulk`). The plain twin is
`tests/trade/plain_orders.py` (model objects, `save()` each); a test holds both to the same
rows in every table.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from pifa.kernel import bulk
from pifa.trade.models import Order, OrderLine, Provenance
from pifa.trade.rules import PlannedOrder
from pifa.trade.states import OrderStatus


@dataclass(frozen=True, slots=True)
class Delivery:
    """Where the orders go: an address as it is now, copied into each order."""

    consignee: str
    region: str
    address: str
    post_code: str
    phone: str
    mobile: str


@dataclass(frozen=True, slots=True)
class NewOrder:
    """A planned order with its number and what the buyer said to this seller.

    `lead_days` are agreed days to ship; `detail` says in the audit log where the order is from.
    `ways`: the methods by which it may be paid, where its seller named some.
    """

    number: str
    plan: PlannedOrder
    message: str
    lead_days: int | None = None
    detail: Mapping[str, str] = field(default_factory=dict)
    ways: tuple[str, ...] = ()

    @property
    def subject(self) -> str:
        """The order's subject in the ledger, the audit log and deadlines."""
        return f"order:{self.number}"


def insert_orders(
    orders: Sequence[NewOrder],
    *,
    buyer_id: int,
    member_id: int | None,
    delivery: Delivery,
    invoice: Mapping[str, str],
    moment: datetime,
) -> None:
    """Insert orders and their lines: one statement, two on SQLite."""
    shared = {
        "buyer_id": buyer_id,
        "placed_by_id": member_id,
        "provenance": Provenance.MARKET.value,
        "status": OrderStatus.AWAITING_PAYMENT.value,
        "status_before": "",
        "consignee": delivery.consignee,
        "region": delivery.region,
        "address": delivery.address,
        "post_code": delivery.post_code,
        "phone": delivery.phone,
        "mobile": delivery.mobile,
        "invoice": dict(invoice),
        "seller_note": "",
        "close_reason": "",
        "placed_at": moment,
    }
    bulk.insert_with(
        Order,
        [{**shared, **_order_row(order)} for order in orders],
        OrderLine,
        [row for order in orders for row in _line_rows(order.number, order.plan)],
        link="order_id",
        by="number",
    )


def _order_row(order: NewOrder) -> dict[str, Any]:
    plan = order.plan
    return {
        "number": order.number,
        "seller_id": plan.seller_id,
        "channel": plan.channel,
        "scene": plan.scene,
        "goods_fen": plan.goods.fen,
        "freight_fen": plan.freight.fen,
        "total_fen": plan.total.fen,
        "message": order.message,
        "lead_days": order.lead_days,
    }


def _line_rows(number: str, plan: PlannedOrder) -> list[dict[str, Any]]:
    return [
        {
            "order_id": number,
            "position": position,
            "sku_id": line.sku_id,
            "offer_id": line.offer_id,
            "code": line.code,
            "title": line.title,
            "title_en": line.title_en,
            "spec_text": line.spec_text,
            "unit": line.unit,
            "quantity": line.quantity,
            "price_e4": line.price.e4,
            "amount_fen": line.amount.fen,
        }
        for position, line in enumerate(plan.lines, start=1)
    ]
