"""The proof that invoices never say more than was paid: part of `pifa ledger check`.

A request's sums equal its papers; invoices less credit notes are never above what its orders were
paid; what a refund made too much of is due as a credit note, to the fen; no invoice is corrected
by more than it says. Two statements for the whole market.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.db import connection

from pifa.kernel.money import Money
from pifa.ledger.queries import register_subject_check
from pifa.ledger.rules import Discrepancy

_REQUESTS = """
WITH papers AS (
    SELECT request_id,
        CAST(SUM(CASE WHEN amount_fen > 0 THEN amount_fen ELSE 0 END) AS bigint) AS invoiced,
        CAST(SUM(CASE WHEN amount_fen < 0 THEN -amount_fen ELSE 0 END) AS bigint) AS credited
    FROM trade_invoicepaper GROUP BY request_id
), money AS (
    SELECT l.request_id, CAST(SUM(o.paid_fen) AS bigint) AS paid,
        CAST(SUM(o.refunded_fen) AS bigint) AS refunded
    FROM trade_invoicedorder l JOIN trade_order o ON o.id = l.order_id
    WHERE l.live GROUP BY l.request_id
), figures AS (
    SELECT r.number, r.invoiced_fen, r.credited_fen, r.credit_due_fen,
        COALESCE(p.invoiced, 0) AS invoiced, COALESCE(p.credited, 0) AS credited,
        COALESCE(m.paid, 0) AS paid, COALESCE(m.refunded, 0) AS refunded
    FROM trade_invoicerequest r
    LEFT JOIN papers p ON p.request_id = r.id
    LEFT JOIN money m ON m.request_id = r.id
)
SELECT number, invoiced_fen, credited_fen, credit_due_fen, invoiced, credited, paid, refunded
FROM figures
WHERE invoiced_fen <> invoiced OR credited_fen <> credited
    OR invoiced - credited > paid
    OR credit_due_fen <> CASE WHEN invoiced - credited > paid - refunded
        THEN invoiced - credited - (paid - refunded) ELSE 0 END
ORDER BY number
"""

_CORRECTED = """
SELECT p.number, p.credited_fen, CAST(COALESCE(SUM(-n.amount_fen), 0) AS bigint)
FROM trade_invoicepaper p LEFT JOIN trade_invoicepaper n ON n.corrects_id = p.id
WHERE p.corrects_id IS NULL
GROUP BY p.id, p.number, p.credited_fen
HAVING p.credited_fen <> COALESCE(SUM(-n.amount_fen), 0)
ORDER BY p.number
"""


@register_subject_check
def invoices_agree() -> Iterator[Discrepancy]:
    """Every request whose papers, sums and orders' money do not agree."""
    with connection.cursor() as cursor:
        cursor.execute(_REQUESTS)
        rows = cursor.fetchall()
    for number, own_invoiced, own_credited, own_due, invoiced, credited, paid, refunded in rows:
        standing = invoiced - credited
        pairs = (
            ("invoiced_fen", invoiced, own_invoiced),
            ("credited_fen", credited, own_credited),
            ("standing at most paid", min(standing, paid), standing),
            ("credit_due_fen", max(standing - (paid - refunded), 0), own_due),
        )
        for what, expected, found in pairs:
            if expected != found:
                yield Discrepancy(
                    "invoice", f"invoice:{number}", what, Money(expected), Money(found)
                )


@register_subject_check
def credit_notes_agree() -> Iterator[Discrepancy]:
    """Every invoice whose credit notes are not what it says of them."""
    with connection.cursor() as cursor:
        cursor.execute(_CORRECTED)
        rows = cursor.fetchall()
    for number, own, notes in rows:
        yield Discrepancy(
            "credit_note", f"invoice:{number}", "credited_fen", Money(notes), Money(own)
        )
