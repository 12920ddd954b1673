"""The proof that no fen of a transfer is lost: part of `pifa ledger check`.

What is in SUSPENSE is what bank lines and carriers' batches have left, a line is what it paid, what
is left of it and what went back, and every payment by transfer has its line.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.db import connection
from django.db.models import Sum

from pifa.finance.methods.cash_on_delivery.models import CashBatch
from pifa.finance.methods.corporate_transfer.models import BankLine
from pifa.kernel.money import Money
from pifa.ledger import queries as ledger
from pifa.ledger.rules import AccountKind, Discrepancy

_LINES = """
WITH paid AS (
    SELECT line_id, SUM(amount_fen) AS fen FROM finance_bankmatch GROUP BY line_id
), posted AS (
    SELECT p.subject,
        SUM(CASE WHEN t.kind = 'bank_in' THEN p.amount_fen ELSE 0 END) AS came,
        SUM(CASE WHEN t.kind = 'bank_out' THEN p.amount_fen ELSE 0 END) AS went
    FROM ledger_posting p JOIN ledger_transfer t ON t.id = p.transfer_id
    WHERE t.kind IN ('bank_in', 'bank_out') GROUP BY p.subject
), figures AS (
    SELECT 'bankline:' || l.number AS subject, l.amount_fen, l.returned_fen,
        CAST(COALESCE(paid.fen, 0) + l.left_fen + l.returned_fen AS bigint) AS accounted,
        CAST(COALESCE(posted.came, 0) AS bigint) AS came,
        CAST(COALESCE(posted.went, 0) AS bigint) AS went
    FROM finance_bankline l
    LEFT JOIN paid ON paid.line_id = l.id
    LEFT JOIN posted ON posted.subject = 'bankline:' || l.number
)
SELECT subject, amount_fen, accounted, came, went, returned_fen FROM figures
WHERE amount_fen <> accounted OR amount_fen <> came OR returned_fen <> went ORDER BY subject
"""

_MATCHES = """
SELECT 'payment:' || y.number, CAST(COALESCE(m.amount_fen, 0) AS bigint),
    CASE WHEN y.state = 'succeeded' THEN y.amount_fen ELSE 0 END
FROM finance_payment y LEFT JOIN finance_bankmatch m ON m.payment_id = y.id
WHERE (y.method = 'transfer' AND y.state = 'succeeded' OR m.id IS NOT NULL)
    AND (m.id IS NULL OR y.state <> 'succeeded' OR y.method <> 'transfer'
        OR m.amount_fen <> y.amount_fen OR m.payable_id <> y.payable_id)
ORDER BY y.id
"""


def lines_agree() -> Iterator[Discrepancy]:
    """Every line, match and payment that does not agree, and SUSPENSE if it does not."""
    with connection.cursor() as cursor:
        cursor.execute(_LINES)
        lines = cursor.fetchall()
        cursor.execute(_MATCHES)
        matches = cursor.fetchall()
    for subject, amount, accounted, came, went, returned in lines:
        for what, expected, found in (
            ("matches + left + returned", amount, accounted),
            ("bank_line.amount_fen", came, amount),
            ("bank_line.returned_fen", went, returned),
        ):
            if expected != found:
                yield Discrepancy("bank_line", subject, what, Money(expected), Money(found))
    for subject, matched, paid in matches:
        yield Discrepancy("bank_match", subject, "payment.amount_fen", Money(matched), Money(paid))
    left = sum(
        kept.objects.aggregate(fen=Sum("left_fen"))["fen"] or 0 for kept in (BankLine, CashBatch)
    )
    suspense = ledger.balance(None, AccountKind.SUSPENSE)
    if suspense != Money(int(left)):
        yield Discrepancy(
            "suspense",
            "suspense",
            "sum(bank_line.left_fen, cash_batch.left_fen)",
            suspense,
            Money(left),
        )
