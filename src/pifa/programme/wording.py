"""The programme in words, the same on pages and in the API."""

from __future__ import annotations

from datetime import time
from fractions import Fraction

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from pifa.programme.models import Verdict
from pifa.programme.rules.asking import Answer
from pifa.programme.rules.calendar import Entry, Shut
from pifa.programme.rules.checkpoints import Outcome
from pifa.programme.rules.days import Dated, DayKind
from pifa.programme.rules.season import Checkpoint, Loses, Measure, Season
from pifa.programme.vocabulary import EVERY
from pifa.rulebook.rules import Condition, Figure, Unit
from pifa.standing.labels import english, step_name
from pifa.standing.models import Kind as StandingKind
from pifa.standing.wording import SIGNS, figure_words

_TIER_CODES = {1: "TIER-PROSPECT", 2: "TIER-ACTIVE", 3: "TIER-CORE", 4: "TIER-KA"}

ENTRIES = {
    Entry.RETURNING: gettext_lazy("老通天，直接报名"),
    Entry.NEWCOMER: gettext_lazy("新通天，彩排通过后报名"),
}

SHUT = {
    Shut.TOO_EARLY: gettext_lazy("还没有开放"),
    Shut.TOO_LATE: gettext_lazy("本季已经截止"),
    Shut.FROZEN: gettext_lazy("冻结期内不能报名"),
    Shut.BARRED: gettext_lazy("因虚假交易被取消参与资格"),
    Shut.MEMBER: gettext_lazy("本季已经报过名"),
    Shut.RETURNING: gettext_lazy("老通天商家不需要彩排，请直接报名"),
    Shut.SIGNED_UP: gettext_lazy("这一轮彩排已经报过名"),
    Shut.NO_REHEARSAL: gettext_lazy("要先在当月报名并通过彩排"),
    Shut.NOT_PASSED: gettext_lazy("当月彩排还没有通过"),
    Shut.OTHER_ROUND: gettext_lazy("通过的是另一个月的彩排，隔月无效"),
}

OUTCOMES = {
    Outcome.KEPT: gettext_lazy("通过，流量标保留或恢复"),
    Outcome.RENEWED: gettext_lazy("通过，留存到下一季"),
    Outcome.TRAFFIC_LOST: gettext_lazy("未通过，去除流量标"),
    Outcome.NOT_RENEWED: gettext_lazy("未通过，去除两个标，不留存"),
    Outcome.FROZEN: gettext_lazy("未通过，去除两个标并冻结"),
}

CAUSES = {
    Verdict.Cause.RUN: gettext_lazy("到期考核"),
    Verdict.Cause.REVISED: gettext_lazy("数据更正后重算"),
    Verdict.Cause.APPEAL: gettext_lazy("申诉成立"),
}

AWAITS = {
    "slots": gettext_lazy("资源位功能"),
    "venues": gettext_lazy("会场功能"),
    "fairs": gettext_lazy("展会报名功能"),
    "paid_traffic": gettext_lazy("商业流量功能"),
    "media": gettext_lazy("媒体推广功能"),
    "matching": gettext_lazy("买家对接功能"),
    "tools": gettext_lazy("营销工具"),
    "subsidies": gettext_lazy("金融补贴功能"),
}

_KINDS = {
    DayKind.SIGNUP: gettext_lazy("彩排报名"),
    DayKind.REHEARSAL: gettext_lazy("彩排考核期"),
    DayKind.ENROLMENT: gettext_lazy("招商报名"),
    DayKind.SEASON: gettext_lazy("活动期"),
    DayKind.PEAK: gettext_lazy("大促当日"),
    DayKind.MARKER: gettext_lazy("节奏目标"),
    DayKind.CHECKPOINT: gettext_lazy("考核"),
    DayKind.CARRIED: gettext_lazy("留存商家保留权益"),
}


def named(one: object) -> str:
    """The name of something of a season in the reader's language: it has `name` and `name_en`."""
    return str(getattr(one, "name_en" if english() else "name"))


def titled(one: object) -> str:
    """The title of a season (or its row) in the reader's language."""
    return str(getattr(one, "title_en" if english() else "title"))


def kind_words(kind: DayKind) -> str:
    """What a dated thing is."""
    return str(_KINDS[kind])


def dated_words(one: Dated, season: Season) -> str:
    """A thing of the calendar: `一月轮：彩排报名`, `CHECK-15 15 号节点`."""
    if one.kind is DayKind.SEASON:
        return titled(season)
    if one.kind in (DayKind.PEAK, DayKind.CARRIED):
        return kind_words(one.kind)
    if one.kind in (DayKind.CHECKPOINT, DayKind.MARKER):
        return named(one)
    if len(season.rounds) == 1:
        return kind_words(one.kind)
    return _("{round}：{phase}").format(round=named(one), phase=kind_words(one.kind))


def asks_words(one: Dated) -> str:
    """What a marker or checkpoint asks: `≥ 月目标的 20%`; empty for others."""
    if one.share is None:
        return ""
    words = _("≥ 大促当日目标的 {share}") if one.peak else _("≥ 月目标的 {share}")
    words = words.format(share=share_words(one.share))
    if one.measure is Measure.CREDIT_DUE:
        return _("大促当日到期的账期 {words}").format(words=words)
    if one.measure is Measure.UNPAID_INVITATIONS:
        return _("待大促当日付款的邀请 {words}").format(words=words)
    return words


def share_words(share: Fraction) -> str:
    """A share in whole percent: `20%`. A part of one is left away: 99.9 % is not 100 %."""
    return f"{int(share * 100)}%"


def hour_words(hour: time | None) -> str:
    """An hour as `01:00`; empty for none."""
    return f"{hour:%H:%M}" if hour else ""


# -------------------------------------------------------------------------- conditions
def label_words(metric: str) -> str:
    """What a figure of entry, rehearsal or tracks is called."""
    word = EVERY[metric]
    return word.label_en if english() else word.label


def figure(metric: str, value: Figure | Fraction) -> str:
    """A figure in its unit; a rank by the name of the step that it stands for."""
    if metric == "tier" and isinstance(value, int):
        return step_name(StandingKind.TIER, _TIER_CODES.get(value, ""))
    return figure_words(value, EVERY[metric].unit, metric)


def asked(condition: Condition, season: Season) -> str:
    """What a condition asks: `≥ 3A`; of the integrity grade those that are accepted."""
    if condition.metric == "grade_accepted":
        return " / ".join(season.grades)
    if isinstance(condition.value, bool):
        return ""
    return f"{SIGNS[condition.op]} {figure(condition.metric, condition.value)}"


def missing(answer: Answer) -> str:
    """How much is missing; empty where nothing is, or it cannot be said in a figure."""
    view, metric = answer.view, answer.asked.condition.metric
    if view.holds or view.missing is None:
        return ""
    unit = EVERY[metric].unit
    if unit is Unit.RANK:
        steps = int(view.missing)
        return ngettext("还差 {amount} 档", "还差 {amount} 档", steps).format(amount=steps)
    amount = figure_words(view.missing, unit)
    if view.condition.op.is_ceiling:
        return _("超出 {amount}").format(amount=amount)
    return _("还差 {amount}").format(amount=amount)


def share_of(answer: Answer) -> int | None:
    """How far a figure has come towards a floor, in whole hundredths; None where no bar helps."""
    view, wanted = answer.view, answer.view.condition.value
    if isinstance(wanted, bool) or not view.condition.op.is_floor or wanted <= 0:
        return None
    value = view.value
    reached = value if isinstance(value, int) or value is None else value.value
    if view.holds or reached is None:
        return 100 if view.holds else 0
    return max(0, min(99, int(Fraction(reached) * 100 / Fraction(wanted))))


# -------------------------------------------------------------------------- checkpoints
def cost_words(checkpoint: Checkpoint) -> str:
    """What missing a checkpoint costs, before it happens."""
    if checkpoint.loses is Loses.TRAFFIC:
        return _("未达到：去除流量标，通天商家标和看板保留；下一个节点达标即恢复。")
    words = _("未达到：去除通天商家标和流量标，不留存。")
    if checkpoint.freeze_below is not None and checkpoint.freeze_months:
        words += ngettext(
            "低于目标的 {share} 还会冻结 {months} 个月，期间不能报名。",
            "低于目标的 {share} 还会冻结 {months} 个月，期间不能报名。",
            checkpoint.freeze_months,
        ).format(share=share_words(checkpoint.freeze_below), months=checkpoint.freeze_months)
    return words


def gain_words(checkpoint: Checkpoint) -> str:
    """What passing a checkpoint brings."""
    if checkpoint.renews:
        return _("达到：两个标保留，可以直接报名下一季。")
    return _("达到：流量标保留或恢复。")
