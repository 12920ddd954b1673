"""The sandbox carriers' own book, and how their parcels move by themselves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from pifa.finance.sandbox import keys
from pifa.kernel import clock, deadlines
from pifa.trade.carriers.protocol import Handed, News
from pifa.trade.carriers.sandbox.courses import Step, is_silent
from pifa.trade.models import CarrierDesk, SandboxWaybill

MOVE = "sandbox_carrier.move"
SUBJECT = "sandbox-carrier:"
MOVED_AT_ONCE = 500


def take(code: str, parcels: Sequence[tuple[Handed, list[Step]]], pace: timedelta) -> None:
    """Write parcels into the book of a carrier that moves every `pace`; a number whose journey
    is over begins another."""
    with transaction.atomic():
        lock_desk(code)
        numbers = [parcel.tracking_no for parcel, _course in parcels]
        known = {
            row.tracking_no: row
            for row in SandboxWaybill.objects.filter(carrier_code=code, tracking_no__in=numbers)
        }
        fresh: list[SandboxWaybill] = []
        again: list[SandboxWaybill] = []
        for parcel, course in parcels:
            row = known.get(parcel.tracking_no)
            if row is not None and row.next_at is not None:
                continue
            (fresh if row is None else again).append(
                row := row or SandboxWaybill(carrier_code=code, tracking_no=parcel.tracking_no)
            )
            known[parcel.tracking_no] = row
            row.taken_at, row.moved = parcel.handed_at, 0
            row.course = [[step.state, step.minutes, step.place, step.note] for step in course]
            row.next_at = _at(row, 0)
        SandboxWaybill.objects.bulk_create(fresh)
        SandboxWaybill.objects.bulk_update(again, ["taken_at", "course", "moved", "next_at"])
        wake(code, pace)


def move(code: str, pace: timedelta) -> list[dict[str, Any]]:
    """Let the parcels of a carrier move until now; the notices that it sends, not yet signed."""
    with transaction.atomic():
        lock_desk(code)
        now = clock.now()
        waiting = SandboxWaybill.objects.filter(carrier_code=code, next_at__lte=now)
        rows = list(waiting.order_by("next_at", "pk")[:MOVED_AT_ONCE])
        told: list[dict[str, Any]] = []
        for row in rows:
            while row.next_at is not None and row.next_at <= now:
                news = _news(row, row.moved)
                if not is_silent(news.event_id):
                    told.append(as_json(news))
                row.moved += 1
                row.next_at = _at(row, row.moved) if row.moved < len(row.course) else None
        SandboxWaybill.objects.bulk_update(rows, ["moved", "next_at"])
        wake(code, pace)
        return told


def tell(code: str, tracking_nos: Sequence[str]) -> list[News]:
    """All that happened so far to parcels of a carrier."""
    rows = SandboxWaybill.objects.filter(carrier_code=code, tracking_no__in=tracking_nos)
    return [_news(row, nth) for row in rows.order_by("pk") for nth in range(row.moved)]


def sign(payload: Mapping[str, Any]) -> str:
    """The carrier's signature of a notice."""
    return keys.sign(payload)


def as_json(news: News) -> dict[str, Any]:
    """News as a notice carries it."""
    return {
        "event_id": news.event_id,
        "tracking_no": news.tracking_no,
        "state": news.state,
        "at": news.at.isoformat(),
        "place": news.place,
        "note": news.note,
    }


def lock_desk(code: str) -> None:
    """Take the lock under which the deadlines of a carrier are set."""
    CarrierDesk.objects.get_or_create(code=code)
    CarrierDesk.objects.select_for_update().get(code=code)


def wake(code: str, pace: timedelta) -> None:
    """Set when the carrier moves next: not before `pace` is over, not at all without parcels."""
    moving = SandboxWaybill.objects.filter(carrier_code=code, next_at__isnull=False)
    first = moving.order_by("next_at").values_list("next_at", flat=True).first()
    if first is None:
        deadlines.clear(f"{SUBJECT}{code}", MOVE)
    else:
        deadlines.set_deadline(MOVE, f"{SUBJECT}{code}", max(first, clock.now() + pace))


def _news(row: SandboxWaybill, nth: int) -> News:
    state, _minutes, place, note = row.course[nth]
    event_id = f"{row.pk}-{int(row.taken_at.timestamp())}-{nth}"
    return News(event_id, row.tracking_no, state, _at(row, nth), place, note)


def _at(row: SandboxWaybill, nth: int) -> datetime:
    minutes: int = row.course[nth][1]
    return row.taken_at + timedelta(minutes=minutes)
