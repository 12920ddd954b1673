"""The proof that orders and the ledger tell the same: part of `pifa ledger check`.

Read from the postings of a market order's subject, by the seller's own purses:

- paid: what came into the seller's escrow from outside,
- released: what went from the seller's escrow to its balance,
- refunded: what left the seller's purses to anyone else.

A declared order has no postings at all. One statement for the whole market.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.db import connection

from pifa.kernel.money import Money
from pifa.ledger.queries import register_subject_check
from pifa.ledger.rules import Discrepancy

# The three figures of every order and of every posted order subject, side by side; only rows
# that differ come back. A subject without an order has zeros on the order's side.
_DIFFERING = """
WITH posted AS (
    SELECT p.subject,
        CAST(SUM(CASE WHEN c.kind = 'escrow' AND c.owner_id = o.seller_id
            AND (d.owner_id IS NULL OR d.owner_id <> o.seller_id)
            THEN p.amount_fen ELSE 0 END) AS bigint) AS paid,
        CAST(SUM(CASE WHEN d.kind = 'escrow' AND c.kind = 'balance'
            AND d.owner_id = o.seller_id AND c.owner_id = o.seller_id
            THEN p.amount_fen ELSE 0 END) AS bigint) AS released,
        CAST(SUM(CASE WHEN d.owner_id = o.seller_id
            AND (c.owner_id IS NULL OR c.owner_id <> o.seller_id)
            THEN p.amount_fen ELSE 0 END) AS bigint) AS refunded,
        COUNT(o.id) AS known,
        MAX(CASE WHEN o.provenance = 'declared' THEN 1 ELSE 0 END) AS declared
    FROM ledger_posting p
    JOIN ledger_account d ON d.id = p.debit_id
    JOIN ledger_account c ON c.id = p.credit_id
    LEFT JOIN trade_order o ON o.number = substr(p.subject, 7)
    WHERE p.subject LIKE 'order:%'
    GROUP BY p.subject
)
SELECT 'order:' || o.number,
    COALESCE(posted.paid, 0), o.paid_fen,
    COALESCE(posted.released, 0), o.released_fen,
    COALESCE(posted.refunded, 0), o.refunded_fen
FROM trade_order o LEFT JOIN posted ON posted.subject = 'order:' || o.number
WHERE o.provenance = 'market' AND (
    o.paid_fen <> COALESCE(posted.paid, 0)
    OR o.released_fen <> COALESCE(posted.released, 0)
    OR o.refunded_fen <> COALESCE(posted.refunded, 0))
UNION ALL
SELECT posted.subject, posted.paid, 0, posted.released, 0, posted.refunded, 0
FROM posted WHERE posted.known = 0 OR posted.declared = 1
ORDER BY 1
"""

_FIGURES = ("paid_fen", "released_fen", "refunded_fen")


@register_subject_check
def orders_agree() -> Iterator[Discrepancy]:
    """Every figure of an order that differs from its postings; postings that have no order."""
    with connection.cursor() as cursor:
        cursor.execute(_DIFFERING)
        rows = cursor.fetchall()
    for subject, *figures in rows:
        differing = [
            Discrepancy(
                "order_money",
                subject,
                f"order.{what}",
                expected=Money(figures[2 * at]),
                found=Money(figures[2 * at + 1]),
            )
            for at, what in enumerate(_FIGURES)
            if figures[2 * at] != figures[2 * at + 1]
        ]
        yield from differing or [
            Discrepancy("order_unknown", subject, "order", expected=Money(0), found=Money(0))
        ]
