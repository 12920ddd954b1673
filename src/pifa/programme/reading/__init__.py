"""From the text of a season's file to a checked season, or to the list of all that is wrong."""

from __future__ import annotations

from pifa.programme.reading.files import Read, read_file, read_text

__all__ = ["Read", "read_file", "read_text"]
