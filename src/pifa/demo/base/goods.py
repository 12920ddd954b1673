"""Freight templates, pictures and offers of the sellers, reviewed before anything is told."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial

from pifa.catalog import commands as catalog
from pifa.catalog.commands.pictures import drawn, store_pictures
from pifa.catalog.models import Sku
from pifa.catalog.rules import OfferDraft, SkuDraft, Tier
from pifa.demo import pictures, setting
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
    for offer in sold:
        with clock.frozen(_listed_at(seller, offer)):
            save(world, joined, offer, used)
    review_all(world, joined, sold, seller.joined + timedelta(days=40))


def save(
    world: World, joined: Joined, offer: OfferPlan, used: Mapping[tuple[int, int], int]
) -> int:
    """Save an offer with its drawn pictures as a draft; its id."""
    pictured = [
        drawn(pictures.draw(picture.drawing, picture.params)) for picture in offer.spec.pictures
    ]
    stored = store_pictures(joined.company_id, pictured)
    draft = _draft(world, offer, tuple(stored[picture.digest] for picture in pictured), used)
    offer_id = catalog.save_offer(joined.owner, draft)
    skus = Sku.objects.filter(offer=offer_id).order_by("position")
    world.offers[offer.index] = offer_id
    world.skus[offer.index] = tuple(skus.values_list("pk", flat=True))
    return offer_id


def review_all(world: World, joined: Joined, offers: Sequence[OfferPlan], moment: datetime) -> None:
    """Hand drafts in and let the reviewer pass or refuse each a day later."""
    if not offers:
        return
    with clock.frozen(moment):
        catalog.submit_offers(joined.owner, [world.offers[offer.index] for offer in offers])
    with clock.frozen(moment + timedelta(hours=21)):
        for offer in offers:
            refused = offer.state == goods.REJECTED
            catalog.review_offer(
                world.reviewer,
                world.offers[offer.index],
                approve=not refused,
                reason=offer.reason if refused else "",
            )


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
            yield at - timedelta(hours=30), partial(save, world, joined, offer, {})
            if offer.state == goods.REJECTED:
                yield at - timedelta(hours=24), partial(_refuse, world, joined, offer)
            elif offer.state == goods.IN_REVIEW:
                yield at, partial(_submit, world, joined, offer)


def _take_offline(world: World, joined: Joined, offer: OfferPlan) -> None:
    catalog.take_offline(joined.owner, world.offers[offer.index])


def _take_down(world: World, offer: OfferPlan) -> None:
    catalog.take_down(world.operator, world.offers[offer.index], offer.reason)


def _submit(world: World, joined: Joined, offer: OfferPlan) -> None:
    catalog.submit_offers(joined.owner, [world.offers[offer.index]])


def _refuse(world: World, joined: Joined, offer: OfferPlan) -> None:
    review_all(world, joined, [offer], clock.now())


def _listed_at(seller: SellerPlan, offer: OfferPlan) -> datetime:
    return seller.joined + timedelta(days=6 + offer.index % 30, minutes=offer.index % 50)


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
                stock=sku.stock + used.get((offer.index, place), 0),
                weight_g=sku.weight_g,
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
