"""A buyer who asks, and sellers who answer: for the tests of quotes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from pifa.kernel import clock
from pifa.kernel.actors import Actor
from pifa.kernel.money import Money, UnitPrice
from pifa.trade.models import Quote
from pifa.trade.quotes import commands
from pifa.trade.quotes.commands import AnswerGiven, AskRequest
from pifa.trade.quotes.rules import GoodsWanted
from tests.catalog import market as goods
from tests.trade.market import Trading

BOLTS = GoodsWanted(quantity=2000, title="外六角螺栓", spec_text="M8×30", unit="件")


def another_seller(trading: Trading) -> Actor:
    """A further seller that the buyer is related to; its clerk."""
    seller = goods.seller()
    goods.relate(seller, trading.buyer)
    return goods.actor(seller)


def ask(trading: Trading, lines: Sequence[GoodsWanted] = (), **fields: Any) -> str:
    """Ask the market's seller (and those in `seller_ids`), by default for its first SKU."""
    lines = lines or [GoodsWanted(quantity=1500, sku_id=trading.skus[0])]
    given: dict[str, Any] = {
        "address_id": trading.address.pk,
        "until": clock.today() + timedelta(days=5),
    }
    return commands.ask_quotes(trading.buying, AskRequest(lines=lines, **given | fields))


def quote_of(request: str, seller: Actor) -> Quote:
    """A seller's part in a request, as it is in its table now."""
    return Quote.objects.get(request__number=request, seller=seller.company_id)


def answer(seller: Actor, request: str, price: str = "0.2875", **fields: Any) -> Quote:
    """Answer the first line."""
    given: dict[str, Any] = {
        "prices": {1: UnitPrice.yuan(price)},
        "freight": Money.yuan("12.50"),
        "lead_days": 3,
        "valid_until": clock.today() + timedelta(days=10),
    }
    commands.answer_quote(seller, quote_of(request, seller).number, AnswerGiven(**given | fields))
    return quote_of(request, seller)


def accept(trading: Trading, quote: Quote, **fields: Any) -> str:
    """Take an answer as it stands; the order's number."""
    return commands.accept_quote(trading.buying, quote.number, quote.revision, **fields)
