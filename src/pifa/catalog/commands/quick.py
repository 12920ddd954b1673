"""Goods for customers with nothing but title, pictures, description, price and freight."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from pifa.catalog.commands.offers import list_privately, save_offer
from pifa.catalog.errors import NoShop
from pifa.catalog.models import Offer, Shop
from pifa.catalog.policies import may_keep
from pifa.catalog.rules import OfferDraft, SkuDraft, Tier
from pifa.kernel import ids
from pifa.kernel.actors import Actor
from pifa.kernel.money import UnitPrice

USUAL_UNIT = "件"
USUAL_STOCK = 9999
"""What is offered of goods whose seller does not count them here."""


@dataclass(frozen=True, slots=True)
class QuickListing:
    """Goods as a seller shows them to its customers; without a template freight is free."""

    title: str
    price: UnitPrice
    description: str = ""
    picture_ids: Sequence[int] = ()
    freight_template_id: int | None = None
    unit: str = USUAL_UNIT
    stock: int = USUAL_STOCK


def list_quickly(actor: Actor, listing: QuickListing) -> int:
    """Put goods on sale to all customers of the actor's company, at once; the offer's id.

    They are of the shop's main category, of one SKU, from one piece on. Raises `Unacceptable`
    with what is wrong (prohibited words among it), `NoShop`.
    """
    seller_id = may_keep(actor)
    main = Shop.objects.filter(company=seller_id).values_list("main_category", flat=True).first()
    if main is None:
        raise NoShop
    code = ids.public_number("H")
    tiers = (Tier(1, listing.price),)
    draft = OfferDraft(
        code=code,
        title=listing.title,
        category_id=main,
        skus=(SkuDraft(code=code, tiers=tiers, stock=listing.stock),),
        unit=listing.unit,
        description=listing.description,
        picture_ids=tuple(listing.picture_ids),
        freight_template_id=listing.freight_template_id,
        visibility=Offer.Visibility.PRIVATE,
    )
    with transaction.atomic():
        offer_id = save_offer(actor, draft)
        list_privately(actor, offer_id)
    return offer_id
