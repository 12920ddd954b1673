"""Writes many rows with their ids into a table at once: executemany on SQLite, COPY on PostgreSQL.

A table's rows are gathered in a `Sink`, which gives out ids as it goes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from itertools import islice
from typing import Any

from django.core.management.color import no_style
from django.db import connection, models
from django.db.models import Max
from pydantic_core import to_json

CHUNK = 20_000


class Sink:
    """Rows of one table, each a tuple with its id first, then `columns` in their order."""

    def __init__(self, model: type[models.Model], *columns: str) -> None:
        self.model = model
        self.columns = columns
        self.rows: list[tuple[Any, ...]] = []
        self._next = next_id(model)

    def add(self, *values: Any) -> int:
        """Keep a row; its id."""
        row_id = self._next
        self._next = row_id + 1
        self.rows.append((row_id, *values))
        return row_id


def next_id(model: type[models.Model]) -> int:
    """The first id that no row of a table has yet."""
    return int(model._default_manager.aggregate(last=Max("pk"))["last"] or 0) + 1


def load(model: type[models.Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """Insert rows given as (id, then the values of `columns`, attribute names such as `order_id`).

    Columns that are not named get the model's defaults. Returns how many rows there were.
    """
    fields = {field.attname: field for field in model._meta.concrete_fields}
    named = ["id", *columns]
    extra = [
        field
        for name, field in fields.items()
        if name not in named and (field.has_default() or not field.null)
    ]
    written = [fields[name] for name in named] + extra
    defaults = [field.get_default() for field in extra]
    ready = _ready(([*row, *defaults] for row in rows), written)
    names = ", ".join(connection.ops.quote_name(str(field.column)) for field in written)
    table = connection.ops.quote_name(model._meta.db_table)
    count = 0
    while chunk := list(islice(ready, CHUNK)):
        _write(f"{table} ({names})", len(written), chunk)
        count += len(chunk)
    return count


def catch_up(tables: Iterable[type[models.Model]]) -> None:
    """Let the tables' own ids go on behind those that were given (PostgreSQL's sequences)."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), list(tables)):
            cursor.execute(statement)


def _write(target: str, width: int, rows: list[list[Any]]) -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {target} FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
        else:
            marks = ", ".join(["%s"] * width)
            cursor.executemany(f"INSERT INTO {target} VALUES ({marks})", rows)  # noqa: S608


def _ready(
    rows: Iterable[list[Any]], fields: Sequence[models.Field[Any, Any]]
) -> Iterator[list[Any]]:
    """Rows as the database takes them."""
    turns = [(place, turn) for place, field in enumerate(fields) if (turn := _turn(field))]
    for row in rows:
        for place, turn in turns:
            row[place] = turn(row[place])
        yield row


def _turn(field: models.Field[Any, Any]) -> Callable[[Any], Any] | None:
    if isinstance(field, models.JSONField):
        return _as_json
    if isinstance(field, models.DateTimeField) and connection.vendor == "sqlite":

        def stamp(value: datetime | None) -> str | None:
            if value is None:
                return None
            return value.astimezone(UTC).isoformat(" ").removesuffix("+00:00")

        return stamp
    return None


def _as_json(value: Any) -> str:
    return to_json(value).decode()
