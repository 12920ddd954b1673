"""Geometry of the drawings: pure functions from figures to shapes, without a word of markup.

Shapes live in a box of 100 × 100 (a sparkline: 96 × 24) whose y axis points down, as in SVG;
the box is stretched to the width there is, so words stand outside it, in HTML. Figures may be
int, Decimal or float: what is drawn is never booked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

Figure = int | Decimal | float

BOX = 100
SPARK_WIDTH = 96
SPARK_HEIGHT = 24
HEAT_SHADES = 5


@dataclass(frozen=True, slots=True)
class Spark:
    """A small line: `points` for a polyline, and where its last figure stands."""

    points: str
    last_x: str
    last_y: str


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of a bar chart, in box units; `current` marks the one being looked at."""

    x: str
    y: str
    width: str
    height: str
    current: bool


@dataclass(frozen=True, slots=True)
class BarChart:
    """Bars from a floor of zero up to `top`, the round figure above the highest."""

    bars: tuple[Bar, ...]
    top: int
    target_y: str | None


@dataclass(frozen=True, slots=True)
class HeatCell:
    """One cell of a heat strip; shade 0 is nothing, 5 is the most."""

    x: str
    width: str
    shade: int


def coordinate(value: float) -> str:
    """A coordinate with at most two decimals and no idle zeros, so that markup stays small."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text in ("", "-0") else text


def nice_top(highest: Figure) -> int:
    """The smallest of 1, 2, 2.5, 4, 5, 6, 8 × 10ⁿ that is not below `highest`; at least 1."""
    if highest <= 1:
        return 1
    power = 1
    while power * 10 < highest:
        power *= 10
    # In tenths, so that 2.5 stays a whole number; halves of a unit are passed over.
    tops = (tenths * power for tenths in (10, 20, 25, 40, 50, 60, 80, 100))
    return next(top // 10 for top in tops if top % 10 == 0 and top // 10 >= highest)


def sparkline(values: Sequence[Figure]) -> Spark:
    """A line through the figures, lowest at the bottom. Equal figures lie in the middle."""
    if not values:
        raise ValueError("a line needs at least one figure")
    low, high = min(values), max(values)
    edge = 3
    across, down = SPARK_WIDTH - 2 * edge, SPARK_HEIGHT - 2 * edge

    def place(index: int, value: Figure) -> tuple[str, str]:
        x = edge + (across * index / (len(values) - 1) if len(values) > 1 else across)
        share = 0.5 if high == low else float(value - low) / float(high - low)  # type: ignore[operator]
        return coordinate(x), coordinate(edge + down * (1 - share))

    places = [place(index, value) for index, value in enumerate(values)]
    return Spark(" ".join(f"{x},{y}" for x, y in places), *places[-1])


def bars(
    values: Sequence[Figure], *, target: Figure | None = None, current: int | None = None
) -> BarChart:
    """Bars for figures ≥ 0, and the height of a target. A figure above zero is always seen."""
    if any(value < 0 for value in values):
        raise ValueError("bars stand on zero: a figure below it cannot be drawn")
    top = nice_top(max([*values, target or 0], default=0))
    slot = BOX / max(len(values), 1)
    gap = min(slot * 0.25, 2.0)
    drawn = []
    for index, value in enumerate(values):
        height = BOX * float(value) / top
        if value > 0:
            height = max(height, 1.0)
        drawn.append(
            Bar(
                x=coordinate(slot * index + gap / 2),
                y=coordinate(BOX - height),
                width=coordinate(slot - gap),
                height=coordinate(height),
                current=index == current,
            )
        )
    target_y = None if target is None else coordinate(BOX - BOX * float(target) / top)
    return BarChart(tuple(drawn), top, target_y)


@dataclass(frozen=True, slots=True)
class Pace:
    """A growing sum on its way to a target over `many` days: what has come as `points`, the height of
    the target at its end, and where the present pace leads (`ahead`, None where
    nothing can be said)."""

    points: str
    last_x: str
    last_y: str
    target_y: str
    ahead: str | None
    top: int


def pace(
    sums: Sequence[Figure], many: int, target: Figure, projected: Figure | None = None
) -> Pace:
    """The way of a sum over `many` days of which some are there, from nothing at the left edge."""
    if not sums or many < len(sums):
        raise ValueError("a way needs at least one day, and no more than it has")
    if min(sums) < 0:
        raise ValueError("a way starts from zero: a sum below it cannot be drawn")
    top = nice_top(max(*sums, target, projected or 0))

    def place(day: int, value: Figure) -> str:
        return f"{coordinate(BOX * day / many)},{coordinate(BOX - BOX * float(value) / top)}"

    points = [place(0, 0), *(place(day, value) for day, value in enumerate(sums, start=1))]
    last_x, last_y = points[-1].split(",")
    ahead = None
    if projected is not None and len(sums) < many:
        ahead = f"{points[-1]} {place(many, projected)}"
    return Pace(
        points=" ".join(points),
        last_x=last_x,
        last_y=last_y,
        target_y=coordinate(BOX - BOX * float(target) / top),
        ahead=ahead,
        top=top,
    )


def steps(levels: Sequence[int], *, highest: int) -> str:
    """Path data of a standing that holds until it changes: level 0 at the floor, `highest` on top."""
    if not levels:
        raise ValueError("a standing needs at least one day")
    if highest < 1 or not all(0 <= level <= highest for level in levels):
        raise ValueError(f"levels lie between 0 and {highest}")
    width = BOX / len(levels)

    def height(level: int) -> str:
        return coordinate(BOX - BOX * level / highest)

    parts = [f"M0 {height(levels[0])}"]
    for index in range(1, len(levels)):
        if levels[index] != levels[index - 1]:
            parts += [f"H{coordinate(width * index)}", f"V{height(levels[index])}"]
    parts.append(f"H{BOX}")
    return " ".join(parts)


def heat(values: Sequence[Figure]) -> tuple[HeatCell, ...]:
    """Cells shaded by their share of the highest figure; anything above zero gets a shade."""
    if any(value < 0 for value in values):
        raise ValueError("heat starts at zero")
    highest = float(max(values, default=0))
    width = BOX / max(len(values), 1)

    def shade(value: Figure) -> int:
        if value <= 0:
            return 0
        return min(HEAT_SHADES, 1 + int(HEAT_SHADES * float(value) / highest * 0.9999))

    return tuple(
        HeatCell(coordinate(width * index), coordinate(width * 0.94), shade(value))
        for index, value in enumerate(values)
    )


def label_every(count: int, most: int = 8) -> int:
    """Of `count` labels in a row, every how many-th to say so that at most `most` are said."""
    return max(1, -(-count // most))
