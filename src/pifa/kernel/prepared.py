"""Queries of hot ways, compiled once: the ORM says what is asked, its SQL is kept.

Building and compiling a queryset costs more than running it when only ids change. Here a
queryset is built once with stand-ins for its values; afterwards the kept SQL runs with the
real ones. The queryset remains the one place that says what is read (policies included), and
it is its own plain twin: a test holds both to the same rows.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
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


@dataclass(frozen=True, slots=True)
class _Kept:
    sql: str
    parameters: tuple[Any, ...]
    width: int
    """How many columns a row has."""


@dataclass(frozen=True)
class Prepared:
    """A query over some single ids (or texts) and one list of ids.

    `build(ids, listed)` gives a `values_list` queryset; what it yields must not depend on the
    ids other than as values compared with. Rows come as the database gives them: truth values
    as 0 and 1 on SQLite, JSON as text (`json.loads` it).
    """

    build: Callable[[Sequence[Any], Sequence[int]], QuerySet[Any, Any]]
    _kept: dict[_Shape, _Kept] = field(default_factory=dict)

    def asked(self, ids: Sequence[int | str], listed: Sequence[int] = ()) -> Asked:
        """The query with its ids, not run yet. The listed ids must be distinct."""
        return Asked(self, (*ids, *listed), len(listed))

    def rows(self, ids: Sequence[int | str], listed: Sequence[int] = ()) -> list[tuple[Any, ...]]:
        """The rows for these ids; one statement. The listed ids must be distinct.

        An empty list, or an id that no row can have (strangers send such), finds nothing.
        """
        return self.asked(ids, listed).rows()

    def _keep(self, key: _Shape) -> _Kept:
        _vendor, kinds, many = key
        single = [
            f"{_TEXT_STAND_IN}{place}" if kind is str else _STAND_IN - place
            for place, kind in enumerate(kinds)
        ]
        listed = [_STAND_IN - place for place in range(len(single), len(single) + many)]
        compiler = self.build(single, listed).query.get_compiler(connection=connection)
        sql, parameters = compiler.as_sql()
        self._kept[key] = _Kept(sql, tuple(parameters), len(compiler.select))
        return self._kept[key]


@dataclass(frozen=True, slots=True)
class Asked:
    """A prepared query with the ids it is asked for."""

    prepared: Prepared
    given: tuple[int | str, ...]
    listed: int = 0

    def rows(self) -> list[tuple[Any, ...]]:
        """Its rows; one statement, or none where nothing can be found."""
        kept = self._compiled()
        return _run(kept.sql, self._values(kept)) if kept else []

    def rows_beside(self, one: Asked) -> tuple[list[tuple[Any, ...]], list[tuple[Any, ...]]]:
        """Its rows and those of another query, which finds one row at most, and never one of
        nothing but NULL; one statement, or two where this one finds nothing."""
        kept, other = self._compiled(), one._compiled()
        if kept and other:
            values = [*self._values(kept), *one._values(other)]
            if rows := _run(_beside(kept.sql, other.sql), values):
                beside = rows[0][kept.width :]
                found = [] if all(value is None for value in beside) else [beside]
                return [row[: kept.width] for row in rows], found
        return [], one.rows()

    def _compiled(self) -> _Kept | None:
        """The statement, unless an id is one that no row can have."""
        if not all(isinstance(value, str) or -(2**63) <= value < 2**63 for value in self.given):
            return None
        single = len(self.given) - self.listed
        key = (connection.vendor, tuple(type(value) for value in self.given[:single]), self.listed)
        try:
            return self.prepared._kept.get(key) or self.prepared._keep(key)
        except EmptyResultSet:
            return None

    def _values(self, kept: _Kept) -> list[Any]:
        return [_filled(value, self.given) for value in kept.parameters]


@lru_cache(maxsize=64)
def _beside(many: str, one: str) -> str:
    return f"SELECT * FROM ({many}) AS many LEFT JOIN ({one}) AS one ON 1 = 1"  # noqa: S608 - ours


def _run(sql: str, values: list[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())


def _filled(value: Any, given: Sequence[int | str]) -> Any:
    """The value a stand-in stands for; any other parameter as it is."""
    if isinstance(value, int) and value <= _STAND_IN:
        return given[_STAND_IN - value]
    if isinstance(value, str) and value.startswith(_TEXT_STAND_IN):
        return given[int(value[len(_TEXT_STAND_IN) :])]
    return value
