"""Words that operators read in lists: shorter than what sellers are told (`wording`)."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pifa.programme.rules.calendar import Entry
from pifa.programme.rules.checkpoints import Outcome
from pifa.programme.rules.pace import Pace
from pifa.programme.rules.season import Kind, Season
from pifa.programme.wording import asked, label_words
from pifa.rulebook.rules import Condition

OUTCOMES = {
    Outcome.KEPT: gettext_lazy("达标"),
    Outcome.RENEWED: gettext_lazy("达标留存"),
    Outcome.TRAFFIC_LOST: gettext_lazy("去流量标"),
    Outcome.NOT_RENEWED: gettext_lazy("未留存"),
    Outcome.FROZEN: gettext_lazy("去标冻结"),
}

ENTRIES = {Entry.RETURNING: gettext_lazy("老通天"), Entry.NEWCOMER: gettext_lazy("新通天")}

KINDS = {Kind.GATE: gettext_lazy("门槛"), Kind.REFERENCE: gettext_lazy("参考")}

PACES = {
    Pace.BEHIND: gettext_lazy("落后"),
    Pace.UNKNOWN: gettext_lazy("尚早"),
    Pace.ON_PACE: gettext_lazy("跟得上"),
    Pace.REACHED: gettext_lazy("已达标"),
}


def asked_words(condition: Condition, season: Season) -> str:
    """A condition with its metric: `计划月交易额 ≥ ¥1,000,000.00`, `不是：有严重知识产权侵权`."""
    label = label_words(condition.metric)
    if condition.value is False:
        return _("不是：{label}").format(label=label)
    return f"{label} {asked(condition, season)}".rstrip()
