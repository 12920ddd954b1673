"""The proof that every bill is what its payments and postings say."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import connection

from pifa.kernel.money import Money
from pifa.ledger.rules import Discrepancy

# Each bill beside its payments (promised, paid by it) and beside what of its money is the buyer's.
_BILLS = """
WITH parts AS (
    SELECT t.bill_id,
        CAST(SUM(CASE WHEN y.state = 'promised' THEN y.amount_fen ELSE 0 END) AS bigint) AS owed,
        CAST(SUM(CASE WHEN y.state = 'succeeded' THEN y.amount_fen ELSE 0 END) AS bigint) AS kept
    FROM finance_billpart t JOIN finance_payment y ON y.id = t.payment_id GROUP BY t.bill_id
), posted AS (
    SELECT p.subject, CAST(SUM(p.amount_fen) AS bigint) AS rest
    FROM ledger_posting p JOIN ledger_transfer t ON t.id = p.transfer_id
    WHERE t.kind = 'bill_rest' GROUP BY p.subject
)
SELECT 'bill:' || b.number, COALESCE(parts.owed, 0), b.owed_fen, COALESCE(parts.kept, 0),
    b.kept_fen, COALESCE(posted.rest, 0), b.rest_fen
FROM finance_bill b
LEFT JOIN parts ON parts.bill_id = b.id
LEFT JOIN posted ON posted.subject = 'bill:' || b.number
WHERE b.owed_fen <> COALESCE(parts.owed, 0) OR b.kept_fen <> COALESCE(parts.kept, 0)
    OR b.rest_fen <> COALESCE(posted.rest, 0)
ORDER BY b.id
"""

# A promise or a payment by bill that no bill stands for.
_STRAY = """
SELECT 'payment:' || y.number, 0, y.amount_fen FROM finance_payment y
WHERE y.method = 'acceptance_bill' AND y.state IN ('promised', 'succeeded')
    AND NOT EXISTS (SELECT 1 FROM finance_billpart t WHERE t.payment_id = y.id)
ORDER BY y.id
"""

_PROOFS = (
    (_BILLS, ("bill.owed_fen", "bill.kept_fen", "bill.rest_fen")),
    (_STRAY, ("payment without a bill",)),
)


def bills_agree() -> Iterator[Discrepancy]:
    """Every figure of a bill that differs; a statement a proof."""
    for sql, names in _PROOFS:
        with connection.cursor() as cursor:
            cursor.execute(sql)
            rows = cursor.fetchall()
        for subject, *figures in rows:
            for at, what in enumerate(names):
                expected, found = figures[2 * at], figures[2 * at + 1]
                if expected != found:
                    yield Discrepancy("bills", subject, what, Money(expected), Money(found))
