"""The season's calendar on one page, and as a feed for calendar programmes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from pifa.kernel import clock
from pifa.programme import wording
from pifa.programme.queries import seasons as queries
from pifa.programme.queries.seasons import SeasonView
from pifa.programme.rules.days import PHASES, Dated, DayKind
from pifa.web.access import seller_page
from pifa.web.seller.programme import feed, frame
from pifa.web.seller.programme.now import now_of

FEED_SECONDS = 900
LABELLED = (DayKind.SEASON, DayKind.MARKER)
"""Kinds whose names do not say what they are."""


@dataclass(frozen=True, slots=True)
class DayRow:
    """A line of the calendar; `state` is done, now or todo, `left` the days until it begins or ends."""

    words: str
    label: str
    rule: str
    days: str
    hour: str
    asks: str
    state: str
    left: int


@dataclass(frozen=True, slots=True)
class Bar:
    """A span in a drawing of the whole season, in hundredths of its width."""

    words: str
    days: str
    x: str
    width: str
    kind: str


@seller_page()
@require_safe
def calendar(request: HttpRequest) -> HttpResponse:
    """Every phase and round with today in it, and what the seller can do now."""
    view = frame.entering(request)
    if view is None:
        return frame.none(request)
    today = clock.today()
    rows = [_row(one, view, today) for one in view.dates]
    language = (get_language() or "zh")[:2]
    path = reverse("seller:programme_feed", args=[language])
    own = request.build_absolute_uri(path)
    others = [
        (wording.titled(one.row), f"?season={one.code}", None, one.code == view.code)
        for one in queries.seasons()
    ]
    bars, today_x = _bars(view, today)
    return frame.show(
        request,
        "seller/programme/calendar.html",
        view.code,
        title=wording.titled(view.row),
        seasons=others if len(others) > 1 else (),
        now=now_of(request, view),
        rows=rows,
        today=today,
        today_at=next((place for place, row in enumerate(rows) if row.state != "done"), None),
        bars=bars,
        today_x=today_x,
        ends=(_first(view), _last(view)),
        feed=own,
        subscribe=own.replace("https://", "webcal://", 1).replace("http://", "webcal://", 1),
    )


@require_safe
@cache_control(public=True, max_age=FEED_SECONDS)
def ics(request: HttpRequest, language: str) -> HttpResponse:
    """The calendars of all seasons that are announced or run, for whoever subscribes: it holds
    nothing of any company."""
    content = feed.feed_of(queries.seasons(), language)
    answer = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = 'inline; filename="season.ics"'
    return answer


def _row(one: Dated, view: SeasonView, today: date) -> DayRow:
    state = "todo" if today < one.first else "done" if today > one.last else "now"
    left = (one.first - today).days if state == "todo" else (one.last - today).days
    hour = wording.hour_words(one.hour)
    return DayRow(
        words=wording.dated_words(one, view.season),
        label=wording.kind_words(one.kind) if one.kind in LABELLED else "",
        rule=one.code if one.kind is DayKind.CHECKPOINT else "",
        days=frame.days_words(one.first, one.last),
        hour=_("{hour} 前").format(hour=hour) if hour and one.kind is DayKind.MARKER else hour,
        asks=wording.asks_words(one),
        state=state,
        left=left,
    )


def _first(view: SeasonView) -> date:
    return min(one.first for one in view.dates)


def _last(view: SeasonView) -> date:
    return max(one.last for one in view.dates)


def _bars(view: SeasonView, today: date) -> tuple[list[Bar], str | None]:
    """The phases drawn over the days of the whole, and where today is."""
    first, last = _first(view), _last(view)
    length = (last - first).days + 1
    bars = []
    for one in view.dates:
        if one.kind not in (*PHASES, DayKind.SEASON, DayKind.PEAK, DayKind.CARRIED):
            continue
        begin, many = (one.first - first).days, (one.last - one.first).days + 1
        bars.append(
            Bar(
                words=wording.dated_words(one, view.season),
                days=frame.days_words(one.first, one.last),
                x=f"{100 * begin / length:.2f}",
                width=f"{100 * many / length:.2f}",
                kind=one.kind,
            )
        )
    shown = first <= today <= last
    return bars, f"{100 * ((today - first).days + 0.5) / length:.2f}" if shown else None
