"""Parcels on their way: carriers are told of them, and what carriers tell is written down.

Nothing here moves an order. A parcel that was delivered waits for its buyer to confirm receipt,
or for the deadline, as one without any tracking does (`states.ORDER`, `states.PARCEL`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.db import transaction

from pifa.kernel import clock, deadlines
from pifa.kernel.events import consumer, emit
from pifa.trade.carriers import registry, rules
from pifa.trade.carriers.errors import BadCarrierSignature, SenselessNews
from pifa.trade.carriers.protocol import Handed, News, Place
from pifa.trade.carriers.sandbox import book
from pifa.trade.events.facts import OrderShipped, ParcelMoved
from pifa.trade.models import OrderStatus, Shipment, TrackingEvent
from pifa.trade.states import ENDED_PARCELS, ParcelState

POLL = "carrier.poll"
SUBJECT = "carrier:"


class Taken(StrEnum):
    """What became of a carrier's notice."""

    NOTED = "noted"
    NOTHING_NEW = "nothing_new"
    BAD_SIGNATURE = "bad_signature"
    MALFORMED = "malformed"


@consumer("trade.carriers", OrderShipped.name)
def _hand_over(_name: str, payload: dict[str, Any], happened_at: datetime) -> None:
    """Tell the carrier of an order's parcels, after the commit: it may be far away."""
    found = Shipment.objects.filter(order__number=payload["number"], state=ParcelState.HANDED_OVER)
    by_carrier: dict[str, list[Handed]] = defaultdict(list)
    for row in found.exclude(carrier_code="").select_related("order__seller"):
        seller = row.order.seller
        by_carrier[row.carrier_code].append(
            Handed(
                tracking_no=row.tracking_no,
                handed_at=row.shipped_at,
                origin=Place(seller.region, seller.city),
                destination=rules.place_of(row.order.region, row.order.address),
            )
        )
    for code, parcels in by_carrier.items():
        registry.get(code).take(parcels)
        with transaction.atomic():
            book.lock_desk(code)
            _ask_again(code)


def receive_notice(code: str, payload: Mapping[str, Any], signature: str) -> Taken:
    """Take a carrier's word about parcels; a repeat changes nothing, a stranger's word neither.

    `NotFound` for a carrier that the market does not work with.
    """
    try:
        news = registry.get(code).read(payload, signature)
    except BadCarrierSignature:
        return Taken.BAD_SIGNATURE
    except SenselessNews:
        return Taken.MALFORMED
    return Taken.NOTED if _note(code, news, TrackingEvent.Via.NOTICE) else Taken.NOTHING_NEW


def ask(code: str) -> int:
    """Ask a carrier for the parcels that it told nothing of for `rules.ASK_EVERY`, the longest
    silent first; how many things were new."""
    moment = clock.now()
    with transaction.atomic():
        book.lock_desk(code)
        silent = _on_their_way(code).filter(told_at__lte=moment - rules.ASK_EVERY)
        numbers = list(
            silent.order_by("told_at", "pk").values_list("tracking_no", flat=True)[
                : rules.ASKED_AT_ONCE
            ]
        )
        noted = _note(code, registry.get(code).ask(numbers), TrackingEvent.Via.POLL, numbers)
        _ask_again(code)
    return noted


@deadlines.handles(POLL)
def _poll(subject: str) -> None:
    ask(subject.removeprefix(SUBJECT))


@deadlines.handles(book.MOVE)
def _move(subject: str) -> None:
    """The sandbox carriers' parcels move, and their signed notices come in by the same door as
    anybody's."""
    code = subject.removeprefix(book.SUBJECT)
    carrier = registry.get(code)
    assert isinstance(carrier, registry.Sandbox)
    events = book.move(code, carrier.pace)
    if events:
        payload = {"carrier": code, "events": events}
        receive_notice(code, payload, book.sign(payload))


def _note(code: str, news: Sequence[News], via: str, asked: Sequence[str] = ()) -> int:
    """Write news down once and let the parcels follow; how many things were new.

    What happened before a parcel was handed over is an earlier parcel's of the same number.
    """
    by_number: dict[str, list[News]] = defaultdict(list)
    for item in news:
        by_number[item.tracking_no].append(item)
    moment = clock.now()
    with transaction.atomic():
        rows = list(
            Shipment.objects.select_for_update(of=("self",), no_key=True)
            .filter(carrier_code=code, tracking_no__in={*by_number, *asked})
            .exclude(state__in=ENDED_PARCELS)
            .select_related("order")
            .order_by("pk")
        )
        known = set(
            TrackingEvent.objects.filter(shipment__in=rows).values_list("shipment", "event_id")
        )
        fresh, moved = [], []
        for row in rows:
            new = [
                item
                for item in by_number[row.tracking_no]
                if (row.pk, item.event_id) not in known and row.shipped_at <= item.at <= moment
            ]
            fresh += [_event(row, item, via, moment) for item in new]
            if new or row.tracking_no in asked:
                row.told_at = moment
            state = rules.state_after(row.state, new)
            if state != row.state:
                moved.append(row)
            _follow(row, state, new)
        TrackingEvent.objects.bulk_create(fresh, ignore_conflicts=True)
        Shipment.objects.bulk_update(rows, ["state", "delivered_at", "told_at"])
        emit(*(_moved(row) for row in moved))
    return len(fresh)


def _follow(row: Shipment, state: str, new: Sequence[News]) -> None:
    row.state = state
    if state == ParcelState.DELIVERED:
        row.delivered_at = min(item.at for item in new if item.state == ParcelState.DELIVERED)


def _event(row: Shipment, item: News, via: str, moment: datetime) -> TrackingEvent:
    return TrackingEvent(
        shipment=row,
        event_id=item.event_id,
        state=item.state,
        at=item.at,
        place=item.place,
        note=item.note,
        via=via,
        came_at=moment,
    )


def _moved(row: Shipment) -> ParcelMoved:
    order = row.order
    assert order.buyer_id is not None
    return ParcelMoved(
        number=order.number,
        buyer_id=order.buyer_id,
        seller_id=order.seller_id,
        carrier=row.carrier,
        tracking_no=row.tracking_no,
        state=row.state,
        waits=order.status == OrderStatus.AWAITING_RECEIPT,
    )


def _on_their_way(code: str) -> Any:
    begun = clock.now() - rules.ASK_FOR
    rows = Shipment.objects.filter(carrier_code=code, shipped_at__gt=begun)
    return rows.exclude(carrier_code="").exclude(state__in=ENDED_PARCELS)


def _ask_again(code: str) -> None:
    """Set when the carrier is asked next, under its lock; never without a parcel on its way."""
    rows = _on_their_way(code).order_by("told_at")
    first = rows.values_list("told_at", flat=True).first()
    if first is None:
        deadlines.clear(f"{SUBJECT}{code}", POLL)
        return
    # A moment that is over already would ask without end while the clock stands.
    due = max(first, clock.now() - rules.ASK_EVERY / 2) + rules.ASK_EVERY
    deadlines.set_deadline(POLL, f"{SUBJECT}{code}", due)
