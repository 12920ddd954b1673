"""The war room: every member on one page, who is behind first; live, filtered, exported; one member."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pifa.kernel import audit, clock
from pifa.kernel.money import Money
from pifa.kernel.sheets import Column, ColumnKind
from pifa.kernel.sheets.answers import WrittenKind, sheet_answer
from pifa.programme.desk_words import PACES
from pifa.programme.models import SeasonRow
from pifa.programme.queries import war_room as queries
from pifa.programme.queries.application import company_name
from pifa.programme.queries.company_past import past_of_company
from pifa.programme.queries.dashboard import Dashboard, dashboard
from pifa.programme.queries.verdicts import verdicts_of
from pifa.programme.queries.war_room import NOBODY, MemberLine, Narrow, Sums, WarRoom
from pifa.programme.rules.pace import Pace, reading
from pifa.programme.states import MembershipState
from pifa.programme.wording import cost_words, named, share_words, titled
from pifa.web.operator.programme.appeals_page import verdicts_told
from pifa.web.operator.programme.application_page import past_told
from pifa.web.operator.queues import needs, operator_of, page

ON_A_PAGE = 300
"""Members on one page; a season of more has several, the worst first."""

WORST = 12
"""Members that are named at the head of the page, before the sums."""

MAY = "programme.view_membership"
_FILTERS = ("checkpoint", "department", "manager", "pace", "traffic", "words", "out")

COLUMNS = (
    Column(gettext_lazy("商家"), width=30),
    Column(gettext_lazy("部门")),
    Column(gettext_lazy("客户经理")),
    Column(gettext_lazy("通天商家标")),
    Column(gettext_lazy("流量标")),
    Column(gettext_lazy("进度")),
    Column(gettext_lazy("月目标"), ColumnKind.MONEY),
    Column(gettext_lazy("大促当日目标"), ColumnKind.MONEY),
    Column(gettext_lazy("本月已完成"), ColumnKind.MONEY),
    Column(gettext_lazy("节点要求"), ColumnKind.MONEY),
    Column(gettext_lazy("节点已完成"), ColumnKind.MONEY),
    Column(gettext_lazy("还差"), ColumnKind.MONEY),
    Column(gettext_lazy("照此进度"), ColumnKind.MONEY),
    Column(gettext_lazy("今天"), ColumnKind.MONEY),
    Column(gettext_lazy("昨天"), ColumnKind.MONEY),
    Column(gettext_lazy("上月同日"), ColumnKind.MONEY),
)


@needs(MAY)
def newest(request: HttpRequest) -> HttpResponse:
    """The war room of the season that runs, else of the next, else of the latest."""
    today = clock.today()
    rows = list(SeasonRow.objects.order_by("first_day"))
    if not rows:
        return redirect("admin:seasons")
    coming = [row for row in rows if row.last_day >= today]
    return redirect("admin:war_room", (coming or rows[-1:])[0].code)


@needs(MAY)
def war_room(request: HttpRequest, code: str) -> HttpResponse:
    """The page; asked for its part, only what changes, and nothing while nothing has changed."""
    actor = operator_of(request)
    seen = queries.same_as(actor, code)
    part = request.GET.get("part") == "1"
    if part and request.GET.get("seen") == seen:
        return HttpResponse(status=204)
    room = queries.war_room(actor, code, narrow_of(request), request.GET.get("checkpoint", ""))
    template = "console/programme/_war_room.html" if part else "console/programme/war_room.html"
    return page(request, template, gettext_lazy("作战室"), **_shown(request, room), seen=seen)


@needs(MAY)
def sheet(request: HttpRequest, code: str) -> HttpResponseBase:
    """All members that the filters leave, as .xlsx or .csv; on the audit log."""
    actor = operator_of(request)
    room = queries.war_room(actor, code, narrow_of(request), request.GET.get("checkpoint", ""))
    audit.record(actor, "programme.export", room.row.subject, members=len(room.lines))
    kind: WrittenKind = "csv" if request.GET.get("kind") == "csv" else "xlsx"
    return sheet_answer(_("通天商家"), kind, COLUMNS, _rows(room))


@needs(MAY)
def member(request: HttpRequest, code: str, company: int) -> HttpResponse:
    """One member's dashboard with its verdicts, revision by revision, and its past."""
    actor = operator_of(request)
    shown = dashboard(actor, company, code)
    return page(
        request,
        "console/programme/member.html",
        company_name(company),
        company_id=company,
        code=code,
        season=titled(shown.season),
        department_state=MembershipState(shown.state).label,
        board=shown,
        so_far=sum(shown.by_day.values()),
        share=shown_share(sum(shown.by_day.values()), shown.month_fen),
        ahead=_ahead(shown),
        markers=[
            (named(one.marker), one, shown_share(one.measured_fen, one.asked_fen))
            for one in shown.markers
        ],
        days=_days(shown),
        verdicts=verdicts_told(verdicts_of(actor, company, code)),
        past=past_told(past_of_company(actor, company)),
    )


def narrow_of(request: HttpRequest) -> Narrow:
    """What of the members the address asks for."""
    given = request.GET
    manager = given.get("manager", "")
    return Narrow(
        department=given.get("department", "")[:20],
        manager=int(manager) if manager.isdecimal() and len(manager) < 12 else None,
        pace=given.get("pace", "")[:12],
        words=given.get("words", "")[:60].strip(),
        traffic={"1": True, "0": False}.get(given.get("traffic", "")),
        out=given.get("out") == "1",
    )


def shown_share(part: int, whole: int) -> int:
    """How far a bar goes, in hundredths: never beyond its end, whole only where it is."""
    return max(0, min(100, part * 100 // whole)) if whole else 0


def _shown(request: HttpRequest, room: WarRoom) -> dict[str, Any]:
    kept = {name: request.GET[name] for name in _FILTERS if request.GET.get(name)}
    pages = Paginator(room.lines, ON_A_PAGE)
    shown = pages.get_page(request.GET.get("page"))
    departments = {one.code: named(one) for one in room.season.departments}
    other = {name: value for name, value in kept.items() if name != "checkpoint"}
    return {
        "room": room,
        "season": titled(room.row),
        "checkpoint": named(room.checkpoint) if room.checkpoint else "",
        "cost": cost_words(room.checkpoint) if room.checkpoint else "",
        "checkpoints": [
            (named(one), urlencode({**other, "checkpoint": one.code}), one == room.checkpoint)
            for one in room.season.checkpoints
        ],
        "seasons": [(row.code, titled(row)) for row in SeasonRow.objects.order_by("-first_day")],
        "lines": [_line(line, departments) for line in shown.object_list],
        "worst": [
            _line(line, departments) for line in room.lines[:WORST] if line.pace is Pace.BEHIND
        ],
        "pages": shown,
        "query": urlencode(kept),
        "kept": kept,
        "whole": _sums(room.whole, _("全部")),
        "paces": [(one.value, PACES[one], room.whole.paces[one]) for one in Pace],
        "by_department": [
            (
                _sums(one, departments.get(one.key, one.key)),
                urlencode({**kept, "department": one.key}),
            )
            for one in room.by_department
        ],
        "by_manager": [
            (_sums(one, one.name or _("未分配")), urlencode({**kept, "manager": one.key}))
            for one in room.by_manager
        ],
        "departments": list(departments.items()),
        "managers": [(str(NOBODY), _("未分配")), *((str(pk), name) for pk, name in room.managers)],
        "pace_words": [(one.value, words) for one, words in PACES.items()],
        "unassigned": _("未分配"),
        "hours": _hours(room),
        "marks": _marks(room),
    }


def _line(line: MemberLine, departments: dict[str, str]) -> dict[str, Any]:
    towards = line.reading.ahead
    will = line.reading.will_fen
    return {
        "one": line,
        "department": departments.get(line.department, line.department),
        "pace": line.pace.value,
        "pace_words": PACES[line.pace],
        "share": shown_share(towards.so_far_fen, towards.asked_fen),
        "done": f"{towards.so_far_fen * 100 / towards.asked_fen:.1f}%",
        "month": f"{line.month_so_far_fen * 100 / line.month_fen:.1f}%",
        "will": f"{will * 100 / towards.asked_fen:.0f}%" if will is not None else "—",
    }


def _sums(one: Sums, name: str) -> dict[str, Any]:
    return {
        "one": one,
        "name": name,
        "share": shown_share(one.so_far_fen, one.asked_fen),
        "done": f"{one.so_far_fen * 100 / one.asked_fen:.1f}%" if one.asked_fen else "—",
        "against_yesterday": _change(one.today_fen, one.yesterday_fen),
        "against_before": _change(one.today_fen, one.before_fen),
    }


def _change(now: int, before: int) -> str:
    """`+12%`, `−30%`; a dash where there is nothing to compare with."""
    if before <= 0:
        return "—"
    return f"{(now - before) * 100 / before:+.0f}%".replace("-", "−")


def _hours(room: WarRoom) -> list[tuple[str, int, int, int]]:
    """Each hour of the peak day that has begun: its name, its sum, its height of a hundred, and what
    is above it."""
    if room.peak_day is None:
        return []
    most = max([*room.peak_day.by_hour, 1])
    return [
        (f"{hour:02}", fen, height, 100 - height)
        for hour, fen in enumerate(room.peak_day.by_hour)
        for height in [max(fen, 0) * 100 // most]
    ]


def _marks(room: WarRoom) -> list[dict[str, Any]]:
    if room.peak_day is None:
        return []
    return [
        {
            "name": f"{one.marker.until:02}:00",
            "asked": share_words(one.marker.share),
            "mark": one,
            "share": shown_share(one.reached, one.of),
        }
        for one in room.peak_day.marks
    ]


def _rows(room: WarRoom) -> Iterator[Sequence[object]]:
    departments = {one.code: named(one) for one in room.season.departments}
    yes, no = _("有"), _("无")
    for line in room.lines:
        towards = line.reading.ahead
        pace = line.reading.will_fen
        yield (
            line.company,
            departments.get(line.department, line.department),
            line.manager,
            yes if line.member_tag else no,
            yes if line.traffic_tag else no,
            str(PACES[line.pace]),
            Money(line.month_fen),
            Money(line.peak_fen),
            Money(line.month_so_far_fen),
            Money(towards.asked_fen),
            Money(towards.so_far_fen),
            Money(towards.missing_fen),
            None if pace is None else Money(pace),
            Money(line.today_fen),
            Money(line.yesterday_fen),
            Money(line.before_fen),
        )


def _ahead(shown: Dashboard) -> list[tuple[str, Any, str, str, int, str]]:
    """The checkpoints to come: name, numbers, pace, its words, a bar, what missing would cost."""
    found = []
    for one in shown.ahead:
        targets = (shown.month_fen, shown.peak_fen)
        pace = reading(one.checkpoint, one.so_far_fen, targets, clock.today(), None).pace
        share = shown_share(one.so_far_fen, one.asked_fen)
        words = str(PACES[pace])
        found.append(
            (named(one.checkpoint), one, pace.value, words, share, cost_words(one.checkpoint))
        )
    return found


def _days(shown: Dashboard) -> list[tuple[Any, int, int]]:
    """The season's days so far, the latest first, with the length of their bars."""
    most = max([*shown.by_day.values(), 1])
    return [
        (day, fen, max(fen, 0) * 100 // most)
        for day, fen in sorted(shown.by_day.items(), reverse=True)
    ]
