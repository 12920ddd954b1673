"""Single values of a season's file: days, spans, shares, money, words from a list."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from fractions import Fraction
from typing import Any, Final, TypeVar

from django.utils.translation import gettext_noop as _

from pifa.programme.rules.season import Span
from pifa.rulebook.reading.conditions import as_written, parsed
from pifa.rulebook.reading.tables import Table
from pifa.rulebook.rules import Unit

_MONTHLY: Final = re.compile(r"M([+-]\d)?/(\d{1,2}|last)")
_PEAK: Final = re.compile(r"peak(?:\+(\d))?")
_HOUR: Final = re.compile(r"([01]\d|2[0-3]):([0-5]\d)")

Word = TypeVar("Word", bound=StrEnum)


def month_after(day: date, months: int) -> date:
    """The first day of the month so many months later."""
    place = day.year * 12 + day.month - 1 + months
    return date(place // 12, place % 12 + 1, 1)


class Days:
    """Reads days: TOML dates, or in a template `M/28`, `M-1/15`, `M/last` of a month, `peak+1`."""

    def __init__(self, month: date | None) -> None:
        self.month = month
        self.peak: date | None = None

    def day(self, table: Table, key: str, needed: bool = True) -> date | None:
        """A day; reported where it is none."""
        value: Any = table.take(key, needed)
        if value is None:
            return None
        if isinstance(value, date) and not isinstance(value, datetime):
            return value
        if self.peak and isinstance(value, str) and (after := _PEAK.fullmatch(value)):
            return self.peak + timedelta(days=int(after[1] or 0))
        found = _MONTHLY.fullmatch(value) if self.month and isinstance(value, str) else None
        if found is None or self.month is None:
            hint = _("“{key}”应写成 M/28、M-1/15 或 M/last 这样的日期；这里是 {value}。")
            plain = _("“{key}”应写成不带引号的日期，例如 2018-03-01；这里是 {value}。")
            table.add(key, hint if self.month else plain, key=key, value=as_written(value))
            return None
        first = month_after(self.month, int(found[1] or 0))
        last = monthrange(first.year, first.month)[1]
        if found[2] == "last":
            return first.replace(day=last)
        if not 1 <= int(found[2]) <= 31:
            table.add(key, _("“{key}”的日子应在 1 到 31 之间。"), key=key)
            return None
        # A template says 31 or 30 and means the month's last day where it is shorter.
        return first.replace(day=min(int(found[2]), last))

    def span(self, table: Table, key: str | None) -> Span | None:
        """A span of days, `{ first = …, last = … }` under a key, or of the table's own keys."""
        inner = table if key is None else table.table(key)
        if inner is None:
            return None
        first, last = self.day(inner, "first"), self.day(inner, "last")
        if key is not None:
            inner.close()
        if first is None or last is None:
            return None
        if last < first:
            figures = {"first": first.isoformat(), "last": last.isoformat()}
            inner.add("last", _("结束日 {last} 早于开始日 {first}，请对调或改正。"), **figures)
            return None
        return Span(first, last)


def fen(table: Table, key: str, needed: bool = True) -> int | None:
    """Money above zero, written in yuan as text."""
    value = table.take(key, needed)
    if value is None:
        return None
    amount = parsed(value, Unit.FEN)
    if not amount:
        table.add(
            key,
            _('“{key}”应写成以元为单位、大于 0 的文字，例如 "2000000.00"；这里是 {value}。'),
            key=key,
            value=as_written(value),
        )
        return None
    return int(amount)


def share(table: Table, key: str, needed: bool = True) -> Fraction | None:
    """A share above nothing, written as a decimal in text; 1 is the whole."""
    value = table.take(key, needed)
    if value is None:
        return None
    found = parsed(value, Unit.RATIO)
    if not found or found > 10:
        table.add(
            key,
            _('“{key}”应写成大于 0 的小数文字，20% 写作 "0.20"；这里是 {value}。'),
            key=key,
            value=as_written(value),
        )
        return None
    return Fraction(found)


def whole(table: Table, key: str, low: int, high: int, default: int | None = None) -> int | None:
    """A whole number within limits."""
    value = table.whole(key, needed=default is None)
    if value is None:
        return default
    if not low <= value <= high:
        table.add(
            key,
            _("“{key}”应在 {low} 到 {high} 之间；这里是 {value}。"),
            key=key,
            low=low,
            high=high,
            value=value,
        )
        return None
    return value


def hour(table: Table, key: str) -> time | None:
    """A time of the market's day, as `02:00`."""
    value = table.text(key)
    if value is None:
        return None
    found = _HOUR.fullmatch(value)
    if found is None:
        table.add(
            key, _('“{key}”应写成 "02:00" 这样的时间；这里是 {value}。'), key=key, value=value
        )
        return None
    return time(int(found[1]), int(found[2]))


def word(table: Table, key: str, kinds: type[Word], default: Word | None = None) -> Word | None:
    """A word of a list."""
    value = table.text(key, needed=default is None)
    if value is None:
        return default
    if value not in list(kinds):
        known = "、".join(kinds)
        table.add(
            key,
            _("“{key}”不认识 {value}。可用：{known}。"),
            key=key,
            value=value,
            known=known,
        )
        return None
    return kinds(value)


def some_texts(table: Table, key: str) -> tuple[str, ...]:
    """Words of a list that may be left out."""
    return tuple(table.texts(key)) if key in table.data else ()
