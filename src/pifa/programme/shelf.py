"""Seasons: the files that come with Pifa, and those that are published, read once by their text."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from pifa.catalog import queries as catalog
from pifa.kernel.errors import NotFound
from pifa.programme.models import SeasonRow
from pifa.programme.reading import Read, read_file, read_text
from pifa.programme.rules.season import Season


def folder() -> Path:
    """Where this market's files of seasons are: the setting `SEASONS`."""
    return Path(settings.SEASONS)


def find(name: str | Path) -> Path:
    """The file of a season: a path, or the name of one of the market's own. `NotFound`."""
    for path in (Path(name), folder() / f"{name}.toml"):
        if path.is_file():
            return path
    raise NotFound


def read(name: str | Path, month: date | None = None) -> Read:
    """A file of a season, held against the market's categories where it has any."""
    return read_file(find(name), month, categories_of_market())


def categories_of_market() -> dict[str, str] | None:
    """The top-level categories, slug to name; None in a market that has none yet."""
    return {node.slug: node.name for node in catalog.categories().top} or None


def row_of(code: str) -> SeasonRow:
    """The published season of a code; `NotFound`."""
    row = SeasonRow.objects.filter(code=code).first()
    if row is None:
        raise NotFound
    return row


def season_of(row: SeasonRow) -> Season:
    """The rules of a published season, as they were when it was published."""
    return _read(row.text, row.month)


@lru_cache(maxsize=64)
def _read(text: str, month: date | None) -> Season:
    season = read_text(text, "", month).season
    if season is None:
        raise ValueError("a published season cannot be read any more")
    return season
