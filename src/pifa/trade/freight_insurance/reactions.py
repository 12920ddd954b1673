"""Policies follow their orders by themselves: the worker hears what was committed.

So neither a checkout nor a payment nor a refund waits for the insurer, and none fails with it.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pifa.finance.insurance.freight import commands as freight
from pifa.finance.insurance.freight import paying
from pifa.finance.insurance.freight.commands import Cover
from pifa.finance.insurance.freight.terms import gives, wish_of, wished
from pifa.kernel import clock
from pifa.kernel.events import consumer
from pifa.trade.commands.loading import ORDER_SUBJECT, buyer_of, market_order
from pifa.trade.events.facts import (
    OrderClosed,
    OrderCompleted,
    OrderPaid,
    OrderPromised,
    ProductionFinished,
    RefundPaid,
)
from pifa.trade.freight_insurance.history import SENT_BACK, quote_for
from pifa.trade.models import RefundCase
from pifa.trade.states import OrderStatus

# A worker that was held up may hear of a payment when the goods are there already.
_ON_ITS_WAY = (
    OrderStatus.AWAITING_SHIPMENT.value,
    OrderStatus.AWAITING_RECEIPT.value,
    OrderStatus.AWAITING_REVIEW.value,
)


@consumer("trade.freight_insured", OrderPaid.name, OrderPromised.name, ProductionFinished.name)
def _insure(name: str, payload: dict[str, Any], happened_at: datetime) -> None:
    # What was promised before and is paid now was insured, or not, when it was promised.
    if payload.get("kept"):
        return
    subject = ORDER_SUBJECT + payload["number"]
    wish = wish_of(subject)
    if wish is None and not gives(payload["seller_id"]):
        return
    order = market_order(subject)
    if order is None:
        return
    if wish is not None and order.covered_at:
        paying.close_waiting(subject)
    if order.status not in _ON_ITS_WAY:
        # A part is still to be paid or made (what was paid early is insured when it is made), or
        # the order ended meanwhile.
        return
    freight.insure(
        Cover(
            subject=subject,
            buyer_id=buyer_of(order),
            seller_id=order.seller_id,
            payer_id=wish.buyer_id if wish else order.seller_id,
            quote=wished(wish) if wish else quote_for(order),
            quoted_at=wish.quoted_at if wish else clock.now(),
        )
    )


@consumer("trade.freight_paid_out", RefundPaid.name)
def _pay_out(name: str, payload: dict[str, Any], happened_at: datetime) -> None:
    order = market_order(ORDER_SUBJECT + payload["number"])
    sent_back = RefundCase.objects.filter(SENT_BACK, number=payload["refund"], order=order)
    if order is not None and sent_back.exists():
        freight.pay_out(order.subject, payload["refund"])


@consumer("trade.freight_ended", OrderClosed.name, OrderCompleted.name)
def _end(name: str, payload: dict[str, Any], happened_at: datetime) -> None:
    order = market_order(ORDER_SUBJECT + payload["number"])
    if order is None:
        return
    paying.close_waiting(order.subject)
    if order.shipped_at is None:
        freight.give_back(order.subject)
    else:
        freight.expire(order.subject)
