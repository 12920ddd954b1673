"""Reckons the metrics: Ibis makes the SQL, once in a process (it takes half a second, most of it
for loading Ibis), and DuckDB runs it.

The same statements run over the lake (`measure`: every company, for the nightly rating) and over
a few rows of the tables (`of_rows`: the single view). DuckDB reads the lake's folder and nothing
else: no extension is loaded, no other file or address can be reached from a statement.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings

from pifa.metrics import lake
from pifa.metrics.definitions import METRICS, Amount, Metric, Share, Side
from pifa.metrics.errors import DaysMissing
from pifa.metrics.grains import FACTS, MAKERS, SCHEMAS, SIGNS_REACH, TRADE_REACH, Grain

if TYPE_CHECKING:
    import duckdb
    import ibis.expr.types as ir
    import pyarrow as pa


def prepare() -> None:
    """Load and translate all that is needed, so that the first reader need not wait for it."""
    for grain in Grain:
        grain_of(grain)
    statement_of(tuple(METRICS))
    _kept()


def measure(day: date) -> pa.Table:
    """Every metric of every company that has a fact in a window, for the rating of a day.

    A row a company, by `company_id`; a column a metric (a ratio has two, `<name>_num` and
    `<name>_den`), all BIGINT, null where nothing is known. Orders that are ruled out now are left
    out, those that are recounted count for whom they do now. Raises `DaysMissing` if days that it
    looks back on do not lie in the lake.
    """
    with looking_back(day, day) as lake_of:
        return lake_of.measure(day)


@dataclass(frozen=True, slots=True)
class Measuring:
    """The facts that the ratings of some days look back on, read from the lake once."""

    database: duckdb.DuckDBPyConnection

    def measure(self, day: date, *, facts_until: date | None = None) -> pa.Table:
        """As `measure`. With `facts_until` facts end with the day before that one: the figures
        of a day to come, if nothing more happens."""
        _view_facts(self.database, day, facts_until or day)
        for grain in Grain:
            _make(self.database, grain)
        return self.database.sql(statement_of(tuple(METRICS))).to_arrow_table()


def buyers_by_group(day: date, groups: pa.Table) -> list[dict[str, int]]:
    """What the buyers of each group did before the rating of a day, summed up.

    `groups` has a row a company: `company_id` and `place`, the group it belongs to. Of those that
    bought within 30 days `buyers`, `orders` and `spend_fen` (less refunds); of all of them within
    90 days `orders_90`, `paid_fen_90`, `refunded_fen_90` and `disputes_90`, open or upheld.
    A row a group. Raises `DaysMissing` as `measure` does.
    """
    with looking_back(day, day, TRADE_REACH) as lake_of:
        database = lake_of.database
        _view_facts(database, day, day)
        _make(database, Grain.PAIRS)
        _make(database, Grain.DISPUTES)
        database.register("groups", groups)
        asked = database.execute(_BY_GROUP)
        names = [column[0] for column in asked.description]
        return [dict(zip(names, row, strict=True)) for row in asked.fetchall()]


_BY_GROUP = """
    WITH bought AS (
        SELECT buyer_id, sum(orders_30) AS orders_30, sum(orders_90) AS orders_90,
            sum(paid_fen_30 - refunded_fen_30) AS spend_fen,
            sum(paid_fen_90) AS paid_fen_90, sum(refunded_fen_90) AS refunded_fen_90
        FROM pairs GROUP BY buyer_id
    ), disputed AS (
        SELECT buyer_id, count(*) AS disputes FROM disputes WHERE stands GROUP BY buyer_id
    )
    SELECT place,
        count(*) FILTER (orders_30 > 0) AS buyers,
        coalesce(sum(orders_30), 0)::BIGINT AS orders,
        coalesce(sum(spend_fen) FILTER (orders_30 > 0), 0)::BIGINT AS spend_fen,
        coalesce(sum(orders_90), 0)::BIGINT AS orders_90,
        coalesce(sum(paid_fen_90), 0)::BIGINT AS paid_fen_90,
        coalesce(sum(refunded_fen_90), 0)::BIGINT AS refunded_fen_90,
        coalesce(sum(disputes), 0)::BIGINT AS disputes_90
    FROM groups LEFT JOIN bought ON bought.buyer_id = company_id
    LEFT JOIN disputed ON disputed.buyer_id = company_id
    GROUP BY place ORDER BY place
"""


@contextmanager
def looking_back(first: date, last: date, reach: int = SIGNS_REACH) -> Iterator[Measuring]:
    """For the ratings of the days from `first` to `last`, with `reach` days before each.

    Raises `DaysMissing`.
    """
    begin, end = first - timedelta(days=reach), last - timedelta(days=1)
    missing = lake.missing_days(begin, end)
    if missing:
        named = ", ".join(gone.isoformat() for gone in missing[:20])
        raise DaysMissing(day=last.isoformat(), count=len(missing), days=named)
    with session(_memory(), os.cpu_count() or 1) as database:
        database.register("excluded", lake.excluded())
        database.register("counted_for", lake.counted_for())
        database.execute(
            "CREATE TEMP TABLE loaded AS SELECT day, kind, seller_id,"  # noqa: S608 - our own paths
            " coalesce(counted_for.whose, buyer_id) AS buyer_id, ref, amount_fen, count"
            f" FROM {lake.scan(lake.files(begin, end))} ANTI JOIN excluded USING (subject)"
            " LEFT JOIN counted_for USING (subject)"
        )
        yield Measuring(database)


def of_rows(
    pairs: pa.Table, facts: pa.Table, metrics: Iterable[str] = tuple(METRICS)
) -> list[dict[str, Any]]:
    """As `measure`, of pairs that are summed up already and of facts that are no trade."""
    with _small() as database:
        database.register("pairs", pairs)
        database.register("facts", facts)
        for grain in (Grain.DISPUTES, Grain.CREDIT, Grain.SIGNS):
            _make(database, grain)
        asked = database.execute(statement_of(tuple(metrics)))
        names = [column[0] for column in asked.description]
        return [dict(zip(names, row, strict=True)) for row in asked.fetchall()]


@contextmanager
def session(memory: str, threads: int) -> Iterator[duckdb.DuckDBPyConnection]:
    """A DuckDB of its own, in memory, that reads the lake and reaches nothing else."""
    import duckdb

    folder = Path(settings.LAKE)
    database = duckdb.connect(":memory:")
    try:
        database.execute(f"SET threads = {int(threads)}")
        database.execute(f"SET memory_limit = {_quoted(memory)}")
        database.execute(f"SET temp_directory = {_quoted(str(folder / '.spill'))}")
        database.execute(f"SET allowed_directories = [{_quoted(str(folder) + os.sep)}]")
        for setting in (
            "autoinstall_known_extensions = false",
            "autoload_known_extensions = false",
            "enable_external_access = false",
            "lock_configuration = true",
        ):
            database.execute(f"SET {setting}")
        yield database
    finally:
        database.close()


@contextmanager
def _small() -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection of its own to this process's small DuckDB: opening one takes much longer."""
    cursor = _kept().cursor()
    try:
        yield cursor
    finally:
        cursor.close()


@cache
def _kept() -> duckdb.DuckDBPyConnection:
    import duckdb

    database = duckdb.connect(":memory:")
    for setting in (
        "threads = 1",
        "memory_limit = '256MB'",
        "autoinstall_known_extensions = false",
        "autoload_known_extensions = false",
        "enable_external_access = false",
        "lock_configuration = true",
    ):
        database.execute(f"SET {setting}")
    return database


def _memory() -> str:
    return str(settings.LAKE_MEMORY)


def _view_facts(database: duckdb.DuckDBPyConnection, day: date, until: date) -> None:
    """Let `facts` be what happened before `until`, as seen from the day of a rating."""
    database.execute(
        "CREATE OR REPLACE TEMP VIEW facts AS SELECT kind, seller_id, buyer_id, ref, amount_fen,"  # noqa: S608 - days
        f" count, date_diff('day', day, DATE '{day:%Y-%m-%d}') AS age, year(day) = {day.year}"
        f" AS this_year FROM loaded WHERE day < DATE '{min(day, until):%Y-%m-%d}'"
        f" AND day >= DATE '{day - timedelta(days=SIGNS_REACH):%Y-%m-%d}'"
    )


def _make(database: duckdb.DuckDBPyConnection, grain: Grain) -> None:
    database.execute(f"CREATE OR REPLACE TEMP TABLE {grain} AS {grain_of(grain)}")


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


# -------------------------------------------------------------------------- from Ibis to SQL
@cache
def grain_of(grain: Grain) -> str:
    """The SELECT that makes a table of `grains` from `facts`."""
    import ibis

    return str(ibis.to_sql(MAKERS[grain](ibis.table(FACTS, name="facts")), dialect="duckdb"))


@cache
def statement_of(metrics: tuple[str, ...]) -> str:
    """The SELECT of metrics over the tables of `grains`: one row a company."""
    import ibis

    wanted = [METRICS[name] for name in metrics]
    tables = {grain: ibis.table(schema, name=str(grain)) for grain, schema in SCHEMAS.items()}
    every = [name for metric in wanted for name in amounts_of(metric)]
    parts = [
        _part(tables[grain], side, amounts, every)
        for (side, grain), amounts in _amounts(wanted).items()
    ]
    # A union, not a chain of joins: each column comes from one part and is null in the others.
    stacked = ibis.union(parts[0], *parts[1:], distinct=False) if parts[1:] else parts[0]
    laid: dict[str, Any] = {name: stacked[name].max() for name in every}
    found = stacked.group_by("company_id").aggregate(**laid)
    found = found.select("company_id", **_columns(found, wanted)).order_by("company_id")
    return str(ibis.to_sql(found, dialect="duckdb"))


def _amounts(metrics: Iterable[Metric]) -> dict[tuple[Side, Grain], dict[str, Amount]]:
    """The amounts to reckon, by the rows and the side they are reckoned from."""
    found: dict[tuple[Side, Grain], dict[str, Amount]] = {}
    for metric in metrics:
        for name, amount in amounts_of(metric).items():
            found.setdefault((metric.side, amount.of), {})[name] = amount
    return found


def amounts_of(metric: Metric) -> dict[str, Amount]:
    """A metric's amounts by column."""
    match metric.expression:
        case None:
            return {}
        case Share(num, den):
            return dict(zip(metric.columns, (num, den), strict=True))
        case amount:
            return {metric.name: amount}


def _part(
    table: ir.Table, side: Side, amounts: Mapping[str, Amount], every: Iterable[str]
) -> ir.Table:
    """The amounts of a side of a grain; every other column is null."""
    import ibis

    sums: dict[str, Any] = {
        name: amount.reckon(table).cast("int64") for name, amount in amounts.items()
    }
    grouped = table.group_by(company_id=table[f"{side}_id"]).aggregate(**sums)
    columns: dict[str, Any] = {
        name: grouped[name] if name in sums else ibis.null("int64") for name in every
    }
    return grouped.select("company_id", **columns)


def _columns(found: ir.Table, metrics: Iterable[Metric]) -> dict[str, Any]:
    """The metrics' columns in their order; what has no rows counts as zero, days as unknown."""
    import ibis

    columns: dict[str, Any] = {}
    for metric in metrics:
        for name in metric.columns:
            if metric.expression is None:
                columns[name] = ibis.literal(0, type="int64")
            elif metric.nothing is None:
                columns[name] = found[name]
            else:
                columns[name] = found[name].fill_null(0)
    return columns
