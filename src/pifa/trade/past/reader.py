"""Streams a sheet of past trade into order drafts, with bounded memory.

The rows of an order may lie apart in the file. So every row is read, checked and put into a
temporary database on disk; then the orders are taken from there one by one, in the order of
their first rows. A row's ordinal counts all rows of its order, rejected ones included, so that
a row keeps its identity when it is mended and sent again (alone, with the ordinal that the
sheet of rejected rows gives it, or in the whole file).
"""

from __future__ import annotations

import json
import os
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, tzinfo
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import IO, TypeAlias

from pifa.kernel.sheets import (
    Cell,
    RowError,
    Sheet,
    SheetLimits,
    Table,
    cell_text,
    open_sheet,
)
from pifa.trade.past.drafts import DeclaredOrderDraft
from pifa.trade.past.fields import Field
from pifa.trade.past.grouping import OrderBuilder, SpooledRow
from pifa.trade.past.mapping import Mapping
from pifa.trade.past.rows import ParsedRow, Problem, RowParser, pack, unpack
from pifa.trade.past.values import Values

Progress: TypeAlias = Callable[[int, int], None]
"""Told (rows done, about how many there are), now and then."""

_BATCH = 5_000
_SCHEMA = """
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
PRAGMA locking_mode = EXCLUSIVE;
PRAGMA cache_size = -65536;
CREATE TABLE rows (
    row INTEGER PRIMARY KEY, order_no TEXT, ordinal INTEGER, created_at INTEGER, customer TEXT,
    code TEXT, title TEXT, unit TEXT, quantity INTEGER, price_e4 INTEGER, amount_fen INTEGER,
    head TEXT, faults TEXT, cells TEXT
);
"""
_IN_ORDER = """
CREATE INDEX by_order ON rows (order_no, row);
CREATE TABLE heads AS SELECT order_no, min(row) AS first FROM rows GROUP BY order_no;
"""
_TAKE = """
SELECT rows.* FROM (SELECT * FROM heads ORDER BY first) AS heads
CROSS JOIN rows ON rows.order_no = heads.order_no ORDER BY heads.first, rows.row
"""


def open_past_sheet(
    path_or_file: str | os.PathLike[str] | IO[bytes],
    mapping: Mapping,
    *,
    name: str | None = None,
    limits: SheetLimits | None = None,
) -> Sheet:
    """Open a sheet with the encoding, delimiter and worksheet that its mapping names."""
    return open_sheet(
        path_or_file,
        name=name,
        limits=limits,
        encoding=None if mapping.encoding == "auto" else mapping.encoding,
        delimiter=mapping.delimiter,
        worksheet=mapping.worksheet,
    )


def read_orders(
    sheet: Sheet,
    mapping: Mapping,
    *,
    zone: tzinfo,
    not_after: datetime | None = None,
    progress: Progress | None = None,
) -> Iterator[DeclaredOrderDraft | RowError]:
    """The orders of a sheet and the rows that were not taken, as they come.

    Orders come in the order of their first rows. `zone` is what moments without a zone mean;
    an order after `not_after` is rejected. Raises `ColumnsMissing` and `ColumnTwice` before
    the first row, and whatever `SheetError` the sheet raises on the way.
    """
    table = sheet.table(mapping.header_row, unique=False)
    bound = mapping.bind(table.headers, sheet.name)
    parser = RowParser(mapping, bound, Values(mapping, zone, not_after))
    builder = OrderBuilder(mapping, table.headers, bound)
    with (
        tempfile.TemporaryDirectory(prefix="pifa-past-") as folder,
        closing(sqlite3.connect(Path(folder) / "rows.sqlite3", isolation_level=None)) as spool,
    ):
        spool.executescript(_SCHEMA)
        yield from _fill(spool, table, parser, builder, sheet.rows_estimate, progress)
        spool.executescript(_IN_ORDER)
        yield from _take(spool, builder)


def _fill(
    spool: sqlite3.Connection,
    table: Table,
    parser: RowParser,
    builder: OrderBuilder,
    estimate: int,
    progress: Progress | None,
) -> Iterator[RowError]:
    """Put all rows into the spool; rows that name no order are given back at once."""
    done = 0
    while batch := list(islice(table.rows, _BATCH)):
        records = []
        for row in batch:
            parsed, cells = parser.parse(row)
            if parsed.order_no:
                records.append(_record(parsed, cells))
            else:
                yield builder.rejection(parsed.row, parsed.problems, unpack(pack(cells)))
        spool.execute("BEGIN")
        spool.executemany(f"INSERT INTO rows VALUES ({', '.join('?' * 14)})", records)  # noqa: S608
        spool.execute("COMMIT")
        done += len(batch)
        if progress:
            progress(done, max(done, estimate))


def _record(parsed: ParsedRow, cells: list[Cell]) -> tuple[int | str | None, ...]:
    faults = None
    if parsed.problems or parsed.notes:
        faults = json.dumps([_plain(parsed.problems), _plain(parsed.notes)], ensure_ascii=False)
    return (
        parsed.row,
        parsed.order_no,
        parsed.ordinal,
        parsed.created_at,
        parsed.customer,
        parsed.code,
        parsed.title,
        parsed.unit,
        parsed.quantity,
        parsed.price_e4,
        parsed.amount_fen,
        _head_json(tuple(parsed.head.items())),
        faults,
        pack(cells),
    )


@lru_cache(maxsize=1024)
def _head_json(head: tuple[tuple[str, int | str], ...]) -> str | None:
    """Order values as JSON; the rows of an order repeat them."""
    return json.dumps(dict(head), ensure_ascii=False) if head else None


def _plain(problems: list[Problem]) -> list[tuple[str | None, str, str]]:
    return [(p.field and str(p.field), str(p.reason), str(p.remedy)) for p in problems]


def _take(
    spool: sqlite3.Connection, builder: OrderBuilder
) -> Iterator[DeclaredOrderDraft | RowError]:
    """One order after another from the spool."""
    rows: list[SpooledRow] = []
    for record in spool.execute(_TAKE):
        row = SpooledRow(*record)
        if rows and rows[0].order_no != row.order_no:
            yield from builder.build(rows)
            rows = []
        rows.append(row)
    if rows:
        yield from builder.build(rows)


@dataclass(frozen=True, slots=True)
class Preview:
    """The first rows of a sheet as they stand and as a mapping reads them.

    `read` has, per row, field → text as understood; `problems` the rejections of these rows.
    `missing` is what `bind` lacks, "" if the mapping fits.
    """

    headers: list[str]
    rows: list[tuple[int, list[str]]]
    bound: dict[Field, int]
    read: list[dict[Field, str]]
    problems: list[RowError]


def preview(
    sheet: Sheet,
    mapping: Mapping,
    *,
    zone: tzinfo,
    not_after: datetime | None = None,
    rows: int = 10,
) -> Preview:
    """What the page that matches columns shows. Raises `ColumnsMissing` as `read_orders` does;
    `peek` shows the rows whatever the mapping."""
    table = sheet.table(mapping.header_row, unique=False)
    bound = mapping.bind(table.headers, sheet.name)
    parser = RowParser(mapping, bound, Values(mapping, zone, not_after))
    builder = OrderBuilder(mapping, table.headers, bound)
    shown: list[tuple[int, list[str]]] = []
    read: list[dict[Field, str]] = []
    problems: list[RowError] = []
    for row in islice(table.rows, rows):
        parsed, cells = parser.parse(row)
        shown.append((row.number, [cell_text(cell) for cell in row.cells]))
        wrong = {problem.field for problem in parsed.problems}
        read.append({f: cell_text(cells[i]) for f, i in bound.items() if f not in wrong})
        if parsed.problems:
            problems.append(builder.rejection(row.number, parsed.problems, unpack(pack(cells))))
    return Preview(table.headers, shown, bound, read, problems)


def peek(
    sheet: Sheet, rows: int = 10, header_row: int | None = None
) -> tuple[list[str], list[list[str]]]:
    """Headers and the first rows as text, before any column is matched."""
    table = sheet.table(header_row, unique=False)
    return table.headers, [[cell_text(c) for c in row.cells] for row in islice(table.rows, rows)]
