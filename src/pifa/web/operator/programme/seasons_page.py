"""Seasons: what is published and how its checkpoints went, publishing one, running one dry."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pifa.kernel import audit
from pifa.kernel.money import Money
from pifa.kernel.sheets import Column, ColumnKind
from pifa.kernel.sheets.answers import WrittenKind, sheet_answer
from pifa.programme import commands, shelf
from pifa.programme.desk_words import KINDS, OUTCOMES, asked_words
from pifa.programme.queries import season_board as queries
from pifa.programme.queries.season_board import DryLine, RunView, SeasonBoard
from pifa.programme.reading import Read, read_text
from pifa.programme.rules.days import calendar_of
from pifa.programme.rules.season import Season
from pifa.programme.wording import (
    asks_words,
    cost_words,
    dated_words,
    hour_words,
    kind_words,
    named,
    share_words,
    titled,
)
from pifa.web.operator.programme.forms import SeasonForm
from pifa.web.operator.queues import decide, needs, operator_of, page

MAY_READ, MAY_PUBLISH = "programme.view_seasonrow", "programme.add_seasonrow"
MOST = 512 * 1024
DRY_SHOWN = 300

DRY_COLUMNS = (
    Column(gettext_lazy("商家"), width=30),
    Column(gettext_lazy("部门")),
    Column(gettext_lazy("结果")),
    Column(gettext_lazy("目标"), ColumnKind.MONEY),
    Column(gettext_lazy("要求"), ColumnKind.MONEY),
    Column(gettext_lazy("完成"), ColumnKind.MONEY),
    Column(gettext_lazy("还差"), ColumnKind.MONEY),
)


@needs(MAY_READ)
def seasons(request: HttpRequest) -> HttpResponse:
    """Every season with its checkpoints: when, ran, waits and why, what they came to."""
    found = queries.boards(operator_of(request))
    return page(
        request,
        "console/programme/seasons.html",
        gettext_lazy("全部活动季"),
        boards=[(titled(one.row), one, [_run(each) for each in one.runs]) for one in found],
        may_publish=request.user.has_perm(MAY_PUBLISH),
    )


@needs(MAY_READ)
def season(request: HttpRequest, code: str) -> HttpResponse:
    """One season: its calendar, checkpoints, who applied, and what its rules say."""
    found = queries.board(operator_of(request), code)
    return page(
        request,
        "console/programme/season.html",
        titled(found.row),
        board=found,
        runs=[_run(one) for one in found.runs],
        states=_states(found),
        published_by=found.row.published_by,
        **told(found.season),
    )


@needs(MAY_PUBLISH)
def publish(request: HttpRequest) -> HttpResponse:
    """A file is checked with every mistake listed; what is sound is shown, and published once that
    is confirmed. Nothing is kept before."""
    posted = request.method == "POST"
    form = SeasonForm(request.POST, request.FILES) if posted else SeasonForm()
    names = sorted(path.stem for path in shelf.folder().glob("*.toml"))
    form.fields["template"].choices = [("", _("不用模板")), *((one, one) for one in names)]  # type: ignore[attr-defined]
    context: dict[str, Any] = {"form": form}
    if posted and form.is_valid():
        text, month = _text(form), _month(form)
        if form.is_valid():
            read = read_text(text, _shown_name(form), month, shelf.categories_of_market())
            confirmed = request.POST.get("confirmed") == read.digest
            if read.season is not None and confirmed and _publish(request, read, month):
                return redirect("admin:season", read.season.code)
            context |= {"read": read, "text": text, "month": form.cleaned_data["month"]}
            context["lines"] = _broken_lines(read)
            if read.season is not None:
                context |= told(read.season)
    return page(request, "console/programme/publish.html", gettext_lazy("发布活动季"), **context)


@needs(MAY_READ)
def dry_run(request: HttpRequest, code: str, checkpoint: str) -> HttpResponse:
    """What a checkpoint would come to as facts stand now; nothing is changed."""
    found = queries.dry(operator_of(request), code, checkpoint)
    counted = Counter(one.judgement.outcome for one in found.lines)
    wanted = request.GET.get("outcome", "")
    lines = [one for one in found.lines if wanted in ("", one.judgement.outcome.value)]
    return page(
        request,
        "console/programme/dry.html",
        gettext_lazy("试算一遍"),
        dry=found,
        season=titled(found.row),
        checkpoint=named(found.checkpoint),
        cost=cost_words(found.checkpoint),
        counted=[
            (one.value, words, counted[one]) for one, words in OUTCOMES.items() if counted[one]
        ],
        wanted=wanted,
        lines=[(one, OUTCOMES[one.judgement.outcome]) for one in lines[:DRY_SHOWN]],
        more=max(len(lines) - DRY_SHOWN, 0),
    )


@needs(MAY_READ)
def dry_sheet(request: HttpRequest, code: str, checkpoint: str) -> HttpResponseBase:
    """The same as .xlsx or .csv, everybody on it; on the audit log."""
    actor = operator_of(request)
    found = queries.dry(actor, code, checkpoint)
    audit.record(actor, "programme.export_dry", found.row.subject, checkpoint=checkpoint)
    kind: WrittenKind = "csv" if request.GET.get("kind") == "csv" else "xlsx"
    departments = {one.code: named(one) for one in shelf.season_of(found.row).departments}
    return sheet_answer(_("考核试算"), kind, DRY_COLUMNS, _dry_rows(found.lines, departments))


def told(season: Season) -> dict[str, Any]:
    """What a season says, for its page and for the preview before it is published."""
    return {
        "season": season,
        "season_title": titled(season),
        "calendar": [
            (
                dated_words(one, season),
                kind_words(one.kind),
                one,
                hour_words(one.hour),
                asks_words(one),
            )
            for one in calendar_of(season)
        ],
        "entry": [
            (KINDS[one.kind], one.rule_id, asked_words(one.condition, season))
            for one in season.entry
        ],
        "rehearsing": [
            (one.rule_id, asked_words(one.condition, season))
            for one in season.rehearsing.conditions
        ],
        "departments": [(named(one), one) for one in season.departments],
        "checks": [
            (named(one), one, share_words(one.pass_at), cost_words(one))
            for one in season.checkpoints
        ],
        "benefits": [named(one) for one in season.benefits],
        "tracks": [named(one) for one in season.tracks],
    }


def _run(one: RunView) -> dict[str, Any]:
    return {
        "one": one,
        "name": named(one.checkpoint),
        "outcomes": [
            (words, one.outcomes[outcome])
            for outcome, words in OUTCOMES.items()
            if one.outcomes.get(outcome)
        ],
    }


def _states(found: SeasonBoard) -> dict[str, list[tuple[str, int]]]:
    grouped: dict[str, list[tuple[str, int]]] = {}
    for what, state, n in found.states:
        grouped.setdefault(what, []).append((state, n))
    return grouped


def _text(form: Any) -> str:
    """The text to check: an uploaded file before what is pasted before a template."""
    data = form.cleaned_data
    if file := data.get("file"):
        if file.size > MOST:
            form.add_error("file", _("文件不能超过 512 KB。"))
            return ""
        try:
            return str(file.read().decode())
        except UnicodeDecodeError:
            form.add_error("file", _("文件不是 UTF-8 编码的文本；请另存为 UTF-8。"))
            return ""
    if data["text"].strip():
        return str(data["text"].replace("\r\n", "\n"))
    if data["template"]:
        return shelf.find(data["template"]).read_text()
    form.add_error("text", _("请选择模板、上传文件或粘贴内容。"))
    return ""


def _month(form: Any) -> date | None:
    given = form.cleaned_data["month"].strip()
    if not given:
        return None
    try:
        return date.fromisoformat(f"{given}-01")
    except ValueError:
        form.add_error("month", _("请按 2018-05 这样填写月份。"))
        return None


def _shown_name(form: Any) -> str:
    if file := form.cleaned_data.get("file"):
        return str(file.name)[:60]
    return form.cleaned_data["template"] or _("粘贴的内容")


def _publish(request: HttpRequest, read: Read, month: date | None) -> bool:
    if not request.user.has_perm(MAY_PUBLISH):
        raise PermissionDenied
    return decide(
        request,
        _("活动季已发布，日程将自动执行。"),
        lambda: commands.publish(operator_of(request), read.text, month),
    )


def _broken_lines(read: Read) -> list[tuple[Any, str]]:
    """Each mistake with the line that it is in, as it is written."""
    lines = read.text.splitlines()
    return [
        (one, lines[one.line - 1].strip()[:120] if 0 < one.line <= len(lines) else "")
        for one in read.problems
    ]


def _dry_rows(lines: Sequence[DryLine], departments: dict[str, str]) -> Iterator[Sequence[object]]:
    for one in lines:
        judged = one.judgement
        yield (
            one.company,
            departments.get(one.department, one.department),
            str(OUTCOMES[judged.outcome]),
            Money(judged.target_fen),
            Money(judged.asked_fen),
            Money(judged.measured_fen),
            Money(judged.missing_fen),
        )
