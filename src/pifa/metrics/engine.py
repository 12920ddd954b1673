"""Reckons the metrics: Ibis makes the SQL, once in a process, and DuckDB runs it.

The same statements run over the lake (`measure`: every company, for the nightly rating) and over
a few rows of the tables (`of_rows`: the single view). DuckDB reads the lake's folder and nothing
else: no extension is loaded, no other file or address can be reached from a statement.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
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


def measure(day: date) -> pa.Table:
    """Every metric of every company that has a fact in a window, for the rating of a day.

    A row a company, by `company_id`; a column a metric (a ratio has two, `<name>_num` and
    `<name>_den`), all BIGINT, null where nothing is known. Orders that are ruled out now are left
    out. Raises `DaysMissing` if days that it looks back on do not lie in the lake.
    """
    first = day - timedelta(days=SIGNS_REACH)
    missing = lake.missing_days(first, day - timedelta(days=1))
    if missing:
        raise DaysMissing(day=day.isoformat(), days=[gone.isoformat() for gone in missing])
    with session(_memory(), os.cpu_count() or 1) as database:
        database.register("excluded", lake.excluded())
        trade_first = day - timedelta(days=TRADE_REACH)
        _view_facts(database, lake.files(trade_first, day - timedelta(days=1)), day)
        _make(database, Grain.PAIRS)
        _make(database, Grain.DISPUTES)
        _view_facts(database, lake.files(first, day - timedelta(days=1)), day)
        _make(database, Grain.SIGNS)
        return database.sql(statements().metrics).to_arrow_table()


def of_rows(pairs: pa.Table, facts: pa.Table) -> pa.Table:
    """As `measure`, of pairs that are summed up already and of facts that are no trade."""
    with _small() as database:
        database.register("pairs", pairs)
        database.register("facts", facts)
        _make(database, Grain.DISPUTES)
        _make(database, Grain.SIGNS)
        return database.sql(statements().metrics).to_arrow_table()


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


def _view_facts(database: duckdb.DuckDBPyConnection, files: Sequence[Path], day: date) -> None:
    """Let `facts` be what lies in these files, as seen from the day of a rating."""
    database.execute(
        "CREATE OR REPLACE TEMP VIEW facts AS SELECT kind, seller_id, buyer_id, ref, amount_fen,"  # noqa: S608 - a day and our own paths
        f" count, date_diff('day', day, DATE '{day:%Y-%m-%d}') AS age,"
        f" year(day) = {day.year} AS this_year FROM {lake.scan(files)}"
        " ANTI JOIN excluded USING (subject)"
    )


def _make(database: duckdb.DuckDBPyConnection, grain: Grain) -> None:
    database.execute(f"CREATE OR REPLACE TEMP TABLE {grain} AS {statements().grains[grain]}")


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


# -------------------------------------------------------------------------- from Ibis to SQL
@dataclass(frozen=True, slots=True)
class Statements:
    """What DuckDB runs: a SELECT for each grain over `facts`, and one over the grains."""

    grains: Mapping[Grain, str]
    metrics: str


@cache
def statements() -> Statements:
    """Translate the definitions. It takes half a second, most of it for loading Ibis."""
    import ibis

    facts = ibis.table(FACTS, name="facts")
    return Statements(
        grains={
            grain: str(ibis.to_sql(make(facts), dialect="duckdb")) for grain, make in MAKERS.items()
        },
        metrics=str(ibis.to_sql(_all_metrics(), dialect="duckdb")),
    )


def _all_metrics() -> ir.Table:
    """One row a company: its amounts from each grain and side, side by side."""
    import ibis

    wanted = _amounts()
    tables = {grain: ibis.table(schema, name=str(grain)) for grain, schema in SCHEMAS.items()}
    parts = {
        (side, grain): _grouped(tables[grain], side, amounts)
        for (side, grain), amounts in wanted.items()
    }
    # Whoever has a row at all is in, on whichever side it stands.
    ids = [
        tables[grain].select(company_id=tables[grain][f"{side}_id"])
        for grain in Grain
        for side in Side
        if f"{side}_id" in SCHEMAS[grain]
    ]
    everybody = ibis.union(*ids, distinct=True)
    joined: Any = everybody
    for part in parts.values():
        joined = joined.left_join(part, "company_id").drop("company_id_right")
    return joined.select("company_id", **_columns(joined)).order_by("company_id")


def _amounts() -> dict[tuple[Side, Grain], dict[str, Amount]]:
    """The amounts to reckon, by the rows and the side they are reckoned from."""
    found: dict[tuple[Side, Grain], dict[str, Amount]] = {}
    for metric in METRICS.values():
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


def _grouped(table: ir.Table, side: Side, amounts: Mapping[str, Amount]) -> ir.Table:
    sums: dict[str, Any] = {
        name: amount.reckon(table).cast("int64") for name, amount in amounts.items()
    }
    return table.group_by(company_id=table[f"{side}_id"]).aggregate(**sums)


def _columns(joined: ir.Table) -> dict[str, Any]:
    """The metrics' columns in their order; what has no rows counts as zero, days as unknown."""
    import ibis

    found: dict[str, Any] = {}
    for metric in METRICS.values():
        for name in metric.columns:
            if metric.expression is None:
                found[name] = ibis.literal(0, type="int64")
            elif metric.nothing is None:
                found[name] = joined[name]
            else:
                found[name] = joined[name].fill_null(0)
    return found
