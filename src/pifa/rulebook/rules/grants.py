"""Which benefits a step on a ladder brings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from pifa.rulebook.rules.conditions import Condition, Figures, holds
from pifa.rulebook.rules.ladders import Step


@dataclass(frozen=True, slots=True)
class GrantRule:
    """A benefit for those who hold a step of `ladders` from rank `low` to `high`.

    `conditions` are asked besides; `value` is what the benefit is worth, for whoever grants it.
    """

    code: str
    rule_id: str
    name: str
    name_en: str
    ladders: tuple[str, ...]
    low: int
    high: int
    conditions: tuple[Condition, ...]
    value: Mapping[str, Any]
    source: str = ""


def granted(
    rules: Iterable[GrantRule], ladder: str, step: Step | None, figures: Figures
) -> tuple[GrantRule, ...]:
    """The grants of a step that a company holds with these figures, in the book's order."""
    if step is None:
        return ()
    return tuple(
        rule
        for rule in rules
        if ladder in rule.ladders
        and rule.low <= step.rank <= rule.high
        and all(holds(condition, figures) for condition in rule.conditions)
    )
