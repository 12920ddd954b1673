"""What the programme's pages share: their tabs, which season they speak of, rows of conditions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from pifa.kernel import clock
from pifa.kernel.errors import NotFound
from pifa.programme import wording
from pifa.programme.queries import seasons as queries
from pifa.programme.queries.seasons import SeasonView
from pifa.programme.rules.asking import Answer
from pifa.programme.rules.season import Kind, Season
from pifa.web.kit.formats import day_text
from pifa.web.seller import frame
from pifa.web.seller.frame import CENTRE

TABS = ("programme", "programme_way", "programme_rehearsal", "programme_calendar", "programme_benefits")  # fmt: skip
NO_SEASON = "seller/programme/none.html"


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """A condition with the company's own figure, in words."""

    rule: str
    label: str
    asked: str
    value: str
    words: str
    holds: bool
    gate: bool
    share: int | None


def show(
    request: HttpRequest, template: str, season: str, *, status: int = 200, **context: Any
) -> HttpResponse:
    """Render a page of the programme with its tabs, for a season by its code."""
    labels = {
        "programme": _("看板"),
        "programme_way": _("报名"),
        "programme_rehearsal": _("彩排"),
        "programme_calendar": _("日历"),
        "programme_benefits": _("权益与赛道"),
    }
    match = request.resolver_match
    here = match.url_name if match else ""
    here = {"programme_enrol": "programme_way", "enrolment": "programme_way"}.get(here or "", here)
    chosen = f"?season={season}" if request.GET.get("season") and season else ""
    tabs = [(labels[name], CENTRE.url(name) + chosen, None, name == here) for name in TABS]
    return frame.show(request, template, status=status, programme_tabs=tabs, **context)


def none(request: HttpRequest) -> HttpResponse:
    """The page while no season is announced."""
    return show(request, NO_SEASON, "")


def entering(request: HttpRequest) -> SeasonView | None:
    """The season that a page about entering speaks of: the one asked for, else the next that can be
    entered; None where there is none."""
    if code := request.GET.get("season") or request.POST.get("season"):
        return queries.season(code)
    found = queries.seasons()
    return queries.to_enter(found, clock.today()) if found else None


def followed(request: HttpRequest) -> str | None:
    """The code of the season whose dashboard is asked for, else the one to follow now."""
    if code := request.GET.get("season"):
        return code
    own = queries.to_follow(queries.own_seasons(frame.actor_on(request)), clock.today())
    return own.code if own else None


def wanted(view: SeasonView | None) -> SeasonView:
    """The season of an act; `NotFound` where there is none."""
    if view is None:
        raise NotFound
    return view


def rows_of(answers: Iterable[Answer], season: Season) -> list[AnswerRow]:
    """Conditions as a person reads them."""
    found = []
    for one in answers:
        condition = one.asked.condition
        unknown = one.view.value is None and not one.holds
        found.append(
            AnswerRow(
                rule=one.asked.rule_id,
                label=wording.label_words(condition.metric),
                asked=wording.asked(condition, season),
                value=wording.figure(condition.metric, one.view.value),
                words=_unknown(condition.metric) if unknown else wording.missing(one),
                holds=one.holds,
                gate=one.asked.kind is Kind.GATE,
                share=wording.share_of(one),
            )
        )
    return found


def _unknown(metric: str) -> str:
    """Why a figure is not known."""
    return _("大促当日结束后计算") if metric.endswith("_peak") else _("由小二核实")


def days_words(first: date, last: date) -> str:
    """`1月1日 – 1月24日`, one day as itself."""
    today = clock.today()
    if first == last:
        return day_text(first, today)
    return f"{day_text(first, today)} – {day_text(last, today)}"
