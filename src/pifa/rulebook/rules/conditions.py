"""One condition: whether figures meet it, and how much is missing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from pifa.rulebook.rules.figures import Figure, Ratio, Threshold, above_all, exact

Figures = Mapping[str, Figure]


class Op(StrEnum):
    """How a figure is held against a threshold; the words are those of the files."""

    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    ABOVE = "above"
    BELOW = "below"
    IS = "is"

    @property
    def is_floor(self) -> bool:
        """Whether more of the metric helps."""
        return self in (Op.AT_LEAST, Op.ABOVE)

    @property
    def is_ceiling(self) -> bool:
        """Whether less of the metric helps."""
        return self in (Op.AT_MOST, Op.BELOW)


@dataclass(frozen=True, slots=True)
class Condition:
    """A metric against a threshold; not asked of those for whom `unless` holds."""

    metric: str
    op: Op
    value: Threshold
    unless: Condition | None = None


@dataclass(frozen=True, slots=True)
class ConditionView:
    """A condition with one company's figure.

    `missing` is how far the figure is from meeting it, in the metric's unit: None if it holds or
    if that cannot be said. `exempt`: the figure alone would not do, the exemption does.
    """

    condition: Condition
    value: Figure
    holds: bool
    missing: int | Fraction | None
    exempt: bool


def meets(condition: Condition, figure: Figure) -> bool:
    """Whether a figure alone meets the condition; an unknown one never does."""
    number = exact(figure)
    if number is None:
        return above_all(figure) and condition.op.is_floor
    match condition.op:
        case Op.AT_LEAST:
            return number >= condition.value
        case Op.AT_MOST:
            return number <= condition.value
        case Op.ABOVE:
            return number > condition.value
        case Op.BELOW:
            return number < condition.value
        case Op.IS:
            return number == condition.value


def holds(condition: Condition, figures: Figures) -> bool:
    """Whether the figures meet the condition or its exemption."""
    return meets(condition, figures.get(condition.metric)) or is_exempt(condition, figures)


def is_exempt(condition: Condition, figures: Figures) -> bool:
    """Whether the condition is not asked of these figures."""
    return condition.unless is not None and holds(condition.unless, figures)


def distance(condition: Condition, figures: Figures) -> int | Fraction | None:
    """How far the figure is from the nearest value that meets the condition, in its unit.

    None if the condition holds, or if there is no telling: an unknown figure, a flag, a share of
    nothing, a share that stands exactly on a threshold it has to pass.
    """
    figure = figures.get(condition.metric)
    number = exact(figure)
    if number is None or isinstance(condition.value, bool) or holds(condition, figures):
        return None
    gap: int | Fraction = condition.value - number
    gap = max(gap, -gap)
    if condition.op in (Op.ABOVE, Op.BELOW):
        if isinstance(figure, Ratio):
            return gap or None
        # Whole units: the first that is past the threshold, which may lie between two.
        gap = int(gap) + 1
    return gap


def view(condition: Condition, figures: Figures) -> ConditionView:
    """The condition as these figures stand to it."""
    figure = figures.get(condition.metric)
    alone = meets(condition, figure)
    exempt = not alone and is_exempt(condition, figures)
    return ConditionView(
        condition, figure, alone or exempt, distance(condition, figures), exempt
    )  # fmt: skip


def at_least_as_strict(condition: Condition, other: Condition) -> bool:
    """Whether whoever meets `condition` meets `other`, of the same metric and kind, too."""
    if condition.metric != other.metric or condition.unless != other.unless:
        return False
    if condition.op.is_floor and other.op.is_floor:
        strict, needed = condition.op is Op.ABOVE, other.op is Op.ABOVE
        return (condition.value, strict) >= (other.value, needed)
    if condition.op.is_ceiling and other.op.is_ceiling:
        strict, needed = condition.op is Op.BELOW, other.op is Op.BELOW
        return (-condition.value, strict) >= (-other.value, needed)
    return condition.op is other.op and condition.value == other.value
