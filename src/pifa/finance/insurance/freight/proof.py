"""The proof of policies: premiums, payouts and premiums returned equal their postings and the
insurer's own book."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import connection

from pifa.kernel.money import Money
from pifa.ledger.rules import Discrepancy

_POLICIES = """
WITH posted AS (
    SELECT p.subject,
        CAST(SUM(CASE WHEN t.kind = 'freight_premium' THEN p.amount_fen ELSE 0 END) AS bigint)
            AS premium,
        CAST(SUM(CASE WHEN t.kind = 'freight_claim' THEN p.amount_fen ELSE 0 END) AS bigint)
            AS paid,
        CAST(SUM(CASE WHEN t.kind = 'freight_return' THEN p.amount_fen ELSE 0 END) AS bigint)
            AS back
    FROM ledger_posting p
    JOIN ledger_transfer t ON t.id = p.transfer_id
    WHERE t.kind IN ('freight_premium', 'freight_claim', 'freight_return')
    GROUP BY p.subject
), figures AS (
    SELECT COALESCE(p.subject, 'freight:' || f.number) AS subject,
        COALESCE(p.premium, 0) AS premium, COALESCE(f.premium_fen, 0) AS own_premium,
        COALESCE(p.paid, 0) AS paid, COALESCE(f.paid_fen, 0) AS own_paid,
        COALESCE(p.back, 0) AS back,
        CASE WHEN f.state = 'returned' THEN f.premium_fen ELSE 0 END AS own_back,
        COALESCE(s.premium_fen, 0) AS insurers_premium,
        COALESCE(s.claimed_fen, 0) AS insurers_paid, COALESCE(s.returned_fen, 0) AS insurers_back
    FROM finance_freightpolicy f
    LEFT JOIN finance_sandboxpolicy s ON s.number = f.number
    FULL OUTER JOIN posted p ON p.subject = 'freight:' || f.number
)
SELECT subject, premium, own_premium, paid, own_paid, back, own_back,
    premium, insurers_premium, paid, insurers_paid, back, insurers_back
FROM figures
WHERE premium <> own_premium OR paid <> own_paid OR back <> own_back
    OR premium <> insurers_premium OR paid <> insurers_paid OR back <> insurers_back
ORDER BY subject
"""

_PAIRS = (
    "freight.premium_fen",
    "freight.paid_fen",
    "freight premium returned",
    "premium in the insurer's own book",
    "payout in the insurer's own book",
    "premium returned in the insurer's own book",
)

# A premium is taken from who is named as its payer, and a return is paid to the buyer.
_WHOSE = """
SELECT 'freight:' || f.number, COUNT(*) FROM finance_freightpolicy f
JOIN ledger_posting p ON p.subject = 'freight:' || f.number
JOIN ledger_transfer t ON t.id = p.transfer_id
JOIN ledger_account a ON a.id IN (p.debit_id, p.credit_id) AND a.owner_id IS NOT NULL
WHERE a.owner_id <> CASE WHEN t.kind = 'freight_claim' THEN f.buyer_id ELSE f.payer_id END
GROUP BY f.number ORDER BY f.number
"""


def freight_agrees() -> Iterator[Discrepancy]:
    """Every policy that differs from its postings or the insurer's book, or whose money was
    another's."""
    with connection.cursor() as cursor:
        cursor.execute(_POLICIES)
        for subject, *figures in cursor.fetchall():
            for at, what in enumerate(_PAIRS):
                expected, found = int(figures[2 * at]), int(figures[2 * at + 1])
                if expected != found:
                    yield Discrepancy("freight", subject, what, Money(expected), Money(found))
        cursor.execute(_WHOSE)
        for subject, count in cursor.fetchall():
            yield Discrepancy("freight", subject, "postings of others", Money(0), Money(int(count)))
