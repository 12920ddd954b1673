"""The lake: one Parquet file a market day, and which days of it can be relied on.

    <LAKE>/facts/day=2026-06-30/part.parquet

A file is written apart and renamed, so a reader sees the old one, the new one or none. Rows are
in one order, so the same facts make the same bytes. Nothing is flushed to the disk on purpose: a
file that a power cut spoils is found by its size and hash and written anew from the database.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import uuid
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db.models import Min, Subquery

from pifa.kernel import clock
from pifa.kernel.models import OutboxEvent
from pifa.metrics import sources
from pifa.metrics.models import CountedFor, Excluded, Fact, LakeDay

if TYPE_CHECKING:
    import pyarrow as pa

COLUMNS = (
    "key", "kind", "at", "seller_id", "buyer_id", "subject", "ref", "amount_fen", "count",
)  # fmt: skip
"""What a fact is in the lake; its day is in the path."""

ONE = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Draft:
    """A day's file that is not in the lake yet."""

    day: date
    path: Path
    rows: int
    size: int
    sha256: str

    def publish(self) -> None:
        """Put it in its place, over what is there."""
        target = path_of(self.day)
        target.parent.mkdir(parents=True, exist_ok=True)
        os.replace(self.path, target)


def path_of(day: date) -> Path:
    """Where a day's file lies."""
    return Path(settings.LAKE) / "facts" / f"day={day:%Y-%m-%d}" / "part.parquet"


def days(first: date, last: date) -> Iterator[date]:
    """Each day from the first to the last, both in."""
    while first <= last:
        yield first
        first += ONE


# -------------------------------------------------------------------------- writing
@contextmanager
def apart() -> Iterator[Path]:
    """A folder inside the lake for drafts; it goes with what was not published."""
    folder = Path(settings.LAKE) / ".apart" / uuid.uuid4().hex
    folder.mkdir(parents=True)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def write(folder: Path, day: date, rows: Sequence[Sequence[Any]]) -> Draft:
    """Write facts of a day, rows of `COLUMNS` in any order, into a folder for drafts."""
    import pyarrow.parquet as parquet

    path = folder / f"day={day:%Y-%m-%d}" / "part.parquet"
    path.parent.mkdir()
    parquet.write_table(_table(rows), path, compression="zstd")
    return Draft(day, path, len(rows), path.stat().st_size, digest(path))


def digest(path: Path) -> str:
    """The SHA-256 of a file, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _table(rows: Sequence[Sequence[Any]]) -> pa.Table:
    import pyarrow as pa

    types = {
        "at": pa.timestamp("us", tz="UTC"),
        "seller_id": pa.int64(),
        "buyer_id": pa.int64(),
        "amount_fen": pa.int64(),
        "count": pa.int64(),
    }
    # By kind, so that a reader of one kind can pass over the rest; Python compares texts by
    # their code points, on every database alike.
    ordered = sorted(rows, key=lambda row: (row[1], row[0]))
    columns = list(zip(*ordered, strict=True)) or [()] * len(COLUMNS)
    return pa.table(
        {
            name: pa.array(values, types.get(name, pa.string()))
            for name, values in zip(COLUMNS, columns, strict=True)
        }
    )


# -------------------------------------------------------------------------- reading
def files(first: date, last: date) -> list[Path]:
    """The files of the closed days between two days, both in."""
    closed = LakeDay.objects.filter(day__range=(first, last), state=LakeDay.State.CLOSED)
    return [path_of(day) for day in closed.order_by("day").values_list("day", flat=True)]


def scan(paths: Iterable[Path]) -> str:
    """What stands behind FROM for DuckDB to read these files, with the day as a column."""
    listed = ", ".join("'" + str(path).replace("'", "''") + "'" for path in paths)
    if listed:
        return f"read_parquet([{listed}], hive_partitioning = true, hive_types = {{day: DATE}})"
    numbers = ("seller_id", "buyer_id", "amount_fen", "count")
    columns = ", ".join(
        f"NULL::{'BIGINT' if name in numbers else 'VARCHAR'} AS {name}"
        for name in COLUMNS
        if name != "at"
    )
    return f"(SELECT {columns}, NULL::DATE AS day WHERE false)"


def excluded() -> pa.Table:
    """The subjects that are ruled out now."""
    import pyarrow as pa

    subjects = list(Excluded.objects.order_by("subject").values_list("subject", flat=True))
    return pa.table({"subject": pa.array(subjects, pa.string())})


def counted_for() -> pa.Table:
    """The subjects that count for another buyer than their facts name, with that one (`whose`)."""
    import pyarrow as pa

    rows = list(CountedFor.objects.order_by("subject").values_list("subject", "buyer_id"))
    subjects, whose = zip(*rows, strict=True) if rows else ((), ())
    return pa.table(
        {"subject": pa.array(subjects, pa.string()), "whose": pa.array(whose, pa.int64())}
    )


# -------------------------------------------------------------------------- what is there
def first_day() -> date | None:
    """The first day of which there are facts, or events that become facts; None: no day yet."""
    found = [Fact.objects.aggregate(day=Min("day"))["day"]]
    # A look into the index for each name, all in one statement beside any one event; one question
    # for all names together reads every event.
    looks = {
        f"at{place}": Subquery(
            OutboxEvent.objects.filter(name=name).order_by("happened_at").values("happened_at")[:1]
        )
        for place, name in enumerate(sources.names())
    }
    for moments in OutboxEvent.objects.annotate(**looks).values_list(*looks)[:1]:
        found += [clock.market_day(moment) for moment in moments if moment]
    return min((day for day in found if day), default=None)


def missing_days(first: date | None = None, last: date | None = None) -> list[date]:
    """Days that cannot be relied on, in order: never closed, stale, their file gone or cut.

    From the market's first day (or `first`, if that is later) to yesterday (or `last`). That a
    file's content is what was proven is looked into by `proving.check`.
    """
    beginning = first_day()
    if beginning is None:
        return []
    first = max(first or beginning, beginning)
    last = last or clock.today() - ONE
    closed = LakeDay.objects.filter(day__range=(first, last), state=LakeDay.State.CLOSED)
    sizes = dict(closed.values_list("day", "size"))
    return [day for day in days(first, last) if not _is_there(day, sizes.get(day))]


def _is_there(day: date, size: int | None) -> bool:
    try:
        return size is not None and path_of(day).stat().st_size == size
    except OSError:
        return False
