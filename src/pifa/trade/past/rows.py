"""One row of a sheet of past trade, read by its mapping."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from pifa.kernel.money import UnitPrice, line_amount
from pifa.kernel.sheets import Cell, CellProblem, Row, cell_text
from pifa.trade.past import mapping as mappings
from pifa.trade.past.fields import IDENTIFYING, LINE_FIELDS, MAX_LENGTHS, MONEY_FIELDS, Field
from pifa.trade.past.values import MAX_AMOUNT_FEN, BadValue, Values

_SEPARATOR = "\x1f"
_HEAD_TEXTS = (
    Field.BUYER_COMPANY,
    Field.BUYER_MEMBER,
    Field.SELLER_COMPANY,
    Field.SELLER_MEMBER,
    Field.SHIPPER,
    Field.CONSIGNEE,
    Field.COUNTRY,
    Field.ADDRESS,
    Field.POST_CODE,
    Field.PHONE,
    Field.MOBILE,
)


class Problem(NamedTuple):
    """What is wrong with one cell of a row."""

    field: Field | None
    reason: str | Promise
    remedy: str | Promise


class ParsedRow:
    """What a row says. `head` are values of its order; a row without a line has no quantity."""

    __slots__ = (
        "amount_fen", "code", "created_at", "customer", "head", "notes", "order_no", "ordinal",
        "price_e4", "problems", "quantity", "row", "title", "unit",
    )  # fmt: skip

    def __init__(self, row: int) -> None:
        self.row = row
        self.order_no = ""
        self.ordinal: int | None = None
        self.created_at: int | None = None
        self.customer = ""
        self.code = ""
        self.title = ""
        self.unit = ""
        self.quantity: int | None = None
        self.price_e4 = 0
        self.amount_fen = 0
        self.head: dict[str, int | str] = {}
        self.problems: list[Problem] = []
        self.notes: list[Problem] = []
        """Problems that do not keep the row out."""


class RowParser:
    """Reads the rows of one sheet whose columns are bound to fields."""

    def __init__(
        self, mapping: mappings.Mapping, bound: Mapping[Field, int], values: Values
    ) -> None:
        self._mapping = mapping
        self._bound = bound
        self._values = values
        self._width = max(bound.values()) + 1
        self._order_at = bound[Field.ORDER_NO]
        self._created_at = bound[Field.CREATED_AT]
        readers = {
            Field.QUANTITY: self._quantity,
            Field.UNIT_PRICE: self._price,
            Field.CODE: self._code,
            Field.DESCRIPTION: self._title,
            Field.UNIT: self._unit,
        }
        self._lines = [(f, bound[f], readers[f]) for f in LINE_FIELDS if f in bound]
        self._with_lines = Field.QUANTITY in bound
        self._head = [
            (f, i) for f, i in bound.items() if f not in LINE_FIELDS and f is not Field.ORDINAL
        ]
        self._money = [(f, bound[f]) for f in MONEY_FIELDS if f in bound]
        self._texts = [(f, bound[f]) for f in _HEAD_TEXTS if f in bound]
        self._above: list[Cell] = []

    def parse(self, row: Row) -> tuple[ParsedRow, list[Cell]]:
        """Read one row; also gives its cells, with what merged cells above it say filled in."""
        cells = row.cells
        if len(cells) < self._width:
            cells = cells + [""] * (self._width - len(cells))
        if self._mapping.continued_rows:
            cells = self._continue(cells)
        parsed = ParsedRow(row.number)
        self._read(parsed, Field.ORDER_NO, cells[self._order_at], self._order_no)
        if not parsed.order_no and not parsed.problems:
            parsed.problems.append(
                Problem(Field.ORDER_NO, _("没有订单号"), _("补上订单号；同一订单的各行写同一个号"))
            )
        if cells[self._created_at] != "":
            self._read(parsed, Field.CREATED_AT, cells[self._created_at], self._created)
        if Field.ORDINAL in self._bound:
            self._ordinal(parsed, cells[self._bound[Field.ORDINAL]])
        if Field.CUSTOMER in self._bound:
            self._read(parsed, Field.CUSTOMER, cells[self._bound[Field.CUSTOMER]], self._customer)
        self._read_head(parsed, cells)
        if self._with_lines:
            self._read_line(parsed, cells)
        return parsed, cells

    def _continue(self, cells: list[Cell]) -> list[Cell]:
        """A row with a line and nothing of an order belongs to the order above it."""
        blank = all(cells[index] == "" for _field, index in self._head)
        has_line = any(cells[index] != "" for _field, index, _read in self._lines)
        if blank and has_line and self._above:
            cells = list(cells)
            for _field, index in self._head:
                cells[index] = self._above[index]
        elif not blank:
            self._above = cells
        return cells

    def _read(
        self,
        parsed: ParsedRow,
        field: Field,
        cell: Cell,
        read: Callable[[ParsedRow, Cell], None],
    ) -> None:
        try:
            read(parsed, cell)
        except BadValue as bad:
            parsed.problems.append(Problem(field, bad.reason, bad.remedy))

    def _order_no(self, parsed: ParsedRow, cell: Cell) -> None:
        parsed.order_no = self._fit(parsed, Field.ORDER_NO, self._values.key(cell))

    def _created(self, parsed: ParsedRow, cell: Cell) -> None:
        parsed.created_at = self._values.moment(cell)

    def _customer(self, parsed: ParsedRow, cell: Cell) -> None:
        parsed.customer = self._fit(parsed, Field.CUSTOMER, self._values.key(cell))

    def _ordinal(self, parsed: ParsedRow, cell: Cell) -> None:
        if cell == "":
            return
        try:
            ordinal = self._values.quantity(cell)
        except BadValue:
            ordinal = 0
        if ordinal < 1:
            parsed.problems.append(
                Problem(Field.ORDINAL, _("单内序号应是从 1 开始的整数"), _("改正，或清空这一格"))
            )
        else:
            parsed.ordinal = ordinal

    def _read_head(self, parsed: ParsedRow, cells: list[Cell]) -> None:
        for field, index in self._money:
            cell = cells[index]
            if cell != "":
                self._read(parsed, field, cell, self._head_reader(field))
        for field, index in self._texts:
            cell = cells[index]
            if cell != "":
                self._read(parsed, field, cell, self._head_reader(field))
        for field in (Field.STATUS, Field.PAID_AT):
            place = self._bound.get(field)
            if place is not None and cells[place] != "":
                self._read(parsed, field, cells[place], self._head_reader(field))

    def _head_reader(self, field: Field) -> Callable[[ParsedRow, Cell], None]:
        def read(parsed: ParsedRow, cell: Cell) -> None:
            if field in MONEY_FIELDS:
                parsed.head[field] = self._values.fen(cell)
            elif field is Field.PAID_AT:
                parsed.head[field] = self._values.moment(cell)
            elif field is Field.STATUS:
                parsed.head[field] = self._status(self._values.text(cell))
            else:
                parsed.head[field] = self._fit(parsed, field, self._values.key(cell))

        return read

    def _status(self, label: str) -> str:
        """The order's status, or the label itself where it marks a cancellation."""
        if label in self._mapping.cancel_statuses:
            return label
        status = self._mapping.statuses.get(label)
        if status is None:
            known = ", ".join([*self._mapping.statuses, *self._mapping.cancel_statuses])
            raise BadValue(
                format_lazy(_("不认识订单状态“{label}”"), label=label[:40]),
                format_lazy(
                    _("改为以下之一：{known}；或在列对应的 statuses 里加上它"), known=known
                ),
            )
        return status

    def _read_line(self, parsed: ParsedRow, cells: list[Cell]) -> None:
        if all(cells[index] == "" for _field, index, _read in self._lines):
            return
        for field, index, read in self._lines:
            self._read(parsed, field, cells[index], read)
        if parsed.problems:
            return
        if not parsed.code and not parsed.title:
            parsed.problems.append(
                Problem(Field.CODE, _("既没有货号也没有货品标题"), _("至少填写其中一个"))
            )
            return
        assert parsed.quantity is not None
        amount = amount_fen(parsed.price_e4, parsed.quantity)
        if abs(amount) > MAX_AMOUNT_FEN:
            parsed.problems.append(
                Problem(Field.UNIT_PRICE, _("单价 × 数量过大"), _("检查是否多写了位数"))
            )
        else:
            parsed.amount_fen = amount

    def _quantity(self, parsed: ParsedRow, cell: Cell) -> None:
        if cell == "":
            raise BadValue(_("没有数量"), _("补上数量"))
        parsed.quantity = self._values.quantity(cell)

    def _price(self, parsed: ParsedRow, cell: Cell) -> None:
        if cell == "":
            raise BadValue(_("没有单价"), _("补上单价；赠品写 0"))
        parsed.price_e4 = self._values.price_e4(cell)

    def _code(self, parsed: ParsedRow, cell: Cell) -> None:
        parsed.code = self._fit(parsed, Field.CODE, self._values.key(cell))

    def _title(self, parsed: ParsedRow, cell: Cell) -> None:
        parsed.title = self._fit(parsed, Field.DESCRIPTION, self._values.text(cell))

    def _unit(self, parsed: ParsedRow, cell: Cell) -> None:
        parsed.unit = self._fit(parsed, Field.UNIT, self._values.text(cell))

    def _fit(self, parsed: ParsedRow, field: Field, text: str) -> str:
        longest = MAX_LENGTHS[field]
        if len(text) <= longest:
            return text
        reason = format_lazy(_("超过 {longest} 个字"), longest=longest)
        if field in IDENTIFYING:
            raise BadValue(reason, _("缩短后重新上传"))
        parsed.notes.append(Problem(field, reason, _("已截短，如需完整内容请缩短原文")))
        return text[:longest]


def amount_fen(price_e4: int, quantity: int) -> int:
    """A line's amount, rounded half up to the fen, once."""
    exact = price_e4 * quantity
    if exact % 100 == 0:  # nearly every line: no rounding, so no detour
        return exact // 100
    return line_amount(UnitPrice(price_e4), quantity).fen


def pack(cells: list[Cell]) -> str:
    """A row as one text, to hand back; a formula is named, since it was not read."""
    try:
        packed = _SEPARATOR.join(cells)  # type: ignore[arg-type]
        if packed.count(_SEPARATOR) == len(cells) - 1:
            return packed
    except TypeError:  # a cell that is not text
        pass
    return _SEPARATOR.join(
        f"#{cell.value}"
        if isinstance(cell, CellProblem)
        else cell_text(cell).replace(_SEPARATOR, " ")
        for cell in cells
    )


def unpack(packed: str) -> tuple[str, ...]:
    """The cells that `pack` packed."""
    return tuple(packed.split(_SEPARATOR))
