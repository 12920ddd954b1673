"""Conditions as files write them: a metric of the vocabulary, one comparison, its unit."""

from __future__ import annotations

import re
from difflib import get_close_matches
from fractions import Fraction
from typing import Any, Final

from django.utils.translation import gettext_noop as _

from pifa.kernel.money import Money
from pifa.rulebook.reading.tables import Table
from pifa.rulebook.rules import Condition, MetricWord, Op, Threshold, Unit, Vocabulary

_DECIMAL: Final = re.compile(r"\d{1,15}(?:\.\d{1,12})?")

WRONG_UNIT: Final = {
    Unit.FEN: _('“{metric}”是金额，应写成以元为单位的文字，例如 "12300.00"；这里是 {value}。'),
    Unit.RATIO: _('“{metric}”是比率，应写成小数文字，例如 "0.0006"；这里是 {value}。'),
    Unit.FLAG: _("“{metric}”是是非值，应写 true 或 false；这里是 {value}。"),
    Unit.COUNT: _("“{metric}”是个数，应写不为负的整数；这里是 {value}。"),
    Unit.DAYS: _("“{metric}”是天数，应写不为负的整数；这里是 {value}。"),
    Unit.POINTS: _("“{metric}”是分数，应写不为负的整数；这里是 {value}。"),
    Unit.SCORE: _("“{metric}”是评分，应写不为负的整数；这里是 {value}。"),
    Unit.RANK: _("“{metric}”是级别，应写不为负的整数；这里是 {value}。"),
}


def read_conditions(table: Table, words: Vocabulary) -> tuple[Condition, ...]:
    """The conditions of a step or a grant; none where the file names none."""
    read = [read_condition(entry, words) for entry in table.tables("conditions", needed=False)]
    found = [condition for condition in read if condition is not None]
    seen: set[tuple[str, Op]] = set()
    for condition in found:
        if (condition.metric, condition.op) in seen:
            table.add(
                "conditions", _("“{metric}”在同一处问了两次。"), metric=condition.metric
            )  # fmt: skip
        seen.add((condition.metric, condition.op))
    return tuple(found)


def read_condition(table: Table, words: Vocabulary, within: bool = False) -> Condition | None:
    """One condition, or None if something is wrong with it; `within` an exemption."""
    word = read_metric(table, words)
    op = _op(table)
    unless = None if within else table.table("unless", needed=False)
    exemption = read_condition(unless, words, within=True) if unless else None
    value = _threshold(table, word, op) if word and op else None
    table.close()
    if word is None or op is None or value is None:
        return None
    return Condition(word.name, op, value, exemption)


def read_metric(table: Table, words: Vocabulary) -> MetricWord | None:
    """The metric a table names."""
    name = table.text("metric")
    if name is None or name in words:
        return words[name] if name else None
    near = get_close_matches(name, words, 1)
    if near:
        table.add(
            "metric", _("不认识指标“{metric}”。是“{near}”吗？"), metric=name, near=near[0]
        )  # fmt: skip
    else:
        known = "、".join(sorted(words))
        table.add("metric", _("不认识指标“{metric}”。可用：{known}。"), metric=name, known=known)
    return None


def parsed(value: Any, unit: Unit) -> Threshold | None:
    """A value of the file in its unit: yuan as text become fen; None if it is not of the unit."""
    if unit is Unit.FLAG:
        return value if isinstance(value, bool) else None
    if unit in (Unit.FEN, Unit.RATIO):
        if not isinstance(value, str) or not _DECIMAL.fullmatch(value):
            return None
        try:
            return Money.yuan(value).fen if unit is Unit.FEN else Fraction(value)
        except ValueError:
            return None
    if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        return value
    return None


def _op(table: Table) -> Op | None:
    written = [op for op in Op if op in table.data]
    for op in written:
        table.take(op)
    if len(written) == 1:
        return written[0]
    table.add(
        None,
        _("一个条件要有且只有一个比较（{ops}），这里有 {count} 个。"),
        ops="、".join(Op),
        count=len(written),
    )
    return None


def _threshold(table: Table, word: MetricWord, op: Op) -> Threshold | None:
    written = table.take(op)
    value = parsed(written, word.unit)
    if value is None:
        table.add(op, WRONG_UNIT[word.unit], metric=word.name, value=as_written(written))
    elif word.unit is Unit.FLAG and op is not Op.IS:
        table.add(op, _("“{metric}”是是非值，只能用 is 比较。"), metric=word.name)
        return None
    return value


def as_written(value: Any) -> str:
    """A value about as it stands in the file."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return f'"{value}"' if isinstance(value, str) else str(value)
