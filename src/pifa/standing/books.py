"""The rulebook `standing`, read once in a process and anew when its folder changes."""

from __future__ import annotations

import logging
from datetime import date
from functools import lru_cache

from pifa.rulebook import loading
from pifa.rulebook.errors import BookError, BookProblem
from pifa.rulebook.loading import Library
from pifa.rulebook.rules import Book
from pifa.standing.vocabulary import NEEDED, VOCABULARY

logger = logging.getLogger(__name__)
NAME = "standing"

_last_good: list[Library] = []


def library() -> Library:
    """Every book there is. Raises `BookError` where one is broken and none was read before.

    A folder that became broken while the market runs changes nothing: what was read last goes
    on being the rule, whole, and the log says what is wrong.
    """
    found = _read(_state())
    if isinstance(found, Library):
        _last_good[:] = [found]
        return found
    if not _last_good:
        raise BookError(found)
    return _last_good[0]


def book_on(day: date) -> Book:
    """The rules of a market day; `NoBook` before the first."""
    return library().on(NAME, day)


def problems() -> tuple[BookProblem, ...]:
    """What is wrong with the folder as it is now; empty where every book is sound.

    While there is something, the books that were read last go on (`library`).
    """
    found = _read(_state())
    return () if isinstance(found, Library) else found


class ByDigest:
    """A book as a key of a cache: books of one digest are one book."""

    def __init__(self, book: Book) -> None:
        self.book = book

    def __hash__(self) -> int:
        return hash(self.book.digest)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ByDigest) and other.book.digest == self.book.digest


State = tuple[str, tuple[tuple[str, int, int], ...]]


def _state() -> State:
    """What the folder looks like: files with their size and time."""
    root = loading.folder()
    files = ((path, path.stat()) for path in sorted(root.rglob("*.toml")))
    return str(root), tuple((str(path), at.st_mtime_ns, at.st_size) for path, at in files)


@lru_cache(maxsize=2)
def _read(state: State) -> Library | tuple[BookProblem, ...]:
    """The books of the folder as it looks now, or all that is wrong with them, read and logged once."""
    try:
        return loading.load(loading.folder(), VOCABULARY, NEEDED)
    except BookError as error:
        logger.error("%s", error)
        return error.problems
