"""The pure part: figures, conditions, ladders, scores, grants, books."""

from __future__ import annotations

from pifa.rulebook.rules.books import Book, Difference, compare
from pifa.rulebook.rules.conditions import (
    Condition,
    ConditionView,
    Figures,
    Op,
    distance,
    holds,
    view,
)
from pifa.rulebook.rules.figures import (
    Figure,
    MetricWord,
    Ratio,
    Threshold,
    Unit,
    Vocabulary,
)
from pifa.rulebook.rules.grants import GrantRule, granted
from pifa.rulebook.rules.ladders import Explanation, Ladder, Step, explain, held, requirements
from pifa.rulebook.rules.scores import Band, Part, Score, Scorecard, Weight, score

__all__ = [
    "Band",
    "Book",
    "Condition",
    "ConditionView",
    "Difference",
    "Explanation",
    "Figure",
    "Figures",
    "GrantRule",
    "Ladder",
    "MetricWord",
    "Op",
    "Part",
    "Ratio",
    "Score",
    "Scorecard",
    "Step",
    "Threshold",
    "Unit",
    "Vocabulary",
    "Weight",
    "compare",
    "distance",
    "explain",
    "granted",
    "held",
    "holds",
    "requirements",
    "score",
    "view",
]
