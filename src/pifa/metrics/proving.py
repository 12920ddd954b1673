"""Proofs: the lake's figures of a day are those of the projections, its files those written."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings

from pifa.metrics import deriving, engine, lake
from pifa.metrics.errors import FactsDiffer, ProjectionsDiffer
from pifa.metrics.grains import MEASURES
from pifa.metrics.models import LakeDay, PairDay

if TYPE_CHECKING:
    import pyarrow as pa

SHOWN = 20
AT_ONCE = 31
"""Days that are compared together."""

_LAKE = """
    SELECT day, seller_id, coalesce(counted_for.whose, buyer_id) AS buyer_id,
        sum(count) FILTER (kind = 'paid') AS orders,
        sum(amount_fen) FILTER (kind = 'paid') AS paid_fen,
        sum(amount_fen) FILTER (kind = 'refunded') AS refunded_fen,
        sum(count) FILTER (kind = 'refunded') AS refunds,
        sum(count) FILTER (kind = 'completed') AS completed
    FROM {lake} ANTI JOIN excluded USING (subject) LEFT JOIN counted_for USING (subject)
    WHERE kind IN ('paid', 'refunded', 'completed')
    GROUP BY ALL
"""
_DIFFERENCES = """
    SELECT day, seller_id, buyer_id, {pairs}
    FROM ({lake}) AS lake FULL JOIN projected USING (day, seller_id, buyer_id)
    WHERE {differ} ORDER BY day, seller_id, buyer_id
"""


@dataclass(frozen=True, slots=True)
class Fault:
    """A day of the lake that is not as it should be; `what` is a code, `detail` says more."""

    day: date
    what: str
    detail: str


def prove(days: Sequence[date], files: Sequence[Path]) -> None:
    """Sum up what lies in these days' files and compare it, pair by pair, with the projections.

    Raises `ProjectionsDiffer` with what each of the two says.
    """
    with engine.session(str(settings.LAKE_MEMORY), 1) as database:
        database.register("excluded", lake.excluded())
        database.register("counted_for", lake.counted_for())
        database.register("projected", _projected(days))
        rows = database.sql(_statement(files)).fetchall()
    if rows:
        named = sorted({row[0].isoformat() for row in rows})
        shown = "; ".join(_told(row) for row in rows[:SHOWN])
        raise ProjectionsDiffer(days=", ".join(named), count=len(rows), rows=shown)


def check(first: date | None = None, last: date | None = None) -> list[Fault]:
    """Look into every day of the lake: there, as it was written, as the outbox and the
    projections say. Reads all of it; what is found is mended by `commands.rebuild`."""
    gone = lake.missing_days(first, last)
    faults = [Fault(day, "missing", str(lake.path_of(day))) for day in gone]
    closed = LakeDay.objects.filter(state=LakeDay.State.CLOSED).exclude(day__in=gone)
    if first:
        closed = closed.filter(day__gte=first)
    if last:
        closed = closed.filter(day__lte=last)
    whole = []
    for day, sha256 in closed.order_by("day").values_list("day", "sha256"):
        path = lake.path_of(day)
        if lake.digest(path) == sha256:
            whole.append(day)
        else:
            faults.append(Fault(day, "spoiled", str(path)))
    for start in range(0, len(whole), AT_ONCE):
        faults += _compared(whole[start : start + AT_ONCE])
    return sorted(faults, key=lambda fault: fault.day)


def _compared(days: Sequence[date]) -> Iterator[Fault]:
    """What is wrong with days: all at once, and one by one only if something is."""
    try:
        _compare(days)
    except (FactsDiffer, ProjectionsDiffer) as error:
        if len(days) == 1:
            yield Fault(days[0], error.code, str(error))
            return
        for day in days:
            yield from _compared([day])


def _compare(days: Sequence[date]) -> None:
    stored = deriving.stored(days)
    lacking = deriving.lacking(days, (row for rows in stored.values() for row in rows))
    if lacking:
        raise deriving.differing(days, [fact.key for fact in lacking])
    prove(days, [lake.path_of(day) for day in days])


def _projected(days: Sequence[date]) -> pa.Table:
    import pyarrow as pa

    names = ("day", "seller_id", "buyer_id", *MEASURES)
    wanted = set(days)
    found = PairDay.objects.filter(day__range=(min(days), max(days))).values_list(*names)
    rows = [row for row in found.iterator(deriving.CHUNK) if row[0] in wanted]
    columns = list(zip(*rows, strict=True)) or [()] * len(names)
    types = [pa.date32(), *[pa.int64()] * (len(names) - 1)]
    return pa.table(
        {
            name: pa.array(values, kind)
            for name, values, kind in zip(names, columns, types, strict=True)
        }
    )


def _statement(files: Sequence[Path]) -> str:
    compared = [
        (f"coalesce(lake.{name}, 0)", f"coalesce(projected.{name}, 0)") for name in MEASURES
    ]
    return _DIFFERENCES.format(
        lake=_LAKE.format(lake=lake.scan(files)),
        pairs=", ".join(f"{is_}::BIGINT, {said}::BIGINT" for is_, said in compared),
        differ=" OR ".join(f"{is_} <> {said}" for is_, said in compared),
    )


def _told(row: Sequence[object]) -> str:
    day, seller_id, buyer_id, *figures = row
    differing = [
        f"{name} {lake_says}/{table_says}"
        for name, lake_says, table_says in zip(MEASURES, figures[::2], figures[1::2], strict=True)
        if lake_says != table_says
    ]
    return f"{day} {seller_id}–{buyer_id}: {', '.join(differing)}"
