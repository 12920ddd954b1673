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
from django.db.models import QuerySet

_STAND_IN = -(10**15)
"""Stand-ins count down from here: no id is below zero, and they fit columns of 64 bits."""


@dataclass(frozen=True)
class Prepared:
    """A query over some single ids and one list of ids.

    `build(ids, listed)` gives a `values_list` queryset; what it yields must not depend on the
    ids other than as values compared with. Rows come as the database gives them: truth values
    as 0 and 1 on SQLite, JSON as text (`json.loads` it).
    """

    build: Callable[[Sequence[int], Sequence[int]], QuerySet[Any, Any]]
    _kept: dict[tuple[str, int, int], tuple[str, tuple[Any, ...]]] = field(default_factory=dict)

    def rows(self, ids: Sequence[int], listed: Sequence[int] = ()) -> list[tuple[Any, ...]]:
        """The rows for these ids; one statement. The listed ids must be distinct.

        An empty list, or an id that no row can have (strangers send such), finds nothing.
        """
        given = (*ids, *listed)
        if not all(-(2**63) <= value < 2**63 for value in given):
            return []
        key = (connection.vendor, len(ids), len(listed))
        try:
            sql, parameters = self._kept.get(key) or self._keep(key)
        except EmptyResultSet:
            return []
        with connection.cursor() as cursor:
            cursor.execute(
                sql,
                [
                    given[_STAND_IN - value]
                    if isinstance(value, int) and value <= _STAND_IN
                    else value
                    for value in parameters
                ],
            )
            return list(cursor.fetchall())

    def _keep(self, key: tuple[str, int, int]) -> tuple[str, tuple[Any, ...]]:
        _vendor, single, many = key
        stand_ins = [_STAND_IN - place for place in range(single + many)]
        query = self.build(stand_ins[:single], stand_ins[single:]).query
        self._kept[key] = query.sql_with_params()
        return self._kept[key]
