"""Which ways of paying are open between a seller and a buyer."""

from __future__ import annotations

from pifa.finance import queries as finance
from pifa.trade.quotes.errors import WayNotOffered
from pifa.trade.quotes.states import PayWay
from pifa.trade.quotes.terms import QuoteTerms


def offered_ways(seller_id: int, buyer_id: int) -> tuple[PayWay, ...]:
    """The ways of paying that are open between a seller and a buyer, the first by default.

    Trade credit only where the buyer holds a line of the seller's that is not frozen; whether its
    free limit reaches is asked when the quote is accepted.
    """
    if finance.has_open_line(seller_id, buyer_id):
        return (PayWay.FULL, PayWay.STAGED, PayWay.TRADE_CREDIT)
    return (PayWay.FULL, PayWay.STAGED)


def check_way(terms: QuoteTerms, seller_id: int, buyer_id: int) -> None:
    """`WayNotOffered` unless the terms' way is open between the two."""
    if terms.way not in offered_ways(seller_id, buyer_id):
        labels = dict(PayWay.choices)
        raise WayNotOffered(field="terms", way=labels.get(terms.way, terms.way))
