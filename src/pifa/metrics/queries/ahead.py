"""A company's figures on days to come, if nothing more happens: windows move on, days leave them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Any

from pifa.metrics import engine
from pifa.metrics.definitions import METRICS, Leaves
from pifa.metrics.facts import DISPUTES, FactKind
from pifa.metrics.grains import (
    FACTS,
    MEASURES,
    SCHEMAS,
    SIGNS_REACH,
    TRADE_REACH,
    WINDOWS,
    Grain,
)
from pifa.metrics.models import Fact, PairDay
from pifa.metrics.queries.figures import cases, fact_row, of_row, schema_of
from pifa.rulebook.rules import Figure, Unit

ONE = timedelta(days=1)


def figures_ahead(company_id: int, day: date, days: int) -> dict[date, dict[str, Figure]]:
    """The figures of the rating of `day` and of so many days after it, without new facts.

    That of `day` is what `figures` says. Four statements. Figures are reckoned on the days on
    which something leaves a window and hold until the next; days since go on by themselves.
    """
    trade = list(_trade(company_id, day))
    signs = list(_signs(company_id, day))
    wanted = _turns(day, days, [row["day"] for row in trade], [sign[1] for sign in signs])
    rows = engine.of_rows(_pairs(company_id, trade, wanted), _facts(company_id, signs, wanted))
    known = {row["company_id"]: row for row in rows}
    found: dict[date, dict[str, Figure]] = {}
    last: dict[str, Figure] = {}
    turned = day
    for ahead in range(days + 1):
        then = day + timedelta(days=ahead)
        if then in wanted:
            row = known.get(then.toordinal())
            turned = then
            last = {
                name: metric.nothing if row is None else of_row(metric, row)
                for name, metric in METRICS.items()
            }
        found[then] = _grown(last, (then - turned).days)
    return found


def _grown(figures: dict[str, Figure], days: int) -> dict[str, Figure]:
    """The figures some days later, on which nothing left a window."""
    return {name: _later(name, figure, days) for name, figure in figures.items()}


def _later(name: str, figure: Figure, days: int) -> Figure:
    metric = METRICS[name]
    if metric.unit is not Unit.DAYS or metric.leaves is not Leaves.NEVER or figure is None:
        return figure
    assert isinstance(figure, int)
    return figure + days if figure + days <= SIGNS_REACH else None


def _turns(day: date, days: int, trade: Iterable[date], signs: Iterable[date]) -> set[date]:
    """The days on which a figure may be another than the day before, the first among them."""
    reached = [(happened, window + 1) for happened in trade for window in WINDOWS]
    reached += [(happened, reach + 1) for happened in signs for reach in (TRADE_REACH, SIGNS_REACH)]
    new_year = date(day.year + 1, 1, 1)
    turns = {day, new_year} | {happened + timedelta(days=after) for happened, after in reached}
    return {turn for turn in turns if day <= turn <= day + timedelta(days=days)}


def _trade(company_id: int, day: date) -> Iterator[dict[str, Any]]:
    span = PairDay.objects.filter(day__range=(day - timedelta(days=TRADE_REACH), day - ONE))
    for side in ("seller_id", "buyer_id"):
        other = "buyer_id" if side == "seller_id" else "seller_id"
        for row in span.filter(**{side: company_id}).values("day", other, *MEASURES):
            yield {"side": side, "other": row.pop(other), **row}


def _signs(company_id: int, day: date) -> Iterator[tuple[str, date, dict[str, Any]]]:
    """Sign-ins, replies and penalties, and what became of disputes: (kind, day, values)."""
    known = Fact.objects.filter(day__lt=day, day__gte=day - timedelta(days=SIGNS_REACH))
    wanted = [FactKind.LOGIN, FactKind.REPLY, FactKind.PENALTY]
    rows = known.filter(seller_id=company_id, kind__in=[str(kind) for kind in wanted])
    for kind, happened, ref, count in rows.values_list("kind", "day", "ref", "count"):
        yield kind, happened, {"seller_id": company_id, "ref": ref, "count": count}
    columns = ("kind", "day", "seller_id", "buyer_id", "ref", "count")
    disputes = cases([company_id], day - timedelta(days=TRADE_REACH), day - ONE)
    for row in disputes.values(*columns):
        yield row.pop("kind"), row.pop("day"), row


def _pairs(company_id: int, trade: list[dict[str, Any]], wanted: set[date]) -> Any:
    """Pairs as seen from each wanted day, which stands in the company's place."""
    import pyarrow as pa

    sums: dict[tuple[str, int, date], dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for row in trade:
        for then in wanted:
            age = (then - row["day"]).days
            for window in WINDOWS:
                if age <= window:
                    found = sums[row["side"], row["other"], then]
                    for measure in MEASURES:
                        found[f"{measure}_{window}"] += row[measure]
    names = [f"{measure}_{window}" for measure in MEASURES for window in WINDOWS]
    rows = []
    for (side, _other, then), found in sums.items():
        other = "buyer_id" if side == "seller_id" else "seller_id"
        rows.append(
            {side: then.toordinal(), other: 0} | {name: found.get(name, 0) for name in names}
        )
    return pa.Table.from_pylist(rows, schema_of(SCHEMAS[Grain.PAIRS]))


def _facts(
    company_id: int, signs: list[tuple[str, date, dict[str, Any]]], wanted: set[date]
) -> Any:
    import pyarrow as pa

    disputes = {str(kind) for kind in DISPUTES}
    rows = []
    for kind, happened, values in signs:
        reach = TRADE_REACH if kind in disputes else SIGNS_REACH
        for then in wanted:
            if (then - happened).days > reach:
                continue
            place = then.toordinal()
            mine = {
                side: place if values.get(side) == company_id else 0
                for side in ("seller_id", "buyer_id")
                if values.get(side) is not None
            }
            # What belongs together on a day is told apart from the same on another.
            ref = {"ref": f"{values['ref']}@{place}"} if values["ref"] else {}
            rows.append(fact_row(kind, happened, then, **{**values, **mine, **ref}))
    return pa.Table.from_pylist(rows, schema_of(FACTS))
