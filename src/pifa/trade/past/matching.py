"""Joining declared cancellations to the purchases they take back, over all of a seller's books."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import connection

from pifa.kernel import bulk
from pifa.trade.models import CancellationMatch, Order, OrderLine, Provenance
from pifa.trade.past.rules import LineKind, PastLine, match_cancellations

_CHUNK = 5_000


def rematch(seller_id: int) -> int:
    """Match all declared cancellations of a seller anew; returns how many joins there are.

    The result depends on the lines only, so that parts imported in any order end the same.
    Runs in the caller's transaction.
    """
    _take_stock()
    ids: dict[tuple[str, int], int] = {}
    cancelling: list[int] = []
    rows = [
        {
            "cancellation_id": ids[match.cancellation.order_no, match.cancellation.ordinal],
            "purchase_id": ids[match.purchase.order_no, match.purchase.ordinal],
            "quantity": match.quantity,
        }
        for match in match_cancellations(_lines(seller_id, ids, cancelling))
        if match.purchase is not None
    ]
    for start in range(0, len(cancelling), _CHUNK):
        earlier = cancelling[start : start + _CHUNK]
        CancellationMatch.objects.filter(cancellation__in=earlier).delete()
    merged: dict[tuple[int, int], dict[str, int]] = {}
    for row in rows:
        pair = (row["cancellation_id"], row["purchase_id"])
        if pair in merged:
            merged[pair]["quantity"] += row["quantity"]
        else:
            merged[pair] = row
    found = list(merged.values())
    for start in range(0, len(found), _CHUNK):
        bulk.insert(CancellationMatch, found[start : start + _CHUNK], returning=None)
    return len(found)


def _take_stock() -> None:
    """Tell PostgreSQL how large the tables have become.

    Its own round of this comes minutes after a large import; until then it plans the matching
    for tables of a few rows, and half a million lines take minutes instead of seconds.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            for model in (Order, OrderLine, CancellationMatch):
                cursor.execute(f"ANALYZE {connection.ops.quote_name(model._meta.db_table)}")


def _lines(
    seller_id: int, ids: dict[tuple[str, int], int], cancelling_lines: list[int]
) -> Iterator[PastLine]:
    """Goods and cancellation lines of the customers that ever cancelled anything.

    Fills `ids` (order number and position to line) and the cancelling lines as it goes.
    """
    declared = Order.objects.filter(seller=seller_id, provenance=Provenance.DECLARED)
    cancelling = set(
        declared.filter(is_cancellation=True, customer__isnull=False).values_list(
            "customer_id", flat=True
        )
    )
    orders = {
        order_id: (str(number), str(customer), placed_at)
        for order_id, number, customer, placed_at in declared.filter(
            customer__isnull=False
        ).values_list("id", "external_no", "customer_id", "placed_at")
        if customer in cancelling
    }
    lines = OrderLine.objects.filter(
        order__in=declared.values("pk"),
        kind__in=[LineKind.GOODS.value, LineKind.CANCELLATION.value],
    ).values_list("id", "order_id", "position", "code", "quantity", "price_e4")
    for line_id, order_id, position, code, quantity, price in lines.iterator(chunk_size=_CHUNK):
        if order_id in orders:
            number, customer, placed_at = orders[order_id]
            ids[number, position] = line_id
            if quantity < 0:
                cancelling_lines.append(line_id)
            yield PastLine(number, position, customer, code, placed_at, quantity, price)
