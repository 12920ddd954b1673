"""Raw material of the demo market: categories, kinds of goods, offers, companies, places, talk.

Pure Python on data files; nothing here knows a database. Everything drawn comes from the
`random.Random` that the caller passes, through `chance`, so that a seed gives the same market on
every Python. Not here: sellers' shops, orders and history, which the market builder makes.

    taken: set[str] = set()                     # one per market: names, logins
    titles: set[str] = set()                    # one per market
    for line in LINES:                          # line.market_share weighs how many sellers
        seller = make_seller(rng, line, taken)
        for key in line.kinds:
            for offer in make_offers(rng, key, 3, titles):
                for picture in offer.pictures:
                    svg = pictures.draw(picture.drawing, picture.params)
"""

from __future__ import annotations

from pifa.demo.vocabulary.categories import (
    TOP_CATEGORIES,
    Department,
    MedalSystem,
    SubCategory,
    TopCategory,
    sub_category,
    top_category,
)
from pifa.demo.vocabulary.companies import (
    BUYER_LINES,
    LINES,
    BuyerSort,
    BuyerSpec,
    Line,
    SellerSpec,
    make_buyer,
    make_seller,
)
from pifa.demo.vocabulary.goods import Kind, VocabularyError, kind, kinds
from pifa.demo.vocabulary.offers import OfferSpec, PictureSpec, SkuSpec, make_offers
from pifa.demo.vocabulary.people import PersonSpec, make_licence, make_person, make_phone
from pifa.demo.vocabulary.places import (
    BELT,
    CITIES,
    REGIONS,
    ZONE_NAMES,
    AddressSpec,
    City,
    FreightZone,
    Region,
    make_address,
    region,
)

__all__ = [
    "BELT",
    "BUYER_LINES",
    "CITIES",
    "LINES",
    "REGIONS",
    "TOP_CATEGORIES",
    "ZONE_NAMES",
    "AddressSpec",
    "BuyerSort",
    "BuyerSpec",
    "City",
    "Department",
    "FreightZone",
    "Kind",
    "Line",
    "MedalSystem",
    "OfferSpec",
    "PersonSpec",
    "PictureSpec",
    "Region",
    "SellerSpec",
    "SkuSpec",
    "SubCategory",
    "TopCategory",
    "VocabularyError",
    "kind",
    "kinds",
    "make_address",
    "make_buyer",
    "make_licence",
    "make_offers",
    "make_person",
    "make_phone",
    "make_seller",
    "region",
    "sub_category",
    "top_category",
]
