"""The proof of the ledger's own books: set-based, a handful of statements for any size."""

from __future__ import annotations

from django.db import connection

from pifa.kernel.money import Money
from pifa.ledger.rules import Discrepancy

# By postings: what each account gained, and what came into and went out of escrow by subject.
_BY_POSTINGS = """
    WITH gains AS (
        SELECT account_id, CAST(SUM(fen) AS bigint) AS fen FROM (
            SELECT credit_id AS account_id, amount_fen AS fen FROM ledger_posting
            UNION ALL SELECT debit_id, -amount_fen FROM ledger_posting
        ) AS sides GROUP BY account_id
    ), holds AS (
        SELECT subject, account_id,
            CAST(SUM(came) AS bigint) AS came, CAST(SUM(went) AS bigint) AS went
        FROM (
            SELECT p.subject, p.credit_id AS account_id, p.amount_fen AS came, 0 AS went
            FROM ledger_posting p JOIN ledger_account a ON a.id = p.credit_id AND a.kind = 'escrow'
            UNION ALL
            SELECT p.subject, p.debit_id, 0, p.amount_fen
            FROM ledger_posting p JOIN ledger_account a ON a.id = p.debit_id AND a.kind = 'escrow'
        ) AS sides GROUP BY subject, account_id
    )
"""

# Each proof selects the rows that break it: subject, what should be, what is (fen).
_PROOFS: tuple[tuple[str, str, str], ...] = (
    (
        "balance",
        "account.balance_fen",
        """
        SELECT 'account:' || a.id, COALESCE(g.fen, 0) * a.sense, a.balance_fen
        FROM (
            SELECT id, guarded, balance_fen,
                CASE WHEN kind IN ('clawback', 'receivable', 'recourse') THEN -1 ELSE 1 END AS sense
            FROM ledger_account
        ) AS a LEFT JOIN gains g ON g.account_id = a.id
        WHERE a.guarded AND a.balance_fen <> COALESCE(g.fen, 0) * a.sense ORDER BY a.id
        """,
    ),
    (
        "unguarded",
        "account.balance_fen",
        """
        SELECT 'account:' || a.id, 0, a.balance_fen FROM ledger_account a
        WHERE NOT a.guarded AND a.balance_fen <> 0 ORDER BY a.id
        """,
    ),
    (
        "escrow",
        "sum(hold.remaining_fen)",
        """
        SELECT 'account:' || a.id, a.balance_fen, COALESCE(h.fen, 0)
        FROM ledger_account a LEFT JOIN (
            SELECT account_id, CAST(SUM(remaining_fen) AS bigint) AS fen
            FROM ledger_hold GROUP BY account_id
        ) AS h ON h.account_id = a.id
        WHERE (a.kind = 'escrow' AND a.balance_fen <> COALESCE(h.fen, 0))
            OR (a.kind <> 'escrow' AND COALESCE(h.fen, 0) <> 0) ORDER BY a.id
        """,
    ),
    (
        "hold",
        "hold.remaining_fen",
        """
        SELECT h.subject, COALESCE(p.came - p.went, 0), h.remaining_fen
        FROM ledger_hold h LEFT JOIN holds p
            ON p.subject = h.subject AND p.account_id = h.account_id
        WHERE h.remaining_fen <> COALESCE(p.came - p.went, 0) ORDER BY h.subject
        """,
    ),
    (
        "hold",
        "hold.held_fen",
        """
        SELECT h.subject, COALESCE(p.came, 0), h.held_fen
        FROM ledger_hold h LEFT JOIN holds p
            ON p.subject = h.subject AND p.account_id = h.account_id
        WHERE h.held_fen <> COALESCE(p.came, 0) ORDER BY h.subject
        """,
    ),
    (
        "hold_missing",
        "hold",
        """
        SELECT p.subject, p.came - p.went, 0
        FROM holds p LEFT JOIN ledger_hold h
            ON p.subject = h.subject AND p.account_id = h.account_id
        WHERE h.id IS NULL ORDER BY p.subject
        """,
    ),
    (
        "empty_transfer",
        "count(posting)",
        """
        SELECT 'transfer:' || t.key, 1, 0
        FROM ledger_transfer t LEFT JOIN ledger_posting p ON p.transfer_id = t.id
        WHERE p.id IS NULL ORDER BY t.key
        """,
    ),
)


def own_books() -> list[Discrepancy]:
    """Every row of the ledger that does not agree with its postings."""
    found = []
    with connection.cursor() as cursor:
        for code, what, sql in _PROOFS:
            cursor.execute(_BY_POSTINGS + sql)
            for subject, expected, is_now in cursor.fetchall():
                row = Discrepancy(code, subject, what, Money(int(expected)), Money(int(is_now)))
                found.append(row)
    return found
