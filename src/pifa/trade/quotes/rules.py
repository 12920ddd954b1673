"""What may be asked and answered, and what an answer comes to: pure functions."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from pifa.catalog.rules import MAX_PRICE
from pifa.kernel.money import MAX_FEN, Money, UnitPrice, line_amount
from pifa.trade import rules as orders
from pifa.trade.quotes import errors as words
from pifa.trade.quotes.errors import (
    InvalidDay,
    InvalidDays,
    InvalidPrice,
    InvalidQuoteTotal,
    NobodyAsked,
    NothingAsked,
    NothingQuoted,
)
from pifa.trade.quotes.states import BUYER, QUOTE, REQUEST, SELLER, QuoteState, RequestState

MAX_SELLERS = 20
"""Sellers that one request goes to."""

MAX_LINES = orders.MAX_LINES
"""Lines of one request: as many as a purchase list has."""

MAX_OPEN = 50
"""Requests of one buyer that wait for answers at a time."""

MAX_ANSWER_DAYS = 60
"""How many days ahead the last day for answers may lie."""

MAX_VALID_DAYS = 90
"""How many days ahead the last day of an answer's validity may lie."""

MAX_NEEDED_DAYS = 365
"""How many days ahead goods may be needed."""

MAX_LEAD_DAYS = 60
"""Most days from payment to shipment: well before unshipped custom work is refunded by itself."""

STOCK_LEAD_DAYS = 14
"""Goods that take longer than this are custom work, whatever the offer says."""

REMINDER = timedelta(days=1)
"""How long before its validity ends a buyer is reminded of an answer."""


# -------------------------------------------------------------------------------------- asking
@dataclass(frozen=True, slots=True)
class GoodsWanted:
    """A line as a buyer asks for it: a SKU, or words of its own (`title`, `spec_text`, `unit`).

    `wanted` is the unit price it hopes for.
    """

    quantity: int
    sku_id: int | None = None
    title: str = ""
    spec_text: str = ""
    unit: str = ""
    wanted: UnitPrice | None = None


def check_lines(lines: Sequence[GoodsWanted]) -> list[GoodsWanted]:
    """Lines that can be asked for, each SKU once.

    `NothingAsked`, `InvalidQuantity`, `InvalidPrice`, `MissingText` for a line without SKU and
    without words.
    """
    if not 1 <= len(lines) <= MAX_LINES:
        raise NothingAsked(field="lines", lines=len(lines), limit=MAX_LINES)
    skus: set[int] = set()
    checked = []
    for position, line in enumerate(lines, start=1):
        orders.check_quantity(line.quantity)
        if line.wanted is not None:
            check_price(line.wanted, position)
        if line.sku_id is None:
            line = _typed(line)
        elif line.sku_id in skus:
            raise NothingAsked(field="lines", lines=len(lines), limit=MAX_LINES)
        else:
            skus.add(line.sku_id)
        checked.append(line)
    return checked


def _typed(line: GoodsWanted) -> GoodsWanted:
    return GoodsWanted(
        quantity=line.quantity,
        title=orders.required_text(line.title, words.TITLE, 200, "title"),
        spec_text=orders.optional_text(line.spec_text, words.SPEC, 120, "spec_text"),
        unit=orders.required_text(line.unit, words.UNIT, 10, "unit"),
        wanted=line.wanted,
    )


def check_sellers(seller_ids: Collection[int]) -> None:
    """`NobodyAsked` for none, or for more than one request goes to."""
    if not 1 <= len(seller_ids) <= MAX_SELLERS:
        raise NobodyAsked(field="sellers", sellers=len(seller_ids), limit=MAX_SELLERS)


def check_answer_day(day: date, today: date) -> date:
    """A last day for answers: from today on."""
    return _check_day(day, today, today + timedelta(days=MAX_ANSWER_DAYS), words.UNTIL, "until")


def check_needed_by(day: date | None, today: date) -> date | None:
    """A day by which the goods are needed, if one is named: from today on."""
    if day is None:
        return None
    last = today + timedelta(days=MAX_NEEDED_DAYS)
    return _check_day(day, today, last, words.NEEDED_BY, "needed_by")


def check_valid_day(day: date, today: date) -> date:
    """The last day on which an answer holds: from today on."""
    last = today + timedelta(days=MAX_VALID_DAYS)
    return _check_day(day, today, last, words.VALID_UNTIL, "valid_until")


def _check_day(day: date, first: date, last: date, what: object, field: str) -> date:
    if not first <= day <= last:
        raise InvalidDay(field=field, what=what, first=first.isoformat(), last=last.isoformat())
    return day


# ----------------------------------------------------------------------------------- answering
@dataclass(frozen=True, slots=True)
class PricedGoods:
    """A line of an answer: the position of what was asked, price per piece, amount."""

    position: int
    price: UnitPrice
    amount: Money


@dataclass(frozen=True, slots=True)
class AnswerFigures:
    """What an answer comes to; each line was rounded once, so nothing is rounded in the sums."""

    lines: tuple[PricedGoods, ...]
    freight: Money

    @property
    def goods(self) -> Money:
        """The lines added up."""
        return orders.sum_money(line.amount for line in self.lines)

    @property
    def total(self) -> Money:
        """Goods and freight."""
        return self.goods + self.freight


def figures(
    quantities: Mapping[int, int], prices: Mapping[int, UnitPrice], freight: Money
) -> AnswerFigures:
    """What prices (by position; a line without one is not supplied) and freight come to.

    `NothingQuoted`, `InvalidPrice`, `InvalidQuoteTotal`.
    """
    if not prices or not prices.keys() <= quantities.keys():
        raise NothingQuoted(field="prices")
    lines = tuple(
        PricedGoods(
            position,
            check_price(prices[position], position),
            line_amount(prices[position], quantities[position]),
        )
        for position in sorted(prices)
    )
    found = AnswerFigures(lines, freight)
    if freight.fen < 0 or not 0 < found.total.fen <= MAX_FEN:
        raise InvalidQuoteTotal(field="freight", total=found.total, limit=Money(MAX_FEN))
    return found


def check_price(price: UnitPrice, position: int) -> UnitPrice:
    """A price per piece above nothing, up to the market's highest; else `InvalidPrice`."""
    if not 0 < price.e4 <= MAX_PRICE.e4:
        raise InvalidPrice(field="prices", position=position, limit=MAX_PRICE)
    return price


def check_lead_days(days: int) -> int:
    """Days from payment to shipment; `InvalidDays` beyond MAX_LEAD_DAYS."""
    if not 1 <= days <= MAX_LEAD_DAYS:
        raise InvalidDays(field="lead_days", what=words.LEAD_DAYS, first=1, last=MAX_LEAD_DAYS)
    return days


def scene_of(scenes: Iterable[str], any_typed: bool, lead_days: int) -> str:
    """Goods without a SKU, custom offers and long making are custom work; else it is stock."""
    if any_typed or lead_days > STOCK_LEAD_DAYS:
        return "custom"
    return orders.scene_of(scenes)


# ----------------------------------------------------------------------------------- who may what
def seller_verbs(request_state: str, quote_state: str) -> list[str]:
    """What a seller may do now: answer while answers are taken, withdraw while it is undecided."""
    verbs = QUOTE.verbs(quote_state, SELLER)
    if request_state == RequestState.OPEN:
        return verbs
    if request_state == RequestState.DECIDING:
        return [verb for verb in verbs if verb == "withdraw"]
    return []


def buyer_verbs(request_state: str, quote_state: str) -> list[str]:
    """What a buyer may do with an answer now."""
    if not REQUEST.allows(request_state, "accept", BUYER):
        return []
    return [verb for verb in QUOTE.verbs(quote_state, BUYER) if verb != "close"]


def is_over(request_state: str, quote_states: Iterable[str]) -> bool:
    """Whether a request that takes no more answers has none left that could be accepted."""
    return request_state == RequestState.DECIDING and QuoteState.QUOTED not in set(quote_states)
