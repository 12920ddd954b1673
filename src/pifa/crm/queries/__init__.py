"""The only readers that other floors call; each a bounded number of statements."""

from __future__ import annotations

from pifa.crm.queries.duplicates import Alike, duplicates
from pifa.crm.queries.files import (
    SORTS,
    FileRow,
    FileView,
    Sort,
    agreed_prices,
    count,
    file,
    files,
    keepers,
    tags,
)
from pifa.crm.queries.mornings import NOBODY, Morning, Section, morning

__all__ = [
    "NOBODY",
    "SORTS",
    "Alike",
    "FileRow",
    "FileView",
    "Morning",
    "Section",
    "Sort",
    "agreed_prices",
    "count",
    "duplicates",
    "file",
    "files",
    "keepers",
    "morning",
    "tags",
]
