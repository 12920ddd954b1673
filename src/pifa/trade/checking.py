"""The proof that orders and the ledger tell the same: part of `pifa ledger check`.

Read from the postings of a market order's subject, by the seller's own purses:

- paid: what came into the seller's escrow from outside,
- released: what went from the seller's escrow to its balance,
- refunded: what left the seller's purses to anyone else, but for fees of the market;
- promised: the seller's claim, less what of it was kept or waived.

A declared order has no postings at all (that postings have a payable is finance's proof). One
statement for the whole market.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.db import connection

from pifa.kernel.money import Money
from pifa.ledger.queries import register_subject_check
from pifa.ledger.rules import Discrepancy

# The three figures of every order, by its postings and by itself, side by side; only rows that
# differ come back. A declared order's own figures are what its seller says: they post nothing.
_DIFFERING = """
WITH posted AS (
    SELECT p.subject,
        CAST(SUM(CASE WHEN c.kind = 'escrow' AND c.owner_id = o.seller_id
            AND (d.owner_id IS NULL OR d.owner_id <> o.seller_id)
            THEN p.amount_fen ELSE 0 END) AS bigint) AS paid,
        CAST(SUM(CASE WHEN d.kind = 'escrow' AND c.kind = 'balance'
            AND d.owner_id = o.seller_id AND c.owner_id = o.seller_id
            THEN p.amount_fen ELSE 0 END) AS bigint) AS released,
        CAST(SUM(CASE WHEN c.kind = 'promised' THEN p.amount_fen
            WHEN d.kind = 'promised' THEN -p.amount_fen ELSE 0 END) AS bigint) AS promised,
        CAST(SUM(CASE WHEN d.owner_id = o.seller_id
            AND (c.owner_id IS NULL OR c.owner_id <> o.seller_id) AND c.kind <> 'fees'
            AND d.kind <> 'promised'
            THEN p.amount_fen ELSE 0 END) AS bigint) AS refunded
    FROM ledger_posting p
    JOIN ledger_account d ON d.id = p.debit_id
    JOIN ledger_account c ON c.id = p.credit_id
    JOIN trade_order o ON o.number = substr(p.subject, 7)
    WHERE p.subject LIKE 'order:%'
    GROUP BY p.subject
)
SELECT 'order:' || o.number, COALESCE(posted.paid, 0), own.paid,
    COALESCE(posted.released, 0), own.released, COALESCE(posted.refunded, 0), own.refunded,
    COALESCE(posted.promised, 0), own.promised
FROM trade_order o
JOIN (
    SELECT id,
        CASE WHEN provenance = 'market' THEN paid_fen ELSE 0 END AS paid,
        CASE WHEN provenance = 'market' THEN released_fen ELSE 0 END AS released,
        CASE WHEN provenance = 'market' THEN refunded_fen ELSE 0 END AS refunded,
        CASE WHEN provenance = 'market' THEN promised_fen ELSE 0 END AS promised
    FROM trade_order
) AS own ON own.id = o.id
LEFT JOIN posted ON posted.subject = 'order:' || o.number
WHERE own.paid <> COALESCE(posted.paid, 0)
    OR own.released <> COALESCE(posted.released, 0)
    OR own.refunded <> COALESCE(posted.refunded, 0)
    OR own.promised <> COALESCE(posted.promised, 0)
ORDER BY o.number
"""

# Claims beside what was paid for them; both sides of the difference come back.
_CLAIMS = """
WITH posted AS (
    SELECT p.subject, CAST(SUM(p.amount_fen) AS bigint) AS fen
    FROM ledger_posting p JOIN ledger_transfer t ON t.id = p.transfer_id
    JOIN ledger_account c ON c.id = p.credit_id
    WHERE t.kind = 'protection' AND c.kind = 'balance' GROUP BY p.subject
)
SELECT 'claim:' || k.number, COALESCE(posted.fen, 0), k.paid_fen
FROM trade_firstorderclaim k LEFT JOIN posted ON posted.subject = 'claim:' || k.number
WHERE k.paid_fen <> COALESCE(posted.fen, 0)
UNION ALL
SELECT posted.subject, 0, posted.fen FROM posted
LEFT JOIN trade_firstorderclaim k ON posted.subject = 'claim:' || k.number
WHERE k.id IS NULL
ORDER BY 1
"""

_FIGURES = ("paid_fen", "released_fen", "refunded_fen", "promised_fen")


@register_subject_check
def orders_agree() -> Iterator[Discrepancy]:
    """Every figure of an order that differs from its postings."""
    with connection.cursor() as cursor:
        cursor.execute(_DIFFERING)
        rows = cursor.fetchall()
    for subject, *figures in rows:
        for at, what in enumerate(_FIGURES):
            posted, own = figures[2 * at], figures[2 * at + 1]
            if posted != own:
                yield Discrepancy(
                    "order_money", subject, f"order.{what}", Money(posted), Money(own)
                )


@register_subject_check
def claims_agree() -> Iterator[Discrepancy]:
    """Every claim whose payment differs from its postings, and payments for no claim."""
    with connection.cursor() as cursor:
        cursor.execute(_CLAIMS)
        rows = cursor.fetchall()
    for subject, posted, own in rows:
        yield Discrepancy("claim", subject, "claim.paid_fen", Money(posted), Money(own))
