"""One offer with everything its page shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from pifa.catalog.models import Offer, OfferPicture, Sku
from pifa.catalog.policies import visible_offers
from pifa.catalog.queries.cards import PriceHint, picture_url
from pifa.catalog.queries.categories import CategoryNode, categories, localized
from pifa.catalog.queries.checkout import tiers_of, zones_of
from pifa.catalog.queries.staged import plan_of
from pifa.catalog.rules import (
    FreightBasis,
    FreightTerms,
    OfferTerms,
    PricedOffer,
    SkuTerms,
    StagedPlan,
    Tier,
    price_offer,
    smallest_order,
    tier_price,
)
from pifa.kernel.actors import Actor
from pifa.kernel.errors import NotFound
from pifa.kernel.money import UnitPrice


@dataclass(frozen=True, slots=True)
class SkuView:
    """A SKU on the offer's page. `available` is what can be bought now."""

    id: int
    code: str
    spec: tuple[tuple[str, str], ...]
    spec_text: str
    available: int
    weight_mg: int
    active: bool
    tiers: tuple[Tier, ...]


@dataclass(frozen=True, slots=True)
class PictureView:
    """A picture of an offer."""

    id: int
    url: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class SellerView:
    """Who sells it."""

    id: int
    name: str
    region: str
    city: str
    integrity_grade: str
    member_until: object
    shop_name: str
    shop_slug: str


@dataclass(frozen=True, slots=True)
class OfferView:
    """An offer as its page shows it. `terms` price what a reader types."""

    id: int
    code: str
    title: str
    title_en: str
    description: str
    attributes: tuple[tuple[str, str], ...]
    unit: str
    moq: int
    multiple: int
    visibility: str
    scene: str
    state: str
    state_label: str
    state_reason: str
    sold: int
    price: PriceHint
    created_at: datetime
    changed_at: datetime
    online_at: datetime | None
    trail: tuple[CategoryNode, ...]
    seller: SellerView
    skus: tuple[SkuView, ...]
    pictures: tuple[PictureView, ...]
    freight: FreightTerms | None
    terms: OfferTerms
    staged: StagedPlan | None = None

    @property
    def shown_title(self) -> str:
        """The title in the reader's language."""
        return localized(self.title, self.title_en)

    @property
    def smallest_order(self) -> int:
        """The fewest pieces that can be ordered."""
        return smallest_order(self.moq, self.multiple)

    @property
    def break_quantities(self) -> tuple[int, ...]:
        """Where prices change, for the head of the price table. SKUs of the reader's own price list
        may change at other quantities than the rest."""
        return tuple(sorted({tier.min_quantity for sku in self.skus for tier in sku.tiers}))

    @property
    def price_ranges(self) -> tuple[tuple[int, PriceHint], ...]:
        """At each break: the quantity it begins with and the range of the SKUs' prices."""
        found = []
        for quantity in self.break_quantities:
            prices = [tier_price(sku.tiers, quantity) for sku in self.skus if sku.tiers]
            found.append((quantity, PriceHint(min(prices), max(prices))))
        return tuple(found)

    def priced(self, quantities: Mapping[int, int]) -> PricedOffer:
        """What quantities (SKU id → pieces) cost."""
        return price_offer(self.terms, quantities)


def offer_page(offer_id: int, viewer: Actor | None) -> OfferView:
    """An offer that the viewer may see, else `NotFound`. Seven statements at most.

    Buyers get active SKUs only; the seller and operators all of them.
    """
    row = (
        Offer.objects.filter(visible_offers(viewer), pk=offer_id)
        .select_related("seller__shop", "freight_template", "staged_plan")
        .first()
    )
    if row is None:
        raise NotFound
    own = viewer is not None and (
        viewer.is_operator or viewer.is_system or viewer.company_id == row.seller_id
    )
    skus = _skus(row, None if own else viewer, all_of_them=own)
    return OfferView(
        id=row.pk,
        code=row.code,
        title=row.title,
        title_en=row.title_en,
        description=row.description,
        attributes=tuple((name, value) for name, value in row.attributes),
        unit=row.unit,
        moq=row.moq,
        multiple=row.multiple,
        visibility=row.visibility,
        scene=row.scene,
        state=row.state,
        state_label=str(row.get_state_display()),
        state_reason=row.state_reason if own else "",
        sold=row.sold_quantity,
        price=_hint(row, skus),
        created_at=row.created_at,
        changed_at=row.changed_at,
        online_at=row.online_at,
        trail=categories().trail(row.category_id),
        seller=_seller(row),
        skus=skus,
        pictures=_pictures(row.pk),
        freight=_freight(row),
        terms=_terms(row, skus),
        staged=plan_of(getattr(row, "staged_plan", None)),
    )


def _hint(row: Offer, skus: tuple[SkuView, ...]) -> PriceHint:
    """The range of what the reader pays."""
    prices = [tier.price for sku in skus if sku.active for tier in sku.tiers]
    if not prices:
        return PriceHint(UnitPrice(row.min_price_e4), UnitPrice(row.max_price_e4))
    return PriceHint(min(prices), max(prices))


def _skus(row: Offer, reader: Actor | None, *, all_of_them: bool) -> tuple[SkuView, ...]:
    found = Sku.objects.filter(offer_id=row.pk).order_by("position", "id")
    skus = list(found if all_of_them else found.filter(active=True))
    tiers = tiers_of([sku.pk for sku in skus], reader)
    return tuple(
        SkuView(
            id=sku.pk,
            code=sku.code,
            spec=tuple((name, value) for name, value in sku.spec),
            spec_text=sku.spec_text,
            available=sku.stock - sku.reserved,
            weight_mg=sku.weight_mg,
            active=sku.active,
            tiers=tiers[sku.pk],
        )
        for sku in skus
    )


def _seller(row: Offer) -> SellerView:
    seller = row.seller
    shop = getattr(seller, "shop", None)
    return SellerView(
        id=seller.pk,
        name=seller.name,
        region=seller.region,
        city=seller.city,
        integrity_grade=seller.integrity_grade,
        member_until=seller.member_until,
        shop_name=shop.name if shop else seller.name,
        shop_slug=shop.slug if shop else "",
    )


def _pictures(offer_id: int) -> tuple[PictureView, ...]:
    rows = OfferPicture.objects.filter(offer_id=offer_id).order_by("position", "id")
    return tuple(
        PictureView(key, picture_url(name), width, height)
        for key, name, width, height in rows.values_list(
            "picture_id", "picture__file", "picture__width", "picture__height"
        )
    )


def _freight(row: Offer) -> FreightTerms | None:
    template = row.freight_template
    if template is None:
        return None
    basis = FreightBasis(template.basis)
    zones = zones_of([template.pk])[template.pk] if basis is not FreightBasis.FREE else ()
    return FreightTerms(template.pk, template.name, basis, zones)


def _terms(row: Offer, skus: tuple[SkuView, ...]) -> OfferTerms:
    return OfferTerms(
        offer_id=row.pk,
        title=row.title,
        unit=row.unit,
        moq=row.moq,
        multiple=row.multiple,
        skus={
            sku.id: SkuTerms(
                sku_id=sku.id,
                name=" ".join(filter(None, (row.title, sku.spec_text))),
                tiers=sku.tiers,
                available=sku.available,
                active=sku.active,
            )
            for sku in skus
        },
        online=row.state == Offer.State.ONLINE,
    )
