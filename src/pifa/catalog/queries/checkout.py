"""Everything a purchase list and a checkout need to know of goods, in at most two statements."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import OuterRef, QuerySet, TextField, Value

from pifa.catalog.models import FreightZone, GroupPrice, Offer, PriceBreak, Sku
from pifa.catalog.policies import known_offers, own_prices
from pifa.catalog.rules import (
    FreightBasis,
    FreightTerms,
    FreightZoneTerms,
    OfferTerms,
    Parcel,
    PricedOffer,
    SkuTerms,
    StagedPlan,
    Tier,
    freight_of_parcels,
    price_offer,
)
from pifa.kernel.actors import Actor, ActorKind
from pifa.kernel.money import Money, UnitPrice
from pifa.kernel.prepared import Asked, JsonRows, Prepared


@dataclass(frozen=True, slots=True)
class SkuGoods:
    """A SKU as an order line keeps it."""

    sku_id: int
    offer_id: int
    code: str
    spec_text: str
    weight_mg: int


@dataclass(frozen=True, slots=True)
class OfferGoods:
    """An offer as a checkout needs it; `terms` go to `rules.price_offer`."""

    terms: OfferTerms
    seller_id: int
    seller_name: str
    code: str
    title: str
    title_en: str
    unit: str
    scene: str
    visibility: str
    category_id: int
    freight: FreightTerms | None
    staged: StagedPlan | None = None


@dataclass(frozen=True, slots=True)
class CheckoutGoods:
    """Offers by id and SKUs by id; a SKU that the viewer may not know of is not in it."""

    offers: Mapping[int, OfferGoods]
    skus: Mapping[int, SkuGoods]

    def missing(self, sku_ids: Iterable[int]) -> list[int]:
        """The SKUs that do not exist for the viewer."""
        return [sku_id for sku_id in sku_ids if sku_id not in self.skus]

    def price(self, quantities: Mapping[int, int]) -> dict[int, PricedOffer]:
        """Price quantities (SKU id → pieces, all in `skus`) by offer id."""
        by_offer: dict[int, dict[int, int]] = defaultdict(dict)
        for sku_id, quantity in quantities.items():
            by_offer[self.skus[sku_id].offer_id][sku_id] = quantity
        return {
            offer_id: price_offer(self.offers[offer_id].terms, chosen)
            for offer_id, chosen in by_offer.items()
        }

    def freight(self, quantities: Mapping[int, int], region: str) -> Money:
        """Freight of quantities of ONE seller's SKUs to a region. Raises `NotDelivered`."""
        return freight_of_parcels(
            (
                Parcel(
                    self.offers[self.skus[sku_id].offer_id].freight,
                    self.skus[sku_id].weight_mg * quantity,
                    quantity,
                )
                for sku_id, quantity in quantities.items()
            ),
            region,
        )


_COLUMNS = (
    "id",
    "code",
    "spec_text",
    "stock",
    "reserved",
    "weight_mg",
    "active",
    "offer_id",
    "offer__code",
    "offer__title",
    "offer__title_en",
    "offer__unit",
    "offer__moq",
    "offer__multiple",
    "offer__scene",
    "offer__visibility",
    "offer__state",
    "offer__category_id",
    "offer__seller_id",
    "offer__seller__name",
    "offer__freight_template_id",
    "offer__freight_template__name",
    "offer__freight_template__basis",
    "offer__staged_plan__deposit_bp",
    "offer__staged_plan__deposit_fen",
    "offer__staged_plan__production_days",
    "offer__staged_plan__balance_days",
    "offer__staged_plan__keeper",
    "tiers",
    "own_tiers",
)


def checkout_goods(sku_ids: Collection[int], viewer: Actor | None = None) -> CheckoutGoods:
    """Read goods by SKU: SKUs with their offers, price breaks, freight zones.

    Offers that went offline are in it (their terms say so); what the viewer may not know of
    is not. Without a viewer only public offers are found.
    """
    sku_ids = storable(sku_ids)
    return _goods_of(_rows(sku_ids, viewer)) if sku_ids else CheckoutGoods({}, {})


def members_goods(
    sku_ids: Collection[int], member: Actor, beside: Asked
) -> tuple[CheckoutGoods, list[tuple[Any, ...]]]:
    """`checkout_goods` for a company's member, and a row that another query finds meanwhile."""
    sku_ids = storable(sku_ids)
    if not sku_ids or member.company_id is None:
        return CheckoutGoods({}, {}), beside.rows()
    rows, one = _MEMBERS_GOODS.asked([member.company_id], sku_ids).rows_beside(beside)
    return _goods_of(rows), one


def _goods_of(found_rows: Sequence[tuple[Any, ...]]) -> CheckoutGoods:
    rows = [dict(zip(_COLUMNS, row, strict=True)) for row in found_rows]
    templates = _templates(rows)
    skus: dict[int, SkuGoods] = {}
    terms: dict[int, dict[int, SkuTerms]] = defaultdict(dict)
    for row in rows:
        sku_id, offer_id = row["id"], row["offer_id"]
        skus[sku_id] = SkuGoods(sku_id, offer_id, row["code"], row["spec_text"], row["weight_mg"])
        terms[offer_id][sku_id] = SkuTerms(
            sku_id=sku_id,
            name=" ".join(filter(None, (row["offer__title"], row["spec_text"]))),
            tiers=_tiers(row["own_tiers"]) or _tiers(row["tiers"]),
            available=row["stock"] - row["reserved"],
            active=bool(row["active"]),
        )
    found = {row["offer_id"]: _offer(row, terms[row["offer_id"]], templates) for row in rows}
    return CheckoutGoods(found, skus)


def storable(ids: Iterable[int]) -> list[int]:
    """The ids that a row can have, each once: others would break the statement that looks for
    them."""
    return [key for key in dict.fromkeys(ids) if 0 < key < 2**63]


def _rows(sku_ids: Sequence[int], viewer: Actor | None) -> list[tuple[Any, ...]]:
    if viewer is not None and viewer.kind is ActorKind.MEMBER and viewer.company_id is not None:
        return _MEMBERS_GOODS.rows([viewer.company_id], sku_ids)
    return list(_goods(viewer, sku_ids))


def _goods(viewer: Actor | None, sku_ids: Sequence[int]) -> QuerySet[Sku, Any]:
    known = Sku.objects.filter(known_offers(viewer, "offer__"), id__in=sku_ids)
    breaks = PriceBreak.objects.filter(sku=OuterRef("pk"))
    tiers = JsonRows(breaks, "min_quantity", "price_e4")
    own = own_prices(viewer)
    own_tiers = (
        Value(None, output_field=TextField())
        if own is None
        else JsonRows(own.filter(sku=OuterRef("pk")), "min_quantity", "price_e4")
    )
    known = known.annotate(tiers=tiers, own_tiers=own_tiers)
    return known.order_by("id").values_list(*_COLUMNS)


def _tiers(rows: str | list[list[int]] | None) -> tuple[Tier, ...]:
    """Price breaks in rising order of quantity; JSON as a prepared query gives it, or read."""
    found = json.loads(rows) if isinstance(rows, str) else rows
    return tuple(Tier(quantity, UnitPrice(price)) for quantity, price in sorted(found or ()))


_MEMBERS_GOODS = Prepared(
    lambda ids, sku_ids: _goods(Actor(ActorKind.MEMBER, company_id=ids[0]), sku_ids)
)
_BREAKS = Prepared(
    lambda _ids, sku_ids: (
        PriceBreak.objects.filter(sku_id__in=sku_ids)
        .order_by("sku_id", "min_quantity")
        .values_list("sku_id", "min_quantity", "price_e4")
    )
)
_ZONES = Prepared(
    lambda _ids, template_ids: (
        FreightZone.objects.filter(template_id__in=template_ids)
        .order_by("id")
        .values_list("template_id", "regions", "first_units", "first_fen", "step_units", "step_fen")
    )
)
"""Read at every checkout: compiled once (`kernel.prepared`)."""


def tiers_of(sku_ids: Collection[int], viewer: Actor | None = None) -> dict[int, tuple[Tier, ...]]:
    """The price breaks of SKUs in rising order of quantity; one statement.

    For a viewer those of its group where it has any, with one statement more; without one those
    for all, as a seller keeps them.
    """
    found: dict[int, list[Tier]] = {sku_id: [] for sku_id in sku_ids}
    if not found:
        return {}
    for sku_id, quantity, price in _BREAKS.rows((), list(found)):
        found[sku_id].append(Tier(quantity, UnitPrice(price)))
    own = own_prices(viewer)
    if own is not None:
        found.update(_by_sku(own, found))
    return {sku_id: tuple(tiers) for sku_id, tiers in found.items()}


def _by_sku(own: QuerySet[GroupPrice], sku_ids: Iterable[int]) -> dict[int, list[Tier]]:
    found: dict[int, list[Tier]] = defaultdict(list)
    rows = own.filter(sku__in=list(sku_ids)).order_by("sku_id", "min_quantity")
    for sku_id, quantity, price in rows.values_list("sku_id", "min_quantity", "price_e4"):
        found[sku_id].append(Tier(quantity, UnitPrice(price)))
    return found


def zones_of(template_ids: Collection[int]) -> dict[int, tuple[FreightZoneTerms, ...]]:
    """The zones of freight templates; one statement."""
    found: dict[int, list[FreightZoneTerms]] = {template_id: [] for template_id in template_ids}
    if found:
        for template_id, regions, units, fen, step_units, step_fen in _ZONES.rows((), list(found)):
            found[template_id].append(
                FreightZoneTerms(
                    frozenset(json.loads(regions)), units, Money(fen), step_units, Money(step_fen)
                )
            )
    return {template_id: tuple(zones) for template_id, zones in found.items()}


def _templates(rows: Iterable[Mapping[str, Any]]) -> dict[int, FreightTerms]:
    heads = {
        row["offer__freight_template_id"]: (
            row["offer__freight_template__name"],
            FreightBasis(row["offer__freight_template__basis"]),
        )
        for row in rows
        if row["offer__freight_template_id"] is not None
    }
    zones = zones_of([key for key, (_, basis) in heads.items() if basis is not FreightBasis.FREE])
    return {
        key: FreightTerms(key, name, basis, zones.get(key, ()))
        for key, (name, basis) in heads.items()
    }


def _offer(
    row: Mapping[str, Any], skus: Mapping[int, SkuTerms], templates: Mapping[int, FreightTerms]
) -> OfferGoods:
    terms = OfferTerms(
        offer_id=row["offer_id"],
        title=row["offer__title"],
        unit=row["offer__unit"],
        moq=row["offer__moq"],
        multiple=row["offer__multiple"],
        skus=skus,
        online=row["offer__state"] == Offer.State.ONLINE,
    )
    return OfferGoods(
        terms=terms,
        seller_id=row["offer__seller_id"],
        seller_name=row["offer__seller__name"],
        code=row["offer__code"],
        title=row["offer__title"],
        title_en=row["offer__title_en"],
        unit=row["offer__unit"],
        scene=row["offer__scene"],
        visibility=row["offer__visibility"],
        category_id=row["offer__category_id"],
        freight=templates.get(row["offer__freight_template_id"]),
        staged=_staged(row),
    )


def _staged(row: Mapping[str, Any]) -> StagedPlan | None:
    days = row["offer__staged_plan__production_days"]
    if days is None:
        return None
    return StagedPlan(
        production_days=days,
        balance_days=row["offer__staged_plan__balance_days"],
        deposit_bp=row["offer__staged_plan__deposit_bp"],
        deposit_fen=row["offer__staged_plan__deposit_fen"],
        keeper=row["offer__staged_plan__keeper"],
    )
