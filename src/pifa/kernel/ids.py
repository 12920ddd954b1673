"""Public numbers: readable, unguessable in sequence, telling nothing about volume."""

from __future__ import annotations

import secrets
from datetime import datetime

from pifa.kernel import clock

_RANDOM_DIGITS = 10


def public_number(prefix: str = "", moment: datetime | None = None) -> str:
    """A number such as `260302` + ten random digits, by market day; unique by constraint."""
    day = clock.market_day(moment or clock.now())
    return f"{prefix}{day:%y%m%d}{secrets.randbelow(10**_RANDOM_DIGITS):0{_RANDOM_DIGITS}d}"


def number_of(subject: str) -> str:
    """The number that people know a subject by (`order:<number>`, `repayment:<number>`)."""
    return subject.partition(":")[2]
