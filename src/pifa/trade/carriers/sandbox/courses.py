"""The journey of a sandbox parcel, decided by its number: pure.

Of a hundred parcels about one is lost and two come back; of ten by express one is late.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256

from pifa.kernel.regions import REGIONS
from pifa.trade.carriers.protocol import Place

LOST_OF, RETURNED_OF, LATE_OF, SILENT_OF = 97, 53, 10, 7
"""One parcel, or one notice, of so many."""


@dataclass(frozen=True, slots=True)
class Step:
    """What happens to a parcel, so many minutes after it was handed over."""

    state: str
    minutes: int
    place: str
    note: str = ""


def chance(text: str, of: int) -> int:
    """A number below `of` that a text always has."""
    return int.from_bytes(sha256(text.encode()).digest()[:6], "big") % of


def by_land(tracking_no: str, origin: Place, destination: Place) -> list[Step]:
    """Two or three days through the hubs of both provinces; within one province a day."""
    far = origin.region != destination.region
    spread = chance(f"hours:{tracking_no}", 180)
    start, end = _name(origin), _name(destination)
    steps = [Step("accepted", 90 + spread, start), Step("in_transit", 360 + spread, _hub(origin))]
    if chance(f"lost:{tracking_no}", LOST_OF) == 0:
        return [*steps, Step("lost", 5 * 1440, _hub(origin))]
    if far:
        steps.append(Step("in_transit", 1800 + spread, _hub(destination)))
    near = 2400 if far else 840
    steps += [
        Step("in_transit", near + spread, end),
        Step("out_for_delivery", near + 240 + spread, end),
    ]
    if chance(f"back:{tracking_no}", RETURNED_OF) == 0:
        return [*steps, Step("returned", near + 3 * 1440, start, "收件人拒收")]
    return [*steps, Step("delivered", near + 480 + spread, end)]


def by_express(tracking_no: str, city: Place) -> list[Step]:
    """Picked up within minutes and there within two hours, one of ten later."""
    spread = chance(f"minutes:{tracking_no}", 25)
    late = 55 if chance(f"late:{tracking_no}", LATE_OF) == 0 else 0
    place = _name(city)
    return [
        Step("accepted", 5 + spread // 5, place),
        Step("in_transit", 20 + spread, place),
        Step("out_for_delivery", 45 + spread, place),
        Step("delivered", 80 + spread + late, place),
    ]


def is_silent(event_id: str) -> bool:
    """Whether the carrier forgets to send this notice, so that it has to be asked."""
    return chance(f"silent:{event_id}", SILENT_OF) == 0


def _name(place: Place) -> str:
    return place.city or REGIONS.get(place.region, "")


def _hub(place: Place) -> str:
    return f"{REGIONS.get(place.region, '')}转运中心"
