"""The kinds of deadlines of a season, and their subjects: `season:<code>[:<round or checkpoint>]`."""

from __future__ import annotations

from datetime import timedelta

BEGIN = "programme.begin"
SETTLE = "programme.settle"
CHECK = "programme.check"
TRACKS = "programme.tracks"
END = "programme.end"

AGAIN_AFTER = timedelta(minutes=30)
"""How long what lacks facts waits before it looks again."""

TRACKS_AFTER = timedelta(hours=2)
"""After the beginning of a day: checkpoints come before it."""

END_AFTER = timedelta(hours=3)


def parts(subject: str) -> tuple[str, str]:
    """The season's code and what within it a deadline is about."""
    _kind, code, *rest = subject.split(":")
    return code, rest[0] if rest else ""
