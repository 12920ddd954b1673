"""Conditions of a season held against figures: what holds, what is missing and by how much."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pifa.programme.rules.season import Asked, Kind
from pifa.rulebook.rules import ConditionView, Figures, view


@dataclass(frozen=True, slots=True)
class Answer:
    """A condition with one company's figure."""

    asked: Asked
    view: ConditionView

    @property
    def holds(self) -> bool:
        return self.view.holds

    @property
    def shuts(self) -> bool:
        """Whether it keeps the company out: a gate that does not hold."""
        return not self.view.holds and self.asked.kind is Kind.GATE


def answers(asked: Iterable[Asked], figures: Figures, department: str = "") -> tuple[Answer, ...]:
    """The conditions that are asked of a department's sellers, each with the figure."""
    return tuple(
        Answer(one, view(one.condition, figures))
        for one in asked
        if one.department in ("", department)
    )


def open_gates(found: Iterable[Answer]) -> bool:
    """Whether no gate is shut."""
    return not any(answer.shuts for answer in found)
