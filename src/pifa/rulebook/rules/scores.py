"""Scores: points for figures, within 0 and 100, and the band a score stands in."""

from __future__ import annotations

from dataclasses import dataclass

from pifa.rulebook.rules.conditions import Figures
from pifa.rulebook.rules.figures import HIGHEST_SCORE, LOWEST_SCORE


@dataclass(frozen=True, slots=True)
class Weight:
    """`points` (negative ones are taken away) for every whole `per` of a metric, `up_to` in all.

    `per` is in the metric's unit, money in fen; `up_to` is a size without a sign.
    """

    metric: str
    points: int
    per: int
    up_to: int


@dataclass(frozen=True, slots=True)
class Band:
    """Scores from `low` to `high`, both within."""

    rank: int
    low: int
    high: int
    name: str
    name_en: str


@dataclass(frozen=True, slots=True)
class Scorecard:
    """How a score is counted; the bands, lowest first, cover 0 to 100 without hole or overlap."""

    code: str
    rule_id: str
    name: str
    name_en: str
    base: int
    weights: tuple[Weight, ...]
    bands: tuple[Band, ...]
    source: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """What one weight brought."""

    weight: Weight
    value: int | None
    points: int


@dataclass(frozen=True, slots=True)
class Score:
    """A score, its band and its parts; `next` is the band above, None in the highest."""

    points: int
    band: Band
    next: Band | None
    parts: tuple[Part, ...]


def score(card: Scorecard, figures: Figures) -> Score:
    """Count the points of the figures; an unknown or negative figure brings none."""
    parts = tuple(_part(weight, figures) for weight in card.weights)
    total = card.base + sum(part.points for part in parts)
    points = max(LOWEST_SCORE, min(HIGHEST_SCORE, total))
    place = next(index for index, band in enumerate(card.bands) if points <= band.high)
    above = card.bands[place + 1] if place + 1 < len(card.bands) else None
    return Score(points, card.bands[place], above, parts)


def _part(weight: Weight, figures: Figures) -> Part:
    value = figures.get(weight.metric)
    assert value is None or isinstance(value, int), "a weight is of a whole metric"
    size = min(abs(weight.points) * (max(value or 0, 0) // weight.per), weight.up_to)
    return Part(weight, value, size if weight.points > 0 else -size)
