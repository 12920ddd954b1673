"""What groups of a seller's customers pay, and whom its goods are meant for, as the seller reads it."""

from __future__ import annotations

from collections import defaultdict

from pifa.catalog.models import GroupPrice, Offer, OfferAudience
from pifa.catalog.policies import may_keep
from pifa.catalog.rules import Tier
from pifa.kernel.actors import Actor
from pifa.kernel.errors import NotFound
from pifa.kernel.money import UnitPrice
from pifa.relationships.models import CustomerGroup


def group_prices(actor: Actor, group_id: int) -> dict[int, tuple[Tier, ...]]:
    """The breaks that a group of the actor's company has, by SKU id; `NotFound` for another's."""
    if not CustomerGroup.objects.filter(pk=group_id, seller=may_keep(actor)).exists():
        raise NotFound
    rows = GroupPrice.objects.filter(group=group_id).order_by("sku_id", "min_quantity")
    found: dict[int, list[Tier]] = defaultdict(list)
    for sku_id, start, price in rows.values_list("sku_id", "min_quantity", "price_e4"):
        found[sku_id].append(Tier(start, UnitPrice(price)))
    return {sku_id: tuple(tiers) for sku_id, tiers in found.items()}


def group_priced_offers(actor: Actor, group_id: int) -> list[int]:
    """The offers of which a group of the actor's company has prices of its own."""
    rows = GroupPrice.objects.filter(group=group_id, group__seller=may_keep(actor)).order_by()
    return sorted(rows.values_list("sku__offer", flat=True).distinct())


def offer_audience(actor: Actor, offer_id: int) -> list[int]:
    """The groups that an offer of the actor's company is meant for; none: every customer."""
    if not Offer.objects.filter(pk=offer_id, seller=may_keep(actor)).exists():
        raise NotFound
    rows = OfferAudience.objects.filter(offer=offer_id).order_by("group")
    return list(rows.values_list("group_id", flat=True))
