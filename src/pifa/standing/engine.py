"""Every company's rating of a day, all at once, by DuckDB over what the lake measured."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from pifa.metrics import engine as metrics
from pifa.metrics.definitions import METRICS
from pifa.rulebook.rules import Book, Unit
from pifa.standing import compiling
from pifa.standing.books import ByDigest
from pifa.standing.profiles import ProfileRow, profiles_on
from pifa.standing.vocabulary import PROFILE_WORDS

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

SYSTEMS = ("consumer_1", "consumer_2", "non_consumer")
RESULTS = ("level", "credit_score", "credit_rank", "medal", "tier")


@dataclass(frozen=True, slots=True)
class Ratings:
    """The rating of a day: a row a company, by `company_id`.

    Columns: `company_id`, `medal_system`, `RESULTS`, then the figures they were found from.
    """

    day: date
    table: pa.Table

    def digest(self) -> str:
        """The canonical SHA-256 of every row, whatever file or machine it lies on."""
        import pyarrow as pa
        from pyarrow import csv

        sink = pa.BufferOutputStream()
        csv.write_csv(self.table, sink)
        return hashlib.sha256(sink.getvalue().to_pybytes()).hexdigest()

    def rows(self) -> list[dict[str, Any]]:
        """The rows as plain values, without the figures."""
        found: list[dict[str, Any]] = self.table.select(
            ["company_id", "medal_system", *RESULTS]
        ).to_pylist()
        return found


def rate_all(day: date, book: Book, *, measured_on: date | None = None) -> Ratings:
    """Rate every company as of a day by a book.

    With `measured_on` the facts end with the day before that one: how the companies would be
    rated on `day` if nothing more happened. Raises `metrics.errors.DaysMissing`.
    """
    with rating(measured_on or day, measured_on or day) as rater:
        return rater.rate(day, book, measured_on=measured_on)


@dataclass(frozen=True, slots=True)
class Rater:
    """Rates any of the days it was made for, from facts that were read once."""

    lake: metrics.Measuring
    database: duckdb.DuckDBPyConnection

    def rate(self, day: date, book: Book, *, measured_on: date | None = None) -> Ratings:
        """As `rate_all`."""
        measured = self.lake.measure(day, facts_until=measured_on)
        profiles = profiles_on(measured_on or day)
        self.database.register("measured", measured)
        self.database.register("profiles", _profile_table(profiles, day))
        statements = _statements(ByDigest(book))
        for at, statement in enumerate(statements[:-1]):
            self.database.execute(f"CREATE OR REPLACE TEMP TABLE stage{at} AS {statement}")
        return Ratings(day, self.database.sql(statements[-1]).to_arrow_table())


@contextmanager
def rating(first: date, last: date) -> Iterator[Rater]:
    """A rater for the days from `first` to `last`."""
    import duckdb

    with metrics.looking_back(first, last) as lake, duckdb.connect(":memory:") as database:
        yield Rater(lake, database)


def _profile_table(profiles: Mapping[int, ProfileRow], day: date) -> pa.Table:
    import pyarrow as pa

    figures = [row.figures(day) for row in profiles.values()]
    columns: dict[str, Any] = {
        "company_id": pa.array(list(profiles), pa.int64()),
        "medal_system": pa.array([row.medal_system for row in profiles.values()], pa.string()),
    }
    for word in PROFILE_WORDS:
        kind = pa.bool_() if word.unit is Unit.FLAG else pa.int64()
        columns[word.name] = pa.array([row[word.name] for row in figures], kind)
    return pa.table(columns)


@lru_cache(maxsize=8)
def _statements(keyed: ByDigest) -> tuple[str, ...]:
    """The book's rules as SELECTs over `measured` and `profiles`, `stage0`, `stage1` … and on."""
    import ibis

    table = _figures()
    written = [table]
    for at, stage in enumerate(compiling.stages(keyed.book, SYSTEMS)):
        before = ibis.table(table.schema(), name=f"stage{at}")
        table = before.mutate(**{name: column(before) for name, column in stage.items()})
        written.append(table)
    first = ["company_id", "medal_system", *RESULTS]
    rest = [name for name in table.columns if name not in first]
    written[-1] = table.select(*first, *rest).order_by("company_id")
    return tuple(str(ibis.to_sql(one, dialect="duckdb")) for one in written)


def _figures() -> Any:
    """Every profile with what was measured of it; of a company without a fact nothing counts,
    and days since are unknown."""
    import ibis

    measured = ibis.table(
        {
            "company_id": "int64",
            **{name: "int64" for one in METRICS.values() for name in one.columns},
        },
        name="measured",
    )
    profiles = ibis.table(
        {
            "company_id": "int64",
            "medal_system": "string",
            **{
                word.name: "boolean" if word.unit is Unit.FLAG else "int64"
                for word in PROFILE_WORDS
            },
        },
        name="profiles",
    )
    joined: Any = profiles.left_join(measured, "company_id").drop("company_id_right")
    blanks = {
        name: joined[name].fill_null(0)
        for one in METRICS.values()
        if one.nothing is not None
        for name in one.columns
    }
    return joined.mutate(**blanks)
