"""The proof of withdrawals: each equals its postings, each day what was sent on it."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import connection

from pifa.kernel.money import Money
from pifa.ledger.rules import Discrepancy

# By subject, what left for the bank and came back from it, and the fee less what of it came
# back; beside it what each withdrawal and each day says.
_POSTED = """
WITH posted AS (
    SELECT p.subject,
        CAST(SUM(CASE WHEN t.kind = 'withdrawal' AND c.kind = 'gateway'
            THEN p.amount_fen ELSE 0 END) AS bigint) AS went,
        CAST(SUM(CASE WHEN t.kind = 'withdrawal_return' AND d.kind = 'gateway'
            THEN p.amount_fen ELSE 0 END) AS bigint) AS came,
        CAST(SUM(CASE WHEN c.kind = 'fees' THEN p.amount_fen
            WHEN d.kind = 'fees' THEN -p.amount_fen ELSE 0 END) AS bigint) AS fee
    FROM ledger_posting p
    JOIN ledger_transfer t ON t.id = p.transfer_id
    JOIN ledger_account d ON d.id = p.debit_id
    JOIN ledger_account c ON c.id = p.credit_id
    WHERE t.kind IN ('withdrawal', 'withdrawal_return')
    GROUP BY p.subject
), own AS (
    SELECT 'withdrawal:' || number AS subject,
        CASE WHEN sent_at IS NULL THEN 0 ELSE amount_fen END AS went,
        CASE WHEN state = 'returned' THEN amount_fen ELSE 0 END AS came,
        CASE WHEN sent_at IS NULL OR state = 'returned' THEN 0 ELSE fee_fen END AS fee
    FROM finance_withdrawal
), sent AS (
    SELECT w.company_id, w.sent_day, CAST(SUM(w.amount_fen) AS bigint) AS fen
    FROM finance_withdrawal w JOIN finance_payeeaccount a ON a.id = w.account_id
    WHERE w.state IN ('sent', 'arrived') AND NOT a.at_partner_bank
    GROUP BY w.company_id, w.sent_day
)
"""

# What was taken out before accounts had names stands under the company.
_PROOFS = (
    (
        "withdrawal.amount_fen",
        """
        SELECT w.subject, COALESCE(p.went, 0), w.went
        FROM own w LEFT JOIN posted p ON p.subject = w.subject
        WHERE w.went <> COALESCE(p.went, 0) ORDER BY w.subject
        """,
    ),
    (
        "withdrawal that came back",
        """
        SELECT w.subject, COALESCE(p.came, 0), w.came
        FROM own w LEFT JOIN posted p ON p.subject = w.subject
        WHERE w.came <> COALESCE(p.came, 0) ORDER BY w.subject
        """,
    ),
    (
        "withdrawal.fee_fen",
        """
        SELECT w.subject, COALESCE(p.fee, 0), w.fee
        FROM own w LEFT JOIN posted p ON p.subject = w.subject
        WHERE w.fee <> COALESCE(p.fee, 0) ORDER BY w.subject
        """,
    ),
    (
        "postings of no withdrawal",
        """
        SELECT p.subject, p.went, 0 FROM posted p LEFT JOIN own w ON w.subject = p.subject
        WHERE w.subject IS NULL AND p.subject NOT LIKE 'company:%' ORDER BY p.subject
        """,
    ),
    (
        "withdrawal_day.used_fen",
        """
        SELECT 'company:' || d.company_id, COALESCE(s.fen, 0), d.used_fen
        FROM finance_withdrawalday d
        LEFT JOIN sent s ON s.company_id = d.company_id AND s.sent_day = d.day
        WHERE d.used_fen <> COALESCE(s.fen, 0)
        UNION ALL
        SELECT 'company:' || s.company_id, s.fen, 0 FROM sent s
        LEFT JOIN finance_withdrawalday d ON s.company_id = d.company_id AND s.sent_day = d.day
        WHERE d.id IS NULL
        """,
    ),
)


def withdrawals_agree() -> Iterator[Discrepancy]:
    """Every withdrawal and every day that differs from what was posted and sent."""
    with connection.cursor() as cursor:
        for what, sql in _PROOFS:
            cursor.execute(_POSTED + sql)
            for subject, expected, found in cursor.fetchall():
                yield Discrepancy(
                    "withdrawal", subject, what, Money(int(expected)), Money(int(found))
                )
