"""The only readers that other floors call, by topic; each a bounded number of statements."""

from __future__ import annotations

from pifa.catalog.queries.browse import (
    SORTS,
    OfferPage,
    ShopInfo,
    ShopPage,
    browse,
    shop_info,
    shop_page,
)
from pifa.catalog.queries.cards import (
    OfferCard,
    PriceHint,
    first_pictures,
    offer_cards,
    picture_url,
    price_hint,
)
from pifa.catalog.queries.categories import CategoryNode, CategoryTree, categories, localized
from pifa.catalog.queries.checkout import (
    CheckoutGoods,
    OfferGoods,
    SkuGoods,
    checkout_goods,
    members_goods,
)
from pifa.catalog.queries.group_prices import (
    group_priced_offers,
    group_prices,
    offer_audience,
)
from pifa.catalog.queries.offers import OfferView, PictureView, SellerView, SkuView, offer_page
from pifa.catalog.queries.seller_goods import (
    GoodsPage,
    GoodsRow,
    GridSku,
    freight_templates,
    goods,
    own_pictures,
    own_shop,
    sku_grid,
)
from pifa.catalog.queries.staged import default_plan, offer_plan, plan_of
from pifa.catalog.queries.stored import StoredOffer, own_offer, prohibited_words

__all__ = [
    "SORTS",
    "CategoryNode",
    "CategoryTree",
    "CheckoutGoods",
    "GoodsPage",
    "GoodsRow",
    "GridSku",
    "OfferCard",
    "OfferGoods",
    "OfferPage",
    "OfferView",
    "PictureView",
    "PriceHint",
    "SellerView",
    "ShopInfo",
    "ShopPage",
    "SkuGoods",
    "SkuView",
    "StoredOffer",
    "browse",
    "categories",
    "checkout_goods",
    "default_plan",
    "first_pictures",
    "freight_templates",
    "goods",
    "group_priced_offers",
    "group_prices",
    "localized",
    "members_goods",
    "offer_audience",
    "offer_cards",
    "offer_page",
    "offer_plan",
    "own_offer",
    "own_pictures",
    "own_shop",
    "picture_url",
    "plan_of",
    "price_hint",
    "prohibited_words",
    "shop_info",
    "shop_page",
    "sku_grid",
]
