"""How levels, bands, medals and tiers are called in the reader's language."""

from __future__ import annotations

from functools import lru_cache

from django.utils import translation

from pifa.rulebook.rules import Book, Step
from pifa.standing.books import NAME, ByDigest, library
from pifa.standing.models import Kind
from pifa.standing.rules.rating import CREDIT, LEVELS, TIERS, medal_ladder


def english() -> bool:
    """Whether the reader reads English."""
    return (translation.get_language() or "").startswith("en")


def named(step: Step | None) -> str:
    """A step as it is spoken of: `L3 中级采购商`, `4A`, `活跃商家`; a dash for none."""
    if step is None:
        return "—"
    name = step.name_en if english() else step.name
    return f"L{step.rank} {name}" if step.code.startswith("LEVEL-") else name


def step_name(kind: str, code: str) -> str:
    """The name of a step by kind and code, in the newest book that knows it; else its code."""
    if not code:
        return "—"
    return _names(kind, english()).get(code, code)


def codes_of(kind: str, book: Book) -> list[tuple[int, str]]:
    """The ranks of a kind with their codes, rising; 0 and "" for none, where none can be held."""
    if kind == Kind.CREDIT:
        return [(band.rank, str(band.rank)) for band in book.scorecards[CREDIT].bands]
    found = {step.rank: step.code for code in _ladders(kind) for step in book.ladders[code].steps}
    return sorted((found if kind == Kind.LEVEL else {0: "", **found}).items())


def _names(kind: str, in_english: bool) -> dict[str, str]:
    books = library().history(NAME)
    found: dict[str, str] = {}
    for book in books:
        found |= _names_in(ByDigest(book), kind, in_english)
    return found


@lru_cache(maxsize=64)
def _names_in(known: ByDigest, kind: str, in_english: bool) -> dict[str, str]:
    book = known.book
    if kind == Kind.CREDIT:
        bands = book.scorecards[CREDIT].bands
        return {str(band.rank): band.name_en if in_english else band.name for band in bands}
    with translation.override("en" if in_english else "zh-hans"):
        return {
            step.code: named(step) for code in _ladders(kind) for step in book.ladders[code].steps
        }


def _ladders(kind: str) -> tuple[str, ...]:
    if kind == Kind.LEVEL:
        return (LEVELS,)
    if kind == Kind.TIER:
        return (TIERS,)
    return tuple(medal_ladder(name) for name in ("consumer_1", "consumer_2", "non_consumer"))
