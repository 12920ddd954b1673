"""Why a file is in the morning's list, in words with its figures."""

from __future__ import annotations

from datetime import date, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from pifa.crm.models import CustomerFile, FileFigures
from pifa.crm.rules import reorder
from pifa.crm.rules.duplicates import Why
from pifa.crm.rules.standing import SOON
from pifa.kernel.money import Money


def why_due(file: CustomerFile, figures: FileFigures, today: date) -> str:
    """Its own rhythm, when goods run out, and how likely it buys; as far as they are known."""
    parts = []
    if rhythm := _rhythm(figures, today):
        parts.append(rhythm)
    if figures.runs_out is not None and figures.runs_out <= today + timedelta(days=SOON):
        parts.append(_runs_out(file, figures, today))
    if figures.likely:
        parts.append(
            _("{ahead} 天内再进货的可能 {chance}%").format(
                ahead=reorder.AHEAD, chance=round(figures.chance / 10)
            )
        )
    return _("；").join(parts)


def why_slipping(figures: FileFigures, today: date) -> str:
    """Its rhythm, and how many times that it has been away."""
    assert figures.interval
    assert figures.last_day
    times = (today - figures.last_day).days / figures.interval
    return _("{rhythm}，已是平时的 {times} 倍；进过 {days} 次，共 {amount}").format(
        rhythm=_rhythm(figures, today),
        times=f"{times:.1f}",
        days=figures.days,
        amount=Money(figures.amount_fen),
    )


def why_top(figures: FileFigures, today: date) -> str:
    """What it paid, how often it came, and when last."""
    assert figures.last_day
    return _("累计 {amount}，进过 {days} 次，{ago}").format(
        amount=Money(figures.amount_fen), days=figures.days, ago=_ago(figures.last_day, today)
    )


def why_followup(file: CustomerFile, today: date) -> str:
    """What was to be done, and since when."""
    assert file.next_day
    late = (today - file.next_day).days
    if late <= 0:
        return _("今天：{action}").format(action=file.next_action)
    words = ngettext("已过 {late} 天：{action}", "已过 {late} 天：{action}", late)
    return words.format(late=late, action=file.next_action)


def why_alike(why: tuple[Why, ...]) -> str:
    """What two files have in common."""
    words = {
        Why.PHONE: _("电话相同"),
        Why.NAME: _("名称相同"),
        Why.ADDRESS: _("地址相同"),
    }
    return _("、").join(words[one] for one in why)


def _rhythm(figures: FileFigures, today: date) -> str:
    if figures.last_day is None:
        return ""
    ago = _ago(figures.last_day, today)
    if not figures.interval:
        return _("只进过 1 次货，{ago}").format(ago=ago)
    words = ngettext(
        "每 {interval} 天进货一次，{ago}", "每 {interval} 天进货一次，{ago}", figures.interval
    )
    return words.format(interval=figures.interval, ago=ago)


def _ago(day: date, today: date) -> str:
    days = (today - day).days
    if days <= 0:
        return _("今天刚进过货")
    return ngettext("上次 {days} 天前", "上次 {days} 天前", days).format(days=days)


def _runs_out(file: CustomerFile, figures: FileFigures, today: date) -> str:
    assert figures.runs_out
    assert figures.last_day
    left = (figures.runs_out - today).days
    head = _("每天用 {usage}{unit}，上次进 {pieces}").format(
        usage=f"{file.daily_usage:,}",
        unit=file.usage_unit,
        pieces=f"{figures.last_pieces:,}",
    )
    if left > 0:
        tail = ngettext("还够 {left} 天", "还够 {left} 天", left).format(left=left)
    elif left == 0:
        tail = _("今天用完")
    else:
        tail = ngettext("已用完 {late} 天", "已用完 {late} 天", -left).format(late=-left)
    return _("{head}，{tail}").format(head=head, tail=tail)
