"""Queries of hot ways, compiled once: the ORM says what is asked, its SQL is kept.

Building and compiling a queryset costs more than running it when only ids change. Here a
queryset is built once with stand-ins for its values; afterwards the kept SQL runs with the
real ones. The queryset remains the one place that says what is read (policies included), and
it is its own plain twin: a test holds both to the same rows.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import JSONField, QuerySet, Subquery

_STAND_IN = -(10**15)
"""Stand-ins count down from here: no id is below zero, and they fit columns of 64 bits."""

_TEXT_STAND_IN = "\x01stand-in:"
"""Stand-ins for texts, such as digests; no text of ours holds a control character."""


class JsonRows(Subquery):
    """The rows of a subquery's two columns as one JSON text `[[a, b], …]`, in no set order.

    What belongs to many rows is read with them, without a statement of its own.
    """

    output_field = JSONField()

    def __init__(self, rows: QuerySet[Any, Any], first: str, second: str) -> None:
        super().__init__(rows.order_by().values_list(first, second))
        self._names = {"first": first, "second": second}

    def as_sql(
        self, compiler: Any, connection: Any, template: str | None = None, **extra: Any
    ) -> tuple[str, tuple[Any, ...]]:
        """`jsonb_agg` on PostgreSQL, `json_group_array` on SQLite; NULL or [] without rows."""
        made = (
            "json_group_array(json_array(each.%(first)s, each.%(second)s))"
            if connection.vendor == "sqlite"
            else "jsonb_agg(jsonb_build_array(each.%(first)s, each.%(second)s))"
        )
        template = f"(SELECT {made} FROM (%(subquery)s) each)"  # noqa: S608 - no value
        return super().as_sql(compiler, connection, template, **self._names, **extra)


_Shape = tuple[str, tuple[type, ...], int]


@dataclass(frozen=True)
class Prepared:
    """A query over some single ids (or texts) and one list of ids.

    `build(ids, listed)` gives a `values_list` queryset; what it yields must not depend on the
    ids other than as values compared with. Rows come as the database gives them: truth values
    as 0 and 1 on SQLite, JSON as text (`json.loads` it).
    """

    build: Callable[[Sequence[Any], Sequence[int]], QuerySet[Any, Any]]
    _kept: dict[_Shape, tuple[str, tuple[Any, ...]]] = field(default_factory=dict)

    def rows(self, ids: Sequence[int | str], listed: Sequence[int] = ()) -> list[tuple[Any, ...]]:
        """The rows for these ids; one statement. The listed ids must be distinct.

        An empty list, or an id that no row can have (strangers send such), finds nothing.
        """
        given = (*ids, *listed)
        if not all(isinstance(value, str) or -(2**63) <= value < 2**63 for value in given):
            return []
        key = (connection.vendor, tuple(type(value) for value in ids), len(listed))
        try:
            sql, parameters = self._kept.get(key) or self._keep(key)
        except EmptyResultSet:
            return []
        with connection.cursor() as cursor:
            cursor.execute(
                sql,
                [_filled(value, given) for value in parameters],
            )
            return list(cursor.fetchall())

    def _keep(self, key: _Shape) -> tuple[str, tuple[Any, ...]]:
        _vendor, kinds, many = key
        single = [
            f"{_TEXT_STAND_IN}{place}" if kind is str else _STAND_IN - place
            for place, kind in enumerate(kinds)
        ]
        listed = [_STAND_IN - place for place in range(len(single), len(single) + many)]
        self._kept[key] = self.build(single, listed).query.sql_with_params()
        return self._kept[key]


def _filled(value: Any, given: Sequence[int | str]) -> Any:
    """The value a stand-in stands for; any other parameter as it is."""
    if isinstance(value, int) and value <= _STAND_IN:
        return given[_STAND_IN - value]
    if isinstance(value, str) and value.startswith(_TEXT_STAND_IN):
        return given[int(value[len(_TEXT_STAND_IN) :])]
    return value
