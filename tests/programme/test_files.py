"""Seasons' files: what ships is complete and sound, and whatever is wrong is named with its line."""

from __future__ import annotations

from datetime import date, time, timedelta
from fractions import Fraction
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from pifa.cli import season as command
from pifa.demo.vocabulary.categories import TOP_CATEGORIES
from pifa.programme.reading import read_file, read_text
from pifa.programme.rules.season import Loses, Season, Span, Target
from pifa.rulebook.errors import BookProblem
from tests.programme.conftest import CATEGORIES, MARCH, MONTHLY

TEXT = MARCH.read_text()


def problems(old: str, new: str, *, count: int = 1) -> list[BookProblem]:
    """What is wrong with March's file if something in it reads otherwise."""
    assert TEXT.count(old) >= 1, old
    return list(read_text(TEXT.replace(old, new, count), "march.toml", None, CATEGORIES).problems)


def test_march_2018_is_the_decks_calendar(march: Season) -> None:
    """CAL-*: every date of the deck's 招商节奏."""
    january, february = march.rounds
    assert (january.rehearsal_signup, january.rehearsal, january.enrolment) == (
        Span(date(2018, 1, 1), date(2018, 1, 24)),
        Span(date(2018, 1, 1), date(2018, 1, 25)),
        Span(date(2018, 1, 15), date(2018, 1, 31)),
    )
    assert (february.rehearsal_signup, february.rehearsal, february.enrolment) == (
        Span(date(2018, 2, 1), date(2018, 2, 24)),
        Span(date(2018, 2, 1), date(2018, 2, 25)),
        Span(date(2018, 2, 15), date(2018, 2, 28)),
    )
    assert march.span == Span(date(2018, 3, 1), date(2018, 3, 31))
    assert march.peak == date(2018, 3, 28)
    assert march.returning == Span(date(2018, 1, 1), date(2018, 1, 31))


def test_march_2018_has_the_decks_checkpoints(march: Season) -> None:
    """CHECK-15, CHECK-PEAK, CHECK-MONTH: days, shares, what each costs."""
    first, peak, month = march.checkpoints
    assert (first.code, first.span, first.runs_on, first.pass_at, first.loses, first.target) == (
        "CHECK-15",
        Span(date(2018, 3, 1), date(2018, 3, 15)),
        date(2018, 3, 16),
        Fraction(1, 5),
        Loses.TRAFFIC,
        Target.MONTH,
    )
    assert (peak.span, peak.runs_on, peak.pass_at, peak.target) == (
        Span(date(2018, 3, 28), date(2018, 3, 28)),
        date(2018, 3, 29),
        Fraction(1),
        Target.PEAK,
    )
    assert (month.runs_on, month.loses, month.freeze_below, month.freeze_months) == (
        date(2018, 4, 1),
        Loses.ALL,
        Fraction(1),
        3,
    )
    assert month.renews
    assert not first.renews
    assert {one.runs_at for one in march.checkpoints} == {time(1)}


def test_march_2018_has_floors_markers_benefits_and_tracks(march: Season) -> None:
    """ENTRY-TARGETS, CHECK-MARKERS, BENEFIT-1 … BENEFIT-10, TRACK-*: all of the deck's tables."""
    floors = {one.code: (one.month_floor_fen, one.peak_floor_fen) for one in march.departments}
    assert floors == {
        "consumer": (200_000_000, 100_000_000),
        "non_consumer": (100_000_000, 50_000_000),
    }
    assert [(one.code, one.share, one.until) for one in march.markers] == [
        ("first_half", Fraction(1, 5), 24),
        ("build_up_a", Fraction(1, 2), 24),
        ("build_up_b", Fraction(1, 2), 24),
        ("peak_12", Fraction(1, 5), 12),
        ("peak_16", Fraction(3, 5), 16),
        ("peak_24", Fraction(1), 24),
        ("month", Fraction(1), 24),
    ]
    ten = [one.rule_id for one in march.benefits if one.rule_id != "BENEFIT-INDUSTRY"]
    assert ten == [f"BENEFIT-{number}" for number in range(1, 11)]
    assert len(march.tracks) == 9
    factory = next(one for one in march.tracks if one.code == "track_factory")
    assert [one.first for one in factory.steps] == [2, 4, 6]


def test_departments_are_those_of_the_market(march: Season) -> None:
    """ENTRY-DEPARTMENT: every top-level category belongs to the department that the market knows."""
    for category in TOP_CATEGORIES:
        department = march.department_of(category.slug)
        assert department is not None
        assert department.code == category.department


@given(st.dates(date(2017, 1, 1), date(2030, 12, 31)))
def test_the_monthly_season_holds_for_any_month(month: date) -> None:
    """CAL-MONTHLY: a template is sound in every month; only those with a big promotion have a peak."""
    read = read_file(MONTHLY, month, CATEGORIES)
    assert [str(one) for one in read.problems] == []
    season = read.season
    assert season is not None
    peaks = {3: 28, 9: 6, 12: 20}
    assert (season.peak.day if season.peak else None) == peaks.get(month.month)
    assert season.span.first == month.replace(day=1)
    assert (season.span.last + timedelta(days=1)).day == 1
    last = season.checkpoints[-1]
    assert (last.code, last.pass_at, last.freeze_below) == (
        "CHECK-MONTH",
        Fraction(1),
        Fraction(4, 5),
    )
    assert season.code == f"monthly-{month:%Y-%m}"


@pytest.mark.parametrize(
    ("old", "new", "line_of", "words"),
    [
        (
            "enrolment = { first = 2018-02-15,",
            "enrolment = { first = 2018-01-31,",
            "enrolment = { first = 2018-01-31",
            "与上一轮（到 2018-01-31 为止）重叠",
        ),
        ("runs_on = 2018-03-16", "runs_on = 2018-03-15", "runs_on = 2018-03-15", "请改到 2018-03-15 之后"),
        ('"toys", ', "", "[departments.consumer]", "不属于任何部门"),
        ('"packaging", ', '"packaging", "toys", ', "categories = [", "只能属于一个部门"),
        ("peak = 2018-03-28", "peak = 2018-04-28", "peak = 2018-04-28", "不在活动期间"),
        ('metric = "medal"', 'metric = "medall"', '"medall"', "是“medal”吗"),
        ('pass_rate = "0.20"', 'pass_rate = "20%"', 'pass_rate = "20%"', '20% 写作 "0.20"'),
        ('freeze_below_rate = "1"', 'freeze_below_rate = "1.1"', "freeze_below_rate", "不能高于通过线"),
        ("freeze_months = 3\n", "", "freeze_below_rate", "freeze_months"),
        ('loses = "traffic"', 'loses = "all of it"', "loses", "可用：traffic、all"),
        (
            "rehearsal = { first = 2018-01-01, last = 2018-01-25 }",
            "rehearsal = { first = 2018-01-25, last = 2018-01-01 }",
            "rehearsal = { first",
            "早于开始日",
        ),
        ("carried_until = 2018-04-30", 'carried_until = "30 April"', "carried_until", "不带引号的日期"),
        ("last = 2018-02-28 }", "last = 2018-03-01 }", "enrolment", "请在活动开始前截止"),
        ('title_en = "Key', 'surprise = 1\ntitle_en = "Key', "surprise", "不认识“surprise”"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_with_its_line_and_a_remedy(
    old: str, new: str, line_of: str, words: str
) -> None:
    found = problems(old, new)
    lines = TEXT.replace(old, new, 1).splitlines()
    assert any(words in str(one) and line_of in lines[one.line - 1] for one in found), [
        (one.line, str(one)) for one in found
    ]


def test_every_mistake_is_told_at_once() -> None:
    text = TEXT.replace("peak = 2018-03-28", "peak = 2018-05-28", 1)
    text = text.replace("runs_on = 2018-03-29", "runs_on = 2018-03-28", 1)
    found = read_text(text, "march.toml", None, CATEGORIES).problems
    assert len(found) >= 2


@given(st.integers(0, len(TEXT) - 1), st.sampled_from(["", "x", '"', "=", "[", "2018-13-01", "\n"]))
def test_a_mangled_file_is_read_or_refused_with_lines_that_exist(place: int, put: str) -> None:
    """SEASON-FILE: never half a season, never a stack trace."""
    text = TEXT[:place] + put + TEXT[place + 1 :]
    read = read_text(text, "march.toml", None, CATEGORIES)
    assert (read.season is None) == bool(read.problems)
    for one in read.problems:
        assert 1 <= one.line <= text.count("\n") + 1
        assert one.message


@pytest.mark.django_db
def test_the_command_checks_a_file_and_says_what_to_do(tmp_path: Path) -> None:
    sound = CliRunner().invoke(command.group, ["check", "march-2018"])
    assert sound.exit_code == 0
    assert "9 tracks: sound." in sound.output
    broken = tmp_path / "march.toml"
    broken.write_text(TEXT.replace("runs_on = 2018-03-16", "runs_on = 2018-03-14", 1))
    refused = CliRunner().invoke(command.group, ["check", str(broken)])
    assert refused.exit_code == 1
    assert "march.toml:" in refused.output
    assert "1 problems" in refused.output
    template = CliRunner().invoke(command.group, ["check", "monthly"])
    assert "--month" in template.output
    month = CliRunner().invoke(command.group, ["check", "monthly", "--month", "2018-09"])
    assert "2018-09-07 01:00" in month.output
