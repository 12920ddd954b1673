"""Spans of market days and the pieces a report cuts them into: pure functions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

DAY = timedelta(days=1)


class Grain(StrEnum):
    """How long a piece of a report is."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Market days from `first` to `last`, both included."""

    first: date
    last: date

    @property
    def days(self) -> int:
        """How many days there are; at least one."""
        return (self.last - self.first).days + 1


def before(span: Span) -> Span:
    """The span of as many days that ends the day before, for comparison."""
    return Span(span.first - DAY * span.days, span.first - DAY)


def grain_for(span: Span) -> Grain:
    """The grain that shows a span well: days up to two months, weeks up to a year, else months."""
    if span.days <= 62:
        return Grain.DAY
    return Grain.WEEK if span.days <= 360 else Grain.MONTH


def pieces(span: Span, grain: Grain) -> list[Span]:
    """A span cut at midnights, Mondays or firsts of months.

    The pieces follow each other without a gap and make up the span; the first and the last may
    be shorter than a whole week or month.
    """
    return list(_pieces(span, grain))


def _pieces(span: Span, grain: Grain) -> Iterator[Span]:
    first = span.first
    while first <= span.last:
        last = min(_last_of(first, grain), span.last)
        yield Span(first, last)
        first = last + DAY


def _last_of(day: date, grain: Grain) -> date:
    """The last day of the day, week (Monday to Sunday) or month in which a day lies."""
    if grain is Grain.DAY:
        return day
    if grain is Grain.WEEK:
        return day + DAY * (6 - day.weekday())
    return (day.replace(day=1) + DAY * 31).replace(day=1) - DAY
