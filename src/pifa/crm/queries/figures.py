"""The figures of files, computed plainly from orders: what the kept ones must equal."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q, QuerySet, Sum

from pifa.crm.models import CustomerFile, SellerRhythm
from pifa.crm.rules import reorder
from pifa.crm.rules.standing import Day, Standing, bought, standing
from pifa.kernel import clock
from pifa.trade.models import Order, OrderLine
from pifa.trade.queries import reports
from pifa.trade.queries.reports import Moments, buyer_key


@dataclass(frozen=True, slots=True)
class Whose:
    """A file with what finds its orders."""

    id: int
    relationship_id: int | None
    buyer_id: int | None
    daily_usage: int | None

    @property
    def key(self) -> str:
        """How `reports` tells its buyer apart."""
        return buyer_key(self.relationship_id, self.buyer_id)


def whose(seller_id: int, file_ids: Collection[int] | None = None) -> list[Whose]:
    """The files of a seller that are not merged, or some of them; one statement."""
    rows = CustomerFile.objects.filter(seller=seller_id, merged_into=None)
    if file_ids is not None:
        rows = rows.filter(pk__in=file_ids)
    names = ("pk", "relationship_id", "buyer_id", "daily_usage")
    return [Whose(*row) for row in rows.order_by("pk").values_list(*names)]


def computed(
    seller_id: int,
    today: date,
    typical_fen: int | None,
    files: Collection[Whose],
    *,
    some: bool = False,
) -> tuple[int, dict[int, Standing]]:
    """How things stand with each file on a day; four statements at most.

    First what the median customer paid: as given, or None to find it among all who bought.
    `some`: only the orders of these files are read.
    """
    days = days_of(seller_id, today, files if some else None, files)
    if typical_fen is None:
        typical_fen = reorder.typical(bought(one) for one in days.values())
    return typical_fen, {
        file.id: standing(days[file.key], today, file.daily_usage, typical_fen) for file in files
    }


def kept_typical(seller_id: int) -> int:
    """What the median customer of a seller had paid in all this morning; 0 before the first."""
    found = SellerRhythm.objects.filter(seller=seller_id).values_list("typical_fen", flat=True)
    return found.first() or 0


def days_of(
    seller_id: int, today: date, only: Collection[Whose] | None, counted: Collection[Whose]
) -> Mapping[str, list[Day]]:
    """The days on which each buyer bought, up to today; pieces only of those `counted` whose
    daily usage is known."""
    span = (clock.start_of_day(clock.FIRST_DAY), clock.start_of_day(today + timedelta(days=1)))
    fen: defaultdict[str, defaultdict[date, list[int]]] = defaultdict(
        lambda: defaultdict(lambda: [0, 0])
    )
    for key, day, paid in _sales(seller_id, span, only):
        cell = fen[key][day]
        cell[0] += paid
        cell[1] += 1
    pieces = _pieces(seller_id, span, [file for file in counted if file.daily_usage])
    answer: defaultdict[str, list[Day]] = defaultdict(list)
    for key, by_day in fen.items():
        answer[key] = [
            Day(day, paid, pieces.get((key, day), 0), orders)
            for day, (paid, orders) in sorted(by_day.items())
        ]
    return answer


def _sales(
    seller_id: int, span: Moments, only: Collection[Whose] | None
) -> Iterator[tuple[str, date, int]]:
    if only is None:
        for at, key, paid in reports.each_sale(seller_id, span, True):
            if key:
                yield key, clock.market_day(at), paid
        return
    market, declared = _theirs(seller_id, span, only)
    for paid_at, company_id, paid in market.values_list("paid_at", "buyer_id", "paid_fen"):
        assert paid_at is not None  # it lies in the span
        yield buyer_key(None, company_id), clock.market_day(paid_at), paid
    names = ("placed_at", "customer_id", "customer__buyer_id", "paid_fen")
    for placed, customer_id, company_id, paid in declared.values_list(*names):
        yield buyer_key(customer_id, company_id), clock.market_day(placed), paid


def _theirs(
    seller_id: int, span: Moments, files: Collection[Whose]
) -> tuple[QuerySet[Order], QuerySet[Order]]:
    companies = [file.buyer_id for file in files if file.buyer_id]
    customers = [file.relationship_id for file in files if file.relationship_id]
    return (
        reports.market_sales(seller_id, span).filter(buyer__in=companies),
        reports.declared_sales(seller_id, span).filter(
            Q(customer__in=customers) | Q(customer__buyer__in=companies)
        ),
    )


def _pieces(seller_id: int, span: Moments, files: Collection[Whose]) -> dict[tuple[str, date], int]:
    found: defaultdict[tuple[str, date], int] = defaultdict(int)
    if not files:
        return found
    market, declared = _theirs(seller_id, span, files)
    for orders, moment in ((market, "paid_at"), (declared, "placed_at")):
        lines = OrderLine.objects.filter(order__in=orders, kind=OrderLine.Kind.GOODS)
        names = (
            "order__customer_id",
            "order__buyer_id",
            "order__customer__buyer_id",
            f"order__{moment}",
        )
        summed = lines.values_list(*names).annotate(pieces=Sum("quantity"))
        for customer_id, buyer_id, claimed_id, at, pieces in summed:
            key = buyer_key(customer_id, buyer_id or claimed_id)
            found[key, clock.market_day(at)] += pieces
    return found
