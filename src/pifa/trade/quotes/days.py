"""Market days and the moments at which they end."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from pifa.kernel import clock


def end_of(day: date) -> datetime:
    """The first moment after a market day: what holds through the day ends here."""
    return clock.start_of_day(day + timedelta(days=1))


def last_day(until: datetime) -> date:
    """The last market day of what ends at a moment."""
    return clock.market_day(until - timedelta(microseconds=1))
