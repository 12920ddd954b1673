"""Each day's ratings with the figures they were found from, as Parquet beside the facts."""

from __future__ import annotations

import os
import uuid
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings

from pifa.standing.engine import Ratings

if TYPE_CHECKING:
    import pyarrow as pa


def path_of(day: date) -> Path:
    """Where a day's ratings lie."""
    return Path(settings.LAKE) / "ratings" / f"day={day:%Y-%m-%d}" / "part.parquet"


def has(day: date) -> bool:
    """Whether the day's ratings are there to be read."""
    return path_of(day).exists()


def write(ratings: Ratings) -> None:
    """Keep a day's ratings, over those kept before; whole or not at all."""
    import pyarrow.parquet as parquet

    target = path_of(ratings.day)
    target.parent.mkdir(parents=True, exist_ok=True)
    apart = target.with_name(f".{uuid.uuid4().hex}")
    try:
        parquet.write_table(ratings.table, apart, compression="zstd")
        os.replace(apart, target)
    finally:
        apart.unlink(missing_ok=True)


def columns(day: date, names: list[str]) -> pa.Table:
    """Some columns of a rated day."""
    import pyarrow.parquet as parquet

    return parquet.read_table(path_of(day), columns=names)
