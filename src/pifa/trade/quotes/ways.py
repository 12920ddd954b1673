"""Which ways of paying are open between a seller and a buyer."""

from __future__ import annotations

from pifa.trade.quotes.errors import WayNotOffered
from pifa.trade.quotes.states import PayWay
from pifa.trade.quotes.terms import QuoteTerms


def offered_ways(seller_id: int, buyer_id: int) -> tuple[PayWay, ...]:
    """The ways of paying that are open between a seller and a buyer, the first by default."""
    return (PayWay.FULL,)


def check_way(terms: QuoteTerms, seller_id: int, buyer_id: int) -> None:
    """`WayNotOffered` unless the terms' way is open between the two."""
    if terms.way not in offered_ways(seller_id, buyer_id):
        labels = dict(PayWay.choices)
        raise WayNotOffered(field="terms", way=labels.get(terms.way, terms.way))
