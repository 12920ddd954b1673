"""Of the customers named as due to reorder on a day, how many bought within thirty days.

Measured on the "Online Retail" set (UCI), which may be a file or a seller's imported trade: beside
as many customers chosen at random (the mean of `DRAWS` draws), by recency alone (who bought last)
and by frequency alone (who bought most often; by orders and by days, the better of the two
counts). Customers that a yardstick cannot tell apart at its edge are taken as if drawn by lot.
A purchase is an order that is no cancellation, with lines whose quantity × price is above zero.
"""

from __future__ import annotations

import csv
import gzip
import math
import random
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from operator import mul
from pathlib import Path
from statistics import fmean, pstdev
from typing import Any

from pifa.crm.rules import reorder
from pifa.crm.rules.reorder import Bought
from pifa.kernel import clock
from pifa.trade import restocking
from pifa.trade.queries import reports

DRAWS = 10_000
SEED = 1688

CHOSEN_BEFORE = date(2011, 8, 1)
"""Outcomes before this day were looked at when the method was chosen; reports begin here."""

DAYS = (date(2011, 9, 1), date(2011, 8, 1), date(2011, 10, 1), date(2011, 11, 1))
"""Days that are reported unless others are named; the thirty days after each are in the file."""

RIDGE = 3.0
ROUNDS = 12


@dataclass(slots=True)
class History:
    """What one customer bought: days with fen, and how many orders on each."""

    bought: list[Bought] = field(default_factory=list)
    orders: dict[date, int] = field(default_factory=dict)

    def orders_before(self, moment: date) -> int:
        """Its orders before a day."""
        return sum(count for day, count in self.orders.items() if day < moment)


def read_file(path: Path) -> list[History]:
    """The customers of an export of invoice lines (.csv or .csv.gz)."""
    fen: defaultdict[str, defaultdict[date, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    invoices: defaultdict[str, set[tuple[str, date]]] = defaultdict(set)
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            amount = Decimal(row["UnitPrice"]) * int(row["Quantity"])
            customer, invoice = row["CustomerID"].strip(), row["InvoiceNo"]
            if not customer or invoice.startswith("C") or amount <= 0:
                continue
            day = datetime.fromisoformat(row["InvoiceDate"]).date()
            fen[customer][day] += 100 * amount
            invoices[customer].add((invoice, day))
    return [
        _history(((day, round(paid)) for day, paid in days.items()), invoices[customer])
        for customer, days in sorted(fen.items())
    ]


def read_seller(seller_id: int) -> list[History]:
    """The customers of a seller, from its orders on the market and declared."""
    span = (clock.start_of_day(clock.FIRST_DAY), clock.start_of_day(clock.LAST_DAY))
    fen: defaultdict[str, defaultdict[date, int]] = defaultdict(lambda: defaultdict(int))
    orders: defaultdict[str, list[tuple[str, date]]] = defaultdict(list)
    for at, key, paid in reports.each_sale(seller_id, span, True):
        if key and paid > 0:
            day = clock.market_day(at)
            fen[key][day] += paid
            orders[key].append(("", day))
    return [_history(days.items(), orders[key]) for key, days in sorted(fen.items())]


def _history(days: Iterable[Bought], orders: Iterable[tuple[str, date]]) -> History:
    counts: defaultdict[date, int] = defaultdict(int)
    for _number, day in orders:
        counts[day] += 1
    return History(sorted(days), dict(counts))


def run(customers: Sequence[History], days: Sequence[date], draws: int = DRAWS) -> dict[str, Any]:
    """The figures of each day, as JSON can hold them."""
    return {
        "ahead_days": reorder.AHEAD,
        "threshold": reorder.DUE / 1000,
        "customers": len(customers),
        "method_chosen_on_outcomes_before": CHOSEN_BEFORE.isoformat(),
        "draws": draws,
        "days": [measured(customers, day, draws) for day in days],
    }


def measured(customers: Sequence[History], day: date, draws: int) -> dict[str, Any]:
    """Who is named on a day, who came, and the yardsticks at the same number of customers."""
    before = {at: reorder.until(one.bought, day) for at, one in enumerate(customers)}
    known = {at: bought for at, bought in before.items() if bought}
    came = {at for at in known if reorder.buys(customers[at].bought, day)}
    typical = reorder.typical(known.values())
    named = [at for at, bought in known.items() if _named(bought, day, typical)]
    size = len(named)
    recency = {at: bought[-1][0].toordinal() for at, bought in known.items()}
    by_orders = {at: customers[at].orders_before(day) for at in known}
    by_days = {at: len(bought) for at, bought in known.items()}
    frequency = max(_by_score(score, size, came) for score in (by_orders, by_days))
    chosen = sum(at in came for at in named)
    yardsticks = {
        "random": _by_lot(list(known), size, came, draws),
        "recency": _by_score(recency, size, came),
        "frequency": frequency,
    }
    precision = _share(chosen, size)
    return {
        "on": day.isoformat(),
        "known": len(known),
        "came": len(came),
        "named": size,
        "named_and_came": chosen,
        "precision": precision,
        **{
            name: {
                "came": round(hits, 1),
                "precision": _share(hits, size),
                "lift": round(chosen / hits, 3) if hits else None,
            }
            for name, hits in yardsticks.items()
        },
        "beats_all": bool(size) and all(chosen > hits for hits in yardsticks.values()),
        "reported": day >= CHOSEN_BEFORE,
    }


def _named(bought: reorder.Purchases, day: date, typical: int) -> bool:
    interval = restocking.usual_interval(one for one, _fen in bought)
    chance = reorder.chance(bought, day, typical)
    return reorder.is_due(chance, interval, (day - bought[-1][0]).days)


def _by_score(score: Mapping[int, int], size: int, came: Collection[int]) -> float:
    """How many of the `size` highest came; those alike at the edge count by their share."""
    if not size:
        return 0.0
    order = sorted(score, key=lambda at: -score[at])
    edge = score[order[size - 1]]
    above = [at for at in order if score[at] > edge]
    alike = [at for at in order if score[at] == edge]
    share = sum(at in came for at in alike) / len(alike)
    return sum(at in came for at in above) + (size - len(above)) * share


def _by_lot(known: list[int], size: int, came: Collection[int], draws: int) -> float:
    drawing = random.Random(SEED)
    hits = [at in came for at in known]
    return sum(sum(drawing.sample(hits, size)) for _draw in range(draws)) / draws


def _share(hits: float, size: int) -> float | None:
    return round(hits / size, 4) if size else None


def fitted(customers: Sequence[History]) -> dict[str, tuple[float, ...]]:
    """`MEAN`, `SPREAD` and `WEIGHTS` of `crm.rules.reorder` found again from the six days, 15
    apart, whose outcomes end with July 2011."""
    last = CHOSEN_BEFORE - timedelta(days=reorder.AHEAD + 1)
    inputs: list[tuple[float, ...]] = []
    outcomes: list[bool] = []
    for number in range(6):
        day = last - timedelta(days=15 * number)
        known = [(one, had) for one in customers if (had := reorder.until(one.bought, day))]
        typical = reorder.typical(had for _one, had in known)
        inputs += [reorder.figures(had, day, typical) for _one, had in known]
        outcomes += [reorder.buys(one.bought, day) for one, _had in known]
    mean = tuple(round(fmean(column), 2) for column in zip(*inputs, strict=True))
    spread = tuple(round(pstdev(column), 2) for column in zip(*inputs, strict=True))
    scaled = [
        [1.0, *((x - m) / s for x, m, s in zip(row, mean, spread, strict=True))] for row in inputs
    ]
    weights = [0.0] * len(scaled[0])
    for _round in range(ROUNDS):
        step = _solved(*_slope_and_bend(scaled, outcomes, weights))
        weights = [weight + by for weight, by in zip(weights, step, strict=True)]
    return {
        "MEAN": mean,
        "SPREAD": spread,
        "WEIGHTS": tuple(round(weight, 2) for weight in weights),
    }


def _slope_and_bend(
    rows: Sequence[Sequence[float]], outcomes: Sequence[bool], weights: Sequence[float]
) -> tuple[list[list[float]], list[float]]:
    """The matrix and the slope of Newton's step on the log likelihood with the ridge."""
    size = range(len(weights))
    bend = [[RIDGE if row == column else 0.0 for column in size] for row in size]
    slope = [-RIDGE * weight for weight in weights]
    for values, came in zip(rows, outcomes, strict=True):
        likely = 1 / (1 + math.exp(-sum(map(mul, values, weights))))
        error, weight = came - likely, likely * (1 - likely)
        for row in size:
            slope[row] += values[row] * error
            scaled = values[row] * weight
            for column in range(row + 1):
                bend[row][column] += scaled * values[column]
    for row in size:
        for column in range(row):
            bend[column][row] = bend[row][column]
    return bend, slope


def _solved(matrix: list[list[float]], right: list[float]) -> list[float]:
    """The solution of a system whose matrix is symmetric and positive (elimination)."""
    rows = [[*row, value] for row, value in zip(matrix, right, strict=True)]
    for at, pivot in enumerate(rows):
        for row in rows[at + 1 :]:
            share = row[at] / pivot[at]
            for column in range(at, len(row)):
                row[column] -= share * pivot[column]
    found = [0.0] * len(rows)
    for at in reversed(range(len(rows))):
        known = sum(rows[at][column] * found[column] for column in range(at + 1, len(rows)))
        found[at] = (rows[at][-1] - known) / rows[at][at]
    return found
