"""The calendar on its page, and as a feed that calendar programmes take."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from icalendar import Calendar
from pytest_django import DjangoAssertNumQueries

from pifa.programme.queries.seasons import season as season_view
from tests.catalog import market as goods
from tests.programme.world import CODE, World
from tests.web.seller.conftest import body, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.cooked_books]

FEED = "/seller/programme/calendar.zh.ics"


def events_in(content: bytes) -> list[Any]:
    """The events of a feed; what stands in each is typed by its name."""
    return Calendar.from_ical(content).walk("VEVENT")


def test_every_date_of_the_season_with_today_in_it(
    season: World, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    """CAL-*: both rounds, checkpoints with their hour, markers, and what can be done now."""
    season.at(2, 16)
    client = signed_in(goods.actor(season.seller()))
    with django_assert_max_num_queries(42):
        page = body(client.get("/seller/programme/calendar/"))
    assert "今天 · 2018-02-16" in page
    assert "现在可以报名彩排" in page
    check = page[page.index("CHECK-15") - 600 : page.index("CHECK-15")]
    assert "3月16日" in check
    assert "01:00" in check
    assert "≥ 大促当日目标的 60%" in page
    assert "16:00 前" in page
    assert page.count("已结束") >= 3
    assert f"http://testserver{FEED}" in page


def test_the_feed_validates_and_needs_nobody_signed_in(
    season: World, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    """RFC 5545: CRLF, folded lines, every event with UID, DTSTAMP, DTSTART; hours in UTC."""
    with django_assert_num_queries(1):
        answer = Client().get(FEED)
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert "public" in answer.headers["Cache-Control"]
    content = answer.content
    assert content.endswith(b"END:VCALENDAR\r\n")
    assert content.count(b"\n") == content.count(b"\r\n")
    assert all(len(line) <= 75 for line in content.split(b"\r\n"))
    made = Calendar.from_ical(content)
    assert not made.errors
    assert (str(made["VERSION"]), str(made["METHOD"])) == ("2.0", "PUBLISH")
    events = {str(one["UID"]): one for one in events_in(content)}
    view = season_view(CODE)
    assert len(events) == len(view.dates)
    assert not [one for one in events.values() if one.errors]
    assert {one["DTSTAMP"].dt.utcoffset() for one in events.values()} == {timedelta(0)}
    found = {uid.split("@")[0]: one for uid, one in events.items()}
    whole = found[f"{CODE}-season"]
    assert (whole["DTSTART"].dt, whole["DTEND"].dt) == (date(2018, 3, 1), date(2018, 4, 1))
    check = found[f"{CODE}-checkpoint-check-15"]
    assert check["DTSTART"].dt == datetime(2018, 3, 15, 17, 0, tzinfo=UTC)
    noon = found[f"{CODE}-marker-peak_12"]
    assert noon["DTSTART"].dt == datetime(2018, 3, 28, 4, 0, tzinfo=UTC)
    assert "1 月：彩排报名" in str(found[f"{CODE}-signup-january"]["SUMMARY"])


def test_the_feed_is_the_same_tomorrow_and_speaks_english(season: World) -> None:
    """Ids and stamps stay, or calendars would show everything twice."""
    first = Client().get(FEED).content
    season.at(1, 20)
    assert Client().get(FEED).content == first
    other = events_in(Client().get("/seller/programme/calendar.en.ics").content)
    words = [str(one["SUMMARY"]) for one in other]
    assert not [one for one in words if any("\u4e00" <= letter <= "\u9fff" for letter in one)]
    ids = {str(one["UID"]) for one in other}
    assert ids == {str(one["UID"]) for one in events_in(first)}
    season.at(8, 1)
    assert not events_in(Client().get(FEED).content)


def test_a_marker_ends_with_its_hour(season: World) -> None:
    events = events_in(Client().get(FEED).content)
    spans = [one for one in events if isinstance(one["DTSTART"].dt, datetime)]
    assert spans
    assert {one["DURATION"].dt for one in spans} == {timedelta(minutes=30)}
