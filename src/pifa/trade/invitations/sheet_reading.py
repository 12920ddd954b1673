"""A sheet of orders, read cell by cell: which columns there are, which rows go together, what a row says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from django.utils.translation import gettext_lazy as _

from pifa.kernel.errors import DomainError
from pifa.kernel.money import ZERO, Money, UnitPrice
from pifa.kernel.regions import REGIONS
from pifa.kernel.sheets import CellProblem, Row
from pifa.trade.invitations.queries import FoundSku
from pifa.trade.invitations.rules import VALID_DAYS, GoodsGiven

MAX_ROWS = 1_000
MAX_INVITATIONS = 200

HEADERS: dict[str, tuple[str, ...]] = {
    "number": ("单号", "外部单号", "Number", "Own number"),
    "customer": ("客户", "Customer"),
    "code": ("货号", "SKU 编码", "SKU code", "Code"),
    "title": ("货品名称", "品名", "Goods"),
    "spec_text": ("规格", "Specification"),
    "unit": ("单位", "Unit"),
    "quantity": ("数量", "Quantity"),
    "price": ("单价", "Unit price"),
    "freight": ("运费", "Freight"),
    "days": ("有效天数", "Valid days"),
    "note": ("备注", "Note"),
    "consignee": ("收货人", "Consignee"),
    "mobile": ("手机", "Mobile"),
    "region": ("省份", "Province"),
    "city": ("城市、区县", "城市", "City"),
    "detail": ("详细地址", "地址", "Address"),
}
"""The headers each column is known by; the first is the one a template has."""

REQUIRED = ("number", "quantity")

OF_ORDER = (
    "customer",
    "freight",
    "days",
    "note",
    "consignee",
    "mobile",
    "region",
    "city",
    "detail",
)
"""Columns that belong to the whole order: the first row of a number that fills one in holds."""


class InvitationColumnMissing(DomainError):
    """A sheet without one of the columns that have to be there; figures: header."""

    code = "invitations.column_missing"
    status = 422
    message = _("表格里没有“{header}”这一列，请用模板填写。")


class InvitationSheetTooLong(DomainError):
    """More rows or orders than one upload takes; figures: rows, orders."""

    code = "invitations.sheet_too_long"
    status = 422
    message = _("一次最多 {rows} 行、{orders} 份订单，请分成几个文件上传。")


class WrongCell(Exception):
    """A row that cannot be read: which column, and why."""

    def __init__(self, row: Row, field: str, reason: str) -> None:
        self.row, self.field, self.reason = row, field, reason


def line_of(
    row: Row, places: Mapping[str, int], skus: Mapping[str, list[FoundSku]]
) -> tuple[GoodsGiven, bool]:
    """A row as a line, and whether it has a price of its own."""
    said = {name: text_of(row, places, name) for name in HEADERS}
    digits = said["quantity"].replace(",", "")
    if not (digits.isascii() and digits.isdecimal() and len(digits) < 12):
        raise WrongCell(row, "quantity", str(_("数量须为整数")))
    price = _price(row, said["price"])
    if not said["code"]:
        if price is None:
            raise WrongCell(row, "price", str(_("没有货号的货品须填单价")))
        for name in ("title", "unit"):
            if not said[name]:
                raise WrongCell(row, name, str(_("没有货号的货品须填名称和单位")))
        return (
            GoodsGiven(
                int(digits),
                price,
                title=said["title"],
                spec_text=said["spec_text"],
                unit=said["unit"],
            ),
            True,
        )
    found = skus.get(said["code"], [])
    if len(found) != 1:
        reason = _("没有这个货号") if not found else _("这个货号不止一个规格在用，请在页面上选")
        raise WrongCell(row, "code", str(reason))
    own = price is not None
    return GoodsGiven(int(digits), price or found[0].price, sku_id=found[0].sku_id), own


def _price(row: Row, text: str) -> UnitPrice | None:
    if not text:
        return None
    try:
        return UnitPrice.yuan(text.replace(",", "").lstrip("¥￥"))
    except ValueError:
        raise WrongCell(row, "price", str(_("单价须为金额，最多四位小数"))) from None


def freight_of(row: Row, text: str) -> Money:
    """The freight of a cell; nothing typed is free."""
    try:
        return Money.yuan(text.replace(",", "").lstrip("¥￥")) if text else ZERO
    except ValueError:
        raise WrongCell(row, "freight", str(_("运费须为金额，最多两位小数"))) from None


def days_of(row: Row, text: str) -> int:
    """For how many days an invitation holds."""
    if not text:
        return VALID_DAYS
    if not (text.isascii() and text.isdecimal() and len(text) < 4):
        raise WrongCell(row, "days", str(_("有效天数须为整数")))
    return int(text)


def region_of(row: Row, text: str) -> str:
    """A province by its name, with or without what follows it, or by its code."""
    if not text or text in REGIONS:
        return text
    for code, name in REGIONS.items():
        if text.startswith(name):
            return code
    raise WrongCell(row, "region", str(_("没有这个省份")))


def places_of(headers: Sequence[str]) -> dict[str, int]:
    """Where each column is; `InvitationColumnMissing` for one that has to be there."""
    known = {header.strip().casefold(): place for place, header in enumerate(headers)}
    found = {}
    for field, names in HEADERS.items():
        place = next((known[name.casefold()] for name in names if name.casefold() in known), None)
        if place is None and field in REQUIRED:
            raise InvitationColumnMissing(header=names[0])
        if place is not None:
            found[field] = place
    return found


def groups_of(rows: Iterable[Row], places: Mapping[str, int]) -> dict[str, list[Row]]:
    """The rows of each number in the order of its first; a row without one continues the last."""
    groups: dict[str, list[Row]] = {}
    last, count = "", 0
    for row in rows:
        if not any(text_of(row, places, field) for field in places):
            continue
        count += 1
        last = text_of(row, places, "number")[:60] or last
        groups.setdefault(last, []).append(row)
        if count > MAX_ROWS or len(groups) > MAX_INVITATIONS:
            raise InvitationSheetTooLong(rows=MAX_ROWS, orders=MAX_INVITATIONS)
    return groups


def first_of(rows: Sequence[Row], places: Mapping[str, int], name: str) -> tuple[Row, str]:
    """What the first row that fills a column in says, and that row."""
    for row in rows:
        if text := text_of(row, places, name):
            return row, text
    return rows[0], ""


def text_of(row: Row, places: Mapping[str, int], name: str) -> str:
    """What a cell says; nothing where the sheet has no such column."""
    place = places.get(name)
    if place is None:
        return ""
    cell = row.cell(place)
    if isinstance(cell, CellProblem):
        raise WrongCell(row, name, str(cell.reason))
    return row.text(place)
