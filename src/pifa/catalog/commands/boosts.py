"""The search boost of sellers, put on their offers so that a search need not ask for it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection

from django.db import transaction

from pifa.benefits import queries as benefits
from pifa.benefits.labels import BOOSTING
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


MOST = 99
"""The highest boost: an offer's rank has two digits for it."""


def boosts_of(seller_ids: Collection[int]) -> dict[int, int]:
    """The boost of those sellers that hold one today, 1 to 99: what their standing, the programme
    and its tracks give is added up (decision 0050)."""
    held = benefits.all_held(BOOSTING, seller_ids)
    sums = {
        seller: sum(max(int(grant.value.get("boost", 0)), 0) for grant in grants)
        for seller, grants in held.items()
    }
    return {seller: min(boost, MOST) for seller, boost in sums.items() if boost}
