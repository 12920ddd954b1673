"""Writing .xlsx and .csv, streaming, so that a text never becomes a formula.

In a .csv a text that begins with = + - @ gets a leading ' (numbers are written as numbers and
keep their sign); `open_sheet` takes it off again. In an .xlsx such a text is stored as text and
marked so, which needs no change of its content.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import IO, Any

from django.utils.functional import Promise
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from pifa.kernel import clock
from pifa.kernel.money import Money, UnitPrice
from pifa.kernel.sheets.cells import neutral, number_text

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_MAX_CELL = 32_767
_MAX_DIGITS = 15
_FLUSH = 1 << 16


class ColumnKind(StrEnum):
    """How a column is shown: alignment, decimals, date pattern, usual width."""

    TEXT = "text"
    WHOLE = "whole"
    NUMBER = "number"
    MONEY = "money"
    PRICE = "price"
    DAY = "day"
    MOMENT = "moment"


_FORMATS = {
    ColumnKind.TEXT: ("@", 20),
    ColumnKind.WHOLE: ("#,##0", 10),
    ColumnKind.NUMBER: ("General", 10),  # the decimals it has and no idle point
    ColumnKind.MONEY: ("#,##0.00", 14),
    ColumnKind.PRICE: ("#,##0.00##", 12),
    ColumnKind.DAY: ("yyyy-mm-dd", 12),
    ColumnKind.MOMENT: ("yyyy-mm-dd hh:mm:ss", 20),
}


@dataclass(frozen=True, slots=True)
class Column:
    """A column to write; `width` in characters, the kind's own if not given."""

    title: str | Promise
    kind: ColumnKind = ColumnKind.TEXT
    width: int | None = None


def write_xlsx(
    target: IO[bytes],
    columns: Sequence[Column | str],
    rows: Iterable[Sequence[object]],
    *,
    title: str = "Sheet1",
) -> int:
    """Write one worksheet with frozen, bold headers; returns the number of rows.

    Cells may be text, whole numbers, `Decimal`, `Money`, `UnitPrice`, dates, moments (aware
    ones are shown in the market's zone) or None.
    """
    wanted = _columns(columns)
    book = Workbook(write_only=True)
    sheet = book.create_sheet(_sheet_title(title))
    sheet.freeze_panes = "A2"
    for position, column in enumerate(wanted, 1):
        width = column.width or _FORMATS[column.kind][1]
        sheet.column_dimensions[get_column_letter(position)].width = width
    bold, centred = Font(bold=True), Alignment(vertical="center")
    headers = []
    for column in wanted:
        cell = _text_cell(sheet, str(column.title))
        cell.font, cell.alignment = bold, centred
        headers.append(cell)
    sheet.append(headers)
    count = 0
    for row in rows:
        sheet.append(
            [_xlsx_cell(sheet, value, column) for value, column in zip(row, wanted, strict=True)]
        )
        count += 1
    book.save(target)
    return count


def csv_chunks(
    columns: Sequence[Column | str], rows: Iterable[Sequence[object]]
) -> Iterator[bytes]:
    """UTF-8 with a byte order mark (so that Excel reads Chinese), in pieces for streaming."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    buffer.write("\ufeff")
    writer.writerow([neutral(str(column.title)) for column in _columns(columns)])
    for row in rows:
        writer.writerow([_csv_text(value) for value in row])
        if buffer.tell() >= _FLUSH:
            yield buffer.getvalue().encode()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue().encode()


def write_csv(
    target: IO[bytes], columns: Sequence[Column | str], rows: Iterable[Sequence[object]]
) -> int:
    """Write a .csv as `csv_chunks` makes it; returns the number of rows."""
    count = 0

    def counted() -> Iterator[Sequence[object]]:
        nonlocal count
        for row in rows:
            count += 1
            yield row

    for chunk in csv_chunks(columns, counted()):
        target.write(chunk)
    return count


def _columns(columns: Sequence[Column | str]) -> list[Column]:
    return [column if isinstance(column, Column) else Column(column) for column in columns]


def _simple(value: object) -> object:
    """Money, prices and moments as what a sheet can hold."""
    if isinstance(value, Money | UnitPrice):
        return value.decimal
    if isinstance(value, datetime) and value.tzinfo is not None:
        return value.astimezone(clock.zone()).replace(tzinfo=None, microsecond=0)
    return value


def _csv_text(value: object) -> str:
    value = _simple(value)
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, int):
        return str(value)
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    if isinstance(value, date):
        return value.isoformat()
    return neutral(_CONTROL.sub("", str(value)))


def _xlsx_cell(sheet: Any, value: object, column: Column) -> Any:
    value = _simple(value)
    if value is None or value == "":
        return None
    if isinstance(value, int | Decimal) and len(str(value).lstrip("-0.")) > _MAX_DIGITS:
        value = number_text(Decimal(value))  # a sheet program would round it
    if isinstance(value, int | Decimal | date | datetime):
        cell: Any = WriteOnlyCell(sheet)
        cell.value = value
        if column.kind is not ColumnKind.TEXT:
            cell.number_format = _FORMATS[column.kind][0]
        return cell
    return _text_cell(sheet, str(value))


def _text_cell(sheet: Any, text: str) -> Any:
    """A cell that stays text whatever it begins with."""
    text = _CONTROL.sub("", text)[:_MAX_CELL]
    cell = WriteOnlyCell(sheet, value=text)
    if text != neutral(text):
        cell.data_type = "s"
        cell.quotePrefix = True  # what typing a leading ' does
    return cell


def _sheet_title(title: str) -> str:
    return re.sub(r"[\[\]:*?/\\]", " ", title)[:31] or "Sheet1"
