"""What past trade means: kinds of lines, what a cancellation takes back, what counts as sales.

A row's identity is its order number and its ordinal within the order (the n-th row of that
order in the file), never its content: honest files hold the same line twice.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple, Protocol


class OrderKind(StrEnum):
    """Whether an order sells or takes back."""

    ORDER = "order"
    CANCELLATION = "cancellation"


class LineKind(StrEnum):
    """What a line is; the values are those of `OrderLine.Kind`."""

    GOODS = "goods"
    CANCELLATION = "cancellation"
    CORRECTION = "correction"


UNPAID_STATUSES = frozenset({"awaiting_payment", "closed"})
"""A declared order in one of these brought no money in."""


def order_kind(
    order_no: str, status: str, cancel_prefix: str, cancel_statuses: Iterable[str]
) -> OrderKind:
    """A cancellation has the prefix of its mapping or one of the statuses named there."""
    if cancel_prefix and order_no.startswith(cancel_prefix):
        return OrderKind.CANCELLATION
    if status and status in cancel_statuses:
        return OrderKind.CANCELLATION
    return OrderKind.ORDER


def line_kind(kind: OrderKind, quantity: int, price_e4: int) -> LineKind:
    """Goods sell for more than nothing; anything else outside a cancellation is a correction."""
    if kind is OrderKind.CANCELLATION:
        return LineKind.CANCELLATION
    return LineKind.GOODS if quantity > 0 and price_e4 > 0 else LineKind.CORRECTION


def is_sale(kind: OrderKind, quantity: int, price_e4: int) -> bool:
    """Whether a line counts in sales: quantity × price above zero outside a cancellation."""
    return kind is OrderKind.ORDER and quantity * price_e4 > 0


class PastLine(NamedTuple):
    """A line as far as matching needs it; `placed_at` is its order's. A customer or code of ""
    is unknown, and unknown is never the same as unknown."""

    order_no: str
    ordinal: int
    customer: str
    code: str
    placed_at: datetime
    quantity: int
    price_e4: int


class Match(NamedTuple):
    """`quantity` pieces (above zero) that a cancellation line takes back from a purchase line.

    Without a purchase it is the remainder that nothing was found for: a standalone credit.
    """

    cancellation: PastLine
    purchase: PastLine | None
    quantity: int


class _Open:
    """A purchase line with what is left of it."""

    __slots__ = ("left", "line")

    def __init__(self, line: PastLine) -> None:
        self.line = line
        self.left = line.quantity


class _Stacks:
    """The earlier purchases of one customer and code, the most recent on top.

    A purchase stands in the stack of its price and in the stack of all prices; one that is
    used up is dropped when it comes to the top, so each is looked at a bounded number of times.
    """

    def __init__(self) -> None:
        self._by_price: dict[int, list[_Open]] = defaultdict(list)
        self._all: list[_Open] = []

    def push(self, line: PastLine) -> None:
        opened = _Open(line)
        self._by_price[line.price_e4].append(opened)
        self._all.append(opened)

    def take(self, wanted: int, price_e4: int) -> Iterator[tuple[PastLine, int]]:
        """Take pieces, first at the same unit price, then at any."""
        for stack in (self._by_price[price_e4], self._all):
            while wanted and stack:
                opened = stack[-1]
                if opened.left == 0:
                    stack.pop()
                    continue
                taken = min(wanted, opened.left)
                opened.left -= taken
                wanted -= taken
                yield opened.line, taken


def match_cancellations(lines: Iterable[PastLine]) -> Iterator[Match]:
    """Match cancellation lines (quantity below zero) to purchase lines (above zero).

    A cancellation takes back pieces of the same customer and code that were bought no later
    than it and not taken back before: at the same unit price first, then at any, the most
    recent purchase first; a part of a line may be taken. Earlier cancellations go first. The
    result depends on the lines only, not on the order they are given in.

    Pass lines of kind goods and cancellation; corrections take no part.
    """
    groups: dict[tuple[str, str], list[PastLine]] = defaultdict(list)
    unknown: list[PastLine] = []
    for line in lines:
        if line.customer and line.code:
            groups[line.customer, line.code].append(line)
        elif line.quantity < 0:
            unknown.append(line)
    for line in sorted(unknown, key=_in_time):
        yield Match(line, None, -line.quantity)
    for key in sorted(groups):
        yield from _match_group(groups[key])


def _match_group(lines: list[PastLine]) -> Iterator[Match]:
    stacks = _Stacks()
    for line in sorted(lines, key=_in_time):
        if line.quantity > 0:
            stacks.push(line)
        elif line.quantity < 0:
            left = -line.quantity
            for purchase, taken in stacks.take(left, line.price_e4):
                left -= taken
                yield Match(line, purchase, taken)
            if left:
                yield Match(line, None, left)


def _in_time(line: PastLine) -> tuple[datetime, bool, str, int]:
    """By time; at the same moment purchases come before cancellations, then by identity."""
    return line.placed_at, line.quantity < 0, line.order_no, line.ordinal


class SoldLine(Protocol):
    """What `sales_figures` reads of a line."""

    @property
    def quantity(self) -> int: ...
    @property
    def price_e4(self) -> int: ...
    @property
    def amount_fen(self) -> int: ...


class SoldOrder(Protocol):
    """What `sales_figures` reads of an order. `paid_fen` is None where the sheet had none."""

    @property
    def kind(self) -> OrderKind: ...
    @property
    def status(self) -> str: ...
    @property
    def customer_key(self) -> str: ...
    @property
    def paid_fen(self) -> int | None: ...
    @property
    def lines(self) -> Iterable[SoldLine]: ...


def sale_of(order: SoldOrder) -> int | None:
    """What an order adds to sales, in fen; None if it is no sale.

    *Paid* is authoritative where the sheet had it; otherwise the lines above zero add up.
    """
    if order.kind is OrderKind.CANCELLATION or order.status in UNPAID_STATUSES:
        return None
    if order.paid_fen is not None:
        return order.paid_fen if order.paid_fen > 0 else None
    sold = [li.amount_fen for li in order.lines if is_sale(order.kind, li.quantity, li.price_e4)]
    return sum(sold) if sold else None


def credit_of(order: SoldOrder) -> int:
    """What a cancellation takes back, in fen, at or below zero for an honest one."""
    if order.paid_fen is not None:
        return order.paid_fen
    return sum(line.amount_fen for line in order.lines)


@dataclass(frozen=True, slots=True)
class SalesFigures:
    """Declared sales of a window. Orders without a customer count in sales, not in buyers."""

    sales_fen: int
    orders: int
    cancellations: int
    cancelled_fen: int
    buyers: int
    returning_buyers: int
    """Buyers with two or more orders in the window."""


def sales_figures(orders: Iterable[SoldOrder]) -> SalesFigures:
    """Add up the orders of a window (each order once, with all its lines)."""
    sales = count = cancellations = cancelled = 0
    orders_of: dict[str, int] = defaultdict(int)
    for order in orders:
        if order.kind is OrderKind.CANCELLATION:
            cancellations += 1
            cancelled += credit_of(order)
            continue
        sale = sale_of(order)
        if sale is None:
            continue
        sales += sale
        count += 1
        if order.customer_key:
            orders_of[order.customer_key] += 1
    returning = sum(1 for times in orders_of.values() if times >= 2)
    return SalesFigures(sales, count, cancellations, cancelled, len(orders_of), returning)
