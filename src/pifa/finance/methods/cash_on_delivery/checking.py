"""The proof that what carriers collected and brought is what payments and postings say."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import connection

from pifa.kernel.money import Money
from pifa.ledger.rules import Discrepancy

# Each payable's item beside its payments: what is to be collected, what the carrier has, what is
# paid; and beside its postings: what the carrier owes, and its fee.
_ITEMS = """
WITH paid AS (
    SELECT payable_id,
        CAST(SUM(CASE WHEN state = 'promised' THEN amount_fen ELSE 0 END) AS bigint) AS open_fen,
        CAST(SUM(CASE WHEN state = 'collected' THEN amount_fen ELSE 0 END) AS bigint) AS away_fen,
        CAST(SUM(CASE WHEN state = 'succeeded' THEN amount_fen ELSE 0 END) AS bigint) AS kept_fen
    FROM finance_payment
    WHERE method = 'cash_on_delivery' AND state IN ('promised', 'collected', 'succeeded')
    GROUP BY payable_id
), posted AS (
    SELECT p.subject,
        CAST(SUM(CASE WHEN d.kind = 'carrier' THEN p.amount_fen ELSE 0 END)
            - SUM(CASE WHEN c.kind = 'carrier' THEN p.amount_fen ELSE 0 END) AS bigint) AS away_fen
    FROM ledger_posting p
    JOIN ledger_account d ON d.id = p.debit_id
    JOIN ledger_account c ON c.id = p.credit_id
    WHERE d.kind = 'carrier' OR c.kind = 'carrier'
    GROUP BY p.subject
), figures AS (
    SELECT y.id, y.subject,
        COALESCE(paid.open_fen, 0) AS paid_open,
        COALESCE(i.promised_fen - i.waived_fen - i.otherwise_fen - i.collected_fen, 0) AS own_open,
        COALESCE(paid.away_fen, 0) AS paid_away,
        COALESCE(i.collected_fen - i.kept_fen, 0) AS own_away,
        COALESCE(posted.away_fen, 0) AS posted_away,
        COALESCE(paid.kept_fen, 0) AS paid_kept, COALESCE(i.kept_fen, 0) AS own_kept
    FROM finance_payable y
    LEFT JOIN finance_cashitem i ON i.payable_id = y.id
    LEFT JOIN paid ON paid.payable_id = y.id
    LEFT JOIN posted ON posted.subject = y.subject
)
SELECT subject, paid_open, own_open, paid_away, own_away, posted_away, own_away,
    paid_kept, own_kept
FROM figures
WHERE paid_open <> own_open OR paid_away <> own_away OR posted_away <> own_away
    OR paid_kept <> own_kept
ORDER BY id
"""

# Each item beside the lines that brought its money, and the fee beside its postings.
_LINES = """
WITH lines AS (
    SELECT item_id, CAST(SUM(kept_fen) AS bigint) AS kept_fen,
        CAST(SUM(kept_fee_fen) AS bigint) AS fee_fen
    FROM finance_cashline WHERE item_id IS NOT NULL GROUP BY item_id
), fees AS (
    SELECT p.subject, CAST(SUM(p.amount_fen) AS bigint) AS fen
    FROM ledger_posting p JOIN ledger_transfer t ON t.id = p.transfer_id
    WHERE t.kind = 'carrier_fee' GROUP BY p.subject
)
SELECT 'cash:' || i.number, COALESCE(lines.kept_fen, 0), i.kept_fen,
    COALESCE(lines.fee_fen, 0), i.fee_fen, COALESCE(fees.fen, 0), i.fee_fen
FROM finance_cashitem i
LEFT JOIN lines ON lines.item_id = i.id
LEFT JOIN fees ON fees.subject = 'cash:' || i.number
WHERE i.kept_fen <> COALESCE(lines.kept_fen, 0) OR i.fee_fen <> COALESCE(lines.fee_fen, 0)
    OR i.fee_fen <> COALESCE(fees.fen, 0)
ORDER BY i.id
"""

# A batch is what its lines took, what is left of it and what went back; and so were its postings.
_BATCHES = """
WITH taken AS (
    SELECT batch_id, SUM(kept_fen - kept_fee_fen) AS fen FROM finance_cashline GROUP BY batch_id
), posted AS (
    SELECT p.subject,
        SUM(CASE WHEN t.kind = 'bank_in' THEN p.amount_fen ELSE 0 END) AS came,
        SUM(CASE WHEN t.kind = 'bank_out' THEN p.amount_fen ELSE 0 END) AS went
    FROM ledger_posting p JOIN ledger_transfer t ON t.id = p.transfer_id
    WHERE p.subject LIKE 'remittance:%' AND t.kind IN ('bank_in', 'bank_out') GROUP BY p.subject
), figures AS (
    SELECT b.id, 'remittance:' || b.number AS subject, b.amount_fen, b.returned_fen,
        CAST(COALESCE(taken.fen, 0) + b.left_fen + b.returned_fen AS bigint) AS accounted,
        CAST(COALESCE(posted.came, 0) AS bigint) AS came,
        CAST(COALESCE(posted.went, 0) AS bigint) AS went
    FROM finance_cashbatch b
    LEFT JOIN taken ON taken.batch_id = b.id
    LEFT JOIN posted ON posted.subject = 'remittance:' || b.number
)
SELECT subject, amount_fen, accounted, came, amount_fen, went, returned_fen FROM figures
WHERE amount_fen <> accounted OR amount_fen <> came OR returned_fen <> went ORDER BY id
"""

_PROOFS = (
    (_ITEMS, ("cash_item to be collected", "cash_item with the carrier",
              "CARRIER of a cash_item", "cash_item.kept_fen")),
    (_LINES, ("cash_item.kept_fen by lines", "cash_item.fee_fen by lines",
              "cash_item.fee_fen by postings")),
    (_BATCHES, ("lines + left + returned", "cash_batch.amount_fen", "cash_batch.returned_fen")),
)  # fmt: skip


def cash_agrees() -> Iterator[Discrepancy]:
    """Every figure of an item or a batch that differs; a statement a proof."""
    for sql, names in _PROOFS:
        with connection.cursor() as cursor:
            cursor.execute(sql)
            rows = cursor.fetchall()
        for subject, *figures in rows:
            for at, what in enumerate(names):
                expected, found = figures[2 * at], figures[2 * at + 1]
                if expected != found:
                    yield Discrepancy("cash", subject, what, Money(expected), Money(found))
