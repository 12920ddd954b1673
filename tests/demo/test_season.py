"""March 2018 played through, and every outcome by its rule.

| rules | held by |
| --- | --- |
| ENTRY-MEDAL … ENTRY-REPEAT | `test_gates_references_and_exceptions` |
| CAL-REHEARSAL … CAL-AGAIN | `test_the_calendar_opens_and_shuts_ways` |
| REHEARSE-* | `test_rehearsals_by_their_conditions` |
| CHECK-15, -PEAK, -MONTH, -FREEZE, -RESTORE, -MARKERS | `test_checkpoints`, `test_build_up_and_the_peak_by_the_hour` |
| BENEFIT-* | `test_benefits_go_and_come_with_the_traffic_tag` |
| TRACK-* | `test_tracks_that_are_reached_and_what_the_others_lack` |
| FAIR-* | `test_fair_play` |
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

import pytest
from django.apps import apps
from django.db import transaction
from pytest_django.plugin import DjangoDbBlocker

from pifa.catalog.queries.categories import forget_categories
from pifa.demo.history.load import catch_up
from pifa.demo.season.page import page
from pifa.demo.season.play import SELLERS, play
from pifa.demo.season.told import Ending, Said, Told, Words
from pifa.kernel import clock

pytestmark = [pytest.mark.django_db, pytest.mark.own_clock]


@dataclass
class Story:
    """What was told, and how it ended."""

    lines: list[Told] = field(default_factory=list)
    endings: dict[str, Ending] = field(default_factory=dict)

    def said(self, who: str, month: int, day: int) -> list[Said]:
        """What was told of a seller on a day of 2018."""
        name = SELLERS[who][0] if who else "小二"
        wanted = date(2018, month, day)
        return [
            one.said for one in self.lines if one.who == name and clock.market_day(one.at) == wanted
        ]

    def one(self, who: str, month: int, day: int) -> Said:
        (said,) = self.said(who, month, day)
        return said


@pytest.fixture(scope="module")
def story(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Story:
    """The season, played once for all tests of this module."""
    with django_db_blocker.unblock(), transaction.atomic():
        forget_categories()
        catch_up(apps.get_models())
        told = Story()
        told.endings = {one.who: one for one in play(told.lines.append)}
        transaction.set_rollback(True)
    return told


def test_the_story_is_told_of_everybody_in_the_order_of_time(story: Story) -> None:
    assert set(story.endings) == set(SELLERS)
    assert [one.at for one in story.lines] == sorted(one.at for one in story.lines)
    names = {name for name, _how in SELLERS.values()}
    assert {one.who for one in story.lines} == names | {"小二"}


def test_gates_references_and_exceptions(story: Story) -> None:
    assert story.one("shut_out", 1, 3).rules == ("ENTRY-MEDAL",)
    assert story.one("shut_out", 2, 18).rules == (
        "ENTRY-PROTECTION", "ENTRY-MEMBERSHIP", "ENTRY-GRADE", "ENTRY-PENALTIES", "ENTRY-ACTIVE",
    )  # fmt: skip
    assert story.endings["shut_out"].state == ""
    refusal = next(one for one in story.said("infringing", 2, 20))
    assert refusal.rules == ("ENTRY-IP",)
    assert story.endings["infringing"].state == ""
    below = story.said("steady", 1, 19)[0]
    assert below.rules == ("ENTRY-TARGETS",)
    assert "还差 ¥100,000.00" in below.words.zh
    # References are weighed, and shut nobody out.
    assert story.one("late", 2, 20).rules == ("CAL-ENROLMENT", "ENTRY-REVENUE", "ENTRY-REPEAT")
    assert story.one("exception", 2, 16).rules == ("ENTRY-GRADE",)
    asked = story.one("exception", 2, 17)
    assert asked.rules == ("ENTRY-EXCEPTION",)
    assert asked.words.zh == "申请特批：待复审 → 已通过"
    assert story.endings["exception"].state == "renewed"


def test_the_calendar_opens_and_shuts_ways(story: Story) -> None:
    early = story.one("steady", 1, 10)
    assert early.rules == ("CAL-ENROLMENT",)
    assert "2018-01-15" in early.words.zh
    between = story.one("late", 1, 26)
    assert between.rules == ("CAL-REHEARSAL",)
    assert "2018-02-01" in between.words.zh
    assert story.one("returning", 1, 18).rules == ("CAL-RETURNING",)
    assert "（老通天）" in story.one("returning", 1, 18).words.zh
    # A member of December that lapsed in January rehearses again.
    assert story.one("lapsed", 1, 19).rules == ("CAL-RETURNING",)
    assert "报名被拒" in story.one("lapsed", 1, 19).words.zh
    # CAL-SAME-ROUND: not passed in January, and passed in January but enrolled in February.
    assert story.one("again", 1, 28).rules == ("CAL-SAME-ROUND",)
    assert story.one("credit", 2, 16).rules == ("CAL-SAME-ROUND",)
    assert "隔月彩排无效" in story.one("credit", 2, 16).words.zh
    # CAL-AGAIN: both try February.
    for who, day in (("again", 10), ("credit", 17)):
        assert "彩排通过" in story.one(who, 2, day).words.zh
    assert "CAL-DASHBOARD" in story.one("steady", 1, 5).rules
    assert "2018-01-06" in story.one("steady", 1, 5).words.zh


def test_rehearsals_by_their_conditions(story: Story) -> None:
    every = ("REHEARSE-BUYERS", "REHEARSE-LARGE", "REHEARSE-BANK")
    missed = story.one("again", 1, 9)
    assert missed.rules == every
    assert "还差 3 项" in missed.words.zh
    assert story.one("again", 2, 10).rules[:3] == every
    assert "彩排通过" in story.one("again", 2, 10).words.zh


def test_checkpoints(story: Story) -> None:
    def of(who: str) -> tuple[list[str], str]:
        one = story.endings[who]
        return list(one.outcomes.values()), one.state

    # CHECK-15, CHECK-PEAK, CHECK-MONTH: passed one after the other.
    for who in ("steady", "credit", "invited", "returning", "lapsed", "exception", "again"):
        assert of(who) == (["kept", "kept", "renewed"], "renewed"), who
    # CHECK-RESTORE: the traffic tag is lost on the 16th and comes back with the peak.
    assert of("late") == (["traffic_lost", "kept", "renewed"], "renewed")
    # CHECK-PEAK is missed, the month is not.
    assert of("fails_peak") == (["kept", "traffic_lost", "renewed"], "renewed")
    # CHECK-FREEZE: nine tenths are not enough in March; three months.
    assert of("short") == (["kept", "kept", "frozen"], "removed")
    assert story.endings["short"].frozen_until == date(2018, 7, 1)
    (verdict,) = story.said("short", 4, 1)
    assert (verdict.rules, verdict.reached, verdict.asked) == (
        ("CHECK-MONTH",), 90_000_000, 100_000_000,
    )  # fmt: skip
    assert [one.rules for one in story.said("returning", 3, 16)] == [("CHECK-15",)]


def test_build_up_and_the_peak_by_the_hour(story: Story) -> None:
    """CHECK-MARKERS: what is sold before the peak day and paid on it counts on it."""

    def marker(who: str, day: int) -> tuple[int | None, int]:
        (said,) = [one for one in story.said(who, 3, day) if "CHECK-MARKERS" in one.rules]
        return said.reached, said.asked

    assert marker("credit", 20) == (60_000_000, 25_000_000)
    assert marker("invited", 27) == (60_000_000, 25_000_000)
    assert marker("credit", 28) == (60_000_000, 10_000_000)
    assert marker("invited", 28) == (60_000_000, 30_000_000)
    assert marker("fails_peak", 28) == (40_000_000, 50_000_000)
    for who in ("credit", "invited"):
        (peak,) = [one for one in story.said(who, 3, 29) if one.rules == ("CHECK-PEAK",)]
        assert peak.reached == 60_000_000
        (half,) = [one for one in story.said(who, 3, 16) if one.rules == ("CHECK-15",)]
        assert half.reached == 21_000_000, "what is on credit or unpaid is not there yet"


def test_benefits_go_and_come_with_the_traffic_tag(story: Story) -> None:
    ten = {f"BENEFIT-{number}" for number in range(1, 11)}
    every = {*ten, "BENEFIT-INDUSTRY", "BENEFIT-TAGS"}
    with_member_tag = {
        "BENEFIT-4", "BENEFIT-6", "BENEFIT-8", "BENEFIT-9", "BENEFIT-INDUSTRY", "BENEFIT-TAGS",
    }  # fmt: skip
    assert set(story.one("late", 3, 2).rules) == every
    assert set(story.one("late", 3, 17).rules) == with_member_tag
    held = next(one for one in story.said("late", 3, 30) if "BENEFIT-TAGS" in one.rules)
    assert set(held.rules) == every
    assert story.one("short", 4, 2).rules == ()


def test_tracks_that_are_reached_and_what_the_others_lack(story: Story) -> None:
    selected = next(one for one in story.said("steady", 4, 1) if "TRACK" in one.rules[0])
    assert [rule for rule in selected.rules if rule[0] != "!"] == [
        "TRACK-BRAND-STATION", "TRACK-CORPORATE", "TRACK-LARGE-BUYERS",
    ]  # fmt: skip
    lacks = {rule[1:] for rule in selected.rules if rule[0] == "!"}
    assert lacks == {
        "TRACK-RESELLER-SALES",
        "TRACK-GROUP-BUY-MONTH", "TRACK-GROUP-BUY-PEAK",
        "TRACK-CROSS-BORDER-BUYERS", "TRACK-CROSS-BORDER-MONTH", "TRACK-CROSS-BORDER-PEAK",
        "TRACK-MICRO-BUYERS", "TRACK-MICRO-MONTH", "TRACK-MICRO-PEAK",
        "TRACK-IMPORT-MARKED", "TRACK-IMPORT-MONTH", "TRACK-IMPORT-PEAK",
        "TRACK-FACTORY-MONTH", "TRACK-FACTORY-PEAK",
    }  # fmt: skip
    importer = next(one for one in story.said("returning", 4, 1) if "TRACK" in one.rules[0])
    assert [rule for rule in importer.rules if rule[0] != "!"] == ["TRACK-IMPORT"]


def test_fair_play(story: Story) -> None:
    """FAIR-BRUSHING, FAIR-RECOMPUTED: CHECK-15 was passed by an order that was ruled out since."""
    assert story.one("", 3, 18).rules == ("FAIR-BRUSHING",)
    (first,) = story.said("brushing", 3, 16)
    (again,) = story.said("brushing", 3, 18)
    assert (first.reached, again.reached) == (26_000_000, 0)
    assert "重算" in again.words.zh
    ending = story.endings["brushing"]
    assert (list(ending.outcomes.values()), ending.state) == (["traffic_lost"], "removed")
    # FAIR-APPEAL: dismissed, the verdict stands.
    assert any(one.rules == ("FAIR-APPEAL",) for one in story.said("fails_peak", 3, 29))
    assert story.one("", 3, 31).rules == ("FAIR-APPEAL",)
    assert story.endings["fails_peak"].outcomes["CHECK-PEAK"] == "traffic_lost"


def test_the_page_tells_it_in_both_languages_and_escapes(story: Story) -> None:
    endings = list(story.endings.values())
    chinese, english = page(story.lines, endings, "zh"), page(story.lines, endings, "en")
    for html in (chinese, english):
        assert "http" not in html, "it needs nothing from elsewhere"
        assert all(f">{name}</" in html for name, _how in SELLERS.values())
        assert "2018-07-01" in html
        for one in story.lines:
            assert all(f">{rule.removeprefix('!')}<" in html for rule in one.said.rules)
    assert "未达标，去标并冻结" in chinese
    assert "missed; tags removed, frozen" in english
    assert "¥900,000.00 of ¥1,000,000.00 asked" in english
    bad = Told(story.lines[0].at, "<b>", Said(Words("<script>", "<script>")))
    assert "<script>" not in page([bad], [], "zh")
