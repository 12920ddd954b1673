"""Shipments from a sheet: order no., carrier, tracking no., as carriers' own programs export it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from pifa.kernel.actors import Actor
from pifa.kernel.errors import DomainError
from pifa.kernel.sheets import CellProblem, Row, RowError, Sheet, cell_text
from pifa.trade import policies
from pifa.trade.commands.fulfilment import ShipRequest, check_many, ship_many
from pifa.trade.commands.outcomes import Outcome
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


class NamedTwice(DomainError):
    """An order that an earlier row of the same sheet ships."""

    code = "trade.shipment_named_twice"
    message = _("前面的行已经发了这个订单。")


@dataclass(frozen=True, slots=True)
class Shipped:
    """What became of a shipment sheet: the orders shipped, and each row that was not."""

    numbers: tuple[str, ...]
    errors: tuple[RowError, ...]
    skipped: int
    """Rows without a tracking number: orders that still wait in the template."""


@dataclass(frozen=True, slots=True)
class Planned:
    """A row of a sheet that would be shipped."""

    row: int
    number: str
    carrier: str
    tracking_no: str


@dataclass(frozen=True, slots=True)
class ShipmentPreview:
    """What a sheet would do now: its good rows, and each that would not be shipped."""

    planned: tuple[Planned, ...]
    errors: tuple[RowError, ...]
    skipped: int


@dataclass(slots=True)
class _Read:
    """A sheet as it was read: its requests with their rows, and what could not be read."""

    headers: Sequence[str]
    places: dict[str, int]
    rows: list[tuple[Row, ShipRequest]]
    errors: list[RowError]
    skipped: int

    def sorted_errors(self) -> tuple[RowError, ...]:
        """In the order of the sheet."""
        return tuple(sorted(self.errors, key=lambda error: error.row))


def preview_shipments(actor: Actor, sheet: Sheet) -> ShipmentPreview:
    """What `ship_from_sheet` would do now; nothing is shipped. Raises what that raises."""
    read = _read_sheet(actor, sheet)
    planned = [
        Planned(row.number, request.number, request.carrier, request.tracking_no)
        for row, request in _good_rows(actor, read, check_many)
    ]
    return ShipmentPreview(tuple(planned), read.sorted_errors(), read.skipped)


def ship_from_sheet(actor: Actor, sheet: Sheet) -> Shipped:
    """Ship what a sheet says; a row that cannot be shipped says why, the others go.

    A row repeats harmlessly: an order that was shipped before is an error of that row only.
    Raises `ColumnMissing`, `SheetTooLong` and what `open_sheet` raises, with nothing shipped.
    """
    read = _read_sheet(actor, sheet)
    shipped = [request.number for _row, request in _good_rows(actor, read, ship_many)]
    return Shipped(tuple(shipped), read.sorted_errors(), read.skipped)


def _read_sheet(actor: Actor, sheet: Sheet) -> _Read:
    policies.require_selling(actor)
    table = sheet.table(unique=False)
    places = {field: _place(table.headers, names) for field, names in HEADERS.items()}
    found = _Read(table.headers, places, [], [], 0)
    for row in table.rows:
        read = _read(row, places, table.headers)
        if isinstance(read, RowError):
            found.errors.append(read)
        elif read is None:
            found.skipped += 1
        else:
            found.rows.append((row, read))
        if len(found.rows) > MAX_ROWS:
            raise SheetTooLong(limit=MAX_ROWS)
    return found


def _good_rows(
    actor: Actor, read: _Read, act: Callable[[Actor, Sequence[ShipRequest]], list[Outcome]]
) -> Iterator[tuple[Row, ShipRequest]]:
    """The rows that were acted on, batch by batch; the others become errors. An order that is
    named twice goes by its first row, across batches too."""
    gone: set[str] = set()
    for start in range(0, len(read.rows), MAX_BATCH):
        batch = read.rows[start : start + MAX_BATCH]
        outcomes = act(actor, [request for _row, request in batch])
        for (row, request), outcome in zip(batch, outcomes, strict=True):
            if outcome.error is None and request.number not in gone:
                gone.add(request.number)
                yield row, request
            else:
                error = outcome.error or NamedTwice()
                read.errors.append(_refused(row, error, read.headers, read.places))


def _place(headers: Sequence[str], names: Sequence[str]) -> int:
    for name in names:
        for position, header in enumerate(headers):
            if header.casefold() == name.casefold():
                return position
    raise ColumnMissing(header=names[0])


def _read(
    row: Row, places: dict[str, int], headers: Sequence[str]
) -> ShipRequest | RowError | None:
    cells = {field: row.cell(place) for field, place in places.items()}
    for field, cell in cells.items():
        if isinstance(cell, CellProblem):
            return RowError(row.number, headers[places[field]], cell.reason, cell.remedy, row.texts)
    values = {field: cell_text(cell).strip() for field, cell in cells.items()}
    if not values["tracking_no"]:
        return None
    if not values["number"]:
        return RowError(
            row.number,
            headers[places["number"]],
            _("没有订单编号"),
            _("填写订单编号后重新上传这一行"),
            row.texts,
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
        row.texts,
    )
