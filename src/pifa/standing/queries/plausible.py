"""Whether levels mean what they should: the market's own check of them (standing.md).

L2–L3 spend about ten times what L0–L1 do, L4–L5 ten times L2–L3, L6 ten times L4–L5, and the
shares of money refunded and of orders disputed fall as the level rises.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from pifa.kernel.actors import Actor
from pifa.metrics import engine as metrics
from pifa.parties import policies
from pifa.rulebook.rules import Ratio
from pifa.standing import archive
from pifa.standing.errors import DayNotRated
from pifa.standing.queries.market import latest_run


@dataclass(frozen=True, slots=True)
class PlausibilityRow:
    """What the buyers of some levels did before a rating.

    `buyers` bought within 30 days; each spent `spend_fen`, refunds taken off, in `orders` orders
    (both on average). `times` is their spend by that of the group below. `refunded` is money
    refunded of money paid, `disputed` disputes (open or upheld) of orders, both within 90 days.
    """

    levels: str
    buyers: int
    spend_fen: int
    orders: Fraction
    times: Fraction | None
    refunded: Ratio
    disputed: Ratio


_GROUPS = (("L0–L1", 0, 1), ("L2–L3", 2, 3), ("L4–L5", 4, 5), ("L6", 6, 6))


def plausibility(actor: Actor) -> tuple[date, list[PlausibilityRow]]:
    """The day of the latest rating, and its buyers by groups of levels, lowest first. Operators.

    Levels are those of that night, the rest is from the same days of the lake. Three statements.
    Raises `DayNotRated` before the first night.
    """
    policies.require_operator(actor)
    run = latest_run()
    if run is None or not archive.has(run.day):
        raise DayNotRated(day=run.day.isoformat() if run else "—", last="—")
    summed = {row["place"]: row for row in metrics.buyers_by_group(run.day, _groups(run.day))}
    rows: list[PlausibilityRow] = []
    for place, (levels, _low, _high) in enumerate(_GROUPS):
        rows.append(_row(levels, summed.get(place, {}), rows[-1].spend_fen if rows else 0))
    return run.day, rows


def _row(levels: str, sums: dict[str, int], below: int) -> PlausibilityRow:
    buyers = sums.get("buyers", 0)
    spend = sums.get("spend_fen", 0) // buyers if buyers else 0
    return PlausibilityRow(
        levels=levels,
        buyers=buyers,
        spend_fen=spend,
        orders=Fraction(sums.get("orders", 0), buyers or 1),
        times=Fraction(spend, below) if below > 0 and buyers else None,
        refunded=Ratio(sums.get("refunded_fen_90", 0), sums.get("paid_fen_90", 0)),
        disputed=Ratio(sums.get("disputes_90", 0), sums.get("orders_90", 0)),
    )


def _groups(day: date) -> Any:
    """Each rated company with the place of its level's group."""
    import pyarrow.compute as compute

    rated = archive.columns(day, ["company_id", "level"])
    highest = [high for _levels, _low, high in _GROUPS]
    place: Any = None
    for high in highest[:-1]:
        above = compute.cast(compute.greater(rated["level"], high), "int64")
        place = above if place is None else compute.add(place, above)
    return rated.drop_columns(["level"]).append_column("place", place)
