"""Ladders as files write them, and what makes one impossible to climb."""

from __future__ import annotations

from django.utils.translation import gettext_noop as _

from pifa.rulebook.reading.conditions import read_conditions
from pifa.rulebook.reading.tables import Table
from pifa.rulebook.rules import Condition, Ladder, Step, Vocabulary, requirements
from pifa.rulebook.rules.conditions import at_least_as_strict


def read_ladder(code: str, table: Table, words: Vocabulary) -> Ladder:
    """One ladder; whatever is wrong stands in the table's report."""
    before = len(table.report.problems)
    rule_id, name, name_en, source = (
        table.text(key) or "" for key in ("rule_id", "name", "name_en", "source")
    )
    cumulative = table.flag("cumulative")
    entries = table.tables("steps")
    read = [(entry, _step(entry, words)) for entry in entries]
    table.close()
    steps = [(entry, step) for entry, step in read if step is not None]
    ladder = Ladder(
        code, rule_id, name, name_en, cumulative, tuple(step for _entry, step in steps), source
    )
    if len(steps) == len(entries):
        _check_ranks(steps)
    _check_codes(steps)
    _check_order(steps)
    if len(table.report.problems) == before:
        _check_ways(ladder, steps)
    return ladder


def _step(table: Table, words: Vocabulary) -> Step | None:
    code, rank = table.text("code"), table.whole("rank")
    if rank is not None and rank < 0:
        table.add("rank", _("级别从 0 或 1 开始，不能是 {rank}。"), rank=rank)
        rank = None
    rule_id, name, name_en, source = (
        table.text(key) or "" for key in ("rule_id", "name", "name_en", "source")
    )
    alone = table.flag("alone")
    conditions = read_conditions(table, words)
    extras = table.table("extras", needed=False)
    table.close()
    if code is None or rank is None:
        return None
    given = dict(extras.data) if extras else {}
    return Step(code, rank, rule_id, name, name_en, conditions, given, alone, source)


def _check_ranks(steps: list[tuple[Table, Step]]) -> None:
    expected: int | None = None
    for table, step in steps:
        if expected is None and step.rank > 1:
            table.add("rank", _("级别从 0 或 1 开始，不能是 {rank}。"), rank=step.rank)
        elif expected is not None and step.rank != expected:
            table.add(
                "rank",
                _("级别不连续：{code} 应为 {expected}，这里是 {rank}。"),
                code=step.code,
                expected=expected,
                rank=step.rank,
            )
        expected = step.rank + 1


def _check_codes(steps: list[tuple[Table, Step]]) -> None:
    seen: set[str] = set()
    for table, step in steps:
        if step.code in seen:
            table.add("code", _("{code} 出现了两次。"), code=step.code)
        seen.add(step.code)


def _check_order(steps: list[tuple[Table, Step]]) -> None:
    """A higher step never asks less of a metric than one below it."""
    below: list[tuple[Step, Condition]] = []
    for table, step in steps:
        if step.alone:
            continue
        for place, condition in enumerate(step.conditions):
            looser = [under for under, asked in below if _asks_less(condition, asked)]
            if looser:
                table.report.add(
                    (*table.path, "conditions", place),
                    _("门槛顺序不对：{code} 对“{metric}”的要求比更低的 {below} 还低。"),
                    code=step.code,
                    metric=condition.metric,
                    below=looser[-1].code,
                )
        below += [(step, condition) for condition in step.conditions]


def _asks_less(condition: Condition, below: Condition) -> bool:
    comparable = (condition.op.is_floor and below.op.is_floor) or (
        condition.op.is_ceiling and below.op.is_ceiling
    )
    same = condition.metric == below.metric and condition.unless == below.unless
    return same and comparable and not at_least_as_strict(condition, below)


def _check_ways(ladder: Ladder, steps: list[tuple[Table, Step]]) -> None:
    """A higher step asks for all that those below ask, and for something more."""
    lower: Step | None = None
    for table, step in steps:
        if step.alone:
            continue
        asked = requirements(ladder, step)
        if lower is not None:
            wanted = requirements(ladder, lower)
            for condition in wanted:
                if condition.metric not in {mine.metric for mine in asked}:
                    table.add(
                        None,
                        _("{code} 没有问“{metric}”，而更低的 {below} 问了。"),
                        code=step.code,
                        metric=condition.metric,
                        below=lower.code,
                    )
            if set(asked) == set(wanted):
                table.add(
                    None,
                    _("{code} 的条件与更低的 {below} 一样，永远轮不到 {below}。"),
                    code=step.code,
                    below=lower.code,
                )
        lower = step
