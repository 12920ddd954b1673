"""Who is due to reorder: how likely a customer buys within `AHEAD` days. Pure functions.

**What is said.** `chance(…)` is the probability that a customer buys on at least one of the
`AHEAD` market days from today on. A customer is *due to reorder* (`is_due`) from `DUE` on, as
long as its last purchase lies back no more than `GIVEN_UP` of its own intervals
(`trade.restocking.usual_interval`) and `SOON` days: who stays away longer is slipping away,
whatever it bought once. The page never says the probability alone: beside it stand the
customer's own rhythm and how long ago it bought.

**How.** A logistic regression, log(p / (1 − p)) = w₀ + Σ wᵢ zᵢ, over nine figures of one
customer's own purchases before today (a day with several orders is one purchase):

| figure | meaning |
| --- | --- |
| bought | ln of the number of days it bought on |
| since | ln(1 + days since the last) |
| overdue | ln((days since + 3) ÷ its interval); the interval is the mean of its latest six gaps \
and one of `GAP` days, so that two purchases are no rhythm yet |
| on_beat | e^−abs(overdue): near 1 when it is just about its usual interval since the last |
| share | months of thirty days it bought in ÷ months since its first purchase |
| last60, last90 | ln(1 + days it bought on within the latest 60, 90 days) |
| money | ln of all it paid, beside the seller's median customer |
| known | ln(1 + days since the first) |

Each is put on one scale by `MEAN` and `SPREAD` (z), and weighed by `WEIGHTS`.

**Where the constants come from.** The "Online Retail" set (UCI): six days, 15 apart, whose
outcomes lie before 1 August 2011 (`bench.reorder.fitted` finds them again: Newton's method on the
log likelihood, a ridge of 3). Figures and threshold were chosen by those outcomes alone;
`pifa bench reorder` reports on days after them. What was tried and left: BG/NBD (a gamma-Poisson
with dropout) did no better than counting purchases; weights that each seller learns anew from
its own customers each morning were worse on the later days than these fixed ones, for one
seller's latest months are few. What is the seller's own is the median of what its customers paid.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from itertools import pairwise
from statistics import median

from pifa.trade import restocking

AHEAD = 30
"""Days ahead that a chance speaks of."""

DUE = 500
"""From this chance on, in thousandths, a customer is due to reorder: more likely than not."""

GIVEN_UP, SOON = restocking.GIVEN_UP, restocking.SOON

GAP = 60
"""Days of the gap that every customer is credited with beside its own."""

LATEST = 6
"""Gaps that count; as in `trade.restocking`."""

MONTH = 30

MEAN = (0.56, 3.72, -0.17, 0.53, 0.52, 0.5, 0.68, 0.1, 4.48)
SPREAD = (0.7, 1.06, 0.93, 0.24, 0.28, 0.49, 0.52, 1.14, 0.8)
WEIGHTS = (-1.11, 0.47, -0.24, 0.43, 0.16, 0.11, 0.14, 0.18, 0.3, -0.04)

Bought = tuple[date, int]
"""A market day on which a customer bought, and what it paid for it in fen."""

Purchases = Sequence[Bought]
"""In order, a day once, none without money."""


def figures(purchases: Purchases, today: date, typical_fen: int) -> tuple[float, ...]:
    """The nine figures of the head of this module; purchases lie before today, at least one."""
    days = [day for day, _fen in purchases]
    since, known = (today - days[-1]).days, (today - days[0]).days
    gaps = [(later - earlier).days for earlier, later in pairwise(days)][-LATEST:]
    interval = (sum(gaps) + GAP) / (len(gaps) + 1)
    overdue = math.log((since + 3) / interval)
    months = len({(today - day).days // MONTH for day in days})
    paid = sum(fen for _day, fen in purchases)
    return (
        math.log(len(days)),
        math.log(1 + since),
        overdue,
        math.exp(-abs(overdue)),
        months / (known // MONTH + 1),
        math.log(1 + _within(days, today, 60)),
        math.log(1 + _within(days, today, 90)),
        math.log((1 + paid) / (1 + typical_fen)),
        math.log(1 + known),
    )


def chance(purchases: Purchases, today: date, typical_fen: int) -> int:
    """How likely a customer buys within `AHEAD` days from today on, in thousandths.

    Purchases of today and later are not looked at; without any before it is 0. `typical_fen`
    is what the seller's median customer paid in all (`typical`).
    """
    before = until(purchases, today)
    if not before:
        return 0
    values = scaled(figures(before, today, typical_fen))
    power = WEIGHTS[0] + sum(w * value for w, value in zip(WEIGHTS[1:], values, strict=True))
    return round(1000 / (1 + math.exp(-power)))


def is_away(interval: int | None, since: int) -> bool:
    """Whether a customer stays away for so long that a chance says nothing of it: the weights were
    found among customers who come, and would call one due that left years ago."""
    return since > GIVEN_UP * (interval or GAP) + SOON


def is_due(chance: int, interval: int | None, since: int) -> bool:
    """Whether a customer is due to reorder: likely, and not away for too long. `interval` is its
    usual one, `since` the days since its last purchase."""
    if interval is None or since < 1:
        return False  # who bought today needs no call
    return chance >= DUE and not is_away(interval, since)


def typical(histories: Iterable[Purchases]) -> int:
    """The median of what customers paid in all, in fen; 0 without any."""
    paid = [sum(fen for _day, fen in purchases) for purchases in histories if purchases]
    return round(median(paid)) if paid else 0


def until(purchases: Purchases, moment: date) -> Purchases:
    """The purchases before a day."""
    return purchases[: bisect_left(purchases, (moment, -1))]


def buys(purchases: Purchases, moment: date) -> bool:
    """Whether there is a purchase on the day or within the `AHEAD` − 1 days after it."""
    first = bisect_left(purchases, (moment, -1))
    return first < len(purchases) and purchases[first][0] < moment + timedelta(days=AHEAD)


def _within(days: Sequence[date], today: date, span: int) -> int:
    return len(days) - bisect_left(days, today - timedelta(days=span))


def scaled(values: Iterable[float]) -> tuple[float, ...]:
    """Figures on one scale, as the weights take them."""
    return tuple(
        (value - mean) / spread for value, mean, spread in zip(values, MEAN, SPREAD, strict=True)
    )
