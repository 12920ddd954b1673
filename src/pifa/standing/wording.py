"""Standing in words, the same on pages, in notices, in the API and on the command line."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from pifa.kernel.money import Money
from pifa.rulebook.rules import Condition, Figure, Op, Ratio, Step, Unit
from pifa.standing.labels import english, named, step_name
from pifa.standing.models import Kind
from pifa.standing.queries.explaining import ConditionLine, Explained, LadderStory
from pifa.standing.vocabulary import CREDIT_RANK, MEDAL, VOCABULARY

SIGNS = {Op.AT_LEAST: "≥", Op.AT_MOST: "≤", Op.ABOVE: ">", Op.BELOW: "<", Op.IS: "="}
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def ladder_name(story: LadderStory) -> str:
    """What the ladder is called."""
    return story.ladder.name_en if english() else story.ladder.name


def step_words(step: Step | None) -> str:
    """A step as it is spoken of; a dash for none."""
    return named(step)


def figure_words(figure: Figure | Fraction, unit: Unit, metric: str = "") -> str:
    """A figure in its unit; a dash for one that is not known. Ranks are told by their names."""
    if figure is None:
        return "—"
    if metric == MEDAL and isinstance(figure, int):
        return f"{figure}A" if figure else _("无勋章")
    if metric == CREDIT_RANK and isinstance(figure, int):
        return step_name(Kind.CREDIT, str(figure))
    if isinstance(figure, bool):
        return _("是") if figure else _("否")
    if unit is Unit.FEN:
        return str(Money(int(figure if not isinstance(figure, Ratio) else 0)))
    if unit is Unit.RATIO:
        return _percent(figure)
    if unit is Unit.DAYS:
        assert isinstance(figure, int)
        return ngettext("{count} 天", "{count} 天", figure).format(count=figure)
    return f"{figure:,}" if isinstance(figure, int) else str(figure)


def _percent(figure: Ratio | Fraction | int) -> str:
    value = figure.value if isinstance(figure, Ratio) else Fraction(figure)
    if value is None:
        return _("无订单可比")
    return f"{float(value * 100):.2f}%"


def label_words(metric: str) -> str:
    """What a metric is called."""
    word = VOCABULARY[metric]
    return word.label_en if english() else word.label


def measure_words(metric: str, figure: Figure | Fraction) -> str:
    """A figure of a metric in its unit; a rank by the name of the step that it stands for."""
    return figure_words(figure, VOCABULARY[metric].unit, metric)


def asked_words(condition: Condition) -> str:
    """What a condition asks of its metric: `≥ ¥200,000.00`; empty for a flag."""
    if isinstance(condition.value, bool):
        return ""
    return f"{SIGNS[condition.op]} {measure_words(condition.metric, condition.value)}"


def condition_words(line: ConditionLine) -> str:
    """What is asked, as `rule_words` says it."""
    return rule_words(line.view.condition)


def rule_words(condition: Condition) -> str:
    """`近30天累计销售金额 ≥ ¥200,000.00`; with the exemption, if it has one."""
    words = _asked(condition)
    if condition.unless is not None:
        words += _("（{exemption} 时免考核）").format(exemption=_asked(condition.unless))
    return words


def exemption_words(line: ConditionLine) -> str:
    """Whom the condition is not asked of; empty if everybody is asked."""
    unless = line.view.condition.unless
    return "" if unless is None else _asked(unless)


def _asked(condition: Condition) -> str:
    label = label_words(condition.metric)
    if condition.value is False:
        return _("不是：{label}").format(label=label)
    return " ".join(filter(None, (label, asked_words(condition))))


def value_words(line: ConditionLine) -> str:
    """The company's own figure."""
    words = measure_words(line.metric, line.view.value)
    return _("{value}（免考核）").format(value=words) if line.view.exempt else words


def missing_words(line: ConditionLine) -> str:
    """How much is missing; empty where nothing is, or it cannot be said in a figure."""
    view = line.view
    if view.holds or view.missing is None:
        return ""
    if line.unit is Unit.RANK:
        steps = int(view.missing)
        return ngettext("还差 {amount} 档", "还差 {amount} 档", steps).format(amount=steps)
    amount = figure_words(view.missing, line.unit)
    if view.condition.op.is_ceiling:
        return _("超出 {amount}").format(amount=amount)
    return _("还差 {amount}").format(amount=amount)


def change_words(story: LadderStory) -> str:
    """When the standing changes by itself, and what would keep it; empty if it does not."""
    change = story.change
    if change is None:
        return ""
    figures = {"day": day_words(change.day), "old": named(change.old), "new": named(change.new)}
    if not change.falls:
        return _("若保持现状，{day}起升为 {new}。").format(**figures)
    words = _("若没有新的变化，{day}起由 {old} 降为 {new}").format(**figures)
    if story.leaving:
        leaving = _("、").join(day_words(day) for day in story.leaving)
        words += _("：{days}及以前的记录不再计入").format(days=leaving)
    keep = keep_words(story)
    return words + _("。") + keep


_ONCE = {
    "last_backend_login": gettext_lazy("登录一次卖家中心"),
    "last_chat_reply": gettext_lazy("回复一次买家的消息"),
}
"""What sets days since something back to none, by metric."""


def keep_words(story: LadderStory) -> str:
    """What would keep the step that is about to be lost, and by when; empty if no figure can."""
    change = story.change
    if change is None or not change.falls:
        return ""
    asked = []
    for view in change.lacking:
        unit = VOCABULARY[view.condition.metric].unit
        label = label_words(view.condition.metric)
        if unit is Unit.RANK:
            step = measure_words(view.condition.metric, view.condition.value)
            asked.append(_("{label}不低于 {step}").format(label=label, step=step))
        elif view.missing is not None and view.condition.op.is_floor:
            amount = figure_words(view.missing, unit)
            asked.append(_("{label}再增加 {amount}").format(label=label, amount=amount))
        elif unit is Unit.DAYS:
            once = _ONCE.get(view.condition.metric)
            asked.append(
                str(once) if once else _("{label}重新计起（有一次新的即可）").format(label=label)
            )
        elif isinstance(view.condition.value, bool):
            asked.append(label)
    if not asked:
        return ""
    return _("{day}结束前做到即可保住：{asked}。").format(
        day=day_words(change.before), asked=_("，").join(asked)
    )


def day_words(day: date) -> str:
    """A market day as a person says it: 7月4日, 4 July."""
    if english():
        return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"
    return f"{day.month}月{day.day}日"


def as_data(told: Explained) -> dict[str, Any]:
    """The explanation as plain values: figures exact, words in the reader's language."""
    return {
        "company_id": told.company_id,
        "day": told.day.isoformat(),
        "rated": told.rated,
        "rulebook": {"effective": told.book.effective.isoformat(), "digest": told.book.digest},
        "credit": {"score": told.credit.points, "rank": told.credit.band.rank},
        "figures": {name: plain(figure) for name, figure in told.figures.items()},
        "ladders": [_story(story) for story in told.stories],
    }


def _story(story: LadderStory) -> dict[str, Any]:
    change = story.change
    return {
        "kind": story.kind,
        "ladder": story.ladder.code,
        "name": ladder_name(story),
        "held": _step(story.held),
        "next": _step(story.next),
        "conditions": [_condition(line) for line in story.conditions],
        "kept": [_condition(line) for line in story.kept],
        "change": change
        and {
            "day": change.day.isoformat(),
            "before": change.before.isoformat(),
            "new": _step(change.new),
            "falls": change.falls,
            "leaving": [day.isoformat() for day in story.leaving],
            "words": change_words(story),
        },
    }


def _step(step: Step | None) -> dict[str, Any] | None:
    if step is None:
        return None
    return {"code": step.code, "rank": step.rank, "rule": step.rule_id, "name": named(step)}


def _condition(line: ConditionLine) -> dict[str, Any]:
    view = line.view
    return {
        "metric": line.metric,
        "label": label_words(line.metric),
        "unit": line.unit.value,
        "op": view.condition.op.value,
        "threshold": plain(view.condition.value),
        "value": plain(view.value),
        "holds": view.holds,
        "exempt": view.exempt,
        "missing": plain(view.missing),
        "words": " ".join(filter(None, (condition_words(line), missing_words(line)))),
    }


def plain(figure: Figure | Fraction) -> Any:
    """A figure as JSON can hold it: money in fen, a ratio by numerator and denominator."""
    if isinstance(figure, Ratio):
        return {"numerator": figure.num, "denominator": figure.den}
    if isinstance(figure, Fraction):
        return {"numerator": figure.numerator, "denominator": figure.denominator}
    return figure
