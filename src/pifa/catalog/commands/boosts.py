"""The search boost of sellers, put on their offers so that a search need not ask for it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection

from django.db import transaction

from pifa.benefits import queries as benefits
from pifa.benefits.labels import SEARCH_BOOST
from pifa.catalog.models import Offer


@transaction.atomic
def boost_offers(seller_ids: Collection[int]) -> None:
    """Give all offers of sellers the boost that their sellers hold today (none: 0)."""
    sellers: dict[int, list[int]] = defaultdict(list)
    boosts = boosts_of(seller_ids)
    for seller_id in seller_ids:
        sellers[boosts.get(seller_id, 0)].append(seller_id)
    for boost, ids in sorted(sellers.items()):
        offers = Offer.objects.filter(seller__in=ids).exclude(boost=boost)
        # Locked by id, as everybody does who changes several offers.
        locked = list(offers.select_for_update().order_by("id").values_list("id", flat=True))
        Offer.objects.filter(pk__in=locked).update(boost=boost)


def boosts_of(seller_ids: Collection[int]) -> dict[int, int]:
    """The boost of those sellers that hold one today, 1 to 99."""
    held = benefits.holders(SEARCH_BOOST, seller_ids)
    return {seller: min(max(int(grant.value["boost"]), 0), 99) for seller, grant in held.items()}
