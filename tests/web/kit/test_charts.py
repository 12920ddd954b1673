"""Geometry of the drawings: what is drawn stands in its box and says the figures' order."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pifa.web.kit import charts

figures = st.lists(st.integers(0, 10**12), min_size=1, max_size=90)


@pytest.mark.parametrize(
    ("highest", "top"),
    [(0, 1), (1, 1), (7, 8), (9, 10), (10, 10), (11, 20), (21, 25), (61, 80), (99, 100)],
)
def test_the_scale_ends_on_a_round_figure(highest: int, top: int) -> None:
    assert charts.nice_top(highest) == top


def test_a_scale_may_end_between_whole_figures() -> None:
    assert charts.nice_top(Decimal("7.5")) == 8
    assert charts.nice_top(Decimal("0.05")) == 1


@given(st.integers(1, 10**15))
def test_the_scale_holds_the_highest_and_wastes_little(highest: int) -> None:
    top = charts.nice_top(highest)
    assert highest <= top <= max(2 * highest, 2)


@given(figures)
def test_bars_stand_on_the_floor_side_by_side_within_the_box(values: list[int]) -> None:
    chart = charts.bars(values)
    right = 0.0
    for bar, value in zip(chart.bars, values, strict=True):
        assert float(bar.y) + float(bar.height) == pytest.approx(100, abs=0.02)
        assert 0 <= float(bar.y) <= 100
        assert float(bar.x) >= right - 0.02
        assert (float(bar.height) > 0) == (value > 0)
        right = float(bar.x) + float(bar.width)
    assert right <= 100.02


def test_a_target_above_every_bar_raises_the_scale() -> None:
    chart = charts.bars([10, 20], target=100)
    assert chart.top == 100
    assert chart.target_y == "0"
    assert [bar.height for bar in chart.bars] == ["10", "20"]


def test_the_bar_being_looked_at_is_marked() -> None:
    assert [bar.current for bar in charts.bars([1, 2, 3], current=1).bars] == [False, True, False]


def test_bars_refuse_a_figure_below_zero() -> None:
    with pytest.raises(ValueError, match="below it cannot be drawn"):
        charts.bars([3, -1])


def test_a_line_goes_from_lowest_at_the_bottom_to_highest_at_the_top() -> None:
    spark = charts.sparkline([0, 10, 5])
    assert spark.points == "3,21 48,3 93,12"
    assert (spark.last_x, spark.last_y) == ("93", "12")


def test_equal_figures_lie_in_the_middle() -> None:
    assert charts.sparkline([4, 4]).points == "3,12 93,12"
    assert charts.sparkline([4]).points == "93,12"


@given(figures)
def test_a_line_stays_in_its_box(values: list[int]) -> None:
    for point in charts.sparkline(values).points.split():
        x, y = map(float, point.split(","))
        assert 0 <= x <= charts.SPARK_WIDTH
        assert 0 <= y <= charts.SPARK_HEIGHT


def test_a_standing_holds_until_it_changes() -> None:
    assert charts.steps([0, 0, 3, 1], highest=5) == "M0 100 H50 V40 H75 V80 H100"


def test_a_standing_that_never_changed_is_one_line() -> None:
    assert charts.steps([2, 2, 2], highest=4) == "M0 50 H100"


def test_a_standing_above_the_highest_is_refused() -> None:
    with pytest.raises(ValueError, match="between 0 and 5"):
        charts.steps([6], highest=5)


def test_a_way_begins_at_nothing_and_leads_where_the_pace_does() -> None:
    way = charts.pace([10, 16], 10, 100, 80)
    assert way.points == "0,100 10,90 20,84"
    assert (way.target_y, way.ahead, way.top) == ("0", "20,84 100,20", 100)
    assert charts.pace([10] * 10, 10, 100, 80).ahead is None


@pytest.mark.parametrize(("sums", "many"), [([], 3), ([1, 2], 1), ([-1], 3)])
def test_a_way_that_cannot_be_drawn_is_refused(sums: list[int], many: int) -> None:
    with pytest.raises(ValueError, match="a way"):
        charts.pace(sums, many, 10)


@given(figures)
def test_heat_follows_the_order_of_the_figures(values: list[int]) -> None:
    cells = charts.heat(values)
    for cell, value in zip(cells, values, strict=True):
        assert (cell.shade == 0) == (value == 0)
        for other, other_value in zip(cells, values, strict=True):
            if value < other_value:
                assert cell.shade <= other.shade
    if max(values) > 0:
        assert max(cell.shade for cell in cells) == charts.HEAT_SHADES


@pytest.mark.parametrize(("count", "every"), [(1, 1), (8, 1), (9, 2), (24, 3), (30, 4)])
def test_few_enough_labels_are_said(count: int, every: int) -> None:
    assert charts.label_every(count) == every
