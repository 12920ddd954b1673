"""Which sellers a buyer may ask: those it has a relationship with, and those it traded with."""

from __future__ import annotations

from collections.abc import Collection

from pifa.kernel.actors import Actor
from pifa.parties import policies as parties
from pifa.parties.models import Company
from pifa.relationships import queries as relationships
from pifa.trade.models import Order, Provenance, PurchaseLine

MOST_OFFERED = 60
"""Sellers that a page offers to choose from."""


def known_sellers(actor: Actor, among: Collection[int] | None = None) -> set[int]:
    """The sellers that the actor's company knows by relationship, trade or its purchase list.

    Three statements; `among` narrows them.
    """
    buyer_id = parties.require(actor)
    found = relationships.visible_sellers(buyer_id)
    traded = Order.objects.filter(buyer=buyer_id, provenance=Provenance.MARKET)
    listed = PurchaseLine.objects.filter(member__company=buyer_id)
    if among is not None:
        found &= set(among)
        traded = traded.filter(seller__in=among)
        listed = listed.filter(sku__offer__seller__in=among)
    found |= set(traded.order_by().values_list("seller", flat=True).distinct())
    return found | set(listed.values_list("sku__offer__seller", flat=True).distinct())


def sellers_to_ask(actor: Actor) -> list[tuple[int, str]]:
    """Sellers to choose from on the page that asks, as (id, name), by name; four statements."""
    known = known_sellers(actor)
    known.discard(actor.company_id or 0)
    rows = Company.objects.filter(pk__in=known, is_seller=True).order_by("name", "pk")
    return list(rows.values_list("pk", "name")[:MOST_OFFERED])
