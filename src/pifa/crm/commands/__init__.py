"""The verbs of customer files."""

from __future__ import annotations

from pifa.crm.commands.figures import bring_up_to_day, refresh
from pifa.crm.commands.files import FileDraft, add_file, add_note, change_file
from pifa.crm.commands.marks import Mark, mark
from pifa.crm.commands.merging import merge, undo_merge

__all__ = [
    "FileDraft",
    "Mark",
    "add_file",
    "add_note",
    "bring_up_to_day",
    "change_file",
    "mark",
    "merge",
    "refresh",
    "undo_merge",
]
