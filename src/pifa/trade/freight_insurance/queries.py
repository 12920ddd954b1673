"""What return-freight insurance costs: at a checkout, and for a seller who gives it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pifa.finance import policies
from pifa.finance.insurance.freight import queries
from pifa.finance.insurance.freight.queries import FreightGiftView
from pifa.finance.insurance.freight.rules import Quote
from pifa.finance.insurance.freight.terms import giving
from pifa.kernel.actors import Actor
from pifa.trade.freight_insurance.history import history_of, quotes_for
from pifa.trade.queries.checkout import CheckoutView


@dataclass(frozen=True, slots=True)
class FreightOffer:
    """What a checkout says of a seller's order: the seller gives the insurance, or what it costs."""

    quote: Quote
    given: bool


def freight_offers(actor: Actor, view: CheckoutView) -> dict[int, FreightOffer]:
    """The insurance of each order of a checkout, by seller; three statements. Nothing before the
    region is known."""
    if view.region is None or actor.company_id is None:
        return {}
    sellers = [seller.seller_id for seller in view.sellers]
    return offers_to_insure(actor.company_id, sellers, view.region)


def offers_to_insure(
    buyer_id: int, seller_ids: Sequence[int], region: str
) -> dict[int, FreightOffer]:
    """The insurance of a buyer's new order of each of these sellers, that goes to a region; three
    statements, none without sellers."""
    given = giving(seller_ids) if seller_ids else set()
    return {
        seller_id: FreightOffer(quote, seller_id in given)
        for seller_id, quote in quotes_for(buyer_id, seller_ids, region).items()
    }


def freight_gift(actor: Actor) -> FreightGiftView:
    """Whether the seller gives it, and what it would cost by its own past; owner or finance role."""
    return queries.freight_gift(actor, history_of(policies.handles_money(actor), "seller"))
