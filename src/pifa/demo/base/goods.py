"""Freight templates, pictures and offers of the sellers, reviewed before anything is told."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial

from pifa.catalog import commands as catalog
from pifa.catalog.commands.pictures import drawn, store_pictures
from pifa.catalog.commands.writing import Write, check_all, write_offers
from pifa.catalog.models import Sku
from pifa.catalog.queries.stored import prohibited_words
from pifa.catalog.rules import OfferDraft, SkuDraft, Tier
from pifa.demo import setting
from pifa.demo.plan import goods
from pifa.demo.plan.companies import SellerPlan
from pifa.demo.plan.goods import OfferPlan, TemplatePlan
from pifa.demo.world import Joined, World
from pifa.kernel import clock
from pifa.kernel.money import UnitPrice

ON_SALE = (goods.ONLINE, goods.OFFLINE, goods.TAKEN_DOWN)
"""Offers that were reviewed and sold before the trade that is told; the others come late."""


def write_goods(
    world: World,
    seller: SellerPlan,
    templates: Sequence[TemplatePlan],
    offers: Sequence[OfferPlan],
    used: Mapping[tuple[int, int], int],
) -> None:
    """A seller's freight templates and its offers that are on sale.

    `used` is what the told trade will take of a SKU (offer index, position): so much more lies
    in the warehouse at first.
    """
    joined = world.sellers[seller.index]
    with clock.frozen(seller.joined + timedelta(days=5)):
        world.templates.append(
            tuple(
                catalog.save_freight_template(joined.owner, plan.name, plan.basis, plan.zones)
                for plan in templates
            )
        )
    sold = [offer for offer in offers if offer.state in ON_SALE]
    with clock.frozen(seller.joined + timedelta(days=6)):
        save(world, joined, sold, used)
    _review(world, joined, sold, seller.joined + timedelta(days=40))


def save(
    world: World,
    joined: Joined,
    offers: Sequence[OfferPlan],
    used: Mapping[tuple[int, int], int],
) -> None:
    """Save offers of a seller with their drawn pictures as drafts, as its goods sheet would."""
    pictured = [
        [drawn(world.picture(picture.drawing, picture.params)) for picture in offer.spec.pictures]
        for offer in offers
    ]
    stored = store_pictures(joined.company_id, [item for own in pictured for item in own])
    writes = [
        Write(_draft(world, offer, tuple(stored[picture.digest] for picture in own), used))
        for offer, own in zip(offers, pictured, strict=True)
    ]
    check_all(writes, prohibited_words())
    ids = write_offers(joined.owner, joined.company_id, writes)
    skus: dict[int, list[int]] = {offer_id: [] for offer_id in ids}
    rows = Sku.objects.filter(offer__in=ids).order_by("offer", "position")
    for offer_id, sku_id in rows.values_list("offer", "pk"):
        skus[offer_id].append(sku_id)
    for offer, offer_id in zip(offers, ids, strict=True):
        world.offers[offer.index] = offer_id
        world.skus[offer.index] = tuple(skus[offer_id])


def _review(world: World, joined: Joined, offers: Sequence[OfferPlan], at: datetime) -> None:
    """Hand drafts in and let the reviewer pass them a day later."""
    ids = [world.offers[offer.index] for offer in offers]
    with clock.frozen(at):
        catalog.submit_offers(joined.owner, ids)
    with clock.frozen(at + timedelta(hours=21)):
        catalog.approve_offers(world.reviewer, joined.company_id, ids)


def late_acts(
    world: World, offers: Sequence[OfferPlan]
) -> Iterator[tuple[datetime, Callable[[], object]]]:
    """The days before the opening: offers taken offline or down, new ones waiting or refused."""
    late = setting.OPENING - timedelta(days=2)
    for offer in offers:
        at = late + timedelta(minutes=7 * (offer.index % 300))
        joined = world.sellers[offer.seller]
        if offer.state == goods.OFFLINE:
            yield at, partial(_take_offline, world, joined, offer)
        elif offer.state == goods.TAKEN_DOWN:
            yield at, partial(_take_down, world, offer)
        elif offer.state not in ON_SALE:
            yield at - timedelta(hours=30), partial(save, world, joined, [offer], {})
            if offer.state in (goods.REJECTED, goods.IN_REVIEW):
                yield at - timedelta(hours=26), partial(_submit, world, joined, offer)
            if offer.state == goods.REJECTED:
                yield at - timedelta(hours=5), partial(_refuse, world, offer)


def _take_offline(world: World, joined: Joined, offer: OfferPlan) -> None:
    catalog.take_offline(joined.owner, world.offers[offer.index])


def _take_down(world: World, offer: OfferPlan) -> None:
    catalog.take_down(world.operator, world.offers[offer.index], offer.reason)


def _submit(world: World, joined: Joined, offer: OfferPlan) -> None:
    catalog.submit_offers(joined.owner, [world.offers[offer.index]])


def _refuse(world: World, offer: OfferPlan) -> None:
    catalog.review_offer(
        world.reviewer, world.offers[offer.index], approve=False, reason=offer.reason
    )


def _draft(
    world: World,
    offer: OfferPlan,
    picture_ids: tuple[int, ...],
    used: Mapping[tuple[int, int], int],
) -> OfferDraft:
    spec = offer.spec
    return OfferDraft(
        code=dict(spec.attributes)["货号"],
        title=spec.title,
        category_id=world.categories[spec.category_slug],
        skus=tuple(
            SkuDraft(
                code=sku.code,
                tiers=tuple(
                    Tier(quantity, UnitPrice(price))
                    for quantity, price in zip(spec.break_quantities, sku.prices_e4, strict=True)
                ),
                spec=sku.values,
                stock=_left_over(offer, place) + used.get((offer.index, place), 0),
                weight_mg=sku.weight_mg,
            )
            for place, sku in enumerate(spec.skus)
        ),
        unit=spec.unit,
        moq=spec.moq,
        multiple=spec.multiple,
        title_en=spec.title_en,
        description=spec.description,
        attributes=spec.attributes,
        picture_ids=picture_ids,
        freight_template_id=world.templates[offer.seller][offer.template],
        visibility=offer.visibility,
        scene=offer.scene,
    )


def _left_over(offer: OfferPlan, place: int) -> int:
    """Pieces left on the opening day: as drawn, but nearly or quite nothing of a few SKUs."""
    if place == 0 and offer.index % 19 == 7:
        return 0 if offer.index % 2 else offer.spec.moq // 2
    return offer.spec.skus[place].stock
