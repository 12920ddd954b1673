"""The single view: the metrics of a few companies, from the tables, today's facts included."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Max, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from pifa.metrics import engine
from pifa.metrics.definitions import METRICS, Metric
from pifa.metrics.facts import CREDIT, DISPUTES, FactKind
from pifa.metrics.grains import FACTS, MEASURES, SCHEMAS, SIGNS_REACH, TRADE_REACH, WINDOWS, Grain
from pifa.metrics.models import CountedFor, Excluded, Fact, PairDay
from pifa.rulebook.rules import Figure, Ratio

if TYPE_CHECKING:
    import pyarrow as pa

AT_ONCE = 500
"""Companies that are asked for by one round of statements."""

ONE = timedelta(days=1)


def figures(company_ids: Iterable[int], day: date) -> dict[int, dict[str, Figure]]:
    """Every metric of these companies as the rating of a day sees it: four statements.

    They equal `engine.measure(day)`; a company without facts has zeros, and None for days since.
    For the day after today they show how today stands so far.
    """
    ids = list(dict.fromkeys(company_ids))
    found: dict[int, dict[str, Figure]] = {}
    for start in range(0, len(ids), AT_ONCE):
        some = ids[start : start + AT_ONCE]
        rows = engine.of_rows(_pairs(some, day), _facts(some, day))
        known = {row["company_id"]: row for row in rows}
        found |= {company_id: _of_row(known.get(company_id)) for company_id in some}
    return found


def of_row(metric: Metric, row: dict[str, Any]) -> Figure:
    """A metric's figure from a row of the table of all companies."""
    values = [row[name] for name in metric.columns]
    return Ratio(*values) if len(values) == 2 else values[0]


def _of_row(row: dict[str, Any] | None) -> dict[str, Figure]:
    if row is None:
        return {name: metric.nothing for name, metric in METRICS.items()}
    return {name: of_row(metric, row) for name, metric in METRICS.items()}


def _pairs(ids: Sequence[int], day: date) -> pa.Table:
    import pyarrow as pa

    sums: dict[str, Any] = {
        f"{measure}_{window}": Sum(
            measure, filter=Q(day__gte=day - timedelta(days=window)), default=0
        )
        for measure in MEASURES
        for window in WINDOWS
    }
    span = PairDay.objects.filter(day__range=(day - timedelta(days=TRADE_REACH), day - ONE))
    names = ("seller_id", "buyer_id")

    def summed(rows: QuerySet[PairDay]) -> Any:
        return rows.values(*names).annotate(**sums)

    # Two halves, so that each goes by an index of its own; a pair is in one of them.
    buying = span.filter(buyer_id__in=ids).exclude(seller_id__in=ids)
    rows = summed(span.filter(seller_id__in=ids)).union(summed(buying), all=True)
    return pa.Table.from_pylist([dict(row) for row in rows], schema_of(SCHEMAS[Grain.PAIRS]))


def _facts(ids: Sequence[int], day: date) -> pa.Table:
    import pyarrow as pa

    before = Fact.objects.filter(day__lt=day)
    known = before.filter(day__gte=day - timedelta(days=SIGNS_REACH), seller_id__in=ids)
    last = known.filter(kind__in=[FactKind.LOGIN, FactKind.REPLY])
    rows = [
        fact_row(row["kind"], row["day"], day, seller_id=row["seller_id"], count=1)
        for row in last.values("seller_id", "kind").annotate(day=Max("day"))
    ]
    columns = ("kind", "day", "seller_id", "buyer_id", "ref", "count")
    for row in known.filter(kind=FactKind.PENALTY).values(*columns):
        rows.append(fact_row(row.pop("kind"), row.pop("day"), day, **row))
    for row in cases(ids, day - timedelta(days=TRADE_REACH), day - ONE):
        rows.append(fact_row(row.pop("kind"), row.pop("day"), day, **row))
    return pa.Table.from_pylist(rows, schema_of(FACTS))


def cases(ids: Sequence[int], first: date, last: date) -> Iterator[dict[str, Any]]:
    """What happened to disputes and lines of credit of these companies, on either side: kind, day,
    seller_id, buyer_id, ref and count of each; none of orders ruled out. One statement."""
    moved = CountedFor.objects.filter(subject=OuterRef("subject")).values("buyer_id")
    of_disputes = Fact.objects.filter(
        kind__in=[str(kind) for kind in (*DISPUTES, *CREDIT)], day__range=(first, last)
    ).exclude(subject__in=Excluded.objects.values("subject"))
    theirs = CountedFor.objects.filter(buyer_id__in=ids).values("subject")
    found = of_disputes.filter(
        Q(seller_id__in=ids) | Q(buyer_id__in=ids) | Q(subject__in=theirs)
    ).annotate(whose=Coalesce(Subquery(moved), "buyer_id"))
    wanted = set(ids)
    columns = ("kind", "day", "seller_id", "whose", "ref", "count")
    names = ("kind", "day", "seller_id", "buyer_id", "ref", "count")
    for values in found.values_list(*columns):
        row: dict[str, Any] = dict(zip(names, values, strict=True))
        if row["seller_id"] in wanted or row["buyer_id"] in wanted:
            yield row


def fact_row(kind: str, happened: date, day: date, **values: Any) -> dict[str, Any]:
    """A row of the engine's facts, as seen from a day."""
    blank = {"seller_id": None, "buyer_id": None, "ref": "", "amount_fen": 0, "count": 0}
    age = (day - happened).days
    return {**blank, **values, "kind": kind, "age": age, "this_year": happened.year == day.year}


def schema_of(columns: dict[str, str]) -> pa.Schema:
    """A schema of `grains` as Arrow has it."""
    import pyarrow as pa

    types = {"int64": pa.int64(), "string": pa.string(), "boolean": pa.bool_()}
    return pa.schema([(name, types[kind]) for name, kind in columns.items()])
