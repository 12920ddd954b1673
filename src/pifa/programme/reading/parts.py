"""The parts of a season's file, one reader each; whatever is wrong stands in the report."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext_noop as _

from pifa.programme.reading.asking import named, read_asked
from pifa.programme.reading.fields import Days, fen, hour, share, whole, word
from pifa.programme.reading.giving import read_benefit, read_track, read_trade
from pifa.programme.rules.season import (
    Checkpoint,
    Department,
    Loses,
    Marker,
    Measure,
    Rehearsing,
    Round,
    Season,
    Target,
)
from pifa.programme.vocabulary import ENTRY, REHEARSAL
from pifa.rulebook.reading.tables import Table


def read_season(top: Table, days: Days) -> Season | None:
    """The season a file says; None where something that everything hangs on is missing."""
    code, title, title_en, source = (
        top.text(key) or "" for key in ("code", "title", "title_en", "source")
    )
    if days.month is not None:
        code = f"{code}-{days.month:%Y-%m}"
        title = f"{title}（{days.month.year} 年 {days.month.month} 月）"
        title_en = f"{title_en}, {days.month:%Y-%m}"
    span = days.span(top, None)
    peak = days.peak = _peak(top, days)
    carried = days.day(top, "carried_until")
    rounds = [_round(table, days) for table in top.tables("rounds")]
    returning = days.span(top, "returning")
    departments = _departments(top, peak)
    entry = _entry(top)
    rehearsing = _rehearsing(top)
    checkpoints = [_checkpoint(t, days) for t in top.tables("checkpoints") if _meant(t, days, peak)]
    entries = top.tables("markers", needed=False)
    markers = [_marker(t, days) for t in entries if _meant(t, days, peak)]
    benefits = [read_benefit(table) for table in top.tables("benefits", needed=False)]
    trade = [read_trade(table) for table in top.tables("trade", needed=False)]
    tracks = [read_track(table) for table in top.tables("tracks", needed=False)]
    ruled = whole(top, "ruled_orders", 0, 1000, default=1)
    if span is None or carried is None or returning is None or rehearsing is None:
        return None
    return Season(
        code=code,
        title=title,
        title_en=title_en,
        source=source,
        span=span,
        peak=peak,
        carried_until=carried,
        rounds=tuple(one for one in rounds if one),
        returning=returning,
        departments=tuple(departments),
        grades=entry["grades"],
        entry=entry["conditions"],
        opinions=entry["opinions"],
        rehearsing=rehearsing,
        checkpoints=_in_time([one for one in checkpoints if one], days),
        markers=tuple(one for one in markers if one),
        benefits=tuple(one for one in benefits if one),
        tracks=tuple(one for one in tracks if one),
        trade=tuple(one for one in trade if one),
        ruled_orders=ruled if ruled is not None else 1,
    )


def _peak(top: Table, days: Days) -> date | None:
    """The peak day; a template lists those of the year and takes its month's."""
    if days.month is None:
        return days.day(top, "peak", needed=False)
    found = None
    for table in top.tables("peaks", needed=False):
        month, day = whole(table, "month", 1, 12), whole(table, "day", 1, 31)
        table.close()
        if month == days.month.month and day is not None:
            found = date(days.month.year, month, day)
    return found


def _meant(table: Table, days: Days, peak: date | None) -> bool:
    """A template's checkpoints and markers against the peak are meant for months that have one."""
    return days.month is None or peak is not None or table.data.get("target") != Target.PEAK


def _in_time(found: list[Checkpoint], days: Days) -> tuple[Checkpoint, ...]:
    """In a template the peak's place among them differs by month; elsewhere they stay as written."""
    if days.month is None:
        return tuple(found)
    return tuple(sorted(found, key=lambda one: (one.runs_on, one.runs_at)))


def _round(table: Table, days: Days) -> Round | None:
    code, (name, name_en) = table.text("code"), named(table)
    spans = [days.span(table, key) for key in ("rehearsal_signup", "rehearsal", "enrolment")]
    table.close()
    signup, measured, enrolment = spans
    if code is None or signup is None or measured is None or enrolment is None:
        return None
    return Round(code, name, name_en, signup, measured, enrolment)


def _departments(top: Table, peak: date | None) -> list[Department]:
    table = top.table("departments")
    found = []
    for code in table.data if table else ():
        assert table is not None
        one = table.table(code)
        if one is None:
            continue
        name, name_en = named(one)
        categories = one.texts("categories")
        month, at_peak = fen(one, "month_floor_yuan"), fen(one, "peak_floor_yuan")
        one.close()
        if month is not None and at_peak is not None:
            floor = at_peak if peak else 0
            found.append(Department(code, name, name_en, tuple(categories), month, floor))
    return found


def _entry(top: Table) -> dict[str, Any]:
    table = top.table("entry")
    if table is None:
        return {"grades": (), "conditions": (), "opinions": 2}
    grades = tuple(table.texts("grades"))
    opinions = whole(table, "exception_opinions", 1, 5, default=2) or 2
    conditions = tuple(
        asked
        for each in table.tables("conditions")
        if (asked := read_asked(each, ENTRY, staged=True)) is not None
    )
    table.close()
    return {"grades": grades, "conditions": conditions, "opinions": opinions}


def _rehearsing(top: Table) -> Rehearsing | None:
    table = top.table("rehearsal")
    if table is None:
        return None
    channels, methods = table.texts("channels"), table.texts("methods")
    large = fen(table, "large_yuan")
    conditions = [read_asked(each, REHEARSAL) for each in table.tables("conditions")]
    table.close()
    if large is None:
        return None
    return Rehearsing(
        tuple(channels), tuple(methods), large, tuple(one for one in conditions if one)
    )


def _checkpoint(table: Table, days: Days) -> Checkpoint | None:
    code, (name, name_en) = table.text("code"), named(table)
    target, loses = word(table, "target", Target), word(table, "loses", Loses)
    span = days.span(table, None)
    runs_on, runs_at = days.day(table, "runs_on"), hour(table, "runs_at")
    pass_at = share(table, "pass_rate")
    freeze = share(table, "freeze_below_rate", needed=False)
    months = whole(table, "freeze_months", 1, 24, default=0) or 0
    renews = table.flag("renews")
    table.close()
    if freeze is not None and not months:
        table.add(
            "freeze_below_rate", _("写了 freeze_below_rate，还要写 freeze_months（几个月）。")
        )
    if pass_at is not None and freeze is not None and freeze > pass_at:
        table.add("freeze_below_rate", _("冻结线不能高于通过线，否则通过的商家也会被冻结。"))
    if code is None or target is None or loses is None or span is None:
        return None
    if runs_on is None or runs_at is None or pass_at is None:
        return None
    return Checkpoint(
        code, name, name_en, target, span, runs_on, runs_at, pass_at, loses, freeze, months, renews
    )


def _marker(table: Table, days: Days) -> Marker | None:
    code, (name, name_en) = table.text("code"), named(table)
    measure, target = word(table, "measure", Measure), word(table, "target", Target)
    span, part = days.span(table, None), share(table, "rate")
    until = whole(table, "until_hour", 1, 24, default=24)
    table.close()
    if code is None or measure is None or target is None or span is None:
        return None
    if part is None or until is None:
        return None
    return Marker(code, name, name_en, measure, target, span, part, until)
