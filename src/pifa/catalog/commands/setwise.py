"""Updates of many rows by one statement: the rows travel as one JSON parameter.

The twin of `kernel.bulk.insert`. Django's own `bulk_update` writes a CASE arm for every row
and column, which is slow to build and slower to plan for thousands of rows; it is the plain
twin that a test holds this to.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connection, models

_POSTGRES_TYPES = {
    "BigAutoField": "bigint",
    "BigIntegerField": "bigint",
    "BooleanField": "boolean",
    "CharField": "text",
    "TextField": "text",
    "DateTimeField": "timestamptz",
    "JSONField": "jsonb",
    "PositiveBigIntegerField": "bigint",
    "PositiveIntegerField": "integer",
    "PositiveSmallIntegerField": "smallint",
}


def update(model: type[models.Model], columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> int:
    """Set columns (attribute names) of rows, each given as (id, value, …); how many there were."""
    if not rows:
        return 0
    fields = [model._meta.get_field(name.removesuffix("_id")) for name in columns]
    concrete = [field for field in fields if isinstance(field, models.Field)]
    values = [
        [row[0], *(_value(field, value) for field, value in zip(concrete, row[1:], strict=True))]
        for row in rows
    ]
    quote = connection.ops.quote_name
    table = quote(model._meta.db_table)
    changes = ", ".join(
        f"{quote(str(field.column))} = {_picked(field, index)}"
        for index, field in enumerate(concrete, 1)
    )
    if connection.vendor == "sqlite":
        source, key = "json_each(%s) AS given", "json_extract(given.value, '$[0]')"
    else:
        source, key = "jsonb_array_elements(%s::jsonb) AS given", "(given.value->>0)::bigint"
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {table} SET {changes} FROM {source} WHERE {table}.id = {key}",  # noqa: S608
            [json.dumps(values, ensure_ascii=False, separators=(",", ":"))],
        )
        return int(cursor.rowcount)


def _picked(field: models.Field[Any, Any], index: int) -> str:
    if connection.vendor == "sqlite":
        return f"json_extract(given.value, '$[{index}]')"
    target = field.target_field if isinstance(field, models.ForeignKey) else field
    kind = _POSTGRES_TYPES[target.get_internal_type()]
    return f"(given.value->{index})" if kind == "jsonb" else f"(given.value->>{index})::{kind}"


def _value(field: models.Field[Any, Any], value: Any) -> Any:
    if isinstance(value, datetime):
        if connection.vendor == "sqlite":
            return connection.ops.adapt_datetimefield_value(value)
        return value.isoformat()
    if isinstance(field, models.JSONField) and connection.vendor == "sqlite":
        return json.dumps(value, ensure_ascii=False)
    return value
