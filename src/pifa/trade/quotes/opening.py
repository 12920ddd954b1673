"""An accepted quote becomes the beginning of an order: its lines, its money, what is paid when.

The price function has no say here: unit prices, freight and terms are the quote's.
"""

from __future__ import annotations

from collections.abc import Sequence

from pifa.catalog.models import Offer
from pifa.finance import commands as finance
from pifa.kernel.actors import Actor
from pifa.kernel.ids import public_number
from pifa.kernel.money import Money, UnitPrice
from pifa.trade import rules as orders
from pifa.trade.commands.order_rows import NewOrder
from pifa.trade.errors import NotForSale
from pifa.trade.models import Quote, QuoteLine, QuoteRevision
from pifa.trade.quotes import rules
from pifa.trade.quotes.states import PayWay
from pifa.trade.quotes.terms import QuoteTerms
from pifa.trade.rules import PlannedLine, PlannedOrder

TRADE_CREDIT = "trade_credit"
"""The method by which such terms are kept."""


def lock_terms(buyer_id: int, seller_id: int, terms: QuoteTerms) -> None:
    """Lock what the terms take from, before the order is written (`docs/locking.md`)."""
    if terms.way == PayWay.TRADE_CREDIT:
        finance.lock_agreed(buyer_id, {seller_id: TRADE_CREDIT})


def promise_by_terms(actor: Actor, order: NewOrder, terms: QuoteTerms) -> None:
    """An order that was written with trade credit as its terms is promised on the buyer's line.

    `MethodNotOffered` with the figures if the line does not reach. One that waits for approval is
    left to be paid, on credit or otherwise, when it is approved.
    """
    if terms.way == PayWay.TRADE_CREDIT:
        finance.agree(actor, order.subject, TRADE_CREDIT)


def new_order(
    quote: Quote,
    revision: QuoteRevision,
    terms: QuoteTerms,
    lines: Sequence[QuoteLine],
    message: str,
) -> NewOrder:
    """The order that a quote becomes, with exactly its lines, prices, freight and terms.

    A seller's own offer may be offline by now, for it quoted itself; `NotForSale` when the market
    took it down.
    """
    planned = tuple(_planned(quote.seller_id, line) for line in lines)
    offers = [line.asked.offer for line in lines if _is_own(quote.seller_id, line)]
    return NewOrder(
        number=public_number(),
        plan=PlannedOrder(
            seller_id=quote.seller_id,
            lines=planned,
            freight=Money(revision.freight_fen),
            channel=orders.channel_of(any(o and o.visibility == "private" for o in offers)),
            scene=rules.scene_of(
                (offer.scene for offer in offers if offer),
                any(line.sku_id is None for line in planned) or terms.plan is not None,
                revision.lead_days,
            ),
            staged=terms.plan,
        ),
        message=message,
        lead_days=revision.lead_days,
        detail={"quote": quote.number},
    )


def _is_own(seller_id: int, line: QuoteLine) -> bool:
    """Whether a line is a SKU of this seller's; another's SKU is words to it."""
    offer = line.asked.offer
    return offer is not None and offer.seller_id == seller_id


def _planned(seller_id: int, line: QuoteLine) -> PlannedLine:
    asked, own = line.asked, _is_own(seller_id, line)
    if own and asked.offer and asked.offer.state == Offer.State.TAKEN_DOWN:
        raise NotForSale(title=asked.title, sku_id=asked.sku_id)
    return PlannedLine(
        sku_id=asked.sku_id if own else None,
        offer_id=asked.offer_id if own else None,
        seller_id=seller_id,
        code=asked.code if own else "",
        title=asked.title,
        spec_text=asked.spec_text,
        unit=asked.unit,
        quantity=asked.quantity,
        price=UnitPrice(line.price_e4),
        amount=Money(line.amount_fen),
        title_en=asked.title_en,
    )
