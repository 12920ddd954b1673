"""What a carrier does for the market, and the words both use."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from django.utils.functional import Promise


@dataclass(frozen=True, slots=True)
class Place:
    """A city within a province (code of GB/T 2260); an unknown city is empty."""

    region: str
    city: str


@dataclass(frozen=True, slots=True)
class Handed:
    """A parcel that a seller handed over: from where, to where."""

    tracking_no: str
    handed_at: datetime
    origin: Place
    destination: Place


@dataclass(frozen=True, slots=True)
class News:
    """One thing a carrier tells of a parcel. `event_id` is its own and makes a repeat do nothing;
    `state` is one of `ParcelState`; `note` are the carrier's own words."""

    event_id: str
    tracking_no: str
    state: str
    at: datetime
    place: str = ""
    note: str = ""


class Carrier(Protocol):
    """A carrier as the market sees it. Each verb may be repeated with the same effect."""

    @property
    def code(self) -> str:
        """The stable name in the address its notices come to."""

    @property
    def label(self) -> str | Promise:
        """What sellers type and buyers read."""

    @property
    def promise(self) -> timedelta | None:
        """Within what time of the handing over it promises to deliver, if it does."""

    def knows(self, name: str) -> bool:
        """Whether a name that a seller typed means this carrier."""

    def serves(self, origin: Place, destination: Place) -> bool:
        """Whether it carries between two places."""

    def issue(self, order_number: str) -> str:
        """A tracking number for an order, from a carrier that gives them itself; else empty."""

    def take(self, parcels: Sequence[Handed]) -> None:
        """Be told of parcels; their news may come from now on."""

    def read(self, payload: Mapping[str, Any], signature: str) -> list[News]:
        """Read a notice; `BadCarrierSignature` or `SenselessNews` if it is not to be believed."""

    def ask(self, tracking_nos: Sequence[str]) -> list[News]:
        """All that it has to tell of parcels, for when no notice came."""
