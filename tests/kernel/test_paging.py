"""Cursors lead on from where a page ended, and from nowhere else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pifa.kernel.paging import (
    MAX_SIZE,
    BadCursor,
    Page,
    cut,
    page_size,
    read_cursor,
    write_cursor,
)

INTEGERS = st.integers(-(2**63), 2**63 - 1)


@given(INTEGERS, st.text())
def test_a_place_comes_back_as_it_was(number: int, word: str) -> None:
    assert read_cursor(write_cursor(number, word), int, str) == (number, word)
    assert read_cursor(write_cursor(number), int) == (number,)


@given(st.text())
def test_whatever_else_comes_is_refused(text: str) -> None:
    with pytest.raises(BadCursor):
        read_cursor(text, int, int, int, int, int)


@pytest.mark.parametrize("place", [(), (1, 2), ("1",), (2**63,), (-(2**63) - 1,)])
def test_a_place_of_another_list_is_refused(place: tuple[int | str, ...]) -> None:
    with pytest.raises(BadCursor):
        read_cursor(write_cursor(*place), int)


def test_deeply_nested_cursors_are_refused() -> None:
    with pytest.raises(BadCursor):
        read_cursor("W1tb" * 20_000, int)


@given(st.lists(st.integers(0, 1000), unique=True), st.integers(1, 10))
def test_pages_cover_everything_once(numbers: list[int], size: int) -> None:
    rows, seen, cursor = sorted(numbers, reverse=True), [], None
    while True:
        (before,) = read_cursor(cursor, int) if cursor else (10**9,)
        page: Page[int] = cut(
            [row for row in rows if row < before][: size + 1], size, lambda row: (row,)
        )
        seen += page.items
        cursor = page.next_cursor
        if cursor is None:
            break
        assert len(page.items) == size
    assert seen == rows


def test_a_page_has_bounds() -> None:
    assert [page_size(wanted) for wanted in (None, 0, -5, 1, 10**9)] == [20, 20, 1, 1, MAX_SIZE]
