"""Whom trade tells of what: notices made by the worker from the outbox, after the commit.

Every kind's words are in `messages.kinds`; they take their figures from the event itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pifa.kernel.events import consumer
from pifa.messages import commands as messages
from pifa.messages.commands import NewNotice
from pifa.trade.events import facts
from pifa.trade.states import BUYER, SELLER, ParcelState

_BOTH = (BUYER, SELLER)

AT_THE_DOOR = "cash_on_delivery"
BY_BILL = "acceptance_bill"
"""The way of paying whose promises are told in words of their own."""

KINDS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    facts.OrderPlaced.name: ("order_placed", (SELLER,)),
    facts.PriceAdjusted.name: ("price_changed", (BUYER,)),
    facts.PaymentDue.name: ("payment_deadline", (BUYER,)),
    facts.OrderPaid.name: ("paid", _BOTH),
    facts.OrderPromised.name: ("order_promised", _BOTH),
    facts.ProductionBegun.name: ("deposit_paid", _BOTH),
    facts.ProductionNoted.name: ("production_noted", (BUYER,)),
    facts.ProductionFinished.name: ("production_finished", (BUYER,)),
    facts.ProductionDue.name: ("production_due", _BOTH),
    facts.ProductionLate.name: ("production_late", _BOTH),
    facts.BalanceDue.name: ("balance_due", _BOTH),
    facts.BalanceLapsed.name: ("balance_lapsed", _BOTH),
    facts.ProductionCancelled.name: ("production_cancelled", _BOTH),
    facts.ShipmentDue.name: ("ship_by", (SELLER,)),
    facts.OrderShipped.name: ("shipped", (BUYER,)),
    facts.ParcelMoved.name: ("parcel_moved", _BOTH),
    facts.ReceiptDue.name: ("receive_soon", (BUYER,)),
    facts.OrderReceived.name: ("received", _BOTH),
    facts.OrderClosed.name: ("order_closed", _BOTH),
    facts.RefundAsked.name: ("refund_asked", (SELLER,)),
    facts.RefundAnswered.name: ("refund_answered", (BUYER,)),
    facts.RefundPaid.name: ("refund_paid", _BOTH),
    facts.UnshippedRefunded.name: ("unshipped_refunded", _BOTH),
    facts.DisputeOpened.name: ("dispute_opened", (SELLER,)),
    facts.DisputeRuled.name: ("dispute_ruled", _BOTH),
    facts.FirstOrderDecided.name: ("first_order_decided", (BUYER,)),
    facts.ReviewWritten.name: ("review_got", (SELLER,)),
}
"""Event → kind of notice, and which sides get it."""


@consumer("trade.notices", *KINDS)
def _tell(name: str, payload: dict[str, Any], happened_at: datetime) -> None:
    messages.notify_all(notices_of(name, payload))


def notices_of(name: str, payload: dict[str, Any]) -> list[NewNotice]:
    """The notices that an event becomes, one for each side that is told."""
    kind, sides = KINDS[name]
    if payload.get("kept") or payload.get("told"):
        return []  # the repayment as a whole, or what ended the order, is told by itself
    if name == facts.OrderPaid.name:
        kind = _paid(payload)
        # A complete deposit is told with what it begins.
        sides = sides if kind else ()
    elif name == facts.OrderReceived.name and payload.get("promised_fen"):
        kind = _RECEIVED.get(str(payload.get("method")), "received_on_credit")
    elif name == facts.OrderPromised.name and payload.get("method") == AT_THE_DOOR:
        kind = "cash_promised"
    elif name == facts.OrderPromised.name and payload.get("method") == BY_BILL:
        # The buyer is told with the bill itself.
        kind, sides = "bill_to_ship", ("seller",)
    elif name == facts.OrderReceived.name and not payload["released_fen"]:
        kind = "received_early"
    elif name == facts.PriceAdjusted.name:
        payload = payload | {"explained": bool(payload.get("reason"))}
    elif name == facts.ParcelMoved.name:
        kind, sides = _PARCELS.get(payload["state"] if payload["waits"] else "", ("", ()))
    if payload.get("waived_fen") and payload["waived_fen"] == payload["amount_fen"]:
        kind = "refund_waived"
    return [_notice(kind, side, payload) for side in sides if not _did_it(name, side, payload)]


_PARCELS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    ParcelState.DELIVERED: ("parcel_delivered", (BUYER,)),
    ParcelState.RETURNED: ("parcel_astray", _BOTH),
    ParcelState.LOST: ("parcel_astray", _BOTH),
}
"""What of a parcel's journey somebody has to do something about."""

_RECEIVED = {AT_THE_DOOR: "received_cash", BY_BILL: "received_by_bill"}
"""What is told of goods that were received before they were paid, by how they will be."""


def _paid(payload: Mapping[str, Any]) -> str:
    if not payload.get("covered", True):
        return "paid_part"
    if payload.get("purpose") == "deposit":
        return ""
    if payload.get("instant"):
        return "paid_early"
    return "balance_paid" if payload.get("purpose") == "balance" else "paid"


_ENDED_BY = (facts.OrderClosed.name, facts.ProductionCancelled.name)


def _did_it(name: str, side: str, payload: Mapping[str, Any]) -> bool:
    """Who closed an order needs no notice of it."""
    return name in _ENDED_BY and payload.get("by") == side


def _notice(kind: str, side: str, payload: dict[str, Any]) -> NewNotice:
    number = payload["number"]
    return NewNotice(
        company_id=payload[f"{side}_id"],
        kind=kind,
        subject=f"order:{number}",
        params=payload,
        link=f"/{side}/orders/{number}/",
    )
