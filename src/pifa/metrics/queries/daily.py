"""What each day brought to a figure, and so what will leave its window when."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from typing import Any

from pifa.metrics import engine
from pifa.metrics.definitions import METRICS, Leaves, Metric, Side
from pifa.metrics.facts import FactKind
from pifa.metrics.grains import FACTS, MEASURES, SCHEMAS, WINDOWS, Grain
from pifa.metrics.models import Fact, PairDay
from pifa.metrics.queries.figures import cases, fact_row, of_row, schema_of
from pifa.rulebook.rules import Figure, Ratio


def daily(
    company_id: int, side: Side | str, name: str, first: date, last: date
) -> dict[date, Figure]:
    """What of a metric leaves with each day from `first` to `last`, as known at the end of `last`.

    The sum over the days from any of them on is the metric of a window that begins with it and
    ends with `last`. Days with nothing are not there. `side` is the metric's own. Raises
    `ValueError` for a metric that is no sum over days.
    """
    metric = METRICS[name]
    if metric.side != side or metric.leaves is Leaves.NEVER:
        raise ValueError(f"{name} has no daily figures of a {side}")
    if metric.leaves is Leaves.BY_LAST_PURCHASE:
        return dict(_counted(_purchases(company_id, first, last, "paid_fen"), 1))
    if metric.leaves is Leaves.BY_LAST_TWO:
        orders = _purchases(company_id, first, last, "orders")
        back, buyers = _counted(orders, 2), _counted(orders, 1)
        return {day: Ratio(back.get(day, 0), buyers.get(day, 0)) for day in {*back, *buyers}}
    return _by_day(company_id, metric, first, last)


def _purchases(company_id: int, first: date, last: date, measure: str) -> Mapping[int, list[date]]:
    """For each buyer the days of its purchases, latest first; a day with two is there twice."""
    rows = PairDay.objects.filter(
        seller_id=company_id, day__range=(first, last), **{f"{measure}__gt": 0}
    )
    found: dict[int, list[date]] = defaultdict(list)
    for buyer_id, day, times in rows.order_by("-day").values_list("buyer_id", "day", measure):
        found[buyer_id] += [day] * min(times, 2)
    return found


def _counted(purchases: Mapping[int, list[date]], which: int) -> dict[date, int]:
    """How many buyers made their last purchase (the last but one: 2) on each day."""
    found: dict[date, int] = defaultdict(int)
    for days in purchases.values():
        if len(days) >= which:
            found[days[which - 1]] += 1
    return dict(found)


def _by_day(company_id: int, metric: Metric, first: date, last: date) -> dict[date, Figure]:
    """The metric's own definition, with each day standing in for a company."""
    import pyarrow as pa

    if metric.expression is None:
        return {}
    key = f"{metric.side}_id"
    wanted = {amount.of for amount in engine.amounts_of(metric).values()}
    pairs = _pair_rows(company_id, key, first, last) if Grain.PAIRS in wanted else []
    facts: list[dict[str, Any]] = []
    if wanted & {Grain.DISPUTES, Grain.CREDIT}:
        facts += _case_rows(company_id, key, first, last)
    if Grain.SIGNS in wanted:
        facts += _penalty_rows(company_id, first, last)
    rows = engine.of_rows(
        pa.Table.from_pylist(pairs, schema_of(SCHEMAS[Grain.PAIRS])),
        pa.Table.from_pylist(facts, schema_of(FACTS)),
        [metric.name],
    )
    found = {}
    for row in rows:
        figure = of_row(metric, row)
        if row["company_id"] > 0 and figure not in (0, Ratio(0, 0)):
            found[date.fromordinal(row["company_id"])] = figure
    return found


def _pair_rows(company_id: int, key: str, first: date, last: date) -> list[dict[str, Any]]:
    rows = PairDay.objects.filter(**{key: company_id}, day__range=(first, last))
    return [
        _standing_in(key, row["day"])
        | {f"{measure}_{window}": row[measure] for measure in MEASURES for window in WINDOWS}
        for row in rows.values("day", *MEASURES)
    ]


def _case_rows(company_id: int, key: str, first: date, last: date) -> list[dict[str, Any]]:
    return [
        fact_row(
            row["kind"], last, last,
            ref=row["ref"], count=row["count"], **_standing_in(key, row["day"]),
        )
        for row in cases([company_id], first, last)
        if row[key] == company_id
    ]  # fmt: skip


def _penalty_rows(company_id: int, first: date, last: date) -> list[dict[str, Any]]:
    """What was taken back stands with the day it was given."""
    rows = Fact.objects.filter(seller_id=company_id, kind=FactKind.PENALTY, day__lte=last)
    listed = list(rows.order_by("-count").values_list("day", "ref", "count"))
    given = {ref: day for day, ref, count in listed if count > 0 and day >= first}
    return [
        fact_row(FactKind.PENALTY, last, last, ref=ref, count=count,
                 seller_id=given[ref].toordinal())
        for _, ref, count in listed
        if ref in given
    ]  # fmt: skip


def _standing_in(key: str, day: date) -> dict[str, int]:
    """A day in the place of the company; nobody in the place of the other side."""
    other = "buyer_id" if key == "seller_id" else "seller_id"
    return {key: day.toordinal(), other: 0}
