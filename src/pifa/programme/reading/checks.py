"""What makes a season impossible though each of its values is sound."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext_noop as _

from pifa.programme.rules.season import Measure, Season, Span, Target
from pifa.rulebook.reading.tables import Table


def check(season: Season, top: Table, categories: Mapping[str, str] | None) -> None:
    """Report all that does not fit together."""
    _once(top, "rounds", (one.code for one in season.rounds))
    _once(top, "checkpoints", (one.code for one in season.checkpoints))
    _once(top, "markers", (one.code for one in season.markers))
    _once(top, "benefits", (one.code for one in season.benefits))
    _once(top, "tracks", (one.code for one in season.tracks))
    _rounds(season, top)
    _days(season, top)
    _checkpoints(season, top)
    _markers(season, top)
    _departments(season, top, categories)
    _of_departments(season, top)


def _add(top: Table, path: tuple[str | int, ...], template: str, /, **figures: Any) -> None:
    top.report.add(path, template, **figures)


def _once(top: Table, part: str, codes: Iterable[str]) -> None:
    for code, times in Counter(codes).items():
        if times > 1:
            _add(top, (part,), _("“{code}”在 {part} 中出现了 {times} 次，请各取一个名字。"),
                 code=code, part=part, times=times)  # fmt: skip


_PHASES = ("rehearsal_signup", "rehearsal", "enrolment")


def _rounds(season: Season, top: Table) -> None:
    """Phases of one kind follow each other; a rehearsal is over before its enrolment is."""
    for key in _PHASES:
        earlier = None
        for place, one in enumerate(season.rounds):
            span: Span = getattr(one, key)
            if earlier is not None and span.first <= earlier.last:
                _add(
                    top,
                    ("rounds", place, key),
                    _("第 {place} 轮的 {phase} 从 {first} 开始，与上一轮（到 {last} 为止）重叠；"
                      "请改到 {last} 之后。"),
                    place=place + 1, phase=key, first=span.first.isoformat(),
                    last=earlier.last.isoformat(),
                )  # fmt: skip
            earlier = span
    for place, one in enumerate(season.rounds):
        if one.rehearsal_signup.last > one.rehearsal.last:
            _add(top, ("rounds", place, "rehearsal_signup"),
                 _("彩排报名到 {last} 才截止，晚于彩排考核结束（{end}）；请提前。"),
                 last=one.rehearsal_signup.last.isoformat(),
                 end=one.rehearsal.last.isoformat())  # fmt: skip
        if one.enrolment.last < one.rehearsal.last:
            _add(top, ("rounds", place, "enrolment"),
                 _("招商报名 {last} 截止，早于彩排考核结束（{end}），彩排后来不及报名；请推迟。"),
                 last=one.enrolment.last.isoformat(),
                 end=one.rehearsal.last.isoformat())  # fmt: skip
        if one.enrolment.last >= season.span.first:
            _add(top, ("rounds", place, "enrolment"),
                 _("招商报名到 {last} 才截止，但活动 {first} 就开始；请在活动开始前截止。"),
                 last=one.enrolment.last.isoformat(),
                 first=season.span.first.isoformat())  # fmt: skip


def _days(season: Season, top: Table) -> None:
    if season.peak is not None and season.peak not in season.span:
        _add(top, ("peak",), _("大促当日 {peak} 不在活动期间 {first} 到 {last} 之内。"),
             peak=season.peak.isoformat(), first=season.span.first.isoformat(),
             last=season.span.last.isoformat())  # fmt: skip
    if season.returning.last >= season.span.first:
        _add(top, ("returning",), _("老通天所看的月份要在活动开始（{first}）之前结束。"),
             first=season.span.first.isoformat())  # fmt: skip
    if season.carried_until < season.span.last:
        _add(top, ("carried_until",), _("carried_until 不能早于活动结束（{last}）。"),
             last=season.span.last.isoformat())  # fmt: skip


def _checkpoints(season: Season, top: Table) -> None:
    before = None
    for place, one in enumerate(season.checkpoints):
        path = ("checkpoints", place)
        if one.runs_on <= one.span.last:
            _add(top, (*path, "runs_on"),
                 _("{code} 在 {runs} 考核，但考核期到 {last} 才结束；请改到 {last} 之后。"),
                 code=one.code, runs=one.runs_on.isoformat(),
                 last=one.span.last.isoformat())  # fmt: skip
        _within(season, top, path, one.code, one.span)
        _has_peak(season, top, path, one.code, one.target)
        if before is not None and (one.runs_on, one.runs_at) <= before:
            _add(top, (*path, "runs_on"), _("{code} 应晚于它前面的考核节点；请按时间先后排列。"),
                 code=one.code)  # fmt: skip
        before = (one.runs_on, one.runs_at)


def _markers(season: Season, top: Table) -> None:
    for place, one in enumerate(season.markers):
        path = ("markers", place)
        _within(season, top, path, one.code, one.span)
        _has_peak(season, top, path, one.code, one.target)
        if one.measure is not Measure.SALES and season.peak is None:
            _add(top, (*path, "measure"), _("{code} 看的是大促当日到账的钱，但本季没有大促当日。"),
                 code=one.code)  # fmt: skip


def _within(season: Season, top: Table, path: tuple[str | int, ...], code: str, span: Span) -> None:
    if span.first not in season.span or span.last not in season.span:
        _add(top, path, _("{code} 的日期应在活动期间 {first} 到 {last} 之内。"), code=code,
             first=season.span.first.isoformat(), last=season.span.last.isoformat())  # fmt: skip


def _has_peak(
    season: Season, top: Table, path: tuple[str | int, ...], code: str, target: Target
) -> None:
    if target is Target.PEAK and season.peak is None:
        _add(top, (*path, "target"), _("{code} 考核大促当日目标，但本季没有写 peak（大促当日）。"),
             code=code)  # fmt: skip


def _departments(season: Season, top: Table, categories: Mapping[str, str] | None) -> None:
    seen: dict[str, str] = {}
    for one in season.departments:
        for slug in one.categories:
            path = ("departments", one.code, "categories")
            if slug in seen:
                _add(top, path, _("类目 {slug} 已属于部门“{other}”，只能属于一个部门。"),
                     slug=slug, other=seen[slug])  # fmt: skip
            seen.setdefault(slug, one.code)
    for slug, name in (categories or {}).items():
        if slug not in seen:
            _add(top, ("departments",),
                 _("一级类目“{name}”（{slug}）不属于任何部门；请把它加进一个部门的 categories。"),
                 name=name, slug=slug)  # fmt: skip


def _of_departments(season: Season, top: Table) -> None:
    known = {one.code for one in season.departments}
    named: list[tuple[str, str | int, str]] = [
        *(("benefits", place, code) for place, one in enumerate(season.benefits)
          for code in one.departments),
        *(("tracks", place, asked.department) for place, one in enumerate(season.tracks)
          for asked in one.conditions if asked.department),
        *(("entry", "conditions", asked.department) for asked in season.entry if asked.department),
    ]  # fmt: skip
    for part, place, code in named:
        if code not in known:
            _add(top, (part, place), _("没有部门“{code}”。可用：{known}。"), code=code,
                 known="、".join(sorted(known)))  # fmt: skip
    kinds = {one.code for one in season.trade}
    for place, track in enumerate(season.tracks):
        for asked in track.conditions:
            kind = asked.condition.metric.rpartition("_")[0]
            if kind in _SCENES and kind not in kinds:
                _add(top, ("tracks", place),
                     _("“{metric}”要数 {kind} 的订单，请在 [[trade]] 中写明它是哪些场景。"),
                     metric=asked.condition.metric, kind=kind)  # fmt: skip


_SCENES = frozenset({"reseller", "group_buy", "cross_border", "micro", "processing"})
