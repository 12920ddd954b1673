"""How many statements a checkout costs, counted at the database's door."""

from __future__ import annotations

from django.db import connection
from django.test.utils import CaptureQueriesContext

from pifa.bench.market import BenchMarket
from pifa.kernel.actors import Actor, ActorKind, Role
from pifa.kernel.money import Money
from pifa.trade import commands
from pifa.trade.commands import CheckoutRequest

CASES = ((1, 1), (1, 20), (1, 200), (20, 20), (20, 200))
"""(sellers, lines)"""


def count(market: BenchMarket) -> list[dict[str, int]]:
    """Statements of one checkout for each case; BEGIN and COMMIT count too."""
    return [
        {"sellers": sellers, "lines": lines, "statements": _count(market, sellers, lines)}
        for sellers, lines in CASES
    ]


def _count(market: BenchMarket, sellers: int, lines: int) -> int:
    buyer = market.buyers[0]
    actor = Actor(
        ActorKind.MEMBER,
        user_id=int(buyer["user"]),
        company_id=int(buyer["company"]),
        member_id=int(buyer["member"]),
        roles=frozenset({Role.OWNER}),
    )
    asked = [(market.skus[at % sellers][at // sellers], 10) for at in range(lines)]
    request = CheckoutRequest(
        lines=asked,
        address_id=int(buyer["address"]),
        shown_total=Money(10 * 100 * lines),
        idempotency_key=f"count-{sellers}-{lines}",
    )
    with CaptureQueriesContext(connection) as captured:
        commands.place_orders(actor, request)
    return len(captured)
