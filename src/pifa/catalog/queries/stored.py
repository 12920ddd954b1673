"""Offers as they are stored, in the very shape in which they are saved.

What a form shows and what a sheet exports is the same `OfferDraft` that `save_offer` takes;
saving what was read changes nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.models import QuerySet

from pifa.catalog.models import Offer, OfferPicture, Picture, ProhibitedWord, Sku
from pifa.catalog.policies import may_keep
from pifa.catalog.queries.checkout import storable, tiers_of
from pifa.catalog.queries.staged import plan_of
from pifa.catalog.rules import OfferDraft, SkuDraft
from pifa.kernel.actors import Actor
from pifa.kernel.errors import NotFound

CHUNK = 400
"""Offers read or written by one set of statements."""


@dataclass(frozen=True, slots=True)
class StoredOffer:
    """An offer with what its draft does not say. `sku_ids` and `reserved` are by SKU code."""

    id: int
    seller_id: int
    state: str
    state_reason: str
    changed_at: datetime
    min_price_e4: int
    max_price_e4: int
    draft: OfferDraft
    sku_ids: Mapping[str, int]
    reserved: Mapping[str, int]
    unreviewed: bool = False


def stored_by_code(
    seller_id: int, codes: Collection[str], *, lock: bool = False
) -> dict[str, StoredOffer]:
    """A seller's offers by their codes; four statements."""
    offers = Offer.objects.filter(seller_id=seller_id, code__in=codes)
    return {stored.draft.code: stored for stored in _load(offers, lock=lock)}


def stored_by_id(
    seller_id: int, offer_ids: Collection[int], *, lock: bool = False
) -> dict[int, StoredOffer]:
    """A seller's offers by id; others' are not found. Four statements."""
    offers = Offer.objects.filter(seller_id=seller_id, pk__in=storable(offer_ids))
    return {stored.id: stored for stored in _load(offers, lock=lock)}


def own_offer(actor: Actor, offer_id: int) -> StoredOffer:
    """An offer of the actor's company for its form; `NotFound` for anybody else's."""
    found = stored_by_id(may_keep(actor), [offer_id])
    if offer_id not in found:
        raise NotFound
    return found[offer_id]


def prohibited_words() -> dict[str, str]:
    """Every prohibited word with what it is about."""
    return dict(ProhibitedWord.objects.order_by("word").values_list("word", "reason"))


def picture_names(picture_ids: Collection[int]) -> dict[int, str]:
    """The stored names of pictures by id; one statement."""
    rows = Picture.objects.filter(pk__in=picture_ids)
    return dict(rows.values_list("pk", "file"))


def _load(offers: QuerySet[Offer], *, lock: bool) -> list[StoredOffer]:
    """If they are to be locked: their SKUs first and then they, each by id (docs/locking.md)."""
    offers = offers.order_by("pk").select_related("staged_plan")
    if lock and connection.features.has_select_for_update:
        skus = Sku.objects.filter(offer__in=offers.values("pk")).order_by("pk")
        list(skus.select_for_update(of=("self",), no_key=True).values_list("pk"))
        offers = offers.select_for_update(of=("self",), no_key=True)
    rows = list(offers)
    ids = [row.pk for row in rows]
    by_offer: dict[int, list[Sku]] = defaultdict(list)
    # Read after the offers are locked: what another form added meanwhile is seen.
    for sku in Sku.objects.filter(offer_id__in=ids).order_by("pk") if ids else ():
        by_offer[sku.offer_id].append(sku)
    tiers = tiers_of([sku.pk for found in by_offer.values() for sku in found])
    pictures = _pictures(ids)
    found: list[StoredOffer] = []
    for row in rows:
        own = sorted(by_offer[row.pk], key=lambda sku: (sku.position, sku.pk))
        drafts = tuple(
            SkuDraft(
                code=sku.code,
                tiers=tiers[sku.pk],
                spec=tuple((name, value) for name, value in sku.spec),
                stock=sku.stock,
                weight_mg=sku.weight_mg,
                active=sku.active,
            )
            for sku in own
        )
        found.append(_stored(row, own, drafts, tuple(pictures[row.pk])))
    return found


def _stored(
    row: Offer, skus: Iterable[Sku], drafts: tuple[SkuDraft, ...], pictures: tuple[int, ...]
) -> StoredOffer:
    skus = list(skus)
    return StoredOffer(
        id=row.pk,
        seller_id=row.seller_id,
        state=row.state,
        state_reason=row.state_reason,
        changed_at=row.changed_at,
        min_price_e4=row.min_price_e4,
        max_price_e4=row.max_price_e4,
        draft=OfferDraft(
            code=row.code,
            title=row.title,
            category_id=row.category_id,
            skus=drafts,
            unit=row.unit,
            moq=row.moq,
            multiple=row.multiple,
            title_en=row.title_en,
            description=row.description,
            attributes=tuple((name, value) for name, value in row.attributes),
            picture_ids=pictures,
            freight_template_id=row.freight_template_id,
            visibility=row.visibility,
            scene=row.scene,
            staged=plan_of(getattr(row, "staged_plan", None)),
        ),
        sku_ids={sku.code: sku.pk for sku in skus},
        reserved={sku.code: sku.reserved for sku in skus},
        unreviewed=row.unreviewed,
    )


def _pictures(offer_ids: Collection[int]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = defaultdict(list)
    rows = OfferPicture.objects.filter(offer_id__in=offer_ids).order_by("position", "id")
    for offer_id, picture_id in rows.values_list("offer_id", "picture_id"):
        found[offer_id].append(picture_id)
    return found
