"""When a standing changes by itself, if nothing new happens: the window moves on and days leave."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from pifa.rulebook.rules import (
    ConditionView,
    Figures,
    Ladder,
    Step,
    held,
    requirements,
    view,
)

HORIZON = 91
"""Days to look ahead: after ninety the longest window of a ladder has moved on entirely."""


@dataclass(frozen=True, slots=True)
class Change:
    """The first day on which a company would hold another step.

    `lacking` are the conditions of the step held now that no longer hold on that day (empty if
    it rises). `before` is the last day on which something can still be done: figures of that
    day count in the rating of the next.
    """

    day: date
    old: Step | None
    new: Step | None
    lacking: tuple[ConditionView, ...]

    @property
    def before(self) -> date:
        return self.day - timedelta(days=1)

    @property
    def falls(self) -> bool:
        """Whether it is a loss."""
        return (self.new.rank if self.new else -1) < (self.old.rank if self.old else -1)


def forecast(
    ladder: Ladder, figures_on: Callable[[date], Figures], day: date, horizon: int = HORIZON
) -> Change | None:
    """The first change after the rating of `day`, within the horizon; None if there is none."""
    now = held(ladder, figures_on(day))
    for ahead in range(1, horizon + 1):
        then = day + timedelta(days=ahead)
        figures = figures_on(then)
        step = held(ladder, figures)
        if step != now:
            return Change(then, now, step, _lacking(ladder, now, figures))
    return None


def _lacking(ladder: Ladder, step: Step | None, figures: Figures) -> tuple[ConditionView, ...]:
    """What a step asks that these figures do not meet."""
    if step is None:
        return ()
    asked = (view(condition, figures) for condition in requirements(ladder, step))
    return tuple(found for found in asked if not found.holds)
