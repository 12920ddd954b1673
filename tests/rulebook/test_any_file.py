"""Whatever stands in a file: the book is whole, or refused with a line that exists."""

from __future__ import annotations

from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import pifa
from pifa.rulebook.loading import BookError, Library, load
from pifa.rulebook.rules import compare
from tests.rulebook.books import SMALL, shelf
from tests.rulebook.words import WORDS


def outcome(root: Path) -> Library | BookError:
    try:
        return load(root, WORDS)
    except BookError as error:
        return error


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    st.integers(0, len(SMALL) - 1),
    st.integers(0, 12),
    st.text(st.sampled_from("0123456789.-_\"'[]{}=,#\n aLx批"), max_size=4),
)
def test_a_mangled_book_is_whole_or_refused_with_a_line_that_exists(
    tmp_path: Path, at: int, cut: int, put: str
) -> None:
    text = SMALL[:at] + put + SMALL[at + cut :]
    found = outcome(shelf(tmp_path, d2020_01_01=text))
    if isinstance(found, BookError):
        last = text.count("\n") + 1
        assert found.problems
        for problem in found.problems:
            assert 1 <= problem.line <= last
            assert problem.message
            assert problem.message_en
    else:
        (book,) = found.history("small")
        assert book.text == text
        assert compare(book, book) == ()
        assert set(book.scorecards) <= set(book.tables)


SHIPPED = (Path(pifa.__file__).parent / "rulebooks/standing/2018-01-01.toml").read_text()


# What a book may do without: whole conditions and weights, what has a default, and plain tables.
OPTIONAL = ("#", "{", "conditions = [{", "alone", 'to = "MEDAL-5"', "value")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.sampled_from(range(SHIPPED.index("[tables.first_order_protection]"))))
def test_a_line_lost_from_the_shipped_book_is_named_unless_it_is_optional(
    tmp_path: Path, at: int
) -> None:
    """A key that is lost never leaves a book that looks sound and says less."""
    lines = SHIPPED.splitlines(keepends=True)
    lost = SHIPPED[:at].count("\n")
    gone = lines.pop(lost).strip()
    file = tmp_path / "standing" / "2018-01-01.toml"
    file.parent.mkdir(exist_ok=True)
    file.write_text("".join(lines))
    if gone and not gone.startswith(OPTIONAL):
        assert isinstance(outcome(tmp_path), BookError), gone
