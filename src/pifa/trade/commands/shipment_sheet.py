"""Shipments from a sheet: order no., carrier, tracking no., as carriers' own programs export it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from pifa.kernel.actors import Actor
from pifa.kernel.errors import DomainError
from pifa.kernel.sheets import Cell, CellProblem, Row, RowError, Sheet, cell_text
from pifa.trade import policies
from pifa.trade.commands.fulfilment import ShipRequest, ship_many
from pifa.trade.rules import MAX_BATCH

HEADERS: dict[str, tuple[str, ...]] = {
    "number": ("订单编号", "订单号", "订单号码", "Order no.", "Order number"),
    "carrier": ("物流公司", "快递公司", "承运商", "Carrier"),
    "tracking_no": (
        "运单号",
        "物流单号",
        "快递单号",
        "运单编号",
        "Tracking no.",
        "Tracking number",
    ),
}
"""The headers each column is known by; the first is the one a template has."""

MAX_ROWS = 5_000


class ColumnMissing(DomainError):
    """A shipment sheet without one of its three columns."""

    code = "trade.shipment_column_missing"
    status = 422
    message = _("表格里没有“{header}”这一列。第一行需要有：订单编号、物流公司、运单号。")


class SheetTooLong(DomainError):
    """A shipment sheet with more rows than one upload takes."""

    code = "trade.shipment_sheet_too_long"
    status = 422
    message = _("一次最多导入 {limit} 行发货信息，请分成几个文件上传。")


@dataclass(frozen=True, slots=True)
class Shipped:
    """What became of a shipment sheet: the orders shipped, and each row that was not."""

    numbers: tuple[str, ...]
    errors: tuple[RowError, ...]
    skipped: int
    """Rows without a tracking number: orders that still wait in the template."""


def ship_from_sheet(actor: Actor, sheet: Sheet) -> Shipped:
    """Ship what a sheet says; a row that cannot be shipped says why, the others go.

    A row repeats harmlessly: an order that was shipped before is an error of that row only.
    Raises `ColumnMissing`, `SheetTooLong` and what `open_sheet` raises, with nothing shipped.
    """
    policies.require_selling(actor)
    table = sheet.table(unique=False)
    places = {field: _place(table.headers, names) for field, names in HEADERS.items()}
    rows, errors, skipped = [], [], 0
    for row in table.rows:
        read = _read(row, places, table.headers)
        if isinstance(read, RowError):
            errors.append(read)
        elif read is None:
            skipped += 1
        else:
            rows.append((row, read))
        if len(rows) > MAX_ROWS:
            raise SheetTooLong(limit=MAX_ROWS)
    shipped: list[str] = []
    for start in range(0, len(rows), MAX_BATCH):
        batch = rows[start : start + MAX_BATCH]
        outcomes = ship_many(actor, [request for _row, request in batch])
        for (row, _request), outcome in zip(batch, outcomes, strict=True):
            if outcome.error is None:
                shipped.append(outcome.number)
            else:
                errors.append(_refused(row, outcome.error, table.headers, places))
    errors.sort(key=lambda error: error.row)
    return Shipped(tuple(shipped), tuple(errors), skipped)


def _place(headers: Sequence[str], names: Sequence[str]) -> int:
    for name in names:
        for position, header in enumerate(headers):
            if header.casefold() == name.casefold():
                return position
    raise ColumnMissing(header=names[0])


def _read(
    row: Row, places: dict[str, int], headers: Sequence[str]
) -> ShipRequest | RowError | None:
    cells = {field: _cell(row, place) for field, place in places.items()}
    for field, cell in cells.items():
        if isinstance(cell, CellProblem):
            return RowError(
                row.number, headers[places[field]], cell.reason, cell.remedy, _texts(row)
            )
    values = {field: cell_text(cell).strip() for field, cell in cells.items()}
    if not values["tracking_no"]:
        return None
    if not values["number"]:
        return RowError(
            row.number,
            headers[places["number"]],
            _("没有订单编号"),
            _("填写订单编号后重新上传这一行"),
            _texts(row),
        )
    return ShipRequest(**values)


def _refused(
    row: Row, error: DomainError, headers: Sequence[str], places: dict[str, int]
) -> RowError:
    field = error.field if error.field in places else "number"
    return RowError(
        row.number,
        headers[places[field]],
        str(error),
        _("改正后只上传这一行即可，其他行不受影响"),
        _texts(row),
    )


def _cell(row: Row, place: int) -> Cell:
    return row.cells[place] if place < len(row.cells) else ""


def _texts(row: Row) -> tuple[str, ...]:
    return tuple(cell_text(cell) for cell in row.cells)
