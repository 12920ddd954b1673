"""What a cell may hold after reading, and how text is kept from becoming a formula."""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal
from enum import Enum
from typing import NamedTuple, TypeAlias

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

_FORMULA_MARKS = frozenset("=+-@\t\r")
MARKED = frozenset("='")
"""First characters that `plain` looks at; any other text only loses surrounding blanks."""


class CellProblem(Enum):
    """A cell whose content is not trusted; it stands where the value would stand."""

    FORMULA = "formula"
    TOO_LONG = "too_long"
    LONG_NUMBER = "long_number"

    @property
    def reason(self) -> str | Promise:
        """What is wrong, for the person who made the sheet."""
        return _REASONS[self][0]

    @property
    def remedy(self) -> str | Promise:
        """What that person can do."""
        return _REASONS[self][1]


_REASONS: dict[CellProblem, tuple[str | Promise, str | Promise]] = {
    CellProblem.FORMULA: (
        _("单元格里是公式，数值可能与文件不符"),
        _("复制该单元格，“选择性粘贴为数值”后重新上传"),
    ),
    CellProblem.TOO_LONG: (_("单元格内容过长"), _("缩短内容后重新上传")),
    CellProblem.LONG_NUMBER: (
        _("数字超过 15 位，表格软件已丢失末尾几位"),
        _("把该列设为“文本”格式，重新填写完整号码"),
    ),
}

Cell: TypeAlias = str | Decimal | bool | datetime | date | time | CellProblem
"""An empty cell is ""; a number of a worksheet is a `Decimal`, of a .csv still text.
Dates of a worksheet are naive: they mean the market's zone."""


class Row(NamedTuple):
    """One row; `number` is what a person sees beside it, the first row being 1."""

    number: int
    cells: list[Cell]

    def cell(self, place: int) -> Cell:
        """The cell at a place; rows may end before it."""
        return self.cells[place] if place < len(self.cells) else ""

    def text(self, place: int) -> str:
        """What `cell_text` reads there, without blanks around it."""
        return cell_text(self.cell(place)).strip()

    @property
    def texts(self) -> tuple[str, ...]:
        """The whole row as it is shown to who sent it."""
        return tuple(cell_text(cell) for cell in self.cells)


def cell_text(cell: Cell) -> str:
    """The cell as a person reads it: numbers without exponent or trailing zeros.

    A `CellProblem` reads as "": its content is not used anywhere.
    """
    if isinstance(cell, str):
        return cell
    if isinstance(cell, CellProblem):
        return ""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, Decimal):
        return number_text(cell)
    if isinstance(cell, datetime):
        return cell.isoformat(sep=" ", timespec="seconds")
    return cell.isoformat()


def number_text(number: Decimal) -> str:
    """12, 0.035, -4.5: plain digits whatever the exponent."""
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def number_from_float(value: float) -> Decimal | CellProblem:
    """A worksheet's number with the 15 digits that a sheet program shows.

    0.1 + 0.2 reads 0.3 there, so it does here.
    """
    if abs(value) >= 1e15:
        return CellProblem.LONG_NUMBER
    return Decimal(format(value, ".15g"))


def plain(text: str) -> str:
    """Undo what exports do to keep a text a text: ="00123", a leading ' before a mark."""
    text = text.strip()
    if len(text) >= 3 and text.startswith('="') and text.endswith('"'):
        return text[2:-1].strip()
    if len(text) >= 2 and text[0] == "'" and (text[1] in _FORMULA_MARKS or text[1:].isdigit()):
        return text[1:]
    return text


def neutral(text: str) -> str:
    """A text for a .csv that no sheet program takes for a formula; `plain` undoes it."""
    return "'" + text if text[:1] in _FORMULA_MARKS and text else text
