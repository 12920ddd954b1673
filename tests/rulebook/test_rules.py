"""Conditions and ladders under random figures: what holds, what is missing, what comes next."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pifa.rulebook.rules import (
    Condition,
    Figure,
    Ladder,
    Op,
    Ratio,
    Step,
    distance,
    explain,
    held,
    holds,
    requirements,
    view,
)

METRICS = ("a", "b", "c")
whole = st.integers(-50, 50)
ratios = st.builds(Ratio, st.integers(0, 30), st.integers(0, 30))
figures = st.fixed_dictionaries({metric: st.none() | whole for metric in METRICS})


ANY = st.sampled_from(Op)


def conditions(ops: st.SearchStrategy[Op] = ANY) -> st.SearchStrategy[Condition]:
    plain = st.builds(Condition, st.sampled_from(METRICS), ops, whole)
    return st.builds(
        Condition, st.sampled_from(METRICS), ops, whole, unless=st.none() | plain
    )  # fmt: skip


@st.composite
def ladders(draw: st.DrawFn, ops: st.SearchStrategy[Op] = ANY) -> Ladder:
    steps = tuple(
        Step(
            f"S{rank}", rank, f"R-{rank}", "级", "step",
            tuple(draw(st.lists(conditions(ops), max_size=3))),
            alone=draw(st.booleans()),
        )
        for rank in range(draw(st.integers(1, 5)))
    )  # fmt: skip
    return Ladder("l", "L", "梯", "ladder", draw(st.booleans()), steps)


@st.composite
def climbs(draw: st.DrawFn) -> Ladder:
    """A ladder of floors without exemptions: more is never worse."""
    floors = st.sampled_from([Op.AT_LEAST, Op.ABOVE])
    ladder = draw(ladders(floors))
    bare = tuple(
        Step(
            step.code, step.rank, step.rule_id, step.name, step.name_en,
            tuple(Condition(c.metric, c.op, c.value) for c in step.conditions),
            alone=step.alone,
        )
        for step in ladder.steps
    )  # fmt: skip
    return Ladder("l", "L", "梯", "ladder", ladder.cumulative, bare)


@given(climbs(), figures, st.sampled_from(METRICS), st.integers(0, 100))
def test_more_of_what_a_ladder_asks_never_lowers_the_step(
    ladder: Ladder, now: dict[str, Figure], metric: str, more: int
) -> None:
    before = held(ladder, now)
    value = now[metric]
    after = held(ladder, {**now, metric: more if value is None else int(_number(value)) + more})
    assert (after.rank if after else -1) >= (before.rank if before else -1)


@given(ladders(), figures)
def test_the_held_step_is_the_highest_of_which_everything_asked_holds(
    ladder: Ladder, now: dict[str, Figure]
) -> None:
    reached = [
        step
        for step in ladder.steps
        if all(
            holds(condition, now)
            for under in ladder.steps
            if under is step
            or (ladder.cumulative and not step.alone and not under.alone and under.rank < step.rank)
            for condition in under.conditions
        )
    ]
    assert held(ladder, now) == (reached[-1] if reached else None)


@given(ladders(), figures)
def test_the_explanation_agrees_with_the_held_step(ladder: Ladder, now: dict[str, Figure]) -> None:
    told = explain(ladder, now)
    assert told.held == held(ladder, now)
    assert all(kept.holds for kept in told.kept)
    if told.next is None:
        assert told.held == ladder.steps[-1]
        assert told.conditions == ()
    else:
        assert told.next.rank == (told.held.rank + 1 if told.held else ladder.steps[0].rank)
        assert not all(asked.holds for asked in told.conditions)


@given(ladders(), figures)
def test_what_a_step_asks_is_what_makes_it_held(ladder: Ladder, now: dict[str, Figure]) -> None:
    """What `requirements` leaves out is always implied by what it keeps."""
    for step in ladder.steps:
        only = Ladder("l", "L", "", "", ladder.cumulative, ladder.steps[: step.rank + 1])
        asked = requirements(ladder, step)
        assert (held(only, now) == step) == all(holds(condition, now) for condition in asked)


@given(conditions(), figures)
def test_a_distance_is_told_only_of_what_is_missing_and_is_the_smallest_that_does(
    condition: Condition, now: dict[str, Figure]
) -> None:
    missing = distance(condition, now)
    value = now[condition.metric]
    if holds(condition, now) or value is None:
        assert missing is None
        return
    assert isinstance(missing, int)
    assert missing > 0

    def nearer(by: int) -> bool:
        moved = (int(_number(value)) + by, int(_number(value)) - by)
        alone = Condition(condition.metric, condition.op, condition.value)
        return any(holds(alone, {condition.metric: figure}) for figure in moved)

    assert nearer(missing)
    assert not nearer(missing - 1)


@given(conditions(), figures)
def test_an_exemption_is_told_where_the_figure_alone_would_not_do(
    condition: Condition, now: dict[str, Figure]
) -> None:
    seen = view(condition, now)
    alone = holds(Condition(condition.metric, condition.op, condition.value), now)
    assert seen.holds == holds(condition, now)
    assert seen.exempt == (seen.holds and not alone)


@given(ratios, st.fractions(0, 2, max_denominator=40), st.sampled_from(Op))
def test_ratios_are_compared_exactly(ratio: Ratio, threshold: Fraction, op: Op) -> None:
    condition = Condition("a", op, threshold)
    met = holds(condition, {"a": ratio})
    if ratio.den:
        share = Fraction(ratio.num, ratio.den)
    elif ratio.num:
        assert met == (op in (Op.AT_LEAST, Op.ABOVE))
        return
    else:
        share = Fraction(0)
    assert (
        met
        == {
            Op.AT_LEAST: share >= threshold,
            Op.AT_MOST: share <= threshold,
            Op.ABOVE: share > threshold,
            Op.BELOW: share < threshold,
            Op.IS: share == threshold,
        }[op]
    )
    missing = distance(condition, {"a": ratio})
    assert missing == (None if met or share == threshold else abs(share - threshold))


@pytest.mark.parametrize("op", Op)
@pytest.mark.parametrize("value", [True, False, 0, 5, Fraction(1, 3)])
def test_what_is_not_known_meets_no_condition(op: Op, value: bool | int | Fraction) -> None:
    assert not holds(Condition("a", op, value), {"a": None})
    assert not holds(Condition("a", op, value), {})
    assert distance(Condition("a", op, value), {}) is None


def test_exactly_one_dispute_is_exempt_and_two_are_not() -> None:
    condition = Condition(
        "rate", Op.AT_MOST, Fraction("0.0006"), unless=Condition("disputes", Op.IS, 1)
    )
    for disputes, fine in ((0, True), (1, True), (2, False)):
        now: dict[str, Figure] = {"rate": Ratio(disputes, 40), "disputes": disputes}
        assert holds(condition, now) == fine
        assert view(condition, now).exempt == (disputes == 1)


@given(climbs(), figures)
def test_a_step_alone_does_not_ask_what_is_below(ladder: Ladder, now: dict[str, Figure]) -> None:
    last = replace(ladder.steps[-1], alone=True)
    alone = replace(ladder, steps=(*ladder.steps[:-1], last))
    met = all(holds(condition, now) for condition in last.conditions)
    assert (held(alone, now) == last) == met


def _number(value: Figure) -> int:
    assert isinstance(value, int)
    return value
