"""Ladders: which step figures hold, which comes next, and what it asks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pifa.rulebook.rules.conditions import (
    Condition,
    ConditionView,
    Figures,
    at_least_as_strict,
    holds,
    view,
)


@dataclass(frozen=True, slots=True)
class Step:
    """A level, tier or medal; `alone`: it asks nothing of the steps below it.

    `extras` is what a book says of it beyond the conditions, for whoever reads it.
    """

    code: str
    rank: int
    rule_id: str
    name: str
    name_en: str
    conditions: tuple[Condition, ...]
    extras: Mapping[str, Any] = field(default_factory=dict)
    alone: bool = False
    source: str = ""


@dataclass(frozen=True, slots=True)
class Ladder:
    """Steps, lowest first, ranks consecutive; a company holds the highest it can.

    `cumulative`: a step also asks what the steps below it ask, except those that are `alone`.
    """

    code: str
    rule_id: str
    name: str
    name_en: str
    cumulative: bool
    steps: tuple[Step, ...]
    source: str = ""

    def step(self, code: str) -> Step:
        """The step of that code; `KeyError` if the ladder has none."""
        for step in self.steps:
            if step.code == code:
                return step
        raise KeyError(code)

    def at(self, rank: int) -> Step | None:
        """The step of that rank, if the ladder has it."""
        return next((step for step in self.steps if step.rank == rank), None)


@dataclass(frozen=True, slots=True)
class Explanation:
    """Where figures stand on a ladder.

    `conditions` is what the next step asks (empty at the top), `kept` what the held one asks and
    what would be lost if it ceased to hold.
    """

    ladder: Ladder
    held: Step | None
    next: Step | None
    conditions: tuple[ConditionView, ...]
    kept: tuple[ConditionView, ...]


def requirements(ladder: Ladder, step: Step) -> tuple[Condition, ...]:
    """Everything a step asks, with what it takes over from the steps below.

    What a higher step asks more of is not repeated.
    """
    if not ladder.cumulative or step.alone:
        return step.conditions
    asked: list[Condition] = []
    for below in ladder.steps:
        if below.rank > step.rank or (below.alone and below != step):
            continue
        for condition in below.conditions:
            asked = [old for old in asked if not at_least_as_strict(condition, old)]
            asked.append(condition)
    return tuple(asked)


def held(ladder: Ladder, figures: Figures) -> Step | None:
    """The highest step of which everything asked holds."""
    found: Step | None = None
    climbing = True
    for step in ladder.steps:
        reached = all(holds(condition, figures) for condition in step.conditions)
        if step.alone or not ladder.cumulative:
            found = step if reached else found
            continue
        climbing = climbing and reached
        found = step if climbing else found
    return found


def explain(ladder: Ladder, figures: Figures) -> Explanation:
    """What the figures hold, why, and what the next step lacks."""
    now = held(ladder, figures)
    following = ladder.at(now.rank + 1) if now else ladder.steps[0] if ladder.steps else None
    return Explanation(
        ladder=ladder,
        held=now,
        next=following,
        conditions=_views(ladder, following, figures),
        kept=_views(ladder, now, figures),
    )


def _views(ladder: Ladder, step: Step | None, figures: Figures) -> tuple[ConditionView, ...]:
    asked = requirements(ladder, step) if step else ()
    return tuple(view(condition, figures) for condition in asked)
