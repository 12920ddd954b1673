"""A company's figures on days to come, if nothing more happens: windows move on, days leave them."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from itertools import accumulate
from typing import Any

from pifa.metrics import engine
from pifa.metrics.definitions import METRICS, Leaves, Side
from pifa.metrics.facts import CREDIT, DISPUTES, FactKind
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


def figures_ahead(
    company_id: int,
    day: date,
    days: int,
    *,
    facts_until: date | None = None,
    names: Sequence[str] = tuple(METRICS),
) -> dict[date, dict[str, Figure]]:
    """The figures of the rating of `day` and of so many days after it, without new facts.

    That of `day` is what `figures` says. Facts before `facts_until` are known (before `day`,
    unless more is said: with the day after, later days count what happened on `day` so far).
    Four statements; fewer if `names` need less: one for trade on a side, one for disputes and
    credit, one for signs of life. Figures are reckoned on the days on which something enters or leaves a
    window and hold until the next; days since go on by themselves.
    """
    known_until = facts_until or day
    read = _read_for(names)
    trade = list(_trade(company_id, day, known_until, read))
    signs = list(_signs(company_id, day, known_until, read))
    wanted = _turns(day, days, [row["day"] for row in trade], [sign[1] for sign in signs])
    # What nothing is read for is nothing.
    rows = (
        engine.of_rows(_pairs(trade, wanted), _facts(company_id, signs, wanted), names)
        if read
        else []
    )
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
                name: METRICS[name].nothing if row is None else of_row(METRICS[name], row)
                for name in names
            }
        found[then] = _grown(last, (then - turned).days)
    return found


def _read_for(names: Iterable[str]) -> set[tuple[Side, Grain]]:
    """What has to be read for some metrics: on which side, for which table of the engine."""
    return {
        (METRICS[name].side, amount.of)
        for name in names
        for amount in engine.amounts_of(METRICS[name]).values()
    }


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
    reached = [(happened, window + 1) for happened in trade for window in (0, *WINDOWS)]
    reached += [
        (happened, reach + 1) for happened in signs for reach in (0, TRADE_REACH, SIGNS_REACH)
    ]
    new_year = date(day.year + 1, 1, 1)
    turns = {day, new_year} | {happened + timedelta(days=after) for happened, after in reached}
    return {turn for turn in turns if day <= turn <= day + timedelta(days=days)}


def _trade(
    company_id: int, day: date, known_until: date, read: set[tuple[Side, Grain]]
) -> Iterator[dict[str, Any]]:
    span = PairDay.objects.filter(day__range=(day - timedelta(days=TRADE_REACH), known_until - ONE))
    for side in Side:
        if (side, Grain.PAIRS) not in read:
            continue
        key, other = f"{side}_id", _other(f"{side}_id")
        for row in span.filter(**{key: company_id}).values("day", other, *MEASURES):
            yield {"side": key, "other": row.pop(other), **row}


def _other(key: str) -> str:
    return "buyer_id" if key == "seller_id" else "seller_id"


def _signs(
    company_id: int, day: date, known_until: date, read: set[tuple[Side, Grain]]
) -> Iterator[tuple[str, date, dict[str, Any]]]:
    """Sign-ins, replies and penalties, what became of disputes and of lines of credit:
    (kind, day, values)."""
    grains = {grain for _side, grain in read}
    if Grain.SIGNS in grains:
        first = day - timedelta(days=SIGNS_REACH)
        known = Fact.objects.filter(day__gte=first, day__lt=known_until)
        wanted = [FactKind.LOGIN, FactKind.REPLY, FactKind.PENALTY]
        rows = known.filter(seller_id=company_id, kind__in=[str(kind) for kind in wanted])
        for kind, happened, ref, count in rows.values_list("kind", "day", "ref", "count"):
            yield kind, happened, {"seller_id": company_id, "ref": ref, "count": count}
    if grains & {Grain.DISPUTES, Grain.CREDIT}:
        for row in cases([company_id], day - timedelta(days=TRADE_REACH), known_until - ONE):
            yield row.pop("kind"), row.pop("day"), row


def _pairs(trade: list[dict[str, Any]], wanted: set[date]) -> Any:
    """Pairs as seen from each wanted day, which stands in the company's place.

    Of each pair the sums up to each of its days are kept, so that a window is one difference.
    """
    import pyarrow as pa

    pairs: dict[tuple[str, int], list[dict[str, Any]]] = defaultdict(list)
    for row in sorted(trade, key=lambda row: row["day"]):
        pairs[row["side"], row["other"]].append(row)
    schema = schema_of(SCHEMAS[Grain.PAIRS])
    columns: dict[str, list[int]] = {name: [] for name in schema.names}
    for (side, _partner), rows in pairs.items():
        days = [row["day"] for row in rows]
        sums = {measure: [0, *accumulate(row[measure] for row in rows)] for measure in MEASURES}
        for then in wanted:
            end = bisect_left(days, then)
            begins = [bisect_left(days, then - timedelta(days=window)) for window in WINDOWS]
            if min(begins) == end:
                continue
            columns[side].append(then.toordinal())
            columns[_other(side)].append(0)
            for window, begin in zip(WINDOWS, begins, strict=True):
                for measure in MEASURES:
                    found = sums[measure]
                    columns[f"{measure}_{window}"].append(found[end] - found[begin])
    return pa.table(columns, schema)


def _facts(
    company_id: int, signs: list[tuple[str, date, dict[str, Any]]], wanted: set[date]
) -> Any:
    import pyarrow as pa

    cases_ = {str(kind) for kind in (*DISPUTES, *CREDIT)}
    rows = []
    for kind, happened, values in signs:
        reach = TRADE_REACH if kind in cases_ else SIGNS_REACH
        for then in wanted:
            if not 1 <= (then - happened).days <= reach:
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
