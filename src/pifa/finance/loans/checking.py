"""The proof that loans, their payments and the bank's book tell the same: part of `pifa ledger check`."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import connection

from pifa.kernel.money import Money
from pifa.ledger.rules import Discrepancy

_LINES = """
WITH owed AS (
    SELECT company_id, CAST(SUM(owed_fen) AS bigint) AS fen FROM finance_loan GROUP BY company_id
)
SELECT 'company:' || owed.company_id, owed.fen, COALESCE(l.used_fen, 0)
FROM owed LEFT JOIN finance_loanline l ON l.company_id = owed.company_id
WHERE owed.fen <> COALESCE(l.used_fen, 0) ORDER BY owed.company_id
"""

# Each drawn loan beside its instalments, its payments, its coupon and the bank's entries.
_LOANS = """
WITH rows_ AS (
    SELECT loan_id,
        SUM(principal_fen + early_fen) AS planned,
        SUM(paid_principal_fen + early_fen) AS principal,
        SUM(paid_interest_fen) AS interest, SUM(paid_penalty_fen) AS penalty,
        SUM(coupon_fen) AS coupon
    FROM finance_loaninstalment GROUP BY loan_id
), paid AS (
    SELECT loan_id, SUM(principal_fen) AS principal, SUM(interest_fen) AS interest,
        SUM(penalty_fen) AS penalty, SUM(coupon_fen) AS coupon
    FROM finance_loanpayment GROUP BY loan_id
), bank AS (
    SELECT reference,
        SUM(CASE WHEN kind = 'loan_out' THEN amount_fen ELSE 0 END) AS lent,
        SUM(CASE WHEN kind = 'loan_back' THEN amount_fen ELSE 0 END) AS principal,
        SUM(CASE WHEN kind = 'loan_interest' THEN amount_fen ELSE 0 END) AS interest,
        SUM(CASE WHEN kind = 'loan_penalty' THEN amount_fen ELSE 0 END) AS penalty,
        SUM(CASE WHEN kind = 'loan_coupon' THEN amount_fen ELSE 0 END) AS coupon
    FROM finance_sandboxentry WHERE kind LIKE 'loan_%' GROUP BY reference
), figures AS (
    SELECT l.id, 'loan:' || l.number AS subject,
        CAST(l.amount_fen AS bigint) AS amount,
        CAST(COALESCE(rows_.planned, 0) AS bigint) AS planned,
        CAST(COALESCE(bank.lent, 0) AS bigint) AS lent,
        CAST(l.amount_fen - l.owed_fen AS bigint) AS repaid,
        CAST(COALESCE(rows_.principal, 0) AS bigint) AS rows_principal,
        CAST(COALESCE(paid.principal, 0) AS bigint) AS paid_principal,
        CAST(COALESCE(bank.principal, 0) AS bigint) AS bank_principal,
        CAST(COALESCE(rows_.interest, 0) AS bigint) AS rows_interest,
        CAST(COALESCE(paid.interest, 0) AS bigint) AS paid_interest,
        CAST(COALESCE(bank.interest, 0) AS bigint) AS bank_interest,
        CAST(COALESCE(rows_.penalty, 0) AS bigint) AS rows_penalty,
        CAST(COALESCE(paid.penalty, 0) AS bigint) AS paid_penalty,
        CAST(COALESCE(bank.penalty, 0) AS bigint) AS bank_penalty,
        CAST(COALESCE(rows_.coupon, 0) AS bigint) AS rows_coupon,
        CAST(COALESCE(paid.coupon, 0) AS bigint) AS paid_coupon,
        CAST(COALESCE(bank.coupon, 0) AS bigint) AS bank_coupon,
        CAST(COALESCE(c.used_fen, 0) AS bigint) AS used_coupon
    FROM finance_loan l
    LEFT JOIN rows_ ON rows_.loan_id = l.id
    LEFT JOIN paid ON paid.loan_id = l.id
    LEFT JOIN bank ON bank.reference = l.number
    LEFT JOIN finance_interestcoupon c ON c.loan_id = l.id
    WHERE l.drawn_on IS NOT NULL
)
SELECT subject, amount, planned, amount, lent, repaid, rows_principal, repaid, paid_principal,
    repaid, bank_principal, rows_interest, paid_interest, rows_interest, bank_interest,
    rows_penalty, paid_penalty, rows_penalty, bank_penalty,
    used_coupon, rows_coupon, used_coupon, paid_coupon, used_coupon, bank_coupon
FROM figures
WHERE amount <> planned OR amount <> lent OR repaid <> rows_principal OR repaid <> paid_principal
    OR repaid <> bank_principal OR rows_interest <> paid_interest OR rows_interest <> bank_interest
    OR rows_penalty <> paid_penalty OR rows_penalty <> bank_penalty
    OR used_coupon <> rows_coupon OR used_coupon <> paid_coupon OR used_coupon <> bank_coupon
ORDER BY id
"""

_PAIRS = (
    "sum(instalment principal)",
    "lent by the bank",
    "principal paid by instalments",
    "sum(payment.principal_fen)",
    "principal at the bank",
    "sum(payment.interest_fen)",
    "interest at the bank",
    "sum(payment.penalty_fen)",
    "penalty at the bank",
    "coupon of instalments",
    "coupon of payments",
    "coupon at the bank",
)

# What an instalment leaves is what the next begins with.
_CHAINS = """
SELECT 'loan:' || l.number, a.opening_fen - a.early_fen - a.principal_fen, b.opening_fen
FROM finance_loaninstalment a
JOIN finance_loaninstalment b ON b.loan_id = a.loan_id AND b.number = a.number + 1
JOIN finance_loan l ON l.id = a.loan_id
WHERE a.opening_fen - a.early_fen - a.principal_fen <> b.opening_fen ORDER BY a.id
"""

# No company's account is below zero.
_ACCOUNTS = """
WITH sums AS (
    SELECT account_id, SUM(fen) AS fen FROM (
        SELECT credit_id AS account_id, amount_fen AS fen FROM finance_sandboxentry
        UNION ALL
        SELECT debit_id, -amount_fen FROM finance_sandboxentry
    ) AS moved GROUP BY account_id
)
SELECT 'bank:' || a.number, 0, CAST(sums.fen AS bigint)
FROM finance_partneraccount p
JOIN finance_sandboxaccount a ON a.number = p.number
JOIN sums ON sums.account_id = a.id
WHERE sums.fen < 0 ORDER BY a.id
"""


def loans_agree() -> Iterator[Discrepancy]:
    """Every figure of a loan that differs, and every company's account below zero."""
    for what, sql in (
        ("loan_line.used_fen", _LINES),
        ("opening of the next instalment", _CHAINS),
        ("balance below zero", _ACCOUNTS),
    ):
        for subject, expected, found in _rows(sql):
            yield Discrepancy("loan", subject, what, Money(expected), Money(found))
    for subject, *figures in _rows(_LOANS):
        for at, what in enumerate(_PAIRS):
            expected, found = figures[2 * at], figures[2 * at + 1]
            if expected != found:
                yield Discrepancy("loan", subject, what, Money(expected), Money(found))


def _rows(sql: str) -> list[tuple[str, int, int]]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        found: list[tuple[str, int, int]] = cursor.fetchall()
        return found
