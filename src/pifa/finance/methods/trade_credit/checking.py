"""The proof that lines, promises and repayments tell what payments and postings do."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import connection

from pifa.kernel.money import Money
from pifa.ledger.rules import Discrepancy

# What is promised by this method between two companies, beside their line.
_LINES = """
WITH promised AS (
    SELECT y.payee_id, y.payer_id, CAST(SUM(m.amount_fen) AS bigint) AS fen
    FROM finance_payment m JOIN finance_payable y ON y.id = m.payable_id
    WHERE m.method = 'trade_credit' AND m.state = 'promised'
    GROUP BY y.payee_id, y.payer_id
)
SELECT 'credit:' || l.id, COALESCE(promised.fen, 0), l.used_fen
FROM finance_creditline l
LEFT JOIN promised ON promised.payee_id = l.seller_id AND promised.payer_id = l.buyer_id
WHERE l.used_fen <> COALESCE(promised.fen, 0)
UNION ALL
SELECT 'company:' || promised.payer_id, promised.fen, 0 FROM promised
LEFT JOIN finance_creditline l ON l.seller_id = promised.payee_id AND l.buyer_id = promised.payer_id
WHERE l.id IS NULL
ORDER BY 1
"""

# Each payable's promise beside its payments: what is open, what was kept, for whom.
_ITEMS = """
WITH paid AS (
    SELECT payable_id,
        CAST(SUM(CASE WHEN state = 'promised' THEN amount_fen ELSE 0 END) AS bigint) AS open_fen,
        CAST(SUM(CASE WHEN state = 'succeeded' THEN amount_fen ELSE 0 END) AS bigint) AS kept_fen
    FROM finance_payment WHERE method = 'trade_credit' AND state IN ('promised', 'succeeded')
    GROUP BY payable_id
)
SELECT y.subject, COALESCE(paid.open_fen, 0), COALESCE(i.open_fen, 0),
    COALESCE(paid.kept_fen, 0), COALESCE(i.kept_fen, 0)
FROM finance_payable y
LEFT JOIN finance_credititem i ON i.payable_id = y.id
LEFT JOIN paid ON paid.payable_id = y.id
WHERE COALESCE(paid.open_fen, 0) <> COALESCE(i.open_fen, 0)
    OR COALESCE(paid.kept_fen, 0) <> COALESCE(i.kept_fen, 0)
ORDER BY y.id
"""

_STRANGERS = """
SELECT y.subject, 0, i.promised_fen
FROM finance_credititem i
JOIN finance_creditline l ON l.id = i.line_id
JOIN finance_payable y ON y.id = i.payable_id
WHERE y.payee_id <> l.seller_id OR y.payer_id <> l.buyer_id ORDER BY y.id
"""

# What was repaid is all passed on: laid out on promises, the rest left on the payer's balance.
_REPAYMENTS = """
SELECT y.subject, y.settled_fen, y.released_fen,
    y.settled_fen - r.left_fen, CAST(COALESCE(laid.fen, 0) AS bigint)
FROM finance_repayment r
JOIN finance_payable y ON y.id = r.payable_id
LEFT JOIN (
    SELECT repayment_id, SUM(amount_fen) AS fen FROM finance_creditallocation GROUP BY repayment_id
) AS laid ON laid.repayment_id = r.id
WHERE y.settled_fen <> y.released_fen OR y.settled_fen - r.left_fen <> COALESCE(laid.fen, 0)
ORDER BY y.id
"""

_KEPT = """
SELECT y.subject, i.kept_fen, CAST(COALESCE(laid.fen, 0) AS bigint)
FROM finance_credititem i
JOIN finance_payable y ON y.id = i.payable_id
LEFT JOIN (
    SELECT item_id, SUM(amount_fen) AS fen FROM finance_creditallocation GROUP BY item_id
) AS laid ON laid.item_id = i.id
WHERE i.kept_fen <> COALESCE(laid.fen, 0) ORDER BY y.id
"""

_PROOFS = (
    (_LINES, ("credit_line.used_fen",)),
    (_ITEMS, ("credit_item.open_fen", "credit_item.kept_fen")),
    (_STRANGERS, ("promise on another pair's line",)),
    (_REPAYMENTS, ("payable.released_fen", "sum(allocation.amount_fen) of a repayment")),
    (_KEPT, ("sum(allocation.amount_fen) of an item",)),
)


def credit_agrees() -> Iterator[Discrepancy]:
    """Every figure of a line, a promise or a repayment that differs; a statement a proof."""
    for sql, names in _PROOFS:
        with connection.cursor() as cursor:
            cursor.execute(sql)
            rows = cursor.fetchall()
        for subject, *figures in rows:
            for at, what in enumerate(names):
                expected, found = figures[2 * at], figures[2 * at + 1]
                if expected != found:
                    yield Discrepancy("credit", subject, what, Money(expected), Money(found))
