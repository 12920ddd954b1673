"""Sales of a seller over a span of market days. The definitions stand here and nowhere else.

| figure | declared trade (by the day it was placed) | market trade (by the day it was paid) |
| --- | --- | --- |
| sales | what was paid where the sheet said so, else the lines with quantity × price above zero \
of orders that are not cancellations | what was paid, freight included |
| orders | such orders (`trade.past.rules.sale_of`; they have a moment of payment) | paid orders |
| cancellations | cancelling orders, worth their totals (below zero) | such orders with money \
refunded in the span, worth the refunds (below zero): by a refund case, or with their end |
| buyers | distinct customers of those orders; one without a customer counts in sales only | \
distinct buying companies |
| repeat buyers | of these, with two or more such orders in the span | the same |

A customer whom a company has claimed and that company are one buyer. Declared orders that were
closed or not yet paid when they were declared are no sales. Nor is a deposit without its balance: an
order that is paid in stages counts when all of it is paid. June 2011 of the "Online Retail" set
(UCI) gives 761,739.90, 1,533 orders, 329 cancellations worth −70,616.78, 991 buyers, 219 repeat.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from pifa.kernel import clock
from pifa.kernel.actors import Actor
from pifa.kernel.errors import InvalidInput, NotFound
from pifa.kernel.money import Money
from pifa.parties import policies as parties
from pifa.trade.models import Order, Provenance, RefundCase
from pifa.trade.states import OrderStatus, RefundState

READ_AT_ONCE = 2000


@dataclass(frozen=True, slots=True)
class SalesReport:
    """Figures of one seller from `since` to `until`, both days included."""

    seller_id: int
    since: date
    until: date
    include_declared: bool
    include_market: bool
    sales: Money
    orders: int
    cancellations: int
    cancelled: Money
    buyers: int
    repeat_buyers: int

    @property
    def average(self) -> Money:
        """Sales per order, rounded down to the fen; ¥0.00 without orders."""
        return Money(self.sales.fen // self.orders if self.orders else 0)


@dataclass(frozen=True, slots=True)
class DaySales:
    """Sales and orders of one market day."""

    day: date
    sales: Money
    orders: int


def sales_report(
    actor: Actor,
    since: date,
    until: date,
    include_declared: bool = False,
    seller_id: int | None = None,
) -> SalesReport:
    """The figures of the actor's own company; an operator names any seller."""
    return sales(seller_of(actor, seller_id), since, until, include_declared)


def sales(
    seller_id: int,
    since: date,
    until: date,
    include_declared: bool,
    include_market: bool = True,
) -> SalesReport:
    """The figures of a seller, both days included; at most five statements.

    `InvalidInput` when the span ends before it begins.
    """
    span = moments_of(since, until)
    buyers: Counter[str] = Counter()
    total = orders = cancellations = cancelled = 0
    if include_declared:
        for buyer, fen, count in _declared_by_buyer(seller_id, span):
            total, orders = total + fen, orders + count
            if buyer:
                buyers[buyer] += count
        count, fen = _declared_cancellations(seller_id, span)
        cancellations, cancelled = cancellations + count, cancelled + fen
    if include_market:
        for buyer_id, fen, count in _market_by_buyer(seller_id, span):
            total, orders = total + fen, orders + count
            buyers[f"company:{buyer_id}"] += count
        refunds = list(_market_refunds(seller_id, span))
        cancellations += len({order_id for _at, order_id, _fen in refunds})
        cancelled -= sum(fen for _at, _order, fen in refunds)
    return SalesReport(
        seller_id=seller_id,
        since=since,
        until=until,
        include_declared=include_declared,
        include_market=include_market,
        sales=Money(total),
        orders=orders,
        cancellations=cancellations,
        cancelled=Money(cancelled),
        buyers=len(buyers),
        repeat_buyers=sum(1 for count in buyers.values() if count > 1),
    )


def daily_sales(
    actor: Actor,
    since: date,
    until: date,
    include_declared: bool = False,
    seller_id: int | None = None,
) -> list[DaySales]:
    """Sales of every market day of the span, days without any included."""
    seller, span = seller_of(actor, seller_id), moments_of(since, until)
    fen: Counter[date] = Counter()
    count: Counter[date] = Counter()
    moments: list[tuple[datetime, int, int]] = list(
        market_sales(seller, span)
        .values_list("paid_at")
        .annotate(fen=Sum("paid_fen"), orders=Count("pk"))
    )
    if include_declared:
        moments += (
            declared_sales(seller, span)
            .values_list("placed_at")
            .annotate(fen=Sum("paid_fen"), orders=Count("pk"))
        )
    for moment, amount, number in moments:
        day = clock.market_day(moment)
        fen[day] += amount
        count[day] += number
    days = (since + timedelta(days=n) for n in range((until - since).days + 1))
    return [DaySales(day, Money(fen[day]), count[day]) for day in days]


def seller_of(actor: Actor, seller_id: int | None) -> int:
    """Whose figures these are: the actor's own company's, or the one an operator names."""
    if actor.is_operator or actor.is_system:
        if seller_id is None:
            raise NotFound()
        return seller_id
    if seller_id not in (None, actor.company_id) or actor.company_id is None:
        raise NotFound()
    parties.require_company(actor, actor.company_id)
    return actor.company_id


def moments_of(since: date, until: date) -> Moments:
    """Where market days begin and end, the end not included; `InvalidInput` when they are none."""
    if until < since:
        raise InvalidInput(field="until", reason=_("结束日期不能早于开始日期。"))
    return clock.start_of_day(since), clock.start_of_day(until + timedelta(days=1))


Moments = tuple[datetime, datetime]


class Sale(NamedTuple):
    """An order that counts: when, who bought (`buyer_key`; empty: nobody known), what it adds."""

    at: datetime
    buyer: str
    fen: int


def each_sale(seller_id: int, span: Moments, include_declared: bool) -> Iterator[Sale]:
    """The orders that make up `sales`, in no order; two statements, read in pieces."""
    rows = market_sales(seller_id, span).values_list("paid_at", "buyer_id", "paid_fen")
    for at, company_id, fen in rows.iterator(READ_AT_ONCE):
        assert at is not None  # it lies in the span
        yield Sale(at, buyer_key(None, company_id), fen)
    if include_declared:
        declared = declared_sales(seller_id, span).values_list(
            "placed_at", "customer_id", "customer__buyer_id", "paid_fen"
        )
        for at, customer_id, company_id, fen in declared.iterator(READ_AT_ONCE):
            yield Sale(at, buyer_key(customer_id, company_id), fen)


def each_cancellation(
    seller_id: int, span: Moments, include_declared: bool
) -> Iterator[tuple[datetime, int, int]]:
    """(when, order, worth in fen, below zero) of what takes sales back; two statements."""
    for at, order_id, fen in _market_refunds(seller_id, span):
        yield at, order_id, -fen
    if include_declared:
        yield from (
            declared_cancellations(seller_id, span)
            .values_list("placed_at", "pk", "total_fen")
            .iterator(READ_AT_ONCE)
        )


def _in(field: str, span: Moments) -> Q:
    return Q(**{f"{field}__gte": span[0], f"{field}__lt": span[1]})


def _declared(seller_id: int, span: Moments) -> QuerySet[Order]:
    return Order.objects.filter(
        _in("placed_at", span), seller=seller_id, provenance=Provenance.DECLARED
    )


def declared_sales(seller_id: int, span: Moments) -> QuerySet[Order]:
    """The import gives a moment of payment to what is a sale, and to nothing else."""
    return _declared(seller_id, span).filter(is_cancellation=False, paid_at__isnull=False)


def declared_cancellations(seller_id: int, span: Moments) -> QuerySet[Order]:
    """Cancelling orders that a seller declared, by the moment they were placed."""
    return _declared(seller_id, span).filter(is_cancellation=True)


def _declared_by_buyer(seller_id: int, span: Moments) -> list[tuple[str, int, int]]:
    """(buyer, fen, orders); the buyer is empty for orders without a customer."""
    rows = (
        declared_sales(seller_id, span)
        .values_list("customer_id", "customer__buyer_id")
        .annotate(fen=Sum("paid_fen"), orders=Count("pk"))
    )
    return [(buyer_key(customer, company), fen, orders) for customer, company, fen, orders in rows]


def buyer_key(customer_id: int | None, company_id: int | None) -> str:
    """What tells buyers apart: a customer that a company has claimed is that company."""
    if company_id is not None:
        return f"company:{company_id}"
    return f"customer:{customer_id}" if customer_id is not None else ""


def _declared_cancellations(seller_id: int, span: Moments) -> tuple[int, int]:
    found = declared_cancellations(seller_id, span).aggregate(
        orders=Count("pk"), fen=Sum("total_fen")
    )
    return found["orders"], found["fen"] or 0


def market_sales(seller_id: int, span: Moments) -> QuerySet[Order]:
    """The market's own orders, by the moment they were paid."""
    return Order.objects.filter(
        _in("paid_at", span), seller=seller_id, provenance=Provenance.MARKET
    )


def _market_by_buyer(seller_id: int, span: Moments) -> list[tuple[int, int, int]]:
    return list(
        market_sales(seller_id, span)
        .values_list("buyer_id")
        .annotate(fen=Sum("paid_fen"), orders=Count("pk"))
    )


def _market_refunds(seller_id: int, span: Moments) -> Iterator[tuple[datetime, int, int]]:
    """(when, order, fen) of money of sales that went back; one statement."""
    cases = RefundCase.objects.filter(
        _in("ended_at", span),
        order__seller=seller_id,
        order__paid_at__isnull=False,
        state=RefundState.PAID,
    ).values_list("ended_at", "order_id", "granted_fen")
    by_case = (
        RefundCase.objects.filter(order=OuterRef("pk"), state=RefundState.PAID)
        .values("order")
        .annotate(fen=Sum("granted_fen"))
        .values("fen")
    )
    ends = (
        Order.objects.filter(
            _in("ended_at", span),
            seller=seller_id,
            provenance=Provenance.MARKET,
            status=OrderStatus.CLOSED,
            paid_at__isnull=False,
            refunded_fen__gt=0,
        )
        .annotate(fen=F("refunded_fen") - Coalesce(Subquery(by_case), 0))
        .filter(fen__gt=0)
        .values_list("ended_at", "pk", "fen")
    )
    for at, order_id, fen in cases.union(ends, all=True).iterator(READ_AT_ONCE):
        assert at is not None  # it lies in the span
        yield at, order_id, fen or 0
