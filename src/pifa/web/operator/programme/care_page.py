"""Account managers: members given to them, and the desk of each with what to do about whom."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from pifa.kernel import clock
from pifa.programme import commands
from pifa.programme.desk_words import PACES
from pifa.programme.models import SeasonRow
from pifa.programme.queries import caring as queries
from pifa.programme.queries.caring import Cared
from pifa.programme.queries.war_room import NOBODY, Narrow, war_room
from pifa.programme.rules.pace import reading
from pifa.programme.wording import cost_words, named, titled
from pifa.web.operator.programme.war_room_page import shown_share
from pifa.web.operator.queues import decide, needs, operator_of, page

ASSIGNED_AT_ONCE = 500


@needs("programme.view_membership")
def mine(request: HttpRequest) -> HttpResponse:
    """The members of one manager (the reader), who is behind first, with what each would lose."""
    actor = operator_of(request)
    row = season_asked(request)
    staff = queries.staff(actor)
    wanted = request.GET.get("manager", "")
    manager = int(wanted) if wanted.isdecimal() and int(wanted) in dict(staff) else actor.user_id
    found = queries.members_of(actor, row.code, manager) if row else None
    return page(
        request,
        "console/programme/mine.html",
        gettext_lazy("我的商家"),
        row=row,
        season=titled(row) if row else "",
        seasons=[(one.code, titled(one)) for one in SeasonRow.objects.order_by("-first_day")],
        staff=staff,
        manager=manager,
        caring=found,
        members=[_member(one) for one in found.members] if found else [],
        behind=found.room.whole.behind if found else 0,
        checkpoint=named(found.room.checkpoint) if found and found.room.checkpoint else "",
    )


@needs("programme.change_membership")
def assign(request: HttpRequest) -> HttpResponse:
    """Members by manager (those of nobody first), ticked and given to somebody."""
    if request.method == "POST":
        return _assign(request)
    actor, row = operator_of(request), season_asked(request)
    shown = request.GET.get("manager", str(NOBODY))
    narrow = Narrow(
        manager=int(shown) if shown.isdecimal() and len(shown) < 12 else None,
        words=request.GET.get("words", "")[:60].strip(),
    )
    room = war_room(actor, row.code, narrow) if row else None
    departments = {one.code: named(one) for one in room.season.departments} if room else {}
    return page(
        request,
        "console/programme/assign.html",
        gettext_lazy("分配客户经理"),
        row=row,
        seasons=[(one.code, titled(one)) for one in SeasonRow.objects.order_by("-first_day")],
        staff=queries.staff(actor),
        shown=shown,
        words=narrow.words,
        lines=[
            (line, departments.get(line.department, line.department), PACES[line.pace])
            for line in (room.lines[:ASSIGNED_AT_ONCE] if room else ())
        ],
        more=max(len(room.lines) - ASSIGNED_AT_ONCE, 0) if room else 0,
    )


@require_POST
def _assign(request: HttpRequest) -> HttpResponse:
    ids = [int(one) for one in request.POST.getlist("pk") if one.isdecimal()][:ASSIGNED_AT_ONCE]
    given = request.POST.get("user", "")
    if not ids or not given.isdecimal():
        messages.error(request, _("请勾选商家，并选择客户经理。"))
    else:
        words = ngettext("已分配 {n} 家商家。", "已分配 {n} 家商家。", len(ids)).format(n=len(ids))
        user = int(given) or None
        decide(request, words, lambda: commands.assign_manager(operator_of(request), ids, user))
    return redirect(request.get_full_path())


def season_asked(request: HttpRequest) -> SeasonRow | None:
    """The season of the address; else the one that runs, the next, or the latest."""
    rows = list(SeasonRow.objects.order_by("first_day"))
    for row in rows:
        if row.code == request.GET.get("season"):
            return row
    coming = [row for row in rows if row.last_day >= clock.today()]
    chosen = coming or rows[-1:]
    return chosen[0] if chosen else None


def _member(one: Cared) -> dict[str, Any]:
    line, today = one.line, clock.today()
    targets = (line.month_fen, line.peak_fen)
    ahead = []
    for each in one.ahead:
        expected = (
            line.reading.expected if each.checkpoint == line.reading.ahead.checkpoint else None
        )
        pace = reading(each.checkpoint, each.so_far_fen, targets, today, expected).pace
        ahead.append(
            {
                "name": named(each.checkpoint),
                "ahead": each,
                "pace": pace.value,
                "words": PACES[pace],
                "share": shown_share(each.so_far_fen, each.asked_fen),
                "cost": cost_words(each.checkpoint),
            }
        )
    return {
        "one": one,
        "line": line,
        "pace": line.pace.value,
        "words": PACES[line.pace],
        "ahead": ahead,
    }
