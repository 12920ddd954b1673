"""BENEFIT-*, TRACK-*, FAIR-*: what members hold, by pure rules."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from pifa.programme.rules.checkpoints import (
    Tags,
    barred_by,
)
from pifa.programme.rules.giving import benefits_of, tags_held, view_track
from pifa.programme.rules.season import Season, Tag, Track
from pifa.rulebook.rules import Figure
from tests.programme.conftest import MARCH

YUAN = 100


# -------------------------------------------------------------------------- FAIR-*, BENEFIT-*, TRACK-*
def test_one_ruled_order_bars_where_the_season_says_so(march: Season) -> None:
    """FAIR-BRUSHING."""
    assert not barred_by(march, 0)
    assert barred_by(march, 1)


@given(st.booleans(), st.booleans(), st.sampled_from(["consumer", "non_consumer"]))
def test_benefits_follow_the_tags(
    march: Season, member: bool, traffic: bool, department: str
) -> None:
    """BENEFIT-*: nothing without the member tag, no traffic without the traffic tag."""
    tags = Tags(member, traffic)
    found = benefits_of(march, department, tags)
    assert set(tags_held(tags)) >= {rule.tag for rule in found}
    if not member:
        assert not found
    if member and traffic:
        assert {rule.rule_id for rule in found} >= {f"BENEFIT-{n}" for n in range(1, 11)}
    if member and not traffic:
        assert {rule.tag for rule in found} == {Tag.MEMBER}


def track(season: Season, code: str) -> Track:
    return next(one for one in season.tracks if one.code == code)


@given(st.integers(0, 4 * 10**8), st.integers(0, 10**8), st.booleans())
def test_the_factory_track_has_three_steps(
    march: Season, month: int, promotion: int, joined: bool
) -> None:
    """TRACK-FACTORY: benefits 1–2 above ¥0.5 m, 1–4 from ¥1 m, 1–6 from ¥3 m."""
    figures: dict[str, Figure] = {
        "factory_joined": joined,
        "processing_month": month,
        "processing_peak": promotion,
    }
    view = view_track(track(march, "track_factory"), figures, "consumer")
    holds = joined and month > 500_000 * YUAN and promotion > 300_000 * YUAN
    assert view.holds == holds
    steps = ((3_000_000, 6), (1_000_000, 4), (0, 2))
    expected = next(n for least, n in steps if month >= least * YUAN) if holds else 0
    assert len(view.benefits) == expected


def test_cross_border_asks_more_than_its_figures(march: Season) -> None:
    """TRACK-CROSS-BORDER: above 20 buyers, ¥0.5 m and ¥0.2 m, each strictly."""
    figures: dict[str, Figure] = {
        "cross_border_supplier": True,
        "inspected": True,
        "cross_border_buyers": 21,
        "cross_border_month": 500_000 * YUAN + 1,
        "cross_border_peak": 200_000 * YUAN + 1,
    }
    cross = track(march, "track_cross_border")
    assert view_track(cross, figures, "consumer").holds
    for metric in ("cross_border_buyers", "cross_border_month", "cross_border_peak"):
        figure = figures[metric]
        assert isinstance(figure, int)
        less = {**figures, metric: figure - 1}
        view = view_track(cross, less, "consumer")
        assert not view.holds
        assert [one.view.missing for one in view.answers if not one.holds] == [1]


def test_the_import_track_has_a_top(march: Season) -> None:
    """TRACK-IMPORT: ¥3 m and ¥1 m; ¥5 m, ¥3 m and the paid package make a top seller."""
    figures: dict[str, Figure] = {
        "importer": True,
        "all_month": 5_000_000 * YUAN,
        "all_peak": 3_000_000 * YUAN,
        "paid_package": False,
    }
    imports = track(march, "track_import")
    steps = [
        view_track(imports, {**figures, "paid_package": paid}, "consumer").step
        for paid in (False, True)
    ]
    assert [step.code for step in steps if step] == ["member", "top"]


def test_group_buying_asks_by_department(march: Season) -> None:
    """TRACK-GROUP-BUY: the industry's figure."""
    figures: dict[str, Figure] = {
        "group_buy_month": 300_000 * YUAN,
        "group_buy_peak": 150_000 * YUAN,
    }
    group_buy = track(march, "track_group_buy")
    assert view_track(group_buy, figures, "non_consumer").holds
    assert not view_track(group_buy, figures, "consumer").holds


def test_a_peak_that_is_not_over_is_not_reached(march: Season) -> None:
    """TRACK-*: what is not known yet meets no condition."""
    figures: dict[str, Figure] = {"micro_buyers": 200, "micro_month": 10**10, "micro_peak": None}
    view = view_track(track(march, "track_micro"), figures, "consumer")
    assert [one.asked.rule_id for one in view.answers if not one.holds] == ["TRACK-MICRO-PEAK"]


def test_steps_ask_ever_more(march: Season) -> None:
    for one in march.tracks:
        assert all(low.first <= high.first for low, high in pairwise(one.steps)), MARCH
