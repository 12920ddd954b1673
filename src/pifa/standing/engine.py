"""Every company's rating of a day, all at once, by DuckDB over what the lake measured."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
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
    import pyarrow as pa

SYSTEMS = {system: system for system in ("consumer_1", "consumer_2", "non_consumer")}
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
    rated on `day` if nothing more happened. Raises what `metrics.engine.measure` raises.
    """
    measured = metrics.measure(day, facts_until=measured_on)
    return Ratings(day, _rated(measured, profiles_on(measured_on or day), day, book))


def _rated(
    measured: pa.Table, profiles: Mapping[int, ProfileRow], day: date, book: Book
) -> pa.Table:
    import duckdb

    with duckdb.connect(":memory:") as database:
        database.register("measured", measured)
        database.register("profiles", _profile_table(profiles, day))
        return database.sql(_statement(book)).to_arrow_table()


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


def _statement(book: Book) -> str:
    """The book's rules as one SELECT over `measured` and `profiles`."""
    return _written(ByDigest(book))


@lru_cache(maxsize=8)
def _written(keyed: ByDigest) -> str:
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
    # Of a company without a fact nothing is counted; days since are unknown.
    blanks = {
        name: joined[name].fill_null(0)
        for one in METRICS.values()
        if one.unit is not Unit.DAYS or one.expression is None
        for name in one.columns
    }
    table = compiling.rated(joined.mutate(**blanks), keyed.book, SYSTEMS)
    first = ["company_id", "medal_system", *RESULTS]
    rest = [name for name in table.columns if name not in first]
    return str(ibis.to_sql(table.select(*first, *rest).order_by("company_id"), dialect="duckdb"))
