"""How many orders each tab of a desk has.

Beside the tabs of a seller that number stops at `MOST`: fifty thousand completed orders are not
counted again for every page, and nobody compares 48,211 with 48,212. Programs get exact numbers.
"""

from __future__ import annotations

from django.db import connection
from django.db.models import Count

from pifa.kernel.actors import Actor
from pifa.parties import policies as parties
from pifa.trade import rules
from pifa.trade.models import Provenance
from pifa.trade.queries.desk import DECLARED, of_side
from pifa.trade.states import OrderStatus

MOST = 999
"""Beyond it a tab says *999+*."""


def tab_counts(actor: Actor, side: str) -> dict[str, int]:
    """How many orders each tab has (`all` without closed ones, `declared` apart), exactly."""
    counts = dict.fromkeys((*rules.TABS, DECLARED), 0)
    grouped = of_side(actor, side).values_list("provenance", "status").annotate(n=Count("pk"))
    for provenance, status, number in grouped.order_by():
        if provenance == Provenance.DECLARED:
            counts[DECLARED] += number
            continue
        for tab, states in rules.TABS.items():
            counts[tab] += number if status in states else 0
    return counts


_ONE = """(SELECT count(*) FROM (
    SELECT 1 FROM trade_order WHERE seller_id = %s AND provenance = %s{of_status} LIMIT %s
) AS counted)"""


def shown_counts(actor: Actor) -> dict[str, int]:
    """The numbers beside the tabs of the actor's company as seller, none above `MOST` + 1.

    One statement that reads at most so many entries of one index for a tab, whatever the
    history. Up to `MOST` they are those of `tab_counts`.
    """
    seller_id = parties.require(actor)
    parts: list[str] = []
    parameters: list[int | str] = []
    for status in OrderStatus.values:
        parts.append(_ONE.format(of_status=" AND status = %s"))
        parameters += [seller_id, Provenance.MARKET.value, status, MOST + 1]
    parts.append(_ONE.format(of_status=""))
    parameters += [seller_id, Provenance.DECLARED.value, MOST + 1]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(parts)}", parameters)
        *numbers, declared = cursor.fetchone()
    found = dict(zip(OrderStatus.values, numbers, strict=True))
    counts = {tab: sum(found[status] for status in rules.TABS[tab]) for tab in rules.TABS}
    return {tab: min(n, MOST + 1) for tab, n in counts.items()} | {DECLARED: declared}
