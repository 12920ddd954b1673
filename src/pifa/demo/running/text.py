"""The season's file: its own calendar and floors before the monthly programme's other parts."""

from __future__ import annotations

import re
from pathlib import Path

from pifa.programme import shelf

_PART = re.compile(r"^# -{20,} .*\((\w+)-\*\)$", re.MULTILINE)
"""The heading of a part in a season's file, with the rules that it holds."""

_TAKEN = ("ENTRY", "REHEARSE", "BENEFIT", "TRACK")


def text() -> str:
    """The template of the demo's seasons, as it is published for a month."""
    own = Path(__file__).with_name("season.toml").read_text()
    monthly = shelf.find("monthly").read_text()
    found = list(_PART.finditer(monthly))
    ends = [*(one.start() for one in found[1:]), len(monthly)]
    parts = {one[1]: monthly[one.start() : end] for one, end in zip(found, ends, strict=True)}
    return "\n".join([own, *(parts[name] for name in _TAKEN)])
