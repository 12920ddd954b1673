"""今日跟进: whom a keeper calls today, each line with why; marked as called, later or done."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages as toasts
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from pifa.crm import commands, queries, words
from pifa.crm.commands import Mark
from pifa.crm.queries import FileRow, Morning
from pifa.kernel.errors import DomainError, NotFound
from pifa.web.access import seller_page
from pifa.web.seller.frame import CLERK, actor_on, show, whole_number

SNOOZES = (1, 3, 7, 30)
DEFAULT_SNOOZE = 3


@seller_page()
def followups(request: HttpRequest) -> HttpResponse:
    """The list of today, of one keeper or of all."""
    actor = actor_on(request)
    commands.bring_up_to_day(actor)
    keeper = _keeper(request.GET.get("keeper"))
    found = queries.morning(actor, keeper)
    base = reverse("seller:followups")
    return show(
        request,
        "seller/followups.html",
        sections=_sections(found),
        empty=not (found.counts.any or found.top),
        keepers=[
            (name, f"{base}?{urlencode({'keeper': pk})}", None, pk == keeper)
            for pk, name in [*queries.keepers(actor), (queries.NOBODY, _("没有客服"))]
        ],
        all_tab=(_("全部"), base, None, keeper is None),
        keeper="" if keeper is None else keeper,
        snoozes=[
            (days, ngettext("%(days)d 天后", "%(days)d 天后", days) % {"days": days})
            for days in SNOOZES
        ],
        default_snooze=DEFAULT_SNOOZE,
        may_act=actor.has_role(CLERK),
    )


@seller_page(CLERK)
@require_POST
def mark(request: HttpRequest) -> HttpResponse:
    """What became of a line: called, later, done."""
    file_id = whole_number(request.POST.get("file"), 0, 2**31)
    what = request.POST.get("act", "")
    if what not in set(Mark):
        raise NotFound
    days = whole_number(request.POST.get("days"), DEFAULT_SNOOZE, 400)
    try:
        row = commands.mark(
            actor_on(request), file_id, Mark(what), days=days, note=request.POST.get("note", "")
        )
    except NotFound:
        raise
    except DomainError as error:
        toasts.error(request, str(error))
    else:
        toasts.success(request, _SAID[Mark(what)]() % {"name": row.name})
    keeper = _keeper(request.POST.get("keeper"))
    query = "" if keeper is None else f"?{urlencode({'keeper': keeper})}"
    return redirect(reverse("seller:followups") + query)


def _keeper(text: str | None) -> int | None:
    """Whose list: a member's, `NOBODY` for files that nobody keeps, None for all."""
    found = whole_number(text, -1, 2**31)
    return None if found < 0 else found


_SAID: dict[Mark, Any] = {
    Mark.CALLED: lambda: _("已记下联系过 %(name)s，一周内不再提醒。"),
    Mark.SNOOZED: lambda: _("稍后再提醒跟进 %(name)s。"),
    Mark.DONE: lambda: _("%(name)s 的跟进已完成。"),
}


def _sections(found: Morning) -> list[dict[str, Any]]:
    """Each section with what heads it, its rows with why, and how many there are."""
    day = found.day
    return [
        {
            "key": "followup",
            "title": _("今天要跟进"),
            "hint": _("自己定的下次跟进，到日子了。"),
            "count": found.counts.followups,
            "rows": _rows(found.followups, lambda row: words.why_followup(row.file, day)),
        },
        {
            "key": "due",
            "title": _("该补货了"),
            "hint": _("按各自的进货节奏和用量，一个月内很可能再进货。"),
            "count": found.counts.due,
            "rows": _rows(found.due, lambda row: words.why_due(row.file, row.figures, day)),
        },
        {
            "key": "slipping",
            "title": _("正在流失"),
            "hint": _("离上次进货已超过平时的两倍时间。"),
            "count": found.counts.slipping,
            "rows": _rows(found.slipping, lambda row: words.why_slipping(row.figures, day)),
        },
        {
            "key": "top",
            "title": _("大客户"),
            "hint": _("累计金额最高的客户。"),
            "count": None,
            "rows": _rows(found.top, lambda row: words.why_top(row.figures, day)),
        },
    ]


def _rows(rows: tuple[FileRow, ...], why: Any) -> list[tuple[FileRow, str]]:
    return [(row, why(row)) for row in rows]
