"""Where an order's parcels are, as their carriers told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from pifa.kernel import clock
from pifa.trade.carriers import rules
from pifa.trade.models import Order, Shipment, TrackingEvent


@dataclass(frozen=True, slots=True)
class Scan:
    """One thing that a carrier told; `note` are its own words."""

    at: datetime
    state: str
    state_label: str
    place: str
    note: str


@dataclass(frozen=True, slots=True)
class Parcel:
    """Goods handed to a carrier at `at`; `scans` are the latest first, none while it told nothing.

    `tracked`: whether the market is connected with this carrier. `late`: past its promise.
    """

    at: datetime
    carrier: str
    tracking_no: str
    tracked: bool
    state: str
    state_label: str
    promised_at: datetime | None
    delivered_at: datetime | None
    late: bool
    scans: tuple[Scan, ...]


def parcels_of(order: Order) -> tuple[Parcel, ...]:
    """The parcels of an order that the caller has shown; two statements, one without parcels."""
    rows = Shipment.objects.filter(order=order).order_by("pk").prefetch_related("events")
    return tuple(_parcel(row) for row in rows)


def _parcel(row: Shipment) -> Parcel:
    events = sorted(row.events.all(), key=lambda event: (event.at, event.pk), reverse=True)
    return Parcel(
        at=row.shipped_at,
        carrier=row.carrier,
        tracking_no=row.tracking_no,
        tracked=bool(row.carrier_code),
        state=row.state,
        state_label=row.get_state_display(),
        promised_at=row.promised_at,
        delivered_at=row.delivered_at,
        late=rules.is_late(row.promised_at, row.delivered_at, clock.now()),
        scans=tuple(_scan(event) for event in events),
    )


def _scan(event: TrackingEvent) -> Scan:
    return Scan(event.at, event.state, event.get_state_display(), event.place, event.note)
