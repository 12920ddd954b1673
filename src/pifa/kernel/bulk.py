"""Inserts of many rows as one statement, however many rows there are.

Django splits a bulk insert by the number of its parameters (999 on SQLite), so an order of
200 lines would cost several statements. Here the rows travel as one JSON parameter and the
database spreads them. The plain twin is `Model.objects.bulk_create`; a test holds both to
the same rows.

On PostgreSQL a round trip costs more than a row. `together` gathers the writes of a hot
command and sends them as one statement when it ends; what a write must be asked (was the key
free, was there enough) is answered then, and a refusal rolls all of it back.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from functools import cache, lru_cache
from typing import Any, NamedTuple

from django.db import connection, models
from pydantic_core import to_json

_POSTGRES_TYPES = {
    "BigAutoField": "bigint",
    "BigIntegerField": "bigint",
    "BooleanField": "boolean",
    "CharField": "text",
    "TextField": "text",
    "DateField": "date",
    "DateTimeField": "timestamptz",
    "DecimalField": "numeric",
    "JSONField": "jsonb",
    "PositiveBigIntegerField": "bigint",
    "PositiveIntegerField": "integer",
    "PositiveSmallIntegerField": "smallint",
    "IntegerField": "integer",
    "SmallIntegerField": "smallint",
}


Told = Callable[[list[Sequence[Any]]], None]
"""Hears the rows that a write returned; numbers and texts only, for they may travel as JSON."""


def insert(
    model: type[models.Model],
    rows: list[dict[str, Any]],
    returning: str | None = "id",
    *,
    ignore_conflicts: bool = False,
) -> list[Any]:
    """Insert rows (attribute names such as `order_id` to values) by one statement.

    Every row has the same names (`ValueError` otherwise); a field without a name gets its
    default. Returns the `returning` column in the order of the rows, or nothing. With
    `ignore_conflicts`, rows that are there already (by any unique constraint) are passed over
    and not returned.
    """
    if not rows:
        return []
    columns, statement = _statement(model, _names(model, rows), returning, ignore_conflicts)
    parameters = [_rows_json(columns, rows)]
    if returning is None:
        _send([_Part(statement, parameters)])
        return []
    flush()
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return [found[0] for found in cursor.fetchall()]


def insert_if_new(
    model: type[models.Model], row: dict[str, Any], told: Callable[[bool], None]
) -> None:
    """Insert a row unless it is there by a unique constraint; `told` hears whether it was new.

    Within `together` it hears that at the end: if the row was not new it must raise, so that
    the transaction takes back what was written with it.
    """
    columns, statement = _statement(model, tuple(row), "id", True)
    _send([_Part(statement, [_rows_json(columns, [row])], 1, lambda made: told(bool(made)))])


def run(statement: str, parameters: Sequence[str], columns: int, told: Told) -> None:
    """Run an UPDATE … RETURNING; `told` hears the rows of so many columns.

    Within `together` it runs at the end with the rest, and `told` must raise if what it hears
    cannot be left standing.
    """
    _send([_Part(statement, parameters, columns, told)])


def insert_with(
    parent: type[models.Model],
    parent_rows: list[dict[str, Any]],
    child: type[models.Model],
    child_rows: list[dict[str, Any]],
    *,
    link: str,
    by: str,
) -> None:
    """Insert parents and their children: one statement on PostgreSQL, two on SQLite.

    A child's row names its parent at `link` (such as `order_id`) by the parent's unique text
    `by` (such as `number`), since the parent has no id yet.
    """
    if _on_sqlite():
        ids = dict(zip((row[by] for row in parent_rows), insert(parent, parent_rows), strict=True))
        linked = [{**row, link: ids[row[link]]} for row in child_rows]
        insert(child, linked, returning=None)
        return
    columns, statement = _statement(parent, _names(parent, parent_rows), None, False)
    child_columns, child_statement = _linked(child, _names(child, child_rows), link, by)
    _send(
        [
            _Part(f'{statement} RETURNING id, "{by}"', [_rows_json(columns, parent_rows)]),
            _Part(child_statement, [_rows_json(child_columns, child_rows)]),
        ]
    )


@contextmanager
def together() -> Iterator[None]:
    """Send the writes made within, but for inserts that return, as one statement at the end.

    Only within a transaction, and only where nothing made within is read before the end
    (`flush` sends what was gathered so far). Those that are told something take their locks
    and are told in the order in which they were made. On SQLite they are sent one by one: a
    statement costs no round trip there.
    """
    if _on_sqlite() or _gathered.get() is not None:
        yield
        return
    token = _gathered.set([])
    try:
        yield
        flush()
    finally:
        _gathered.reset(token)


def flush() -> None:
    """Send what `together` has gathered so far."""
    gathered = _gathered.get()
    # Who is told something may write in turn.
    while gathered:
        parts, gathered[:] = list(gathered), []
        _execute(parts)


class _Part(NamedTuple):
    """One write: its SQL, and what goes into its places (for inserts the rows, as JSON).

    A linked insert names the CTE of the part before it as {parent}. One that returns `columns`
    has somebody who is told.
    """

    statement: str
    parameters: Sequence[str]
    columns: int = 0
    told: Told | None = None


_gathered: ContextVar[list[_Part] | None] = ContextVar("bulk_inserts", default=None)


def _send(parts: list[_Part]) -> None:
    gathered = _gathered.get()
    if gathered is None:
        _execute(parts)
    else:
        gathered.extend(parts)


def _execute(parts: list[_Part]) -> None:
    """Run writes as one statement: each a CTE, which PostgreSQL runs whether read or not."""
    asked = [at for at, part in enumerate(parts) if part.told]
    if len(parts) == 1:
        statement = parts[0].statement
    else:
        answers_of = tuple((at, parts[at].columns) for at in asked)
        statement = _as_one(tuple(part.statement for part in parts), answers_of)
    with connection.cursor() as cursor:
        cursor.execute(statement, [value for part in parts for value in part.parameters])
        if not asked:
            return
        found = cursor.fetchall()
    answers = [found] if len(parts) == 1 else [json.loads(rows or "[]") for rows in found[0]]
    for at, rows in zip(asked, answers, strict=True):
        told = parts[at].told
        assert told is not None
        told(rows)


@lru_cache(maxsize=64)
def _as_one(statements: tuple[str, ...], asked: tuple[tuple[int, int], ...]) -> str:
    """Writes as CTEs of one statement, which answers for those at the places asked, by columns."""
    named = [
        f"made{at} AS ({statement.replace('{parent}', f'made{at - 1}')})"
        for at, statement in enumerate(statements)
    ]
    # The answers are worked out from left to right, and with them the locks are taken.
    picked = ", ".join(_answer(at, columns) for at, columns in asked) or "1"
    return f"WITH {', '.join(named)} SELECT {picked}"


def _answer(at: int, columns: int) -> str:
    names = ", ".join(f"c{column}" for column in range(columns))
    return f"(SELECT jsonb_agg(jsonb_build_array({names})) FROM made{at} AS m({names}))"  # noqa: S608 - no value


@cache
def _on_sqlite() -> bool:
    """A process has one database."""
    return connection.vendor == "sqlite"


_Names = tuple[str, ...]


def _names(model: type[models.Model], rows: list[dict[str, Any]]) -> _Names:
    names = tuple(rows[0])
    if any(row.keys() != rows[0].keys() for row in rows[1:]):
        raise ValueError(f"rows for {model.__name__} have different names")
    return names


class _Columns(NamedTuple):
    """The columns of an insert: those that travel with each row, in the order of its names,
    then those whose default is made anew for each, and in `constant` those that are the same
    for all and stand in the SQL."""

    named: list[models.Field[Any, Any]]
    made: list[models.Field[Any, Any]]
    constant: list[tuple[models.Field[Any, Any], str]]

    @property
    def all(self) -> list[models.Field[Any, Any]]:
        return [*self.named, *self.made, *(field for field, _literal in self.constant)]


def _rows_json(columns: _Columns, rows: list[dict[str, Any]]) -> str:
    named, made, _constant = columns
    if _on_sqlite():
        travelling = [*named, *made]
        return to_json([[_value(field, row) for field in travelling] for row in rows]).decode()
    names = [field.attname for field in named]
    return to_json(
        [[row[name] for name in names] + [field.get_default() for field in made] for row in rows]
    ).decode()


@lru_cache(maxsize=256)
def _statement(
    model: type[models.Model], names: _Names, returning: str | None, ignore_conflicts: bool
) -> tuple[_Columns, str]:
    """The columns of an insert and its SQL; the same for every call of one place in the code."""
    columns = _columns(model, names)
    tail = " ON CONFLICT DO NOTHING" if ignore_conflicts else ""
    tail += f" RETURNING {connection.ops.quote_name(returning)}" if returning else ""
    return columns, f"{_into(model, columns)} {_select(columns)}{tail}"


@lru_cache(maxsize=64)
def _linked(model: type[models.Model], names: _Names, link: str, by: str) -> tuple[_Columns, str]:
    """As `_statement`, for children that find their parents among the rows inserted before."""
    columns = _columns(model, names)
    at = next(index for index, field in enumerate(columns.named) if field.attname == link)
    picked = _all_picked(columns, {at: "parent.id"})
    return columns, (
        f"{_into(model, columns)} SELECT {picked} FROM jsonb_array_elements(%s::jsonb)"  # noqa: S608 - no value is pasted in
        f' WITH ORDINALITY AS x(r, n) JOIN {{parent}} AS parent ON parent."{by}" = r->>{at}'
        " ORDER BY n"
    )


def _columns(model: type[models.Model], names: _Names) -> _Columns:
    found = {
        field.attname: field
        for field in model._meta.concrete_fields
        if not (field.primary_key or field.generated)
    }
    named = [found[name] for name in names]
    made, constant = [], []
    for field in found.values():
        if field.attname in names or not (field.has_default() or not field.null):
            continue
        literal = _literal(field)
        if literal is None:
            made.append(field)
        else:
            constant.append((field, literal))
    return _Columns(named, made, constant)


def _literal(field: models.Field[Any, Any]) -> str | None:
    """A default that is the same for every row and safe to stand in SQL, else nothing."""
    value = field.get_default()
    if callable(field.default) or _on_sqlite():
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    return "''" if value == "" else None


def _into(model: type[models.Model], columns: _Columns) -> str:
    table = connection.ops.quote_name(model._meta.db_table)
    names = ", ".join(connection.ops.quote_name(str(field.column)) for field in columns.all)
    return f"INSERT INTO {table} ({names})"


def _select(columns: _Columns) -> str:
    if _on_sqlite():
        places = range(len(columns.named) + len(columns.made))
        picked = ", ".join(f"json_extract(value, '$[{place}]')" for place in places)
        # "WHERE true" keeps SQLite from reading ON CONFLICT as a join's condition.
        return f"SELECT {picked} FROM json_each(%s) WHERE true ORDER BY key"  # noqa: S608 - no value
    return (
        f"SELECT {_all_picked(columns)} FROM jsonb_array_elements(%s::jsonb)"  # noqa: S608 - no value is pasted in
        " WITH ORDINALITY AS x(r, n) ORDER BY n"
    )


def _all_picked(columns: _Columns, instead: dict[int, str] | None = None) -> str:
    travelling = [*columns.named, *columns.made]
    picked = [_picked(place, field) for place, field in enumerate(travelling)]
    for place, expression in (instead or {}).items():
        picked[place] = expression
    return ", ".join([*picked, *(literal for _field, literal in columns.constant)])


def _picked(place: int, field: models.Field[Any, Any]) -> str:
    """Short, for the statement of `together` must stay within what psycopg keeps parsed."""
    kind = _postgres_type(field)
    if kind == "text":
        return f"r->>{place}"
    # None is NULL, as the ORM writes it, and not JSON's null.
    return f"nullif(r->{place}, 'null')" if kind == "jsonb" else f"(r->>{place})::{kind}"


def _postgres_type(field: models.Field[Any, Any]) -> str:
    target = field.target_field if isinstance(field, models.ForeignKey) else field
    return _POSTGRES_TYPES[target.get_internal_type()]


def _value(field: models.Field[Any, Any], row: dict[str, Any]) -> Any:
    """A value as SQLite keeps it."""
    value = row[field.attname] if field.attname in row else field.get_default()
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    if isinstance(field, models.JSONField):
        return None if value is None else json.dumps(value, ensure_ascii=False)
    return value
