"""The only readers that other floors call, by topic; each a bounded number of statements."""

from __future__ import annotations

from pifa.catalog.queries.checkout import CheckoutGoods, OfferGoods, SkuGoods, checkout_goods

__all__ = ["CheckoutGoods", "OfferGoods", "SkuGoods", "checkout_goods"]
