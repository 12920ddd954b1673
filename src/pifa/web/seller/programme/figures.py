"""The dashboard's figures in words: pace, coming checkpoints, markers, the peak day by the hour."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from pifa.kernel import clock
from pifa.kernel.money import Money
from pifa.programme import wording
from pifa.programme.queries.dashboard import Dashboard, VerdictView
from pifa.programme.rules.checkpoints import Ahead, MarkerView, at_this_pace, target_of
from pifa.programme.rules.season import Measure, Target
from pifa.web.kit.formats import day_text, money_short_text
from pifa.web.seller.programme.frame import days_words

HOURS = 24


@dataclass(frozen=True, slots=True)
class AheadRow:
    """A checkpoint to come: how it looks at this pace, and what it would cost or bring."""

    code: str
    name: str
    days: str
    runs: str
    so_far: int
    asked: int
    state: str
    words: str
    cost: str
    gain: str


@dataclass(frozen=True, slots=True)
class MarkerRow:
    """A marker; `state` is ok once it is reached, bad once it can be reached no more."""

    code: str
    name: str
    days: str
    asked: int
    measured: int
    share: str
    words: str
    state: str
    hour: int


@dataclass(frozen=True, slots=True)
class VerdictRow:
    """A verdict, explained."""

    view: VerdictView
    name: str
    rule: str
    outcome: str
    cause: str
    words: str
    share: str
    share_asked: str


def figures_of(found: Dashboard) -> dict[str, Any]:
    """All figures that follow the money."""
    season, today = found.season, found.today
    begun = today >= season.span.first
    return {
        "begun": begun,
        "share": wording.share_words(found.share),
        "pace": wording.share_words(found.elapsed),
        "behind": found.behind,
        "so_far": found.so_far_fen,
        "month": found.month_fen,
        "missing": max(found.month_fen - found.so_far_fen, 0),
        "today": found.today_fen,
        "same_day": found.same_day_fen,
        "against": _against(found),
        "rank": found.rank,
        "ahead": [_ahead(one, found) for one in found.ahead],
        "markers": [_marker(one, found) for one in found.markers],
        "pace_chart": _pace(found) if begun else None,
        "peak": _peak(found),
        "now": clock.now(),
    }


def _against(found: Dashboard) -> tuple[str, str]:
    """Today against the same day of last month by this time, in words, with its state."""
    before = found.same_hour_fen
    if not before:
        return _("上月同日此时还没有成交"), "info"
    change = Fraction(found.today_fen - before, before)
    shown = f"{int(abs(change) * 100)}%"
    amount = money_short_text(Money(before))
    if change < 0:
        words = _("比上月同日此时（{amount}）少 {share}")
        return words.format(amount=amount, share=shown), "warn"
    words = _("比上月同日此时（{amount}）多 {share}")
    return words.format(amount=amount, share=shown), "ok"


def _ahead(one: Ahead, found: Dashboard) -> AheadRow:
    check = one.checkpoint
    state = {True: "ok", False: "bad", None: "info"}[one.will_pass]
    runs = f"{day_text(check.runs_on, found.today)} {wording.hour_words(check.runs_at)}"
    return AheadRow(
        code=check.code,
        name=wording.named(check),
        days=days_words(check.span.first, check.span.last),
        runs=runs,
        so_far=one.so_far_fen,
        asked=one.asked_fen,
        state=state,
        words=_ahead_words(one, found),
        cost=wording.cost_words(check),
        gain=wording.gain_words(check),
    )


def _ahead_words(one: Ahead, found: Dashboard) -> str:
    """`按目前的节奏到 15 日为 17%，要求 20%，还差 ¥86,000.00，还有 10 天。`"""
    check = one.checkpoint
    if one.missing_fen == 0:
        return _("已达到要求。")
    missing = Money(one.missing_fen)
    waits = (check.span.first - found.today).days
    left = _("今天是最后一天")
    if waits > 0:
        left = ngettext("{days} 天后开始", "{days} 天后开始", waits).format(days=waits)
    elif one.days_left > 1:
        left = ngettext("还有 {days} 天", "还有 {days} 天", one.days_left).format(
            days=one.days_left
        )
    if one.at_this_pace_fen is None:
        return _("还差 {missing}，{left}。").format(missing=missing, left=left)
    target = target_of(check.target, found.month_fen, found.peak_fen)
    return _("按目前的节奏到 {day} 为 {share}，要求 {asked}，还差 {missing}，{left}。").format(
        day=day_text(check.span.last, found.today),
        share=wording.share_words(Fraction(one.at_this_pace_fen, target)),
        asked=wording.share_words(check.pass_at),
        missing=missing,
        left=left,
    )


def _marker(one: MarkerView, found: Dashboard) -> MarkerRow:
    marker, today = one.marker, found.today
    target = target_of(marker.target, found.month_fen, found.peak_fen)
    over = today > marker.span.last
    if marker.until < HOURS and today == marker.span.last:
        over = len(found.by_hour) > marker.until
    build_up = marker.measure is not Measure.SALES
    if one.reached:
        state, words = "ok", _("已达到")
    elif over:
        state, words = "bad", _("没有达到，差 {missing}").format(missing=Money(one.missing_fen))
    else:
        state = "warn" if today >= marker.span.first else "info"
        words = _("还差 {missing}").format(missing=Money(one.missing_fen))
    return MarkerRow(
        code=marker.code,
        name=wording.named(marker),
        days=days_words(marker.span.first, marker.span.last),
        asked=one.asked_fen,
        measured=one.measured_fen,
        share=_("{share}，要求 {asked}").format(
            share=wording.share_words(Fraction(one.measured_fen, target)),
            asked=wording.share_words(marker.share),
        )
        if target
        else "",
        words=words,
        state=state,
        hour=marker.until if marker.target is Target.PEAK and not build_up else 0,
    )  # fmt: skip


def _pace(found: Dashboard) -> dict[str, Any]:
    """Sums of the season's days so far, and where they lead at this pace."""
    span = found.season.span
    length = (span.last - span.first).days + 1
    last = min(found.today, span.last)
    points, total = [], 0
    for place in range((last - span.first).days + 1):
        day = span.first + timedelta(days=place)
        total += found.by_day.get(day, 0)
        points.append((day_text(day, found.today), max(total, 0)))
    projected = at_this_pace(span, total, found.today_fen, found.today)
    return {
        "data": points,
        "many": length,
        "target": found.month_fen,
        "projected": None if projected is None else max(projected, total, 0),
        "ends": (day_text(span.first, found.today), day_text(span.last, found.today)),
    }


def _peak(found: Dashboard) -> dict[str, Any] | None:
    """The peak day by the hour, once it has begun."""
    peak = found.season.peak
    if peak is None or not found.by_hour:
        return None
    # What went back in an hour may be more than what came; a drawing starts at zero.
    come = [max(fen, 0) for fen in found.by_hour]
    hours = [*come, *[0] * (HOURS - len(come))]
    sold = sum(found.by_hour)
    marks = [one for one in found.markers if one.marker.target is Target.PEAK
             and one.marker.measure is Measure.SALES]  # fmt: skip
    return {
        "day": day_text(peak, found.today),
        "data": [(f"{hour:02}:00", fen) for hour, fen in enumerate(hours)],
        "current": len(found.by_hour) - 1 if found.today == peak else None,
        "sold": sold,
        "target": found.peak_fen,
        "share": wording.share_words(Fraction(sold, found.peak_fen)) if found.peak_fen else "",
        "marks": [one.marker.until for one in marks if one.marker.until < HOURS],
        "rows": [_marker(one, found) for one in marks],
    }


def verdict_rows(found: Dashboard) -> list[VerdictRow]:
    """The verdicts that hold, each with what its numbers say."""
    rows = []
    for view in found.verdicts:
        check = found.season.checkpoint(view.checkpoint)
        measured, asked = Money(view.measured_fen), Money(view.asked_fen)
        days = days_words(check.span.first, check.span.last)
        if view.passed:
            words = _("{days} 完成 {measured}，达到要求的 {asked}。")
        else:
            words = _("{days} 完成 {measured}，要求 {asked}，差 {missing}。")
        rows.append(
            VerdictRow(
                view=view,
                name=wording.named(check),
                rule=check.code,
                outcome=str(wording.OUTCOMES[view.outcome]),
                cause=str(wording.CAUSES[view.cause]) if view.cause != "run" else "",  # type: ignore[index]
                words=words.format(
                    days=days, measured=measured, asked=asked, missing=Money(view.missing_fen)
                ),
                share=wording.share_words(view.share),
                share_asked=wording.share_words(check.pass_at),
            )
        )
    return rows
