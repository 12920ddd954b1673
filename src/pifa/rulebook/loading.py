"""A folder of books: `<name>/<day of effect>.toml`, all of it or nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext_noop as _

from pifa.rulebook.errors import BookError as BookError
from pifa.rulebook.errors import BookProblem as BookProblem
from pifa.rulebook.errors import NoBook as NoBook
from pifa.rulebook.reading.books import Needed, read_book
from pifa.rulebook.reading.positions import Lines
from pifa.rulebook.rules import Book, Vocabulary


@dataclass(frozen=True, slots=True)
class Library:
    """Books by name, oldest first."""

    books: Mapping[str, tuple[Book, ...]]

    @property
    def names(self) -> tuple[str, ...]:
        """The names of which there are books."""
        return tuple(self.books)

    def on(self, name: str, day: date) -> Book:
        """The book in effect on a day: the latest that begins on it or before; else `NoBook`."""
        found = [book for book in self.history(name) if book.effective <= day]
        if not found:
            raise NoBook(name=name, day=day)
        return found[-1]

    def history(self, name: str) -> tuple[Book, ...]:
        """Every book of a name, oldest first; none for a name nobody wrote."""
        return self.books.get(name, ())


def folder() -> Path:
    """Where this market's books are: the setting `RULEBOOKS`."""
    return Path(settings.RULEBOOKS)


def load(folder: Path | str, vocabulary: Vocabulary, needed: Needed | None = None) -> Library:
    """Read every book of a folder; `BookError` with everything that is wrong in any of them.

    Metrics that are not in `vocabulary` are refused, and books without a ladder or table that
    `needed` names: `{"standing": [("tables", "credit")]}`.
    """
    root = Path(folder)
    if not root.is_dir():
        raise BookError([BookProblem(str(root), 1, _("没有这个目录。"))])
    problems: list[BookProblem] = []
    books: dict[str, Book] = {}
    for file in sorted(path for path in root.rglob("*.toml") if path.is_file()):
        shown = file.relative_to(root).as_posix()
        book, wrong = read_book(file, shown, vocabulary, needed or {})
        problems += wrong
        if book is not None:
            books[shown] = book
    problems += _twice(books)
    if problems:
        raise BookError(sorted(problems, key=lambda problem: (problem.file, problem.line)))
    return Library(_by_name(books.values()))


def _twice(books: Mapping[str, Book]) -> list[BookProblem]:
    """Books of one name and day, in folders of one name."""
    seen: dict[tuple[str, date], str] = {}
    problems = []
    for shown, book in books.items():
        other = seen.setdefault((book.name, book.effective), shown)
        if other != shown:
            line = Lines(book.text).of(("effective",))
            figures = {"name": book.name, "day": book.effective.isoformat(), "other": other}
            problems.append(
                BookProblem(shown, line, _("“{name}”在 {day} 已有一份规则：{other}。"), figures)
            )
    return problems


def _by_name(books: Iterable[Book]) -> dict[str, tuple[Book, ...]]:
    named: dict[str, list[Book]] = {}
    for book in sorted(books, key=lambda book: (book.name, book.effective)):
        named.setdefault(book.name, []).append(book)
    return {name: tuple(history) for name, history in named.items()}
