"""From paid to received: shipment, receipt, and the money to the seller."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from pifa.catalog import commands as stock
from pifa.finance import commands as finance
from pifa.finance import queries as credit
from pifa.kernel import audit, clock, deadlines
from pifa.kernel.actors import SYSTEM, Actor
from pifa.kernel.errors import DomainError, NotFound
from pifa.kernel.events import emit
from pifa.kernel.ids import number_of
from pifa.trade import policies, rules
from pifa.trade.carriers import registry as carriers
from pifa.trade.carriers.errors import NotServed
from pifa.trade.carriers.protocol import Place
from pifa.trade.carriers.rules import place_of
from pifa.trade.commands.loading import acting_side, buyer_of, check_verb, lock_order, pieces, term
from pifa.trade.commands.outcomes import Outcome, check_batch
from pifa.trade.events.facts import OrderReceived, OrderShipped
from pifa.trade.models import Order, RefundCase, Shipment
from pifa.trade.rules import Pause
from pifa.trade.staged import clock_of
from pifa.trade.states import ENDED_REFUNDS, OrderStatus


@dataclass(frozen=True, slots=True)
class ShipRequest:
    """An order handed to a carrier, with the carrier's number.

    A carrier that gives numbers itself (same-city express) needs none.
    """

    number: str
    carrier: str
    tracking_no: str = ""


def ship(actor: Actor, number: str, carrier: str, tracking_no: str = "") -> None:
    """Ship one paid order (the seller); its goods leave the stock."""
    outcome = ship_many(actor, [ShipRequest(number, carrier, tracking_no)])[0]
    if outcome.error is not None:
        raise outcome.error


def ship_express(actor: Actor, number: str) -> None:
    """Call same-city express for a paid order; it gives the number and promises a moment."""
    ship(actor, number, carriers.EXPRESS_NAME)


def ship_many(actor: Actor, requests: Sequence[ShipRequest]) -> list[Outcome]:
    """Ship a batch; an order that cannot be shipped says why, the others go.

    The same number of statements for one order and for two hundred. An order named twice is
    shipped by its first row.
    """
    policies.require_selling(actor)
    check_batch(len(requests))
    moment = clock.now()
    with transaction.atomic():
        orders = {
            order.number: order
            for order in Order.objects.select_for_update(of=("self",), no_key=True)
            .filter(policies.visible(actor), number__in={item.number for item in requests})
            .select_related("seller")
            .order_by("pk")
        }
        outcomes, ready = _judged(actor, orders, requests, moment)
        if ready:
            _tell_carriers(orders, ready)
            _write_shipments(actor, [(orders[number], ready[number]) for number in ready], moment)
    return outcomes


def check_many(actor: Actor, requests: Sequence[ShipRequest]) -> list[Outcome]:
    """What `ship_many` would answer now; nothing is shipped, nothing is locked."""
    policies.require_selling(actor)
    check_batch(len(requests))
    found = Order.objects.filter(
        policies.visible(actor), number__in={item.number for item in requests}
    ).select_related("seller")
    orders = {order.number: order for order in found}
    return _judged(actor, orders, requests, clock.now())[0]


def _judged(
    actor: Actor, orders: Mapping[str, Order], requests: Sequence[ShipRequest], moment: datetime
) -> tuple[list[Outcome], dict[str, Shipment]]:
    """Each request's outcome, and the shipments of those that go, by order number."""
    promised = [order.subject for order in orders.values() if order.promised_fen]
    refused = credit.shipment_refusals(promised) if promised else {}
    outcomes, ready = [], {}
    for item in requests:
        try:
            order = orders.get(item.number)
            if order is None:
                raise NotFound()
            check_verb(actor, order, "ship")
            shipment = _shipment(order, item, moment)
            if order.subject in refused:
                raise refused[order.subject]
        except DomainError as error:
            outcomes.append(Outcome(item.number, error))
            continue
        order.status = OrderStatus.AWAITING_RECEIPT
        ready[item.number] = shipment
        outcomes.append(Outcome(item.number))
    return outcomes, ready


def _tell_carriers(orders: Mapping[str, Order], ready: Mapping[str, Shipment]) -> None:
    """What is paid at the door is collected by the carrier; nothing is asked without promises."""
    given = {
        orders[number].subject: finance.HandedOver(shipment.carrier, shipment.tracking_no)
        for number, shipment in ready.items()
        if orders[number].promised_fen
    }
    if given:
        finance.hand_over(given)


def _shipment(order: Order, item: ShipRequest, moment: datetime) -> Shipment:
    """The shipment of an order; `NotServed` by a carrier that does not go there."""
    name = rules.required_text(item.carrier, _("物流公司"), 60, "carrier")
    tracking_no, carrier = item.tracking_no, carriers.meant_by(name)
    if carrier is not None:
        origin = Place(order.seller.region, order.seller.city)
        destination = place_of(order.region, order.address)
        if not carrier.serves(origin, destination):
            raise NotServed(
                field="carrier",
                carrier=name,
                origin=origin.city or "—",
                destination=destination.city or "—",
            )
        tracking_no = tracking_no.strip() or carrier.issue(order.number)
    promise = carrier.promise if carrier is not None else None
    return Shipment(
        order=order,
        carrier=name,
        tracking_no=rules.required_text(tracking_no, _("运单号"), 60, "tracking_no"),
        shipped_at=moment,
        carrier_code=carrier.code if carrier is not None else "",
        promised_at=moment + promise if promise is not None else None,
        told_at=moment,
    )


def _write_shipments(
    actor: Actor, shipped: Sequence[tuple[Order, Shipment]], moment: datetime
) -> None:
    order_ids = [order.pk for order, _shipped in shipped]
    subjects = [order.subject for order, _shipped in shipped]
    Order.objects.filter(pk__in=order_ids).update(
        status=OrderStatus.AWAITING_RECEIPT, shipped_at=moment
    )
    Shipment.objects.bulk_create([shipment for _order, shipment in shipped])
    stock.ship_stock(pieces(order_ids))
    deadlines.clear_all(subjects, "order.shipment_due", "order.refund_unshipped")
    deadlines.set_new(
        row for subject in subjects for row in _receipt_deadlines(subject, moment, moment)
    )
    audit.record_all(
        audit.entry(
            actor,
            "order.ship",
            order.subject,
            carrier=shipment.carrier,
            tracking_no=shipment.tracking_no,
        )
        for order, shipment in shipped
    )
    emit(
        *(
            OrderShipped(
                number=order.number,
                buyer_id=buyer_of(order),
                seller_id=order.seller_id,
                carrier=shipment.carrier,
                tracking_no=shipment.tracking_no,
            )
            for order, shipment in shipped
        )
    )


def confirm_receipt(actor: Actor, number: str) -> None:
    """The buyer has the goods: what is held goes to the seller's balance."""
    _receive(actor, number, "confirm_receipt")


def receive_by_deadline(subject: str) -> None:
    """Receipt was not confirmed in time and is taken as confirmed (the market)."""
    _receive(SYSTEM, number_of(subject), "receive_by_deadline")


def _receive(actor: Actor, number: str, verb: str) -> None:
    with transaction.atomic():
        order = lock_order(actor, number, verb)
        if order.promised_fen:
            finance.note_received(order.subject)
        released = finance.release(order.subject, key=order.subject)
        moment = clock.now()
        order.status = OrderStatus.AWAITING_REVIEW
        order.received_at = moment
        order.released_fen += released.fen
        order.save(update_fields=["status", "received_at", "released_fen"])
        deadlines.clear(order.subject, "order.receive", "order.receipt_due")
        deadlines.set_deadline("order.complete", order.subject, moment + term("review_days"))
        audit.record(actor, f"order.{verb}", order.subject, released_fen=released.fen)
        emit(
            OrderReceived(
                number=order.number,
                buyer_id=buyer_of(order),
                seller_id=order.seller_id,
                by=acting_side(actor, order),
                released_fen=released.fen,
                promised_fen=order.promised_fen,
                method=credit.promised_method(order.subject) if order.promised_fen else "",
            )
        )


def hold(order: Order) -> None:
    """Nothing falls due by itself while a refund case holds the order."""
    deadlines.clear(order.subject)


def resume(order: Order) -> None:
    """Set anew what falls due when a refund case lets the order go; the time it held the
    order does not count."""
    pauses = _pauses(order)
    if order.status == OrderStatus.AWAITING_SHIPMENT and order.covered_at:
        deadlines.set_new(
            shipment_deadlines(
                order.subject, order.scene, order.covered_at, pauses, order.lead_days
            )
        )
    elif order.status == OrderStatus.AWAITING_RECEIPT and order.shipped_at:
        due = rules.due_with_pauses(order.shipped_at, term("receipt_days"), pauses)
        deadlines.set_new(_receipt_deadlines(order.subject, order.shipped_at, clock.now(), due))
    elif order.status == OrderStatus.AWAITING_REVIEW and order.received_at:
        due = rules.due_with_pauses(order.received_at, term("review_days"), pauses)
        deadlines.set_new([("order.complete", order.subject, due)])
    else:
        clock_of.resume(order, pauses)


def shipment_deadlines(
    subject: str,
    scene: str,
    covered_at: datetime,
    pauses: Sequence[Pause] = (),
    lead_days: int | None = None,
) -> list[tuple[str, str, datetime]]:
    """What falls due for an order that is paid or promised: the seller is reminded, and in the end it is refunded."""
    span = rules.ship_span(lead_days, term("ship_hours"))
    ship_by = rules.due_with_pauses(covered_at, span, pauses)
    refund_at = rules.due_with_pauses(covered_at, term(rules.unshipped_term(scene)), pauses)
    remind_at = rules.reminder(covered_at, ship_by, rules.SHIPMENT_REMINDER)
    return [
        ("order.shipment_due", subject, remind_at),
        ("order.refund_unshipped", subject, refund_at),
    ]


def _pauses(order: Order) -> list[Pause]:
    ended = RefundCase.objects.filter(order=order, state__in=ENDED_REFUNDS)
    return [
        Pause(since, until)
        for since, until in ended.values_list("asked_at", "ended_at")
        if until is not None
    ]


def _receipt_deadlines(
    subject: str, shipped_at: datetime, moment: datetime, due: datetime | None = None
) -> list[tuple[str, str, datetime]]:
    due = due or shipped_at + term("receipt_days")
    return [
        ("order.receive", subject, due),
        ("order.receipt_due", subject, rules.reminder(moment, due, rules.RECEIPT_REMINDER)),
    ]
