"""Sales of a seller piece by piece, beside the window before. What counts stands in `reports`."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.utils.translation import gettext as _

from pifa.kernel import clock
from pifa.kernel.actors import Actor
from pifa.kernel.errors import InvalidInput
from pifa.kernel.money import Money
from pifa.trade import spans
from pifa.trade.queries import reports
from pifa.trade.queries.reports import SalesReport
from pifa.trade.spans import Grain, Span

LONGEST_DAYS = 1100
"""Days of one report: three years."""


@dataclass(frozen=True, slots=True)
class SalesPoint:
    """Sales of one piece of a window. Buyers are told apart within the piece; an order with
    refunds in two pieces is a cancellation in both."""

    since: date
    until: date
    sales: Money
    orders: int
    buyers: int
    cancellations: int
    cancelled: Money

    @property
    def average(self) -> Money:
        """Sales per order, rounded down to the fen; ¥0.00 without orders."""
        return Money(self.sales.fen // self.orders if self.orders else 0)


@dataclass(frozen=True, slots=True)
class SalesSeries:
    """A window as a whole, the one of as many days before it, and its pieces in order."""

    grain: Grain
    whole: SalesReport
    before: SalesReport
    points: tuple[SalesPoint, ...]


def sales_series(
    actor: Actor,
    since: date,
    until: date,
    include_declared: bool = False,
    grain: Grain | None = None,
    seller_id: int | None = None,
) -> SalesSeries:
    """The figures of the actor's own company; an operator names any seller.

    Without a grain the window's length decides. `InvalidInput` for a window that ends before it
    begins or is longer than `LONGEST_DAYS`. Twelve statements at most.
    """
    seller = reports.seller_of(actor, seller_id)
    window = window_of(since, until)
    grain = grain or spans.grain_for(window)
    earlier = spans.before(window)
    cut = spans.pieces(window, grain)
    return SalesSeries(
        grain=grain,
        whole=reports.sales(seller, since, until, include_declared),
        before=reports.sales(seller, earlier.first, earlier.last, include_declared),
        points=tuple(_points(seller, cut, include_declared)),
    )


def window_of(since: date, until: date) -> Span:
    """The span of a report; `InvalidInput` when it is none or too long."""
    reports.moments_of(since, until)
    window = Span(since, until)
    if window.days > LONGEST_DAYS:
        reason = _("一次最多查询 {days} 天。").format(days=LONGEST_DAYS)
        raise InvalidInput(field="until", reason=reason)
    return window


class Pieces:
    """Finds the piece in which a moment lies."""

    def __init__(self, cut: Sequence[Span]) -> None:
        self._starts = [clock.start_of_day(piece.first) for piece in cut]

    def place(self, moment: datetime) -> int:
        """The number of the piece, from 0; the moment lies in the window."""
        return bisect_right(self._starts, moment) - 1


@dataclass(slots=True)
class _Sum:
    sales: int = 0
    orders: int = 0
    buyers: set[str] = field(default_factory=set)
    cancelled: int = 0
    cancellations: set[int] = field(default_factory=set)


def _points(seller_id: int, cut: Sequence[Span], include_declared: bool) -> Iterable[SalesPoint]:
    window = reports.moments_of(cut[0].first, cut[-1].last)
    pieces, sums = Pieces(cut), [_Sum() for _piece in cut]
    for at, buyer, fen in reports.each_sale(seller_id, window, include_declared):
        total = sums[pieces.place(at)]
        total.sales += fen
        total.orders += 1
        if buyer:
            total.buyers.add(buyer)
    for at, order_id, fen in reports.each_cancellation(seller_id, window, include_declared):
        total = sums[pieces.place(at)]
        total.cancelled += fen
        total.cancellations.add(order_id)
    for piece, total in zip(cut, sums, strict=True):
        yield SalesPoint(
            since=piece.first,
            until=piece.last,
            sales=Money(total.sales),
            orders=total.orders,
            buyers=len(total.buyers),
            cancellations=len(total.cancellations),
            cancelled=Money(total.cancelled),
        )
