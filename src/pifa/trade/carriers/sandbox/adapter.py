"""The adapters to the sandbox carriers: by land for any name, and same-city express."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.utils.dateparse import parse_datetime
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from pifa.finance.sandbox import keys
from pifa.trade.carriers.errors import BadCarrierSignature, SenselessNews
from pifa.trade.carriers.protocol import Handed, News, Place
from pifa.trade.carriers.rules import same_city
from pifa.trade.carriers.sandbox import book, courses
from pifa.trade.states import ParcelState

MOST_NEWS = 2_000


class Sandbox:
    """What both sandbox carriers have in common: one book, one signature."""

    code = ""
    pace = timedelta(hours=2)
    """How often its parcels move and its notices go out."""

    def read(self, payload: Mapping[str, Any], signature: str) -> list[News]:
        """Check the signature over the whole notice, then read it strictly."""
        if not keys.is_signed(payload, signature):
            raise BadCarrierSignature
        events = payload.get("events")
        if payload.get("carrier") != self.code:
            raise SenselessNews(field_name="carrier")
        if not isinstance(events, list) or not 0 < len(events) <= MOST_NEWS:
            raise SenselessNews(field_name="events")
        return [_news(event) for event in events]

    def ask(self, tracking_nos: Sequence[str]) -> list[News]:
        """Look into the book."""
        return book.tell(self.code, tracking_nos)


class SandboxLand(Sandbox):
    """Carries anything anywhere, whatever name a seller typed for it."""

    code = "sandbox"
    label: str | Promise = _("沙盒物流")
    promise: timedelta | None = None

    def knows(self, name: str) -> bool:
        """Every name: a sandbox market has no other carrier."""
        return bool(name)

    def serves(self, origin: Place, destination: Place) -> bool:
        """Everywhere."""
        return True

    def issue(self, order_number: str) -> str:
        """None: numbers stand on the labels that sellers stick on."""
        return ""

    def take(self, parcels: Sequence[Handed]) -> None:
        """Write the parcels into the book, each with its course."""
        planned = [
            (parcel, courses.by_land(parcel.tracking_no, parcel.origin, parcel.destination))
            for parcel in parcels
        ]
        book.take(self.code, planned, self.pace)


class SandboxExpress(Sandbox):
    """Within one city, with a promise (58速运 in the deck)."""

    code = "express"
    label: str | Promise = _("同城速递")
    pace = timedelta(minutes=10)
    names = ("同城速递", "同城快递", "同城急送", "same-city express")

    @property
    def promise(self) -> timedelta | None:
        """Two hours, unless the market's settings say otherwise."""
        return timedelta(hours=settings.MARKET["express_hours"])

    def knows(self, name: str) -> bool:
        """Its name in Chinese or English."""
        return name.strip().casefold() in self.names

    def serves(self, origin: Place, destination: Place) -> bool:
        """Where the seller and the consignee are in the same city."""
        return same_city(origin, destination)

    def issue(self, order_number: str) -> str:
        """Its own number for an order, the same when asked again."""
        return f"TC{order_number}"

    def take(self, parcels: Sequence[Handed]) -> None:
        """Write the parcels into the book, each with its course."""
        planned = [
            (parcel, courses.by_express(parcel.tracking_no, parcel.origin)) for parcel in parcels
        ]
        book.take(self.code, planned, self.pace)


def _news(event: object) -> News:
    if not isinstance(event, Mapping):
        raise SenselessNews(field_name="events")
    state = _text(event, "state", 16)
    if state not in ParcelState.values or state == ParcelState.HANDED_OVER:
        raise SenselessNews(field_name="state")
    return News(
        event_id=_text(event, "event_id", 64),
        tracking_no=_text(event, "tracking_no", 60),
        state=state,
        at=_moment(event),
        place=_text(event, "place", 80, empty=True),
        note=_text(event, "note", 200, empty=True),
    )


def _text(event: Mapping[str, Any], name: str, longest: int, *, empty: bool = False) -> str:
    value = event.get(name, "")
    if not isinstance(value, str) or len(value) > longest or "\x00" in value:
        raise SenselessNews(field_name=name)
    if not value and not empty:
        raise SenselessNews(field_name=name)
    return value


def _moment(event: Mapping[str, Any]) -> datetime:
    try:
        moment = parse_datetime(_text(event, "at", 40))
    except ValueError as error:
        raise SenselessNews(field_name="at") from error
    if moment is None or moment.tzinfo is None:
        raise SenselessNews(field_name="at")
    return moment
