"""What rules are held against: figures, the words that name them, and their units."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Final


@dataclass(frozen=True, slots=True)
class Ratio:
    """A share, exact; nothing of nothing is zero, something of nothing is above everything."""

    num: int
    den: int

    def __post_init__(self) -> None:
        if self.den < 0:
            raise ValueError("a ratio is of a whole that is not negative")

    @property
    def value(self) -> Fraction | None:
        """The share as a fraction; None where something is measured against nothing."""
        if self.den:
            return Fraction(self.num, self.den)
        return None if self.num > 0 else Fraction(0)


Figure = int | Ratio | bool | None
"""A metric's value: money in fen, days and counts whole; None: nothing is known."""

Threshold = int | Fraction | bool


class Unit(StrEnum):
    """In what a metric is counted, and so how its thresholds are written in a book."""

    FEN = "fen"
    COUNT = "count"
    DAYS = "days"
    RATIO = "ratio"
    POINTS = "points"
    FLAG = "flag"
    SCORE = "score"
    RANK = "rank"


@dataclass(frozen=True, slots=True)
class MetricWord:
    """A metric that rules may name; `label` is Chinese."""

    name: str
    unit: Unit
    label: str
    label_en: str


Vocabulary = Mapping[str, MetricWord]

LOWEST_SCORE: Final = 0
HIGHEST_SCORE: Final = 100


def exact(figure: Figure) -> int | Fraction | None:
    """The figure as a number to compare; None if nothing is known or it is above every number."""
    return figure.value if isinstance(figure, Ratio) else figure


def above_all(figure: Figure) -> bool:
    """Whether the figure is something measured against nothing."""
    return isinstance(figure, Ratio) and figure.value is None
