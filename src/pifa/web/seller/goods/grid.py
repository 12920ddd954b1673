"""Mass edit of prices and stock: one table over several offers, saved at once or not at all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from pifa.catalog import commands
from pifa.catalog import queries as catalog
from pifa.catalog.errors import StockBelowReserved
from pifa.catalog.problems import OutOfRange, PriceOutOfRange, Unacceptable
from pifa.catalog.queries import GridSku
from pifa.catalog.rules import MAX_PRICE, MAX_QUANTITY, Tier
from pifa.kernel.errors import DomainError, Forbidden, NotFound
from pifa.kernel.money import UnitPrice
from pifa.web.access import seller_page
from pifa.web.seller.frame import CLERK, actor_on, show
from pifa.web.seller.goods.listing import picked_offers
from pifa.web.shared.figures import price_text, typed_number

MOST = 500
"""SKUs on one page of the grid."""


@dataclass(slots=True)
class PriceCell:
    """A price of the grid: from this quantity on."""

    start: int
    name: str
    text: str
    stored: str


@dataclass(slots=True)
class Line:
    """A SKU of the grid with what was typed; `errors` by cell, the row's own under ""."""

    sku: GridSku
    prices: list[PriceCell]
    stock: str
    shown_stock: str
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def messages(self) -> list[str]:
        """What is wrong with the row, each thing once."""
        return list(dict.fromkeys(self.errors.values()))

    @property
    def wrong(self) -> set[str]:
        """The names of the cells that are wrong; all prices, if it is their order that is."""
        return {cell.name for cell in self.prices} if "" in self.errors else set(self.errors)

    @property
    def prices_changed(self) -> bool:
        """Whether a price was typed over."""
        return any(cell.text != cell.stored for cell in self.prices)

    @property
    def stock_changed(self) -> bool:
        """Whether the stock was typed over."""
        return self.stock != self.shown_stock


@seller_page(CLERK)
def grid(request: HttpRequest) -> HttpResponse:
    """The table of the picked offers; a wrong cell keeps what was typed and says why."""
    offer_ids = picked_offers(request)
    skus = catalog.sku_grid(actor_on(request), offer_ids) if offer_ids else []
    if not skus:
        messages.info(request, _("请先勾选要改价或改库存的货品。"))
        return redirect("seller:goods")
    is_form = request.method == "POST" and request.POST.get("act") in ("save", "scale")
    lines = [_line(sku, request.POST if is_form else None) for sku in skus[:MOST]]
    failure = ""
    if is_form and request.POST["act"] == "scale":
        failure = _scale(lines, request.POST.get("percent", ""))
    elif is_form:
        failure, changed = _save(request, lines)
        if not failure and not any(line.errors for line in lines):
            _tell(request, changed)
            return redirect(f"{request.path}?{_query(offer_ids)}")
    wrong = sum(bool(line.errors) for line in lines)
    columns = max(len(line.prices) for line in lines)
    return show(
        request,
        "seller/goods_grid.html",
        status=422 if failure or wrong else 200,
        lines=lines,
        offer_ids=offer_ids,
        failure=failure,
        wrong=wrong,
        percent=request.POST.get("percent", ""),
        left_out=max(len(skus) - MOST, 0),
        columns=range(columns),
        width=columns + 4,
    )


def _query(offer_ids: list[int]) -> str:
    return "&".join(f"offer={key}" for key in offer_ids)


def _line(sku: GridSku, post: Mapping[str, Any] | None) -> Line:
    cells = []
    for tier in sku.tiers:
        name = f"price-{sku.sku_id}-{tier.min_quantity}"
        stored = price_text(tier.price)
        text = stored if post is None else str(post.get(name, stored)).strip()
        cells.append(PriceCell(tier.min_quantity, name, text, stored))
    stock = str(sku.stock)
    if post is None:
        return Line(sku, cells, stock, stock)
    typed = str(post.get(f"stock-{sku.sku_id}", stock)).strip()
    return Line(sku, cells, typed, str(post.get(f"shown-{sku.sku_id}", stock)))


def _scale(lines: list[Line], percent: str) -> str:
    """Change every typed price by a percentage, for the clerk to look over; nothing is saved."""
    try:
        factor = 1 + Decimal(typed_number(percent).rstrip("%")) / 100
    except InvalidOperation:
        return _("请填写百分比，例如 5 或 -3.5。")
    if not Decimal("0.1") <= factor <= 10:
        return _("涨跌幅须在 -90% 到 900% 之间。")
    for line in lines:
        for cell in line.prices:
            try:
                price = UnitPrice.yuan(typed_number(cell.text))
            except ValueError:
                continue
            e4 = int((Decimal(price.e4) * factor).quantize(Decimal(1), ROUND_HALF_UP))
            cell.text = price_text(UnitPrice(max(e4, 1)))
    return ""


def _save(request: HttpRequest, lines: list[Line]) -> tuple[str, tuple[int, int]]:
    """Save what was changed, all or nothing; what is wrong stands at its cell."""
    prices, stocks = _read_prices(lines), _read_stocks(lines)
    if any(line.errors for line in lines):
        return "", (0, 0)
    try:
        with transaction.atomic():
            if prices:
                commands.set_prices(actor_on(request), prices)
            if stocks:
                commands.set_stock(actor_on(request), stocks)
    except (NotFound, Forbidden):
        raise
    except Unacceptable as error:
        return _blame(lines, error), (0, 0)
    except DomainError as error:
        return str(error), (0, 0)
    return "", (len(prices), len(stocks))


def _read_prices(lines: list[Line]) -> dict[int, list[Tier]]:
    found: dict[int, list[Tier]] = {}
    for line in lines:
        if not line.prices_changed:
            continue
        tiers = []
        for cell in line.prices:
            try:
                price = UnitPrice.yuan(typed_number(cell.text))
            except ValueError:
                line.errors[cell.name] = _("单价请写成 0.035 这样，最多四位小数。")
                continue
            tiers.append(Tier(cell.start, price))
            if not 0 < price.e4 <= MAX_PRICE.e4:
                line.errors[cell.name] = str(PriceOutOfRange("tiers", price=price, limit=MAX_PRICE))
        found[line.sku.sku_id] = tiers
    return found


def _read_stocks(lines: list[Line]) -> dict[int, int]:
    """The stocks that were typed over. One that moved meanwhile is not overwritten unseen."""
    found: dict[int, int] = {}
    for line in lines:
        if not line.stock_changed:
            continue
        text = typed_number(line.stock)
        if not (text.isascii() and text.isdecimal() and len(text) <= 18):
            line.errors["stock"] = _("库存须是 0 或更大的整数。")
        elif int(text) > MAX_QUANTITY:
            line.errors["stock"] = str(
                OutOfRange("stock", value=int(text), low=0, high=MAX_QUANTITY)
            )
        elif line.shown_stock != str(line.sku.stock):
            line.errors["stock"] = _("刚才有订单发货或同事改动，库存已是 %(now)d，请核对。") % {
                "now": line.sku.stock
            }
            line.shown_stock = str(line.sku.stock)
        elif int(text) < line.sku.reserved:
            line.errors["stock"] = str(
                StockBelowReserved(
                    name=line.sku.spec_text or line.sku.code,
                    stock=int(text),
                    reserved=line.sku.reserved,
                )
            )
        else:
            found[line.sku.sku_id] = int(text)
    return found


def _blame(lines: list[Line], error: Unacceptable) -> str:
    """Complaints go to the rows of their SKUs that were changed; what is left to the head."""
    left = []
    for problem in error.problems:
        rows = [line for line in lines if line.sku.code == problem.sku and line.prices_changed]
        for line in rows:
            line.errors.setdefault("", str(problem))
        if not rows:
            left.append(str(problem))
    return "\n".join(left)


def _tell(request: HttpRequest, changed: tuple[int, int]) -> None:
    prices, stocks = changed
    if not prices and not stocks:
        messages.info(request, _("没有改动。"))
        return
    parts = []
    if prices:
        words = ngettext("%(n)d 个规格的价格", "%(n)d 个规格的价格", prices)
        parts.append(words % {"n": prices})
    if stocks:
        words = ngettext("%(n)d 个规格的库存", "%(n)d 个规格的库存", stocks)
        parts.append(words % {"n": stocks})
    messages.success(request, _("已保存：%(what)s。") % {"what": "，".join(parts)})
