"""How values are written in sheets of past trade, and what is wrong with those that are not."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import UTC, date, datetime, time, tzinfo
from decimal import Decimal

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from pifa.kernel.sheets import Cell, CellProblem, cell_text
from pifa.trade.past.mapping import Mapping

MAX_QUANTITY = 10**9
MAX_PRICE_E4 = 10**12
MAX_AMOUNT_FEN = 10**13
_CACHED = 50_000

_PLAIN = re.compile(r"([+-]?)(\d+)(?:\.(\d*))?\Z", re.ASCII)
_GROUPED = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d*)?\Z", re.ASCII)
_CURRENCY = str.maketrans("", "", " \u00a0¥￥$£€元")
_PATTERNS = tuple(
    day + clock
    for day in ("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日")
    for clock in ("", " %H:%M", " %H:%M:%S")
)


class BadValue(Exception):
    """A cell that cannot be meant: `reason` and `remedy` for the person who made the sheet."""

    def __init__(self, reason: str | Promise, remedy: str | Promise) -> None:
        super().__init__(str(reason))
        self.reason, self.remedy = reason, remedy


class Values:
    """Reads cells as a mapping says they are written. Repeated texts are read once."""

    def __init__(self, mapping: Mapping, zone: tzinfo, not_after: datetime | None = None) -> None:
        self._comma = mapping.decimal == ","
        self._patterns = mapping.dates
        self._zone = zone
        self._not_after = not_after
        self._caches: dict[str, dict[Cell, int]] = {"e4": {}, "fen": {}, "pieces": {}, "time": {}}

    def price_e4(self, cell: Cell) -> int:
        """A unit price in 1/10,000 yuan; at most four decimals."""
        return self._cached("e4", cell, self._price)

    def fen(self, cell: Cell) -> int:
        """An amount in fen; at most two decimals."""
        return self._cached("fen", cell, self._amount)

    def quantity(self, cell: Cell) -> int:
        """A whole number of pieces; below zero where goods come back."""
        return self._cached("pieces", cell, self._pieces)

    def moment(self, cell: Cell) -> int:
        """A moment as whole seconds since 1970 (UTC); what has no zone means the market's."""
        return self._cached("time", cell, self._moment)

    def text(self, cell: Cell) -> str:
        """A text on one line."""
        if type(cell) is str and cell.isprintable():
            return cell
        if isinstance(cell, CellProblem):
            raise BadValue(cell.reason, cell.remedy)
        text = cell_text(cell)
        if text.isprintable():
            return text
        return " ".join("".join(c if c.isprintable() else " " for c in text).split())

    def key(self, cell: Cell) -> str:
        """A number that names something: 17850.0, which programs make of 17850, is 17850."""
        text = self.text(cell)
        return text[:-2] if text.endswith(".0") and text[:-2].isdecimal() else text

    def _cached(self, kind: str, cell: Cell, read: Callable[[Cell], int]) -> int:
        cache = self._caches[kind]
        value = cache.get(cell)
        if value is None:
            if isinstance(cell, CellProblem):
                raise BadValue(cell.reason, cell.remedy)
            value = read(cell)
            if len(cache) >= _CACHED:
                cache.clear()
            cache[cell] = value
        return value

    def _price(self, cell: Cell) -> int:
        value = self._scaled(cell, 4, _("单价"))
        if abs(value) > MAX_PRICE_E4:
            raise BadValue(_("单价过大"), _("检查是否多写了位数"))
        return value

    def _amount(self, cell: Cell) -> int:
        value = self._scaled(cell, 2, _("金额"))
        if abs(value) > MAX_AMOUNT_FEN:
            raise BadValue(_("金额过大"), _("检查是否多写了位数"))
        return value

    def _pieces(self, cell: Cell) -> int:
        try:
            value = self._scaled(cell, 0, _("数量"))
        except _TooManyDecimals:
            raise BadValue(_("数量不是整数"), _("换成最小的单位，按整数填写")) from None
        if abs(value) > MAX_QUANTITY:
            raise BadValue(_("数量过大"), _("检查是否多写了位数"))
        return value

    def _scaled(self, cell: Cell, places: int, what: str | Promise) -> int:
        """The number × 10^places, exactly, by its digits; no float takes part."""
        if isinstance(cell, bool) or not isinstance(cell, str | Decimal):
            raise _not_a_number(cell, what)
        if isinstance(cell, Decimal):
            text = format(cell, "f")
        else:
            text = self._plain_number(cell)
        found = _PLAIN.match(text)
        if not found or len(text) > 40:
            raise _not_a_number(cell, what)
        sign, whole, part = found.groups()
        part = (part or "").rstrip("0")
        if len(part) > places:
            raise _TooManyDecimals(
                format_lazy(_("{what}的小数超过 {places} 位"), what=what, places=places),
                format_lazy(_("四舍五入到 {places} 位小数"), places=places),
            )
        value = int(whole + part.ljust(places, "0"))
        return -value if sign == "-" else value

    def _plain_number(self, text: str) -> str:
        """Without currency and grouping; the decimal mark of the mapping becomes a point."""
        if not text.isascii():
            text = unicodedata.normalize("NFKC", text).replace("\u2212", "-")
        text = text.translate(_CURRENCY)
        if self._comma:
            text = text.translate(str.maketrans(",.", ".,"))
        if "," in text and _GROUPED.match(text):
            text = text.replace(",", "")
        return f"0{text}" if text.startswith(".") else text

    def _moment(self, cell: Cell) -> int:
        moment = self._read_moment(cell)
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=self._zone)
        if moment.year < 1980:
            raise BadValue(_("日期过早"), _("检查年份"))
        if self._not_after is not None and moment > self._not_after:
            raise BadValue(_("日期在将来，不是历史交易"), _("检查日期"))
        return int(moment.timestamp())

    def _read_moment(self, cell: Cell) -> datetime:
        if isinstance(cell, datetime):
            return cell
        if isinstance(cell, date):
            return datetime.combine(cell, time())
        if isinstance(cell, str):
            for pattern in self._patterns or ("iso", *_PATTERNS):
                try:
                    if pattern == "iso":
                        return datetime.fromisoformat(cell)
                    return datetime.strptime(cell, pattern)  # noqa: DTZ007 - zoned by the caller
                except ValueError:
                    continue
        raise BadValue(
            format_lazy(_("看不懂日期“{text}”"), text=cell_text(cell)[:40]),
            _("写成 2026-03-28 14:05，或在列对应里写明日期格式"),
        )


class _TooManyDecimals(BadValue):
    pass


def _not_a_number(cell: Cell, what: str | Promise) -> BadValue:
    return BadValue(
        format_lazy(_("{what}“{text}”不是数字"), what=what, text=cell_text(cell)[:40]),
        _("只填写数字；小数点的写法要与列对应一致"),
    )


def moment_of(seconds: int) -> datetime:
    """The moment that `Values.moment` counted, in UTC."""
    return datetime.fromtimestamp(seconds, UTC)
