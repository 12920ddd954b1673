"""The proof of bonds: premiums, claims and what was paid back of them equal their postings."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import connection

from pifa.kernel.money import Money
from pifa.ledger.rules import Discrepancy

_POLICIES = """
WITH posted AS (
    SELECT p.subject,
        CAST(SUM(CASE WHEN t.kind = 'bond_premium' THEN p.amount_fen ELSE 0 END) AS bigint)
            AS premium,
        CAST(SUM(CASE WHEN t.kind = 'bond_claim' AND c.kind = 'balance'
            THEN p.amount_fen ELSE 0 END) AS bigint) AS paid,
        CAST(SUM(CASE WHEN t.kind = 'bond_claim' AND d.kind = 'recourse'
            THEN p.amount_fen ELSE 0 END) AS bigint) AS owed
    FROM ledger_posting p
    JOIN ledger_transfer t ON t.id = p.transfer_id
    JOIN ledger_account d ON d.id = p.debit_id
    JOIN ledger_account c ON c.id = p.credit_id
    WHERE t.kind IN ('bond_premium', 'bond_claim')
    GROUP BY p.subject
), figures AS (
    SELECT COALESCE(p.subject, 'bond:' || b.number) AS subject,
        COALESCE(p.premium, 0) AS premium, COALESCE(b.premium_fen, 0) AS own_premium,
        COALESCE(p.paid, 0) AS paid, COALESCE(b.claimed_fen, 0) AS own_paid,
        COALESCE(p.owed, 0) AS owed, COALESCE(s.claimed_fen, 0) AS insurers
    FROM finance_bondpolicy b
    LEFT JOIN finance_sandboxpolicy s ON s.number = b.number
    FULL OUTER JOIN posted p ON p.subject = 'bond:' || b.number
)
SELECT subject, premium, own_premium, paid, own_paid, paid, owed, paid, insurers FROM figures
WHERE premium <> own_premium OR paid <> own_paid OR paid <> owed OR paid <> insurers
ORDER BY subject
"""

_PAIRS = ("bond.premium_fen", "bond.claimed_fen", "recourse of a bond", "the insurer's own book")

# A bond covers a seller in buyer protection; who left has none.
_UNPROTECTED = """
SELECT 'bond:' || b.number, 0, b.cover_fen FROM finance_bondpolicy b
LEFT JOIN finance_protectiondeposit d ON d.company_id = b.company_id
WHERE b.state = 'active' AND (d.joined_at IS NULL OR d.left_at IS NOT NULL) ORDER BY b.id
"""

# Income pays debts first: who owes the insurer has nothing on its balance.
_UNPAID = """
SELECT 'company:' || owed.owner_id, 0, own.balance_fen
FROM ledger_account owed
JOIN ledger_account own ON own.owner_id = owed.owner_id AND own.kind = 'balance'
WHERE owed.kind = 'recourse' AND owed.balance_fen > 0 AND own.balance_fen > 0
ORDER BY owed.owner_id
"""


def bonds_agree() -> Iterator[Discrepancy]:
    """Every bond that differs from its postings or the insurer's book, or stands where it must
    not."""
    with connection.cursor() as cursor:
        cursor.execute(_POLICIES)
        for subject, *figures in cursor.fetchall():
            for at, what in enumerate(_PAIRS):
                expected, found = int(figures[2 * at]), int(figures[2 * at + 1])
                if expected != found:
                    yield Discrepancy("bond", subject, what, Money(expected), Money(found))
        for what, sql in (
            ("bond outside protection", _UNPROTECTED),
            ("balance of a company that owes the insurer", _UNPAID),
        ):
            cursor.execute(sql)
            for subject, expected, found in cursor.fetchall():
                yield Discrepancy("bond", subject, what, Money(int(expected)), Money(int(found)))
