"""The only writers of this floor, by topic: shops, offers, prices, stock, freight, pictures."""

from __future__ import annotations

from pifa.catalog.commands.boosts import boost_offers
from pifa.catalog.commands.freight import delete_freight_template, save_freight_template
from pifa.catalog.commands.group_prices import set_audience, set_group_prices
from pifa.catalog.commands.offers import (
    approve_offers,
    list_privately,
    put_many_online,
    put_online,
    restore,
    review_offer,
    save_offer,
    submit_offer,
    submit_offers,
    take_down,
    take_many_offline,
    take_offline,
    withdraw_offer,
)
from pifa.catalog.commands.pictures import add_drawn_picture, add_picture
from pifa.catalog.commands.prices import set_prices, set_stock
from pifa.catalog.commands.quick import QuickListing, list_quickly
from pifa.catalog.commands.shops import (
    allow_word,
    change_shop,
    move_shop,
    open_shop,
    prohibit_word,
    save_category,
)
from pifa.catalog.commands.staged import set_default_plan
from pifa.catalog.commands.stock import add_sold, release_stock, reserve, ship_stock

__all__ = [
    "QuickListing",
    "add_drawn_picture",
    "add_picture",
    "add_sold",
    "allow_word",
    "approve_offers",
    "boost_offers",
    "change_shop",
    "delete_freight_template",
    "list_privately",
    "list_quickly",
    "move_shop",
    "open_shop",
    "prohibit_word",
    "put_many_online",
    "put_online",
    "release_stock",
    "reserve",
    "restore",
    "review_offer",
    "save_category",
    "save_freight_template",
    "save_offer",
    "set_audience",
    "set_default_plan",
    "set_group_prices",
    "set_prices",
    "set_stock",
    "ship_stock",
    "submit_offer",
    "submit_offers",
    "take_down",
    "take_many_offline",
    "take_offline",
    "withdraw_offer",
]
