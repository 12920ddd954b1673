"""Where parcels are, as both sides of an order read it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from pifa.trade.queries.parcels import Parcel
from pifa.trade.states import ParcelState

STATE_KINDS = {
    ParcelState.DELIVERED: "ok",
    ParcelState.RETURNED: "bad",
    ParcelState.LOST: "bad",
}

Journey = tuple[Parcel, str, list[tuple[datetime, str, str]]]
"""A parcel, the kind of its tag, and its timeline."""


def journeys(parcels: Sequence[Parcel]) -> list[Journey]:
    """Parcels with what `{% tag %}` and `{% timeline %}` show of them."""
    return [
        (
            parcel,
            STATE_KINDS.get(ParcelState(parcel.state), "now"),
            [
                (
                    scan.at,
                    " ".join(part for part in (scan.state_label, scan.place) if part),
                    scan.note,
                )
                for scan in parcel.scans
            ],
        )
        for parcel in parcels
    ]
