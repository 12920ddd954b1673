"""Facts as the outbox tells them: what the table must hold, and what it lacks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from django.db.models import Count, Min

from pifa.kernel import clock
from pifa.kernel.models import OutboxEvent
from pifa.metrics import models, sources
from pifa.metrics.errors import FactsDiffer, FactsIncomplete
from pifa.metrics.facts import Fact
from pifa.metrics.lake import COLUMNS, ONE

CHUNK = 5_000


def require_complete(day: date) -> None:
    """Raise `FactsIncomplete` while events up to the end of a day wait to become facts."""
    found = OutboxEvent.objects.filter(
        name__in=sources.names(),
        delivered_at=None,
        happened_at__lt=clock.start_of_day(day + ONE),
    ).aggregate(waiting=Count("pk"), since=Min("happened_at"))
    if found["waiting"]:
        since = f"{found['since'].astimezone(clock.zone()):%Y-%m-%d %H:%M}"
        raise FactsIncomplete(day=day.isoformat(), waiting=found["waiting"], since=since)


def told(first: date, last: date) -> Iterator[Fact]:
    """The facts of what was announced between two days, both in, and has been delivered."""
    events = OutboxEvent.objects.filter(
        name__in=sources.names(),
        happened_at__gte=clock.start_of_day(first),
        happened_at__lt=clock.start_of_day(last + ONE),
        delivered_at__isnull=False,
    )
    columns = ("name", "payload", "happened_at")
    for name, payload, moment in events.order_by("id").values_list(*columns).iterator(CHUNK):
        yield from sources.facts_of(name, payload, moment)


def stored(days: Iterable[date]) -> dict[date, list[tuple[Any, ...]]]:
    """The facts of some days as the lake keeps them, by day."""
    wanted = list(days)
    found: dict[date, list[tuple[Any, ...]]] = {day: [] for day in wanted}
    rows = models.Fact.objects.filter(day__range=(min(wanted), max(wanted)))
    for day, *row in rows.values_list("day", *COLUMNS).iterator(CHUNK):
        if day in found:
            found[day].append(tuple(row))
    return found


def lacking(days: Sequence[date], rows: Iterable[tuple[Any, ...]]) -> list[Fact]:
    """What the outbox tells of these days and the given rows of the table do not hold.

    Raises `FactsDiffer` where the table says something else.
    """
    known = {row[0]: row for row in rows}
    wanted = set(days)
    absent: dict[str, Fact] = {}
    other = []
    for fact in told(min(days), max(days)):
        row = known.get(fact.key)
        if row is None and clock.market_day(fact.at) in wanted:
            absent[fact.key] = fact
        elif row is not None and row != as_row(fact):
            other.append(fact.key)
    if other:
        raise differing(days, other)
    return list(absent.values())


def differing(days: Sequence[date], keys: Sequence[str]) -> FactsDiffer:
    """The error that names facts of days that are not as the outbox says."""
    span = " … ".join(dict.fromkeys([min(days).isoformat(), max(days).isoformat()]))
    return FactsDiffer(day=span, count=len(keys), keys=", ".join(keys[:20]))


def as_row(fact: Fact) -> tuple[Any, ...]:
    """A fact as the table and the lake keep it: the values of `COLUMNS`."""
    kind = str(fact.kind)
    return (
        fact.key, kind, fact.at, fact.seller_id, fact.buyer_id, fact.subject, fact.ref,
        fact.amount_fen, fact.count,
    )  # fmt: skip


def as_values(fact: Fact) -> dict[str, Any]:
    """A fact as a row of the table, by its columns' names."""
    row = dict(zip(COLUMNS, as_row(fact), strict=True))
    return {**row, "day": clock.market_day(fact.at)}
