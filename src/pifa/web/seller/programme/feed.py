"""Seasons as iCalendar (RFC 5545): whole days as dates, hours in UTC, ids that never change."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, time, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override
from icalendar import Calendar, Event

from pifa.kernel import clock
from pifa.programme import wording
from pifa.programme.queries.seasons import SeasonView
from pifa.programme.rules.days import Dated, DayKind

AGAIN = timedelta(hours=12)
"""How often programmes should look again; a published season does not change, a new one is added."""

LANGUAGES = {"zh": "zh-hans", "en": "en"}


def feed_of(seasons: Iterable[SeasonView], language: str) -> bytes:
    """The feed in a language (`zh`, `en`; any other is read as Chinese)."""
    with override(LANGUAGES.get(language, "zh-hans")):
        made = Calendar()
        made.add("version", "2.0")
        made.add("prodid", "-//Pifa//Season//ZH")
        made.add("method", "PUBLISH")
        made.add("calscale", "GREGORIAN")
        made.add("x-wr-calname", _("通天计划"))
        made.add("x-wr-timezone", str(clock.zone()))
        made.add("refresh-interval", AGAIN, parameters={"VALUE": "DURATION"})
        for view in seasons:
            for one in view.dates:
                made.add_component(_event(one, view))
        content: bytes = made.to_ical()
        return content


def _event(one: Dated, view: SeasonView) -> Event:
    event = Event()
    host = urlsplit(settings.SITE_URL).hostname or "pifa"
    event.add("uid", f"{view.code}-{one.uid}@{host}".lower())
    event.add("dtstamp", view.row.published_at.astimezone(UTC))
    words = wording.dated_words(one, view.season)
    title = wording.titled(view.row)
    event.add("summary", words if one.kind is DayKind.SEASON else f"{title} · {words}")
    if asks := wording.asks_words(one):
        event.add("description", asks)
    if one.hour is None:
        event.add("dtstart", one.first)
        event.add("dtend", one.last + timedelta(days=1))
    else:
        event.add("dtstart", _moment(one, one.hour))
        event.add("duration", timedelta(minutes=30))
    event.add("transp", "TRANSPARENT")
    event.add("categories", [wording.kind_words(one.kind)])
    return event


def _moment(one: Dated, hour: time) -> datetime:
    return datetime.combine(one.last, hour, clock.zone()).astimezone(UTC)
