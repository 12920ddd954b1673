"""The only writers of this floor, by topic: shops, offers, prices, stock, freight, pictures."""

from __future__ import annotations

from pifa.catalog.commands.stock import add_sold, release_stock, reserve, ship_stock

__all__ = ["add_sold", "release_stock", "reserve", "ship_stock"]
