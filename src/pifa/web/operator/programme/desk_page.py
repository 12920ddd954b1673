"""The reviewer's desk: what waits in tabs with counts, narrowed, decided one by one or many at once."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from pifa.programme import commands, shelf
from pifa.programme.commands import Decided
from pifa.programme.desk_words import ENTRIES, asked_words
from pifa.programme.models import Enrolment, Rehearsal, SeasonRow
from pifa.programme.queries import review_queue as queries
from pifa.programme.queries.review_queue import Applied, Asked
from pifa.programme.rules.calendar import Entry
from pifa.programme.states import EnrolmentState, RehearsalState
from pifa.programme.wording import named, titled
from pifa.web.operator.programme.forms import DecisionForm, RehearsalForm
from pifa.web.operator.queues import needs, operator_of, page

TABS = {
    "enrolments": gettext_lazy("待审报名"),
    "exceptions": gettext_lazy("特批待审"),
    "second": gettext_lazy("特批待复审"),
    "rehearsals": gettext_lazy("待审彩排"),
    "approved": gettext_lazy("已通过"),
    "refused": gettext_lazy("未通过"),
}
AT_ONCE = 50
"""Applications on a page of the desk, and so in a batch."""

MAY = "programme.change_enrolment"


@needs(MAY)
def desk(request: HttpRequest) -> HttpResponse:
    """One tab of what waits; boxes to tick where something can be decided."""
    actor = operator_of(request)
    tab = request.GET.get("tab", "enrolments")
    tab = tab if tab in TABS else "enrolments"
    asked = asked_of(request)
    found = queries.queue(actor, tab, asked, request.GET.get("cursor") or None, AT_ONCE)
    counts = queries.waiting_counts(actor, asked)
    kept = {name: value for name, value in _given(request).items() if value}
    seasons = list(SeasonRow.objects.order_by("-first_day"))
    return page(
        request,
        "console/programme/desk.html",
        gettext_lazy("报名审核"),
        tab=tab,
        tabs=[
            (name, words, counts[name], urlencode({**kept, "tab": name}))
            for name, words in TABS.items()
        ],
        rows=[told(one) for one in found.items],
        next_query=urlencode({**kept, "tab": tab, "cursor": found.next_cursor})
        if found.next_cursor
        else "",
        asked=asked,
        narrowed=bool(kept),
        rehearsing=tab == queries.REHEARSALS,
        decidable=tab not in queries.DECIDED,
        form=RehearsalForm() if tab == queries.REHEARSALS else DecisionForm(),
        seasons=[(row.code, titled(row)) for row in seasons],
        rounds=_parts(seasons, "rounds"),
        departments=_parts(seasons, "departments"),
        entries=list(ENTRIES.items()),
    )


@needs(MAY)
@require_POST
def decide_many(request: HttpRequest) -> HttpResponse:
    """Say the same of all that are ticked; a line for each tells what became of it.

    Sent again, it decides nothing twice: what is decided already says so.
    """
    rehearsing = request.POST.get("tab") == queries.REHEARSALS
    form = (RehearsalForm if rehearsing else DecisionForm)(request.POST)
    ids = [int(one) for one in request.POST.getlist("pk") if one.isdecimal()][:AT_ONCE]
    if not form.is_valid() or not ids:
        errors = [str(words) for found in form.errors.values() for words in found]
        messages.error(request, " ".join(errors) if errors else _("请先勾选要处理的企业。"))
        back = urlencode({"tab": request.POST.get("tab", ""), **_given(request)})
        return redirect(f"{request.path.removesuffix('decide/')}?{back}")
    act = commands.decide_rehearsals if rehearsing else commands.decide_all
    found = act(operator_of(request), ids, approve=form.approve, reason=form.cleaned_data["reason"])
    names = _names(ids, rehearsing)
    return page(
        request,
        "console/programme/decided.html",
        gettext_lazy("批量处理结果"),
        rows=[(names.get(one.id, str(one.id)), one, _state(one, rehearsing)) for one in found],
        done=sum(one.refused is None for one in found),
        left=sum(one.refused is not None for one in found),
        tab=request.POST.get("tab", ""),
        reason=form.cleaned_data["reason"],
        rehearsing=rehearsing,
    )


def asked_of(request: HttpRequest) -> Asked:
    """What of the queue the address asks for."""
    return Asked(**_given(request))


def told(one: Applied) -> dict[str, object]:
    """An application as the list tells it."""
    season = one.season
    return {
        "one": one,
        "season": titled(one.row),
        "round": named(season.round(one.round)),
        "department": named(season.department(one.department)) if one.department else "—",
        "entry": ENTRIES[Entry(one.entry)] if one.entry else "",
        "shut": [asked_words(each.asked.condition, season) for each in one.shut],
        "below": [asked_words(each.asked.condition, season) for each in one.below],
        "needs": season.opinions if one.exception else 1,
    }


def _given(request: HttpRequest) -> dict[str, str]:
    source = request.POST if request.method == "POST" else request.GET
    names = {"season": "season", "round": "round", "department": "department", "entry": "entry"}
    found = {field: source.get(name, "")[:40] for field, name in names.items()}
    return {**found, "words": source.get("words", "")[:60]}


def _parts(rows: list[SeasonRow], field: str) -> list[tuple[str, str]]:
    """Rounds or departments of the seasons there are, each code once, by its latest name."""
    found: dict[str, str] = {}
    for row in rows:
        for one in getattr(shelf.season_of(row), field):
            found.setdefault(one.code, named(one))
    return list(found.items())


def _names(ids: list[int], rehearsing: bool) -> dict[int, str]:
    model: type[Enrolment | Rehearsal] = Rehearsal if rehearsing else Enrolment
    return dict(model.objects.filter(pk__in=ids).values_list("pk", "company__name"))


def _state(one: Decided, rehearsing: bool) -> str:
    states = RehearsalState if rehearsing else EnrolmentState
    return str(states(one.state).label) if one.state else ""
