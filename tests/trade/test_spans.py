"""Windows and their pieces: nothing is lost between them, nothing counted twice."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from pifa.trade import spans
from pifa.trade.spans import Grain, Span

windows = st.builds(
    lambda first, days: Span(first, first + timedelta(days=days)),
    st.dates(date(2001, 1, 1), date(2990, 1, 1)),
    st.integers(0, 1100),
)


@given(windows, st.sampled_from(Grain))
def test_pieces_make_up_the_window(window: Span, grain: Grain) -> None:
    cut = spans.pieces(window, grain)
    assert (cut[0].first, cut[-1].last) == (window.first, window.last)
    assert sum(piece.days for piece in cut) == window.days
    assert all(piece.first <= piece.last for piece in cut)
    for piece, after in pairwise(cut):
        assert after.first == piece.last + timedelta(days=1)


@given(windows, st.sampled_from(Grain))
def test_pieces_begin_where_their_kind_does(window: Span, grain: Grain) -> None:
    for piece in spans.pieces(window, grain)[1:]:
        begins = {
            Grain.DAY: True,
            Grain.WEEK: piece.first.weekday() == 0,
            Grain.MONTH: piece.first.day == 1,
        }
        assert begins[grain]
        longest = {Grain.DAY: 1, Grain.WEEK: 7, Grain.MONTH: 31}
        assert piece.days <= longest[grain]


@given(windows)
def test_the_window_before_is_as_long_and_ends_the_day_before(window: Span) -> None:
    earlier = spans.before(window)
    assert earlier.days == window.days
    assert earlier.last + timedelta(days=1) == window.first


def test_a_report_is_never_cut_into_more_than_it_can_show() -> None:
    first = date(2026, 1, 1)
    for days in (0, 61, 62, 359, 360, 1099):
        window = Span(first, first + timedelta(days=days))
        assert len(spans.pieces(window, spans.grain_for(window))) <= 62


def test_weeks_run_from_monday_to_sunday() -> None:
    cut = spans.pieces(Span(date(2026, 3, 1), date(2026, 3, 11)), Grain.WEEK)
    assert [(piece.first.day, piece.last.day) for piece in cut] == [(1, 1), (2, 8), (9, 11)]
