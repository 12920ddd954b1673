"""Inserts of many rows as one statement, however many rows there are.

Django splits a bulk insert by the number of its parameters (999 on SQLite), so an order of
200 lines would cost several statements. Here the rows travel as one JSON parameter and the
database spreads them. The plain twin is `Model.objects.bulk_create`; a test holds both to
the same rows.
"""

from __future__ import annotations

import json
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django.db import connection, models

_POSTGRES_TYPES = {
    "BigAutoField": "bigint",
    "BigIntegerField": "bigint",
    "BooleanField": "boolean",
    "CharField": "text",
    "TextField": "text",
    "DateField": "date",
    "DateTimeField": "timestamptz",
    "JSONField": "jsonb",
    "PositiveBigIntegerField": "bigint",
    "PositiveIntegerField": "integer",
    "PositiveSmallIntegerField": "smallint",
    "IntegerField": "integer",
    "SmallIntegerField": "smallint",
}


def insert(
    model: type[models.Model],
    rows: list[dict[str, Any]],
    returning: str | None = "id",
    *,
    ignore_conflicts: bool = False,
) -> list[Any]:
    """Insert rows (attribute names such as `order_id` to values) by one statement.

    Every row has the same names (`ValueError` otherwise); a field without a name gets its
    default. Returns the `returning` column in the order of the rows, or nothing. With `ignore_conflicts`, rows that
    are there already (by any unique constraint) are passed over and not returned.
    """
    if not rows:
        return []
    names = frozenset(rows[0])
    if any(row.keys() != names for row in rows):
        raise ValueError(f"rows for {model.__name__} have different names")
    fields, statement = _statement(connection.vendor, model, names, returning, ignore_conflicts)
    values = [[_value(field, row) for field in fields] for row in rows]
    with connection.cursor() as cursor:
        cursor.execute(statement, [json.dumps(values, ensure_ascii=False, separators=(",", ":"))])
        return [found[0] for found in cursor.fetchall()] if returning else []


@lru_cache(maxsize=256)
def _statement(
    vendor: str,
    model: type[models.Model],
    names: frozenset[str],
    returning: str | None,
    ignore_conflicts: bool,
) -> tuple[list[models.Field[Any, Any]], str]:
    """The columns of an insert and its SQL; the same for every call of one place in the code."""
    fields = [
        field
        for field in model._meta.concrete_fields
        if not field.primary_key
        and (field.attname in names or field.has_default() or not field.null)
    ]
    table = connection.ops.quote_name(model._meta.db_table)
    columns = ", ".join(connection.ops.quote_name(str(field.column)) for field in fields)
    tail = " ON CONFLICT DO NOTHING" if ignore_conflicts else ""
    tail += f" RETURNING {connection.ops.quote_name(returning)}" if returning else ""
    return fields, f"INSERT INTO {table} ({columns}) {_select(fields)}{tail}"


def _select(fields: list[models.Field[Any, Any]]) -> str:
    if connection.vendor == "sqlite":
        picked = ", ".join(f"json_extract(value, '$[{index}]')" for index in range(len(fields)))
        # "WHERE true" keeps SQLite from reading ON CONFLICT as a join's condition.
        return f"SELECT {picked} FROM json_each(%s) WHERE true ORDER BY key"  # noqa: S608 - no value
    picked = ", ".join(
        # None is NULL, as the ORM writes it, and not JSON's null.
        f"nullif(row->{index}, 'null')" if kind == "jsonb" else f"(row->>{index})::{kind}"
        for index, kind in enumerate(_postgres_type(field) for field in fields)
    )
    return (
        f"SELECT {picked} FROM jsonb_array_elements(%s::jsonb)"  # noqa: S608 - no value is pasted in
        " WITH ORDINALITY AS x(row, n) ORDER BY n"
    )


def _postgres_type(field: models.Field[Any, Any]) -> str:
    target = field.target_field if isinstance(field, models.ForeignKey) else field
    return _POSTGRES_TYPES[target.get_internal_type()]


def _value(field: models.Field[Any, Any], row: dict[str, Any]) -> Any:
    value = row[field.attname] if field.attname in row else field.get_default()
    if isinstance(value, datetime) and connection.vendor == "sqlite":
        return connection.ops.adapt_datetimefield_value(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(field, models.JSONField) and connection.vendor == "sqlite":
        return None if value is None else json.dumps(value, ensure_ascii=False)
    return value
