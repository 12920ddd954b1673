"""What the market knows about orders: pure functions over amounts, moments and states.

Prices and freight are catalog's (`catalog.rules`); here they are put together by seller.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TypeVar

from pifa.catalog.rules import MAX_QUANTITY, StagedPlan
from pifa.kernel.money import MAX_FEN, Money, UnitPrice
from pifa.parties.text import clean_text
from pifa.trade.errors import (
    InvalidAmount,
    InvalidQuantity,
    InvalidStars,
    InvalidTotal,
    MissingText,
    NothingToOrder,
    TextTooLong,
    TooManySellers,
)
from pifa.trade.states import BUYER, SELLER, OrderStatus

MAX_LINES = 200
"""Lines of one checkout, and of one purchase list."""

MAX_SELLERS = 20
"""Sellers of one checkout."""

MAX_BATCH = 200
"""Orders in one batch of the desk."""


# ------------------------------------------------------------------------------ checkout
@dataclass(frozen=True, slots=True)
class LineAsked:
    """A SKU and how many pieces of it a buyer wants."""

    sku_id: int
    quantity: int


@dataclass(frozen=True, slots=True)
class PlannedLine:
    """A line as it will stand in the order: words and price as they are now.

    Goods that a quote describes in words have no SKU and no offer.
    """

    sku_id: int | None
    offer_id: int | None
    seller_id: int
    code: str
    title: str
    spec_text: str
    unit: str
    quantity: int
    price: UnitPrice
    amount: Money
    title_en: str = ""

    @property
    def of_sku(self) -> int:
        """The SKU of a line from a checkout: every such line has one."""
        assert self.sku_id is not None
        return self.sku_id

    @property
    def of_offer(self) -> int:
        """The offer of a line from a checkout: every such line has one."""
        assert self.offer_id is not None
        return self.offer_id


@dataclass(frozen=True, slots=True)
class PlannedOrder:
    """What one seller's part of a checkout will become; `staged`: its offers' common plan."""

    seller_id: int
    lines: tuple[PlannedLine, ...]
    freight: Money
    channel: str
    scene: str
    staged: StagedPlan | None = None

    @property
    def goods(self) -> Money:
        """The lines added up; each was rounded once, so nothing is rounded here."""
        return sum_money(line.amount for line in self.lines)

    @property
    def total(self) -> Money:
        """Goods and freight."""
        return self.goods + self.freight


G = TypeVar("G", bound=Hashable)
T = TypeVar("T")


def sum_money(amounts: Iterable[Money]) -> Money:
    """Add amounts up; nothing adds up to ¥0.00."""
    return Money(sum(amount.fen for amount in amounts))


def total_of(orders: Iterable[PlannedOrder]) -> Money:
    """What a checkout costs in all: the figure a buyer sees and agrees to."""
    return sum_money(order.total for order in orders)


def group_by(keyed: Iterable[tuple[G, T]]) -> dict[G, list[T]]:
    """Group in the order of first appearance: sellers stand as the buyer put them."""
    groups: dict[G, list[T]] = {}
    for key, value in keyed:
        groups.setdefault(key, []).append(value)
    return groups


def check_quantity(quantity: object) -> int:
    """A quantity one can order (1 … MAX_QUANTITY); `InvalidQuantity` otherwise."""
    if isinstance(quantity, bool) or not isinstance(quantity, int):
        raise InvalidQuantity(field="quantity", quantity=str(quantity), limit=MAX_QUANTITY)
    if not 1 <= quantity <= MAX_QUANTITY:
        raise InvalidQuantity(field="quantity", quantity=quantity, limit=MAX_QUANTITY)
    return quantity


def merge_lines(asked: Sequence[LineAsked]) -> dict[int, int]:
    """SKU → pieces, each SKU once (two rows of one SKU add up); `NothingToOrder` when empty or
    over MAX_LINES, `InvalidQuantity` when a row or a sum cannot be ordered."""
    if not 1 <= len(asked) <= MAX_LINES:
        raise NothingToOrder(lines=len(asked), limit=MAX_LINES)
    wanted: dict[int, int] = {}
    for line in asked:
        wanted[line.sku_id] = check_quantity(
            wanted.get(line.sku_id, 0) + check_quantity(line.quantity)
        )
    return wanted


def check_sellers(count: int) -> None:
    """`TooManySellers` when one checkout would become more than MAX_SELLERS orders."""
    if count > MAX_SELLERS:
        raise TooManySellers(sellers=count, limit=MAX_SELLERS)


def channel_of(any_private: bool) -> str:
    """An order with goods of the private channel counts as the private channel's."""
    return "private" if any_private else "public"


def in_channel(plan: PlannedOrder) -> PlannedOrder:
    """The order as one of the private channel, where it was placed."""
    return replace(plan, channel=channel_of(any_private=True))


def scene_of(scenes: Iterable[str]) -> str:
    """Custom work in an order makes it a custom order, else what is pre-sold a pre-sale; else
    it is from stock."""
    found = set(scenes)
    return next((scene for scene in ("custom", "pre_sale") if scene in found), "stock")


def check_new_total(total: Money) -> Money:
    """A seller's new total for an unpaid order: above nothing, below the market's limit."""
    if not 0 < total.fen <= MAX_FEN:
        raise InvalidTotal(field="new_total", total=total, limit=Money(MAX_FEN))
    return total


# -------------------------------------------------------------------------------- refunds
def refundable(paid: Money, refunded: Money) -> Money:
    """What can still go back to the buyer."""
    return paid - refunded


def check_refund(amount: Money, paid: Money, refunded: Money) -> Money:
    """An amount above nothing and within what is left; `InvalidAmount` otherwise."""
    limit = refundable(paid, refunded)
    if not 0 < amount.fen <= limit.fen:
        raise InvalidAmount(field="amount", amount=amount, limit=limit)
    return amount


def verdict_amount(verdict: str, asked: Money, amount: Money | None) -> Money:
    """What an operator's verdict grants: all that was asked, a part of it, or nothing.

    A part is above nothing and below what was asked; `InvalidAmount` otherwise.
    """
    if verdict == "buyer":
        return asked
    if verdict == "seller":
        return Money(0)
    if amount is None or not 0 < amount.fen < asked.fen:
        limit = Money(asked.fen - 1)
        raise InvalidAmount(field="amount", amount=amount or Money(0), limit=limit)
    return amount


def is_whole(refunded: Money, paid: Money) -> bool:
    """Whether everything went back, which closes the order."""
    return refunded == paid


# --------------------------------------------------------------------------------- moments
@dataclass(frozen=True, slots=True)
class Pause:
    """A span in which a refund case held the order."""

    since: datetime
    until: datetime


def due_with_pauses(start: datetime, span: timedelta, pauses: Iterable[Pause]) -> datetime:
    """The moment a span from `start` is over when it stands still during the pauses.

    The pauses do not overlap (an order has one open refund case at a time); what lies before
    `start` does not count.
    """
    held = (pause.until - max(pause.since, start) for pause in pauses)
    return start + span + sum((span for span in held if span > timedelta(0)), timedelta(0))


PAYMENT_REMINDER = timedelta(hours=12)
SHIPMENT_REMINDER = timedelta(hours=12)
RECEIPT_REMINDER = timedelta(days=2)
"""How long before its deadline the one who should act is reminded."""


def unshipped_term(scene: str) -> str:
    """The name of the term after which a paid order that was not shipped is refunded."""
    made = scene in ("custom", "pre_sale")
    return "custom_unshipped_refund_days" if made else "unshipped_refund_days"


def ship_span(lead_days: int | None, ordinary: timedelta) -> timedelta:
    """How long after payment an order is to be shipped: as agreed, else the ordinary time."""
    return ordinary if lead_days is None else timedelta(days=lead_days)


def reminder(start: datetime, due: datetime, lead: timedelta) -> datetime:
    """When to remind: `lead` before it is due, but not in the first half of the span."""
    return due - min(lead, (due - start) / 2)


def verdict_by(opened_at: datetime, span: timedelta) -> datetime:
    """By when both sides of a dispute may expect a verdict; after it, it is overdue."""
    return opened_at + span


# ------------------------------------------------------------------------------------- who
def side(company_id: int | None, buyer_id: int | None, seller_id: int) -> str | None:
    """On which side of an order a company stands; None for a stranger."""
    if company_id is None:
        return None
    if company_id == buyer_id:
        return BUYER
    return SELLER if company_id == seller_id else None


# ------------------------------------------------------------------------------------ words
def check_stars(stars: object) -> int:
    """One to five."""
    if isinstance(stars, bool) or not isinstance(stars, int) or not 1 <= stars <= 5:
        raise InvalidStars(field="stars", stars=str(stars))
    return stars


def required_text(text: str, what: object, limit: int, field: str) -> str:
    """A text without hidden characters and outer blanks, 1 … limit long; else `MissingText`."""
    text = clean_text(text)
    if not 1 <= len(text) <= limit:
        raise MissingText(field=field, what=what, limit=limit)
    return text


def optional_text(text: str, what: object, limit: int, field: str) -> str:
    """A text without hidden characters and outer blanks, at most `limit` long; else
    `TextTooLong`."""
    text = clean_text(text)
    if len(text) > limit:
        raise TextTooLong(field=field, what=what, limit=limit, length=len(text))
    return text


# -------------------------------------------------------------------------------- the desk
def natural_order(code: str) -> list[tuple[int, int, str]]:
    """A key that puts A-2 before A-10: numbers within a code count as numbers."""
    return [
        (0, int(part), "") if part.isascii() and part.isdecimal() else (1, 0, part.casefold())
        for part in re.findall(r"[0-9]+|[^0-9]+", code)
    ]


TABS: dict[str, tuple[str, ...]] = {
    "all": tuple(status.value for status in OrderStatus if status is not OrderStatus.CLOSED),
    **{status.value: (status.value,) for status in OrderStatus},
}
"""Tabs of the order desk and the states each shows; closed orders are shown on demand."""
