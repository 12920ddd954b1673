"""The frame of the demo market: its seed, its days, the people everybody may sign in as."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

SEED = 20260302
"""The market that is built unless another is asked for."""

ZONE = ZoneInfo("Asia/Shanghai")

OPENING = datetime(2026, 6, 30, 9, 30, tzinfo=ZONE)
"""Where the market's clock stands when the doors open."""

FIRST_DAY = date(2026, 1, 1)
"""The first day of the trade that is told; companies and goods were there before."""

FOUNDED = datetime(2025, 3, 3, 9, 0, tzinfo=ZONE)
"""When the market began: operators, categories and the first companies."""

PASSWORD = "pifa-demo-2026"  # noqa: S105 - printed at every start, for a market of inventions
"""Everybody's password, named logins and all others."""

BUYER, SELLER = "buyer", "seller"
OPERATOR, REVIEWER, ARBITER = "operator", "reviewer", "arbiter"
"""Logins with names of their own; every other company's owner signs in by the company's login."""

RATING_DAYS = 30
"""Days that medals and levels count: those before the opening day, whole."""


def first_rated_day() -> date:
    """The first of the days that a rating of the opening day counts."""
    return OPENING.date() - timedelta(days=RATING_DAYS)


def moment(day: date, hour: int = 9, minute: int = 0, second: int = 0) -> datetime:
    """A moment of a market day."""
    return datetime(day.year, day.month, day.day, hour, minute, second, tzinfo=ZONE)
