"""What a seller has to do today, in figures."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Count, Min, Q

from pifa.kernel import clock
from pifa.kernel.actors import Actor
from pifa.kernel.models import Deadline
from pifa.parties import policies as parties
from pifa.trade.models import Order, OrderStatus, Provenance, RefundCase, Review
from pifa.trade.states import RefundState


@dataclass(frozen=True, slots=True)
class SellerToday:
    """What waits for a seller. Late orders are past the promised time to ship; `due_today` are
    the others whose time ends by the end of this market day, the first of them at `ship_by`."""

    late: int
    due_today: int
    ship_by: datetime | None
    refunds_to_answer: int
    refund_due: datetime | None
    disputes: int
    reviews_to_answer: int


def seller_today(actor: Actor) -> SellerToday:
    """The actor's company's day; four statements."""
    seller_id = parties.require(actor)
    span = timedelta(hours=settings.MARKET["ship_hours"])
    moment = clock.now()
    tomorrow = clock.start_of_day(clock.today() + timedelta(days=1))
    ordinary = Q(ship_by=None)
    late = ordinary & Q(covered_at__lte=moment - span) | Q(ship_by__lte=moment)
    plain = ordinary & Q(covered_at__gt=moment - span, covered_at__lt=tomorrow - span)
    agreed = Q(ship_by__gt=moment, ship_by__lt=tomorrow)
    waiting = Order.objects.filter(
        seller=seller_id,
        status=OrderStatus.AWAITING_SHIPMENT,
        provenance=Provenance.MARKET,
    ).aggregate(
        late=Count("pk", filter=late),
        today=Count("pk", filter=plain | agreed),
        first=Min("covered_at", filter=plain),
        agreed=Min("ship_by", filter=agreed),
    )
    firsts = [waiting["first"] + span] if waiting["first"] else []
    firsts += [waiting["agreed"]] if waiting["agreed"] else []
    cases = list(
        RefundCase.objects.filter(
            order__seller=seller_id,
            state__in=(RefundState.ASKED, RefundState.RETURNED, RefundState.DISPUTED),
        ).values_list("number", "state")
    )
    mine = [f"refund:{number}" for number, state in cases if state != RefundState.DISPUTED]
    due = Deadline.objects.filter(subject__in=mine, done_at=None).aggregate(first=Min("due_at"))
    reviews = Review.objects.filter(
        order__seller=seller_id, answer="", stars__lte=3, at__gte=moment - timedelta(days=30)
    ).count()
    return SellerToday(
        late=waiting["late"],
        due_today=waiting["today"],
        ship_by=min(firsts, default=None),
        refunds_to_answer=len(mine),
        refund_due=due["first"],
        disputes=len(cases) - len(mine),
        reviews_to_answer=reviews,
    )


def seller_waiting(actor: Actor) -> dict[str, int]:
    """How many of the company's orders await shipment and are in refund; one statement that
    reads nothing else, for every page of the seller centre."""
    statuses = (OrderStatus.AWAITING_SHIPMENT, OrderStatus.IN_REFUND)
    found = (
        Order.objects.filter(
            seller=parties.require(actor), status__in=statuses, provenance=Provenance.MARKET
        )
        .order_by()
        .values_list("status")
        .annotate(n=Count("pk"))
    )
    return {**{status.value: 0 for status in statuses}, **dict(found)}
