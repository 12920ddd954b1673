"""Today on the market: what waits and how trade stands, in a handful of statements."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Sum
from django.http import HttpRequest

from pifa.kernel import clock, deadlines, events
from pifa.kernel.money import Money
from pifa.programme.queries import season_board
from pifa.standing import books
from pifa.standing import queries as standing
from pifa.trade.models import Order, OrderStatus
from pifa.web.operator.queues import operator_of


def today(request: HttpRequest) -> dict[str, Any]:
    """The figures of the console's first page."""
    begun = clock.start_of_day(clock.today())
    market = Order.objects.filter(provenance="market")
    paid = market.filter(paid_at__gte=begun).aggregate(count=Count("id"), fen=Sum("paid_fen"))
    by_status = dict(market.values_list("status").annotate(Count("id")))
    return {
        "now": clock.now(),
        "paid_count": paid["count"],
        "paid_money": Money(paid["fen"] or 0),
        "placed_count": market.filter(placed_at__gte=begun).count(),
        "statuses": [(label, by_status.get(value, 0)) for value, label in OrderStatus.choices],
        "stuck_deadlines": deadlines.stuck(),
        "stuck_events": events.stuck(),
        "waiting": standing.waiting(operator_of(request)),
        "checkpoints_waiting": season_board.waiting(operator_of(request)),
        "problems": books.problems(),
    }
