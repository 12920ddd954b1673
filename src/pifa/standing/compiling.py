"""A book of rules as Ibis expressions: one company's rating (`rules.rating`) for all at once.

Money, days and counts are whole numbers, ratios two of them; a threshold that is a fraction is
multiplied out, so nothing is rounded. An unknown figure meets no condition.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from pifa.rulebook.rules import Book, Condition, Ladder, Op, Scorecard, Unit, Weight
from pifa.standing.rules.rating import CREDIT, LEVELS, TIERS, medal_ladder
from pifa.standing.vocabulary import VOCABULARY

if TYPE_CHECKING:
    import ibis.expr.types as ir

Stage = Mapping[str, Callable[["ir.Table"], Any]]
"""New columns by name, from the columns there are."""

NOTHING = -1
"""The rank of who holds no step; ranks themselves begin at 0."""


def stages(book: Book, systems: Iterable[str]) -> tuple[Stage, ...]:
    """The columns of a rating, each stage from those before it (a table of its own each, for
    nested in one statement their rules would be written out many times over).

    `credit_score`, `credit_rank`, `medal` (0 without one), `level` and `tier` (`NOTHING` where
    no step is held). `systems`: the medal systems that stand in the column `medal_system`.
    """
    card = book.scorecards[CREDIT]

    def medal(table: ir.Table) -> Any:
        ladders = {system: book.ladders[medal_ladder(system)] for system in systems}
        held = [
            (table.medal_system == system, _rank(table, ladder))
            for system, ladder in ladders.items()
        ]
        return _cases(held, 0).clip(lower=0)

    def tier(table: ir.Table) -> Any:
        return (table.medal_system != "").ifelse(_rank(table, book.ladders[TIERS]), NOTHING)

    return (
        {"credit_score": lambda table: _score(table, card)},
        {"credit_rank": lambda table: _band(table, card)},
        {"medal": medal},
        {"level": lambda table: _rank(table, book.ladders[LEVELS]), "tier": tier},
    )


def _rank(table: ir.Table, ladder: Ladder) -> Any:
    """The rank held on a ladder: the highest step reached, as `rulebook.rules.held` says."""
    reached = []
    climbing: Any = True
    for step in ladder.steps:
        meets = _all(_meets(table, condition) for condition in step.conditions)
        if ladder.cumulative and not step.alone:
            climbing = meets & climbing
            meets = climbing
        reached.append((meets, step.rank))
    return _cases(reversed(reached), NOTHING)


def _meets(table: ir.Table, condition: Condition) -> Any:
    word = VOCABULARY[condition.metric]
    alone = (
        _ratio_meets(table, condition)
        if word.unit is Unit.RATIO
        else _plain_meets(table[condition.metric], condition)
    ).fill_null(False)
    return alone if condition.unless is None else alone | _meets(table, condition.unless)


def _plain_meets(figure: Any, condition: Condition) -> Any:
    if isinstance(condition.value, bool):
        return figure == condition.value
    value = Fraction(condition.value)
    return _compare(condition.op, figure * value.denominator, value.numerator)


def _ratio_meets(table: ir.Table, condition: Condition) -> Any:
    """num/den against a fraction; nothing of nothing is zero, something of nothing above all."""
    num, den = table[f"{condition.metric}_num"], table[f"{condition.metric}_den"]
    value = Fraction(condition.value)
    of_something = _compare(condition.op, num * value.denominator, den * value.numerator)
    nothing = _holds_for(condition.op, Fraction(0), value)
    return (den > 0).ifelse(of_something, (num > 0).ifelse(condition.op.is_floor, nothing))


def _compare(op: Op, left: Any, right: Any) -> Any:
    match op:
        case Op.AT_LEAST:
            return left >= right
        case Op.AT_MOST:
            return left <= right
        case Op.ABOVE:
            return left > right
        case Op.BELOW:
            return left < right
        case Op.IS:
            return left == right


def _holds_for(op: Op, number: Fraction, value: Fraction) -> bool:
    return bool(_compare(op, number, value))


def _score(table: ir.Table, card: Scorecard) -> Any:
    import ibis

    total: Any = ibis.literal(card.base, type="int64")
    for weight in card.weights:
        total = total + _points(table[weight.metric], weight)
    return total.clip(lower=0, upper=100)


def _points(figure: Any, weight: Weight) -> Any:
    wholes = figure.fill_null(0).clip(lower=0) // weight.per
    size = (wholes * abs(weight.points)).clip(upper=weight.up_to)
    return size if weight.points > 0 else -size


def _band(table: ir.Table, card: Scorecard) -> Any:
    return _cases([(table.credit_score <= band.high, band.rank) for band in card.bands], NOTHING)


def _all(conditions: Any) -> Any:
    import ibis

    whole: Any = ibis.literal(True)
    for condition in conditions:
        whole = whole & condition
    return whole


def _cases(branches: Any, otherwise: int) -> Any:
    import ibis

    listed = [(condition, rank) for condition, rank in branches]
    if not listed:
        return ibis.literal(otherwise, type="int64")
    return ibis.cases(*listed, else_=otherwise).cast("int64")
