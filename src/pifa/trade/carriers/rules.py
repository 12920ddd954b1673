"""What the market knows of places and parcels: pure functions."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from pifa.kernel.regions import REGIONS
from pifa.trade.carriers.protocol import News, Place
from pifa.trade.states import ENDED_PARCELS, ParcelState

ASK_EVERY = timedelta(hours=6)
"""How often a carrier is asked for parcels of which it told nothing meanwhile."""

ASK_FOR = timedelta(days=30)
"""How long after the handing over a carrier is asked at all."""

ASKED_AT_ONCE = 500


def place_of(region: str, address: str) -> Place:
    """The place of an order's address, which begins with province and city, as checkouts write
    it; without a city where it does not."""
    words = address.split()
    if words and words[0] == REGIONS.get(region, ""):
        words = words[1:]
    return Place(region, words[0] if len(words) > 1 else "")


def same_city(one: Place, other: Place) -> bool:
    """Whether two places are the same known city; 义乌 and 义乌市 are one."""
    names = {place.city.strip().removesuffix("市") for place in (one, other)}
    return one.region == other.region and len(names) == 1 and names != {""}


def state_after(state: str, news: Iterable[News]) -> str:
    """A parcel's state when it hears news: that of the latest, but an end is the end."""
    if state in ENDED_PARCELS:
        return state
    told = sorted(
        news, key=lambda item: (item.at, list(ParcelState).index(ParcelState(item.state)))
    )
    ended = next((item for item in told if item.state in ENDED_PARCELS), None)
    if ended is not None:
        return ended.state
    return told[-1].state if told else state


def is_late(promised_at: datetime | None, delivered_at: datetime | None, now: datetime) -> bool:
    """Whether a promised moment passed without the parcel, or before it came."""
    return promised_at is not None and (delivered_at or now) > promised_at
