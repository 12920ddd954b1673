"""Money of sellers between two days: what came less what went back, as `sales_30d` counts it.

Orders that are ruled out now are in none of it. Figures hold as far as facts have been recorded;
`require_complete` says whether those of a day are all there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Case, Count, F, Max, Q, QuerySet, Sum, When

from pifa.kernel import clock
from pifa.metrics.deriving import require_complete as require_complete
from pifa.metrics.facts import FactKind
from pifa.metrics.models import Excluded, Fact, PairDay

_MONEY = [FactKind.PAID.value, FactKind.REFUNDED.value]

_SIGNED = Case(When(kind=FactKind.PAID.value, then=F("amount_fen")), default=-F("amount_fen"))


@dataclass(frozen=True, slots=True)
class SubjectSum:
    """What one order brought within some days, and whom it counts for."""

    subject: str
    buyer_id: int
    fen: int


@dataclass(frozen=True, slots=True)
class SpanSums:
    """A seller's money within several spans of days, by name, and its buyers within one of them."""

    fen: dict[str, int]
    buyers: int


def sales_between(
    first: date, last: date, sellers: QuerySet[Any] | Iterable[int]
) -> dict[int, int]:
    """Each seller's money from the first to the last day, in fen; none for who had no trade. One
    statement. `sellers` may be a statement of its own."""
    return dict(
        PairDay.objects.filter(day__range=(first, last), seller_id__in=sellers)
        .values("seller_id")
        .annotate(fen=Sum("paid_fen") - Sum("refunded_fen"))
        .values_list("seller_id", "fen")
    )


def sales_by_day(seller_id: int, first: date, last: date) -> dict[date, int]:
    """A seller's money of each day that had any. One statement."""
    rows = PairDay.objects.filter(seller_id=seller_id, day__range=(first, last)).values("day")
    summed = rows.annotate(fen=Sum("paid_fen") - Sum("refunded_fen"))
    return dict(summed.order_by("day").values_list("day", "fen"))


def sales_in(
    spans: Mapping[str, tuple[date, date]], sellers: QuerySet[Any] | Iterable[int]
) -> dict[int, dict[str, int]]:
    """Each seller's money within several spans of days, by name; none for who had no trade. One
    statement."""
    if not spans:
        return {}
    first, last = min(span[0] for span in spans.values()), max(span[1] for span in spans.values())
    net = F("paid_fen") - F("refunded_fen")
    sums: dict[str, Any] = {
        f"span_{place}": Sum(net, filter=Q(day__range=span), default=0)
        for place, span in enumerate(spans.values())
    }
    rows = PairDay.objects.filter(day__range=(first, last), seller_id__in=sellers)
    found = rows.values("seller_id").annotate(**sums).values_list("seller_id", *sums)
    return {seller_id: dict(zip(spans, given, strict=True)) for seller_id, *given in found}


def sales_until(seller_id: int, day: date, moments: Iterable[datetime]) -> dict[datetime, int]:
    """A seller's money of a market day before each of these moments. One statement."""
    wanted = list(moments)
    sums: dict[str, Any] = {
        f"until_{place}": Sum(_SIGNED, filter=Q(at__lt=moment), default=0)
        for place, moment in enumerate(wanted)
    }
    found = _money(day, day).filter(seller_id=seller_id).aggregate(**sums)
    return {moment: found[f"until_{place}"] for place, moment in enumerate(wanted)}


def sales_until_each(
    sellers: QuerySet[Any] | Iterable[int], day: date, moments: Iterable[datetime]
) -> dict[int, list[int]]:
    """Each seller's money of a market day before each of these moments, in their order; none for who
    had no trade. One statement."""
    sums: dict[str, Any] = {
        f"until_{place}": Sum(_SIGNED, filter=Q(at__lt=moment), default=0)
        for place, moment in enumerate(moments)
    }
    rows = _money(day, day).filter(seller_id__in=sellers).values("seller_id")
    found = rows.annotate(**sums).values_list("seller_id", *sums)
    return {seller_id: list(given) for seller_id, *given in found}


def pulse() -> str:
    """A mark that differs as soon as facts came or rulings changed what counts. Two statements, each
    by an index."""
    last = Fact.objects.order_by("-pk").values_list("pk", flat=True).first()
    return f"{last or 0}-{ruled_out()}"


def ruled_out() -> str:
    """A mark that differs as soon as rulings changed what counts. One statement."""
    ruled = Excluded.objects.aggregate(rows=Count("pk"), last=Max("pk"))
    return f"{ruled['rows']}-{ruled['last'] or 0}"


def order_sums(
    seller_id: int, first: date, last: date, subjects: QuerySet[Any]
) -> list[SubjectSum]:
    """What each of these orders brought a seller between two days. One statement."""
    rows = _money(first, last).filter(seller_id=seller_id, subject__in=subjects)
    summed = rows.values("subject", "buyer_id").annotate(fen=Sum(_SIGNED)).order_by("subject")
    return [
        SubjectSum(subject, buyer_id or 0, fen)  # money is always between two companies
        for subject, buyer_id, fen in summed.values_list("subject", "buyer_id", "fen")
    ]


def sums_of(
    sellers: QuerySet[Any],
    spans: dict[str, tuple[date, date]],
    buyers_in: str,
    subjects: QuerySet[Any],
) -> dict[int, SpanSums]:
    """Of each seller the money of these orders within spans of days, and the distinct buyers that
    paid in one of them. One statement."""
    if not spans:
        return {}
    first, last = min(span[0] for span in spans.values()), max(span[1] for span in spans.values())
    sums: dict[str, Any] = {
        name: Sum(_SIGNED, filter=Q(day__range=span), default=0) for name, span in spans.items()
    }
    bought = Q(day__range=spans[buyers_in], kind=FactKind.PAID.value)
    rows = _money(first, last).filter(seller_id__in=sellers, subject__in=subjects)
    summed: QuerySet[Any, Any] = rows.values("seller_id").annotate(
        distinct_buyers=Count("buyer_id", distinct=True, filter=bought), **sums
    )
    return {
        row["seller_id"]: SpanSums({name: row[name] for name in spans}, row["distinct_buyers"])
        for row in summed
    }


def _money(first: date, last: date) -> QuerySet[Fact]:
    return Fact.objects.filter(kind__in=_MONEY, day__range=(first, last)).exclude(
        subject__in=Excluded.objects.values("subject")
    )


def end_of_hour(day: date, hour: int) -> datetime:
    """The moment at which so many hours of a market day are over."""
    return clock.start_of_day(day) + timedelta(hours=hour)
