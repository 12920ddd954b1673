"""Stock and sold pieces while a replay runs, as `catalog.commands.stock` keeps them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pifa.catalog.commands import setwise
from pifa.catalog.events import StockLow
from pifa.catalog.models import Offer, Sku
from pifa.demo.history.scene import Scene
from pifa.messages.commands import NewNotice


@dataclass(slots=True)
class _Shelf:
    offer_id: int
    name: str
    stock: int
    reserved: int
    changed: bool = False


@dataclass(slots=True)
class _Listing:
    seller_id: int
    title: str
    unit: str
    moq: int
    sold: int


class Warehouse:
    """Every SKU's stock; pieces are taken as orders ask."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        rows = Offer.objects.values_list("pk", "seller_id", "title", "unit", "moq", "sold_quantity")
        self._listings = {
            pk: _Listing(seller, title, unit, moq, sold)
            for pk, seller, title, unit, moq, sold in rows
        }
        skus = Sku.objects.values_list("pk", "offer_id", "spec_text", "code", "stock", "reserved")
        self._shelves = {
            pk: _Shelf(offer, spec or code, stock, reserved)
            for pk, offer, spec, code, stock, reserved in skus
        }

    def reserve(self, pieces: Mapping[int, int]) -> None:
        """As `stock.reserve`; a SKU that is short is a fault of the plan."""
        for sku_id, quantity in sorted(pieces.items()):
            shelf = self._touch(sku_id)
            shelf.reserved += quantity
            left = shelf.stock - shelf.reserved
            if left < 0:
                raise ValueError(f"SKU {sku_id}: {-left} pieces more are ordered than there are")
            if left < self._listings[shelf.offer_id].moq <= left + quantity:
                self._tell_low(sku_id, shelf, left)

    def release(self, pieces: Mapping[int, int]) -> None:
        """As `stock.release_stock`."""
        for sku_id, quantity in pieces.items():
            self._touch(sku_id).reserved -= quantity

    def ship(self, pieces: Mapping[int, int]) -> None:
        """As `stock.ship_stock`."""
        for sku_id, quantity in pieces.items():
            shelf = self._touch(sku_id)
            shelf.stock -= quantity
            shelf.reserved -= quantity

    def add_sold(self, pieces: Mapping[int, int], sign: int = 1) -> None:
        """As `stock.add_sold`."""
        for sku_id, quantity in pieces.items():
            listing = self._listings[self._shelves[sku_id].offer_id]
            listing.sold = max(listing.sold + sign * quantity, 0)

    def write(self) -> None:
        """Bring the tables in step: two statements."""
        setwise.update(
            Sku,
            ("stock", "reserved"),
            [(pk, s.stock, s.reserved) for pk, s in self._shelves.items() if s.changed],
        )
        setwise.update(
            Offer, ("sold_quantity",), [(pk, item.sold) for pk, item in self._listings.items()]
        )

    def _touch(self, sku_id: int) -> _Shelf:
        shelf = self._shelves[sku_id]
        shelf.changed = True
        return shelf

    def _tell_low(self, sku_id: int, shelf: _Shelf, left: int) -> None:
        self._scene.emit(StockLow(sku_id=sku_id, offer_id=shelf.offer_id, left=left))
        listing = self._listings[shelf.offer_id]
        params = {"title": listing.title, "spec": shelf.name, "left": left, "unit": listing.unit}
        self._scene.notify(
            NewNotice(
                company_id=listing.seller_id,
                kind="stock_low",
                subject=f"offer:{shelf.offer_id}",
                params=params,
                link=f"/seller/offers/{shelf.offer_id}/",
            )
        )
