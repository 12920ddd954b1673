"""What a group of customers pays, as a sheet: written out, changed, brought in again.

One row a SKU. As in the goods sheet a blank cell leaves a price as it is and `-` empties it: the
group then pays what all pay. A row is taken or says why not; the others go on.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from pifa.catalog.commands.group_prices import set_group_prices
from pifa.catalog.goods_sheet.cells import CLEAR, CellError, read_tiers, write_tiers
from pifa.catalog.models import Sku
from pifa.catalog.policies import may_keep
from pifa.catalog.queries.checkout import tiers_of
from pifa.catalog.queries.group_prices import group_prices
from pifa.catalog.rules import Tier, check_tiers
from pifa.kernel.actors import Actor
from pifa.kernel.errors import DomainError
from pifa.kernel.sheets import CellProblem, Column, Row, RowError, Sheet

MAX_ROWS = 20_000
CHUNK = 500

HEADERS: dict[str, tuple[str, ...]] = {
    "offer": ("货号", "Item code", "Offer code", "offer_code", "商品编码"),
    "sku": ("SKU编码", "SKU code", "规格编码", "sku"),
    "price": ("这组的价格", "Price of this group", "Group price", "阶梯价", "Price breaks"),
}
"""The headers each column that is read is known by, as a template has it first."""

COLUMNS: tuple[Column, ...] = (
    Column(_("货号")),
    Column(_("SKU编码")),
    Column(_("品名"), width=40),
    Column(_("规格"), width=24),
    Column(_("公开价"), width=28),
    Column(_("这组的价格"), width=28),
)
"""What is written out. The English of those that are read is among `HEADERS`."""


class PriceColumnMissing(DomainError):
    """A sheet of prices without one of its columns; figures: header."""

    code = "group_prices.column_missing"
    status = 422
    message = _("表格里没有“{header}”这一列。第一行需要有：货号、SKU编码、这组的价格。")


class PriceSheetTooLong(DomainError):
    """More rows than one upload takes; figures: limit."""

    code = "group_prices.sheet_too_long"
    status = 422
    message = _("一次最多导入 {limit} 行，请分成几个文件上传。")


@dataclass(frozen=True, slots=True)
class PriceOutcome:
    """What becomes of one row that is taken: `set`, `cleared` or `unchanged`."""

    row: int
    offer_code: str
    sku_code: str
    before: str
    after: str
    kind: str


@dataclass(frozen=True, slots=True)
class PricesReport:
    """What a sheet does to a group's prices, row by row, and the rows that are refused."""

    outcomes: tuple[PriceOutcome, ...]
    errors: tuple[RowError, ...]
    headers: tuple[str, ...]

    def count(self, kind: str) -> int:
        """How many rows set, clear or leave a price."""
        return sum(outcome.kind == kind for outcome in self.outcomes)


@dataclass(frozen=True, slots=True)
class _Known:
    """A SKU of the seller, and what the group pays for it now."""

    id: int
    offer_code: str
    code: str
    moq: int
    tiers: tuple[Tier, ...]


def preview_prices(actor: Actor, group_id: int, sheet: Sheet) -> PricesReport:
    """What `bring_prices_in` would do; nothing is kept."""
    report, _changed = _planned(actor, group_id, sheet)
    return report


def bring_prices_in(actor: Actor, group_id: int, sheet: Sheet) -> PricesReport:
    """Set what a group pays as a sheet says; the same sheet again changes nothing.

    Raises `NotFound` for another's group, `PriceColumnMissing`, `PriceSheetTooLong` and what
    `open_sheet` raises, before anything is written. Clerks.
    """
    report, changed = _planned(actor, group_id, sheet)
    if changed:
        set_group_prices(actor, group_id, changed)
    return report


def prices_written(actor: Actor, group_id: int) -> Iterator[Sequence[object]]:
    """The rows of `COLUMNS` for every SKU on offer; of those without a group price the last is
    blank, to be filled in. A statement and one more for each 500 SKUs."""
    own = group_prices(actor, group_id)
    rows = Sku.objects.filter(offer__seller_id=may_keep(actor), active=True)
    names = ("pk", "offer__code", "code", "offer__title", "spec_text")
    found = list(rows.order_by("offer__code", "position", "pk").values_list(*names))
    return _written(found, own)


def _written(
    found: list[tuple[int, str, str, str, str]], own: dict[int, tuple[Tier, ...]]
) -> Iterator[Sequence[object]]:
    for start in range(0, len(found), CHUNK):
        some = found[start : start + CHUNK]
        usual = tiers_of([row[0] for row in some])
        for pk, *shown in some:
            yield (*shown, write_tiers(usual[pk]), write_tiers(own.get(pk, ())))


def _planned(
    actor: Actor, group_id: int, sheet: Sheet
) -> tuple[PricesReport, dict[int, tuple[Tier, ...]]]:
    own = group_prices(actor, group_id)
    table = sheet.table(unique=False)
    places = _places(table.headers)
    rows = [row for row in table.rows if any(row.text(place) for place in places.values())]
    if len(rows) > MAX_ROWS:
        raise PriceSheetTooLong(limit=MAX_ROWS)
    known = _known(may_keep(actor), own)
    changed: dict[int, tuple[Tier, ...]] = {}
    outcomes: list[PriceOutcome] = []
    errors: list[RowError] = []
    seen: dict[int, int] = {}
    for row in rows:
        read = _read(row, places, table.headers, known, seen)
        if isinstance(read, RowError):
            errors.append(read)
            continue
        sku, tiers = read
        after = sku.tiers if tiers is None else tiers
        kind = "unchanged" if after == sku.tiers else "set" if after else "cleared"
        if kind != "unchanged":
            changed[sku.id] = after
        before, then = write_tiers(sku.tiers), write_tiers(after)
        outcomes.append(PriceOutcome(row.number, sku.offer_code, sku.code, before, then, kind))
    return PricesReport(tuple(outcomes), tuple(errors), tuple(table.headers)), changed


def _known(seller_id: int, own: dict[int, tuple[Tier, ...]]) -> dict[tuple[str, str], _Known]:
    rows = Sku.objects.filter(offer__seller_id=seller_id, active=True)
    names = ("pk", "offer__code", "code", "offer__moq")
    return {
        (offer_code.strip(), code.strip()): _Known(pk, offer_code, code, moq, own.get(pk, ()))
        for pk, offer_code, code, moq in rows.order_by("pk").values_list(*names)
    }


def _read(
    row: Row,
    places: dict[str, int],
    headers: Sequence[str],
    known: dict[tuple[str, str], _Known],
    seen: dict[int, int],
) -> tuple[_Known, tuple[Tier, ...] | None] | RowError:
    """The SKU of a row and what the group shall pay for it; None: as it is."""

    def wrong(field: str, reason: str | Promise, remedy: str | Promise) -> RowError:
        return RowError(row.number, headers[places[field]], str(reason), str(remedy), row.texts)

    for field, place in places.items():
        cell = row.cell(place)
        if isinstance(cell, CellProblem):
            return wrong(field, cell.reason, cell.remedy)
    values = {field: row.text(place) for field, place in places.items()}
    for field in ("offer", "sku"):
        if not values[field]:
            return wrong(field, _("没有填写"), _("请填写这一项"))
    sku = known.get((values["offer"], values["sku"]))
    if sku is None:
        return wrong(
            "sku",
            _("没有货号 {offer}、SKU 编码 {sku} 的在用规格").format(
                offer=values["offer"][:40], sku=values["sku"][:40]
            ),
            _("请从导出的价格表里复制这两项"),
        )
    if earlier := seen.get(sku.id):
        return wrong(
            "sku",
            _("这个规格在第 {row} 行已经有了").format(row=earlier),
            _("一个规格只写一行，请删去多余的行"),
        )
    try:
        tiers = _tiers(values["price"])
    except CellError as error:
        return wrong("price", error.reason, error.remedy)
    for problem in check_tiers(tiers, sku.moq, sku=sku.code) if tiers else ():
        return wrong("price", problem.reason, problem.remedy)
    seen[sku.id] = row.number
    return sku, tiers


def _tiers(text: str) -> tuple[Tier, ...] | None:
    if not text:
        return None
    return () if text in (CLEAR, "－", "—") else read_tiers(text)


def _places(headers: Sequence[str]) -> dict[str, int]:
    """Where each column that is read stands. `PriceColumnMissing`."""
    plain = [_plain(header) for header in headers]
    found: dict[str, int] = {}
    for field, names in HEADERS.items():
        place = next((plain.index(name) for name in map(_plain, names) if name in plain), None)
        if place is None:
            raise PriceColumnMissing(header=names[0])
        found[field] = place
    return found


def _plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())
