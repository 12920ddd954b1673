"""Offers as lists show them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from django.core.files.storage import default_storage
from django.db.models import Exists, F, OuterRef, QuerySet, Subquery, Value

from pifa.catalog.models import Offer, OfferPicture, Sku
from pifa.catalog.policies import known_offers, own_prices
from pifa.catalog.queries.categories import localized
from pifa.catalog.queries.checkout import storable, tiers_of
from pifa.kernel.actors import Actor
from pifa.kernel.money import UnitPrice


@dataclass(frozen=True, slots=True)
class PriceHint:
    """The range an offer's prices lie in; what a quantity costs only `price_offer` says."""

    low: UnitPrice
    high: UnitPrice

    def __str__(self) -> str:
        return str(self.low) if self.low == self.high else f"{self.low} – {self.high}"


@dataclass(frozen=True, slots=True)
class OfferCard:
    """An offer in a list. `picture` is the address of its first picture, or empty."""

    id: int
    title: str
    title_en: str
    unit: str
    moq: int
    price: PriceHint
    sold: int
    picture: str
    category_id: int
    visibility: str
    scene: str
    seller_id: int
    seller_name: str
    seller_region: str
    seller_city: str
    shop_name: str
    shop_slug: str

    @property
    def shown_title(self) -> str:
        """The title in the reader's language."""
        return localized(self.title, self.title_en)


def picture_url(name: str | None) -> str:
    """The address of a stored picture; empty without one."""
    return default_storage.url(name) if name else ""


def first_picture() -> Subquery:
    """The stored name of an offer's first picture, for annotating offers."""
    pictures = OfferPicture.objects.filter(offer_id=OuterRef("pk")).order_by("position", "id")
    return Subquery(pictures.values("picture__file")[:1])


def cards_of(offers: QuerySet[Offer], viewer: Actor | None = None) -> list[OfferCard]:
    """The cards of ordered, cut offers, with the viewer's own prices; one statement, and two more
    where its company has prices of its own for any of them."""
    rows = offers.annotate(
        has_own=_has_own(viewer),
        first_picture=first_picture(),
        seller_name=F("seller__name"),
        seller_region=F("seller__region"),
        seller_city=F("seller__city"),
        shop_name=F("seller__shop__name"),
        shop_slug=F("seller__shop__slug"),
    ).values(
        "id",
        "title",
        "title_en",
        "unit",
        "moq",
        "min_price_e4",
        "max_price_e4",
        "sold_quantity",
        "category_id",
        "visibility",
        "scene",
        "seller_id",
        "first_picture",
        "seller_name",
        "seller_region",
        "seller_city",
        "shop_name",
        "shop_slug",
        "has_own",
    )
    own = _own_hints([row["id"] for row in rows if row["has_own"]], viewer)
    return [
        OfferCard(
            id=row["id"],
            title=row["title"],
            title_en=row["title_en"],
            unit=row["unit"],
            moq=row["moq"],
            price=own.get(row["id"])
            or PriceHint(UnitPrice(row["min_price_e4"]), UnitPrice(row["max_price_e4"])),
            sold=row["sold_quantity"],
            picture=picture_url(row["first_picture"]),
            category_id=row["category_id"],
            visibility=row["visibility"],
            scene=row["scene"],
            seller_id=row["seller_id"],
            seller_name=row["seller_name"],
            seller_region=row["seller_region"],
            seller_city=row["seller_city"],
            shop_name=row["shop_name"] or row["seller_name"],
            shop_slug=row["shop_slug"] or "",
        )
        for row in rows
    ]


def _has_own(viewer: Actor | None) -> Exists | Value:
    own = own_prices(viewer)
    return Value(False) if own is None else Exists(own.filter(sku__offer=OuterRef("pk")))


def _own_hints(offer_ids: Collection[int], viewer: Actor | None) -> dict[int, PriceHint]:
    """Price ranges of offers for which the viewer's company has prices of its own."""
    if not offer_ids:
        return {}
    skus = dict(Sku.objects.filter(offer__in=offer_ids, active=True).values_list("pk", "offer_id"))
    prices: dict[int, list[UnitPrice]] = defaultdict(list)
    for sku_id, tiers in tiers_of(skus, viewer).items():
        prices[skus[sku_id]] += [tier.price for tier in tiers]
    return {key: PriceHint(min(found), max(found)) for key, found in prices.items() if found}


def offer_cards(offer_ids: Collection[int], viewer: Actor | None) -> dict[int, OfferCard]:
    """Cards by offer id of what the viewer may know of (also what is offline); statements as in
    `cards_of`."""
    if not offer_ids:
        return {}
    offers = Offer.objects.filter(known_offers(viewer), id__in=storable(offer_ids))
    return {card.id: card for card in cards_of(offers, viewer)}


def price_hint(offer_ids: Collection[int], viewer: Actor | None) -> dict[int, PriceHint]:
    """Price ranges by offer id of what the viewer may know of; one statement, and more as in
    `cards_of`."""
    if not offer_ids:
        return {}
    offers = Offer.objects.filter(known_offers(viewer), id__in=storable(offer_ids))
    rows = offers.annotate(has_own=_has_own(viewer)).values_list(
        "id", "min_price_e4", "max_price_e4", "has_own"
    )
    own = _own_hints([key for key, *_, has_own in rows if has_own], viewer)
    return {
        key: own.get(key) or PriceHint(UnitPrice(low), UnitPrice(high))
        for key, low, high, _ in rows
    }


def first_pictures(offer_ids: Collection[int]) -> dict[int, str]:
    """Addresses of offers' first pictures, for order lines and lists; one statement.

    Asks no policy: callers already hold the offers (an order keeps its lines for good).
    """
    if not offer_ids:
        return {}
    rows = Offer.objects.filter(id__in=storable(offer_ids)).annotate(name=first_picture())
    return {key: picture_url(name) for key, name in rows.values_list("id", "name") if name}
