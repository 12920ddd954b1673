"""The proof that what is promised, debited and owed tells what payments and postings do.

What buyers owe and the bank is out of pocket by postings is proved with the other financiers
(`methods.secured.checking`).
"""

from __future__ import annotations

from collections.abc import Iterator

from django.db import connection

from pifa.kernel.money import Money
from pifa.ledger.rules import Discrepancy

# Each item beside the payments of its payable: what is promised, was paid, went back.
_ITEMS = """
WITH paid AS (
    SELECT payable_id,
        CAST(SUM(CASE WHEN state = 'promised' THEN amount_fen ELSE 0 END) AS bigint) AS claim,
        CAST(SUM(CASE WHEN state = 'succeeded' THEN amount_fen ELSE 0 END) AS bigint) AS paid,
        CAST(SUM(refunded_fen) AS bigint) AS back
    FROM finance_payment WHERE method = 'trust_payment' AND state IN ('promised', 'succeeded')
    GROUP BY payable_id
), figures AS (
    SELECT y.id, y.subject,
        COALESCE(paid.claim, 0) AS claim, COALESCE(i.claim_fen, 0) AS own_claim,
        COALESCE(paid.paid, 0) AS paid, COALESCE(i.debited_fen + i.covered_fen, 0) AS own_paid,
        COALESCE(paid.back, 0) AS back, COALESCE(i.forgiven_fen + i.returned_fen, 0) AS own_back
    FROM finance_payable y
    LEFT JOIN finance_trustitem i ON i.payable_id = y.id
    LEFT JOIN paid ON paid.payable_id = y.id
)
SELECT subject, claim, own_claim, paid, own_paid, back, own_back FROM figures
WHERE claim <> own_claim OR paid <> own_paid OR back <> own_back ORDER BY id
"""

_ACCOUNTS = """
SELECT 'company:' || a.buyer_id,
    CAST(COALESCE(SUM(i.claim_fen + i.debt_fen), 0) AS bigint), a.used_fen,
    CAST(COALESCE(SUM(i.debt_fen), 0) AS bigint), a.debt_fen
FROM finance_trustaccount a LEFT JOIN finance_trustitem i ON i.account_id = a.id
GROUP BY a.id, a.buyer_id, a.used_fen, a.debt_fen
HAVING a.used_fen <> COALESCE(SUM(i.claim_fen + i.debt_fen), 0)
    OR a.debt_fen <> COALESCE(SUM(i.debt_fen), 0)
ORDER BY 1
"""

_STRANGERS = """
SELECT y.subject, 0, i.promised_fen
FROM finance_trustitem i
JOIN finance_trustaccount a ON a.id = i.account_id
JOIN finance_trustmandate m ON m.id = i.mandate_id
JOIN finance_payable y ON y.id = i.payable_id
WHERE y.payee_id <> i.seller_id OR y.payer_id <> a.buyer_id OR m.buyer_id <> a.buyer_id
ORDER BY y.id
"""

# What the bank paid under its calls is what items say it debited and covered.
_CALLS = """
WITH calls AS (
    SELECT item_id,
        SUM(CASE WHEN kind = 'debit' THEN amount_fen ELSE 0 END) AS debited,
        SUM(CASE WHEN kind = 'cover' THEN amount_fen ELSE 0 END) AS covered
    FROM finance_trustcall WHERE state = 'paid' GROUP BY item_id
)
SELECT y.subject, CAST(COALESCE(calls.debited, 0) AS bigint), i.debited_fen,
    CAST(COALESCE(calls.covered, 0) AS bigint), i.covered_fen
FROM finance_trustitem i
JOIN finance_payable y ON y.id = i.payable_id
LEFT JOIN calls ON calls.item_id = i.id
WHERE i.debited_fen <> COALESCE(calls.debited, 0) OR i.covered_fen <> COALESCE(calls.covered, 0)
ORDER BY y.id
"""

# What was repaid is all passed on: to the bank for the order, the rest on the buyer's balance.
_REPAYMENTS = """
SELECT y.subject, y.settled_fen, y.released_fen, y.settled_fen, r.paid_fen + r.left_fen
FROM finance_trustrepayment r JOIN finance_payable y ON y.id = r.payable_id
WHERE y.settled_fen <> y.released_fen OR y.settled_fen <> r.paid_fen + r.left_fen ORDER BY y.id
"""

_REPAID = """
SELECT y.subject, i.repaid_fen, CAST(COALESCE(SUM(r.paid_fen), 0) AS bigint)
FROM finance_trustitem i
JOIN finance_payable y ON y.id = i.payable_id
LEFT JOIN finance_trustrepayment r ON r.item_id = i.id
GROUP BY y.id, y.subject, i.id, i.repaid_fen
HAVING i.repaid_fen <> COALESCE(SUM(r.paid_fen), 0) ORDER BY y.id
"""

_PROOFS = (
    (_ITEMS, ("claim_fen", "debited_fen + covered_fen", "forgiven_fen + returned_fen")),
    (_ACCOUNTS, ("account.used_fen", "account.debt_fen")),
    (_STRANGERS, ("item of another pair",)),
    (_CALLS, ("sum(debits)", "sum(covers)")),
    (_REPAYMENTS, ("payable.released_fen", "paid_fen + left_fen of a repayment")),
    (_REPAID, ("sum(repayment.paid_fen) of an item",)),
)


def trust_agrees() -> Iterator[Discrepancy]:
    """Every figure of an item, an account, a call or a repayment that differs; a statement a proof."""
    for sql, names in _PROOFS:
        with connection.cursor() as cursor:
            cursor.execute(sql)
            rows = cursor.fetchall()
        for subject, *figures in rows:
            for at, what in enumerate(names):
                expected, found = figures[2 * at], figures[2 * at + 1]
                if expected != found:
                    yield Discrepancy("trust", subject, what, Money(expected), Money(found))
