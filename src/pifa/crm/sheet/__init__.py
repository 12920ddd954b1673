"""The customers' sheet: the same columns in and out, so that a round trip loses nothing."""

from __future__ import annotations

from pifa.crm.sheet.bringing_in import (
    FileOutcome,
    FilesReport,
    bring_in,
    open_files_sheet,
    preview,
)
from pifa.crm.sheet.taking_out import export

__all__ = [
    "FileOutcome",
    "FilesReport",
    "bring_in",
    "export",
    "open_files_sheet",
    "preview",
]
