"""The proof that claims and debts of secured credit tell what payments and postings do."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import connection

from pifa.kernel.money import Money
from pifa.ledger.rules import Discrepancy

# What a buyer owes by the postings of each payable: its promise, or what is left of a debt to a
# financier (of secured credit, or the bank that had promised it: `methods.trust`); and what the
# financier is out of pocket beside its own account.
_SUBJECTS = """
WITH posted AS (
    SELECT p.subject,
        SUM(CASE WHEN d.kind = 'receivable' THEN p.amount_fen ELSE 0 END)
            - SUM(CASE WHEN c.kind = 'receivable' THEN p.amount_fen ELSE 0 END) AS owed,
        SUM(CASE WHEN c.kind = 'promised' THEN p.amount_fen ELSE 0 END)
            - SUM(CASE WHEN d.kind = 'promised' THEN p.amount_fen ELSE 0 END) AS claimed,
        SUM(CASE WHEN c.kind = 'financier' THEN p.amount_fen ELSE 0 END)
            - SUM(CASE WHEN d.kind = 'financier' THEN p.amount_fen ELSE 0 END) AS outlay
    FROM ledger_posting p
    JOIN ledger_account d ON d.id = p.debit_id
    JOIN ledger_account c ON c.id = p.credit_id
    WHERE d.kind IN ('receivable', 'promised', 'financier')
        OR c.kind IN ('receivable', 'promised', 'financier')
    GROUP BY p.subject
), other AS (
    SELECT payable_id, SUM(amount_fen) AS claimed,
        SUM(CASE WHEN state = 'promised' THEN amount_fen ELSE 0 END) AS promised
    FROM finance_payment
    WHERE state IN ('promised', 'collected') AND method <> 'secured' GROUP BY payable_id
), figures AS (
    SELECT y.id, y.subject,
        CAST(COALESCE(posted.owed, 0) AS bigint) AS owed,
        CAST(COALESCE(other.promised, 0) + COALESCE(r.owed_fen, 0)
            + COALESCE(t.debt_fen, 0) AS bigint) AS own_owed,
        CAST(COALESCE(posted.claimed, 0) AS bigint) AS claimed,
        CAST(COALESCE(other.claimed, 0) + COALESCE(r.claim_fen, 0) AS bigint) AS own_claimed,
        CAST(COALESCE(posted.outlay, 0) AS bigint) AS outlay,
        COALESCE(r.paid_fen - r.clawed_fen + r.returned_fen - r.repaid_fen, 0)
            + COALESCE(t.debt_fen, 0) AS own_outlay
    FROM finance_payable y
    LEFT JOIN posted ON posted.subject = y.subject
    LEFT JOIN other ON other.payable_id = y.id
    LEFT JOIN finance_securedreceivable r ON r.payable_id = y.id
    LEFT JOIN finance_trustitem t ON t.payable_id = y.id
)
SELECT subject, owed, own_owed, claimed, own_claimed, outlay, own_outlay FROM figures
WHERE owed <> own_owed OR claimed <> own_claimed OR outlay <> own_outlay ORDER BY id
"""

# Each receivable beside the payments of its payable: what is promised, was paid, went back.
_PAYMENTS = """
WITH paid AS (
    SELECT payable_id,
        CAST(SUM(CASE WHEN state = 'promised' THEN amount_fen ELSE 0 END) AS bigint) AS claim,
        CAST(SUM(CASE WHEN state = 'succeeded' THEN amount_fen ELSE 0 END) AS bigint) AS paid,
        CAST(SUM(refunded_fen) AS bigint) AS clawed
    FROM finance_payment WHERE method = 'secured' AND state IN ('promised', 'succeeded')
    GROUP BY payable_id
)
SELECT y.subject, COALESCE(paid.claim, 0), COALESCE(r.claim_fen, 0),
    COALESCE(paid.paid, 0), COALESCE(r.paid_fen, 0),
    COALESCE(paid.clawed, 0), COALESCE(r.clawed_fen, 0)
FROM finance_payable y
LEFT JOIN finance_securedreceivable r ON r.payable_id = y.id
LEFT JOIN paid ON paid.payable_id = y.id
WHERE COALESCE(paid.claim, 0) <> COALESCE(r.claim_fen, 0)
    OR COALESCE(paid.paid, 0) <> COALESCE(r.paid_fen, 0)
    OR COALESCE(paid.clawed, 0) <> COALESCE(r.clawed_fen, 0)
ORDER BY y.id
"""

_ACCOUNTS = """
SELECT 'company:' || a.buyer_id, CAST(COALESCE(SUM(r.owed_fen), 0) AS bigint), a.used_fen
FROM finance_securedaccount a LEFT JOIN finance_securedreceivable r ON r.account_id = a.id
GROUP BY a.id, a.buyer_id, a.used_fen
HAVING a.used_fen <> COALESCE(SUM(r.owed_fen), 0) ORDER BY 1
"""

_STRANGERS = """
SELECT y.subject, 0, r.promised_fen
FROM finance_securedreceivable r
JOIN finance_securedaccount a ON a.id = r.account_id
JOIN finance_payable y ON y.id = r.payable_id
WHERE y.payee_id <> r.seller_id OR y.payer_id <> a.buyer_id ORDER BY y.id
"""

# Payouts pay what was paid of a receivable, and their fees are what came to the market.
_PAYOUTS = """
WITH payouts AS (
    SELECT receivable_id, SUM(amount_fen) AS paid, SUM(service_fee_fen) AS service,
        SUM(early_fee_fen) AS early
    FROM finance_securedpayout WHERE state = 'paid' GROUP BY receivable_id
), fees AS (
    SELECT p.subject,
        SUM(CASE WHEN c.kind = 'fees' THEN p.amount_fen ELSE 0 END)
            - SUM(CASE WHEN d.kind = 'fees' THEN p.amount_fen ELSE 0 END) AS service,
        SUM(CASE WHEN d.kind = 'fees' THEN p.amount_fen ELSE 0 END) AS early
    FROM ledger_posting p
    JOIN ledger_transfer t ON t.id = p.transfer_id AND t.kind = 'payment'
    JOIN ledger_account d ON d.id = p.debit_id
    JOIN ledger_account c ON c.id = p.credit_id
    GROUP BY p.subject
), figures AS (
    SELECT y.id, y.subject, COALESCE(r.paid_fen, 0) AS paid,
        CAST(COALESCE(payouts.paid, 0) AS bigint) AS own_paid,
        CAST(COALESCE(fees.service, 0) AS bigint) AS service,
        CAST(COALESCE(payouts.service, 0) AS bigint) AS own_service,
        CAST(COALESCE(fees.early, 0) AS bigint) AS early,
        CAST(COALESCE(payouts.early, 0) AS bigint) AS own_early
    FROM finance_payable y
    LEFT JOIN finance_securedreceivable r ON r.payable_id = y.id
    LEFT JOIN payouts ON payouts.receivable_id = r.id
    LEFT JOIN fees ON fees.subject = y.subject
)
SELECT subject, paid, own_paid, service, own_service, early, own_early FROM figures
WHERE paid <> own_paid OR service <> own_service OR early <> own_early ORDER BY id
"""

# What was repaid is all passed on: to the financier for orders, the rest on the buyer's balance.
_REPAYMENTS = """
SELECT y.subject, y.settled_fen, y.released_fen,
    y.settled_fen - r.left_fen, CAST(COALESCE(laid.fen, 0) AS bigint)
FROM finance_securedrepayment r
JOIN finance_payable y ON y.id = r.payable_id
LEFT JOIN (
    SELECT repayment_id, SUM(amount_fen) AS fen FROM finance_securedallocation GROUP BY repayment_id
) AS laid ON laid.repayment_id = r.id
WHERE y.settled_fen <> y.released_fen OR y.settled_fen - r.left_fen <> COALESCE(laid.fen, 0)
ORDER BY y.id
"""

_REPAID = """
SELECT y.subject, r.repaid_fen, CAST(COALESCE(laid.fen, 0) AS bigint)
FROM finance_securedreceivable r
JOIN finance_payable y ON y.id = r.payable_id
LEFT JOIN (
    SELECT receivable_id, SUM(amount_fen) AS fen
    FROM finance_securedallocation GROUP BY receivable_id
) AS laid ON laid.receivable_id = r.id
WHERE r.repaid_fen <> COALESCE(laid.fen, 0) ORDER BY y.id
"""

_PROOFS = (
    (_SUBJECTS, ("owed_fen", "claim_fen", "outlay of the financier")),
    (_PAYMENTS, ("claim_fen", "paid_fen", "clawed_fen")),
    (_ACCOUNTS, ("account.used_fen",)),
    (_STRANGERS, ("receivable of another pair",)),
    (_PAYOUTS, ("sum(payout.amount_fen)", "service fees", "early fees")),
    (_REPAYMENTS, ("payable.released_fen", "sum(allocation.amount_fen) of a repayment")),
    (_REPAID, ("sum(allocation.amount_fen) of a receivable",)),
)


def secured_agrees() -> Iterator[Discrepancy]:
    """Every figure of a claim, a debt, a payout or a repayment that differs; a statement a proof."""
    for sql, names in _PROOFS:
        with connection.cursor() as cursor:
            cursor.execute(sql)
            rows = cursor.fetchall()
        for subject, *figures in rows:
            for at, what in enumerate(names):
                expected, found = figures[2 * at], figures[2 * at + 1]
                if expected != found:
                    yield Discrepancy("secured", subject, what, Money(expected), Money(found))
