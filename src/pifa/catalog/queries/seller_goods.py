"""A seller's own goods: the list with its tabs, the grid of prices and stock, templates, shop."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Sum

from pifa.catalog.models import FreightTemplate, Offer, Picture, Shop, Sku
from pifa.catalog.policies import may_keep
from pifa.catalog.queries.browse import ShopInfo, shop_info
from pifa.catalog.queries.cards import PriceHint, first_picture, picture_url
from pifa.catalog.queries.checkout import storable, tiers_of, zones_of
from pifa.catalog.rules import FreightBasis, FreightTerms, Tier
from pifa.catalog.states import OFFER
from pifa.kernel.actors import Actor
from pifa.kernel.money import UnitPrice
from pifa.parties import policies as parties

PAGE_SIZE, MAX_PAGE_SIZE = 50, 200
_MAX_QUERY = 100
_SORTS = {
    "changed": ("-changed_at", "-id"),
    "sold": ("-sold_quantity", "-id"),
    "price_up": ("min_price_e4", "-id"),
    "price_down": ("-min_price_e4", "-id"),
    "code": ("code",),
}


@dataclass(frozen=True, slots=True)
class GoodsRow:
    """One of a seller's offers in its list. Stock is over active SKUs; `verbs` are allowed now."""

    id: int
    code: str
    title: str
    unit: str
    moq: int
    state: str
    state_label: str
    state_reason: str
    visibility: str
    category_id: int
    picture: str
    price: PriceHint
    sku_count: int
    stock: int
    reserved: int
    sold_out_skus: int
    sold: int
    changed_at: datetime
    verbs: tuple[str, ...]

    @property
    def free(self) -> int:
        """Pieces that can be bought now."""
        return self.stock - self.reserved


@dataclass(frozen=True, slots=True)
class GoodsPage:
    """A page of a seller's goods; `counts` by state are over all of them, whatever the filter."""

    items: list[GoodsRow]
    total: int
    page: int
    pages: int
    counts: dict[str, int]


class _Sums(NamedTuple):
    """Over the active SKUs of an offer."""

    skus: int = 0
    stock: int = 0
    reserved: int = 0
    empty: int = 0


@dataclass(frozen=True, slots=True)
class GridSku:
    """A SKU in the grid for mass edits."""

    sku_id: int
    offer_id: int
    offer_code: str
    offer_title: str
    moq: int
    code: str
    spec_text: str
    stock: int
    reserved: int
    active: bool
    tiers: tuple[Tier, ...]


def goods(
    actor: Actor,
    *,
    state: str = "",
    q: str = "",
    category_id: int | None = None,
    visibility: str = "",
    sold_out: bool = False,
    sort: str = "changed",
    page: int = 1,
    size: int = PAGE_SIZE,
) -> GoodsPage:
    """The goods of the actor's company. `q` is looked for in titles, codes and SKU codes.

    `sold_out` keeps offers that have a SKU with nothing left. Four statements at most.
    """
    seller_id = parties.require(actor)
    own = Offer.objects.filter(seller_id=seller_id)
    counts = dict(own.order_by().values_list("state").annotate(number=Count("pk")))
    found = _filtered(own, state, q, category_id, visibility, sold_out=sold_out)
    size = min(max(size, 1), MAX_PAGE_SIZE)
    total = found.count()
    pages = max(-(-total // size), 1)
    page = min(max(page, 1), pages)
    order = _SORTS.get(sort, _SORTS["changed"])
    offers = list(
        found.annotate(first_picture=first_picture()).order_by(*order)[
            (page - 1) * size : page * size
        ]
    )
    sums = _sums([offer.pk for offer in offers])
    rows = [_row(offer, sums.get(offer.pk, _Sums())) for offer in offers]
    return GoodsPage(rows, total, page, pages, counts)


def sku_grid(actor: Actor, offer_ids: Collection[int]) -> list[GridSku]:
    """The SKUs of the actor's offers with prices and stock, for mass edits; two statements."""
    seller_id = may_keep(actor)
    skus = (
        Sku.objects.filter(offer_id__in=storable(offer_ids), offer__seller_id=seller_id)
        .annotate(offer_code=F("offer__code"), offer_title=F("offer__title"), moq=F("offer__moq"))
        .order_by("offer_id", "position", "id")
    )
    rows = list(skus)
    tiers = tiers_of([row.pk for row in rows])
    return [
        GridSku(
            sku_id=row.pk,
            offer_id=row.offer_id,
            offer_code=row.offer_code,
            offer_title=row.offer_title,
            moq=row.moq,
            code=row.code,
            spec_text=row.spec_text,
            stock=row.stock,
            reserved=row.reserved,
            active=row.active,
            tiers=tiers[row.pk],
        )
        for row in rows
    ]


def freight_templates(actor: Actor) -> list[FreightTerms]:
    """The freight templates of the actor's company with their zones; two statements."""
    return templates_of(parties.require(actor))


def templates_of(seller_id: int) -> list[FreightTerms]:
    """A seller's freight templates with their zones; two statements."""
    rows = list(FreightTemplate.objects.filter(seller_id=seller_id).order_by("id"))
    zones = zones_of([row.pk for row in rows])
    return [FreightTerms(row.pk, row.name, FreightBasis(row.basis), zones[row.pk]) for row in rows]


def own_pictures(actor: Actor, picture_ids: Collection[int]) -> dict[int, str]:
    """The addresses of pictures of the actor's company by id; others' are left out."""
    company_id = may_keep(actor)
    rows = Picture.objects.filter(company_id=company_id, pk__in=picture_ids)
    return {key: picture_url(name) for key, name in rows.values_list("pk", "file")}


def own_shop(actor: Actor) -> ShopInfo | None:
    """The shop of the actor's company, if it has one."""
    company_id = parties.require(actor)
    if not Shop.objects.filter(company_id=company_id).exists():
        return None
    return shop_info(company_id)


def _filtered(
    own: QuerySet[Offer],
    state: str,
    q: str,
    category_id: int | None,
    visibility: str,
    *,
    sold_out: bool,
) -> QuerySet[Offer]:
    if state:
        own = own.filter(state=state)
    if category_id is not None:
        own = own.filter(category_id=category_id)
    if visibility:
        own = own.filter(visibility=visibility)
    skus = Sku.objects.filter(offer_id=OuterRef("pk"))
    if q := q.replace("\0", "").strip()[:_MAX_QUERY]:
        by_sku = Exists(skus.filter(code__icontains=q))
        own = own.filter(Q(title__icontains=q) | Q(code__icontains=q) | by_sku)
    if sold_out:
        own = own.filter(Exists(skus.filter(active=True, stock__lte=F("reserved"))))
    return own


def _sums(offer_ids: Collection[int]) -> dict[int, _Sums]:
    rows = (
        Sku.objects.filter(offer_id__in=offer_ids, active=True)
        .order_by()
        .values("offer_id")
        .annotate(
            number=Count("pk"),
            stock_sum=Sum("stock"),
            reserved_sum=Sum("reserved"),
            empty=Count("pk", filter=Q(stock__lte=F("reserved"))),
        )
        .values_list("offer_id", "number", "stock_sum", "reserved_sum", "empty")
    )
    return {offer_id: _Sums(*sums) for offer_id, *sums in rows}


def _row(offer: Offer, sums: _Sums) -> GoodsRow:
    return GoodsRow(
        id=offer.pk,
        code=offer.code,
        title=offer.title,
        unit=offer.unit,
        moq=offer.moq,
        state=offer.state,
        state_label=str(offer.get_state_display()),
        state_reason=offer.state_reason,
        visibility=offer.visibility,
        category_id=offer.category_id,
        picture=picture_url(getattr(offer, "first_picture", None)),
        price=PriceHint(UnitPrice(offer.min_price_e4), UnitPrice(offer.max_price_e4)),
        sku_count=sums.skus,
        stock=sums.stock,
        reserved=sums.reserved,
        sold_out_skus=sums.empty,
        sold=offer.sold_quantity,
        changed_at=offer.changed_at,
        verbs=tuple(OFFER.verbs(offer.state, "seller")),
    )
