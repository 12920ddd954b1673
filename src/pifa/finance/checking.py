"""The proof that every payable's money equals its postings: part of `pifa ledger check`.

Set-based, a statement for each proof whatever the size of the market; only rows that differ come
back.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from django.db import connection
from django.db.models import Sum

from pifa.finance.models import ProtectionYear
from pifa.kernel import clock
from pifa.kernel.money import Money
from pifa.ledger.models import Posting
from pifa.ledger.rules import Discrepancy, TransferKind

# Each payable beside what its postings, its stages and its payments add up to.
_PAYABLES = """
WITH posted AS (
    SELECT p.subject,
        SUM(CASE WHEN t.kind = 'payment' AND c.kind = 'escrow' THEN p.amount_fen ELSE 0 END)
            AS settled,
        SUM(CASE WHEN t.kind = 'refund' THEN p.amount_fen ELSE 0 END) AS refunded,
        SUM(CASE WHEN d.kind = 'escrow' AND c.kind NOT IN ('gateway', 'fees') AND t.kind <> 'refund'
            THEN p.amount_fen ELSE 0 END) AS released,
        SUM(CASE WHEN c.kind = 'promised' THEN p.amount_fen ELSE 0 END)
            - SUM(CASE WHEN d.kind = 'promised' THEN p.amount_fen ELSE 0 END) AS promised,
        SUM(CASE WHEN t.kind = 'return' AND d.kind = 'gateway' THEN p.amount_fen ELSE 0 END)
            AS came_twice,
        SUM(CASE WHEN t.kind = 'return' AND c.kind = 'gateway' THEN p.amount_fen ELSE 0 END)
            AS went_back
    FROM ledger_posting p
    JOIN ledger_transfer t ON t.id = p.transfer_id
    JOIN ledger_account d ON d.id = p.debit_id
    JOIN ledger_account c ON c.id = p.credit_id
    GROUP BY p.subject
), stages AS (
    SELECT payable_id, SUM(amount_fen) AS asked,
        SUM(CASE WHEN settled_at IS NULL THEN 0 ELSE amount_fen END) AS settled,
        SUM(CASE WHEN settled_at IS NULL AND promised_at IS NOT NULL THEN amount_fen ELSE 0 END)
            AS promised
    FROM finance_payablestage GROUP BY payable_id
), paid AS (
    SELECT payable_id,
        SUM(CASE WHEN state = 'succeeded' THEN amount_fen ELSE 0 END) AS settled,
        SUM(CASE WHEN state = 'succeeded' THEN refunded_fen ELSE 0 END) AS refunded,
        SUM(CASE WHEN state = 'returned' THEN amount_fen ELSE 0 END) AS returned,
        SUM(CASE WHEN state IN ('promised', 'collected') THEN amount_fen ELSE 0 END) AS promised
    FROM finance_payment GROUP BY payable_id
), figures AS (
    SELECT y.id, y.subject, y.amount_fen - y.waived_fen AS asked_fen, y.settled_fen,
        y.refunded_fen, y.released_fen,
        CAST(COALESCE(posted.promised, 0) AS bigint) AS posted_promised,
        CAST(COALESCE(stages.promised, 0) AS bigint) AS stages_promised,
        CAST(COALESCE(paid.promised, 0) AS bigint) AS paid_promised,
        CAST(COALESCE(posted.settled, 0) AS bigint) AS posted_settled,
        CAST(COALESCE(posted.refunded, 0) AS bigint) AS posted_refunded,
        CAST(COALESCE(posted.released, 0) AS bigint) AS posted_released,
        CAST(COALESCE(posted.came_twice, 0) AS bigint) AS came_twice,
        CAST(COALESCE(posted.went_back, 0) AS bigint) AS went_back,
        CAST(COALESCE(stages.asked, 0) AS bigint) AS stages_asked,
        CAST(COALESCE(stages.settled, 0) AS bigint) AS stages_settled,
        CAST(COALESCE(paid.settled, 0) AS bigint) AS paid_settled,
        CAST(COALESCE(paid.refunded, 0) AS bigint) AS paid_refunded,
        CAST(COALESCE(paid.returned, 0) AS bigint) AS paid_returned
    FROM finance_payable y
    LEFT JOIN posted ON posted.subject = y.subject
    LEFT JOIN stages ON stages.payable_id = y.id
    LEFT JOIN paid ON paid.payable_id = y.id
)
SELECT subject, posted_settled, settled_fen, posted_refunded, refunded_fen,
    posted_released, released_fen, asked_fen, stages_asked, settled_fen, stages_settled,
    settled_fen, paid_settled, refunded_fen, paid_refunded,
    paid_returned, came_twice, paid_returned, went_back,
    posted_promised, stages_promised, posted_promised, paid_promised
FROM figures
WHERE posted_settled <> settled_fen OR posted_refunded <> refunded_fen
    OR posted_released <> released_fen OR asked_fen <> stages_asked
    OR posted_promised <> stages_promised OR posted_promised <> paid_promised
    OR settled_fen <> stages_settled OR settled_fen <> paid_settled
    OR refunded_fen <> paid_refunded OR paid_returned <> came_twice OR paid_returned <> went_back
ORDER BY id
"""

# The pairs of `_PAYABLES` in order: the proof's name and the figure that should equal the first.
_PAIRS = (
    ("payable", "payable.settled_fen"),
    ("payable", "payable.refunded_fen"),
    ("payable", "payable.released_fen"),
    ("schedule", "sum(stage.amount_fen)"),
    ("schedule", "sum(settled stage.amount_fen)"),
    ("schedule", "sum(payment.amount_fen)"),
    ("schedule", "sum(payment.refunded_fen)"),
    ("returned", "postings of returned payments"),
    ("returned", "postings that sent them back"),
    ("promise", "sum(promised stage.amount_fen)"),
    ("promise", "sum(promised payment.amount_fen)"),
)

_PAYMENTS = """
SELECT 'payment:' || m.number, CAST(COALESCE(sent.fen, 0) AS bigint), m.refunded_fen
FROM finance_payment m
LEFT JOIN (
    SELECT payment_id, SUM(amount_fen) AS fen FROM finance_paymentrefund GROUP BY payment_id
) AS sent ON sent.payment_id = m.id
WHERE m.refunded_fen <> COALESCE(sent.fen, 0) ORDER BY m.id
"""

# Every subject in escrow has a hold (the ledger proves that), so holds name them all.
_UNKNOWN = """
SELECT h.subject, 0, h.held_fen FROM ledger_hold h
LEFT JOIN finance_payable y ON y.subject = h.subject
WHERE y.id IS NULL ORDER BY h.subject
"""

_DEPOSITS = """
SELECT 'company:' || a.owner_id, 0, a.balance_fen
FROM ledger_account a JOIN finance_protectiondeposit d ON d.company_id = a.owner_id
WHERE a.kind = 'deposit' AND a.balance_fen > 0 AND d.left_at IS NOT NULL ORDER BY a.owner_id
"""

# What is paid by a collection code is the company's at once, and nobody known paid it.
_COLLECTIONS = """
SELECT y.subject, y.settled_fen, y.released_fen FROM finance_payable y
WHERE y.subject LIKE 'collection:%' AND y.settled_fen <> y.released_fen ORDER BY y.id
"""

_COLLECTED_UNKNOWN = """
SELECT y.subject, 0, y.amount_fen FROM finance_payable y
LEFT JOIN finance_collection n ON n.payable_id = y.id
LEFT JOIN finance_collectioncode k ON k.id = n.code_id
WHERE y.subject LIKE 'collection:%'
    AND (n.id IS NULL OR y.subject <> 'collection:' || n.number OR k.company_id <> y.payee_id)
ORDER BY y.id
"""

_ROWS = (
    ("payment", "payment.refunded_fen", _PAYMENTS),
    ("no_payable", "escrow of a subject without payable", _UNKNOWN),
    ("deposit", "deposit of a company that left", _DEPOSITS),
    ("collection", "payable.released_fen", _COLLECTIONS),
    ("collection", "payable without its collection", _COLLECTED_UNKNOWN),
)


# What payees had at once, the fees for it and what of them went back, beside the postings; and
# what refunds left the payee owing, which only such a payout can.
_AT_ONCE = """
WITH posted AS (
    SELECT p.subject,
        SUM(CASE WHEN t.kind = 'instant' AND d.kind = 'escrow' THEN p.amount_fen ELSE 0 END)
            AS paid,
        SUM(CASE WHEN t.kind = 'instant' AND c.kind = 'fees' THEN p.amount_fen ELSE 0 END) AS fee,
        SUM(CASE WHEN t.kind = 'fee_return' THEN p.amount_fen ELSE 0 END) AS fee_back,
        SUM(CASE WHEN t.kind = 'refund' AND d.kind = 'clawback' THEN p.amount_fen ELSE 0 END)
            AS lent
    FROM ledger_posting p
    JOIN ledger_transfer t ON t.id = p.transfer_id
    JOIN ledger_account d ON d.id = p.debit_id
    JOIN ledger_account c ON c.id = p.credit_id
    WHERE t.kind IN ('instant', 'fee_return', 'refund')
    GROUP BY p.subject
), figures AS (
    SELECT y.subject, CAST(COALESCE(posted.paid, 0) AS bigint) AS paid,
        COALESCE(i.amount_fen, 0) AS own_paid,
        CAST(COALESCE(posted.fee, 0) AS bigint) AS fee, COALESCE(i.fee_fen, 0) AS own_fee,
        CAST(COALESCE(posted.fee_back, 0) AS bigint) AS fee_back,
        COALESCE(i.fee_returned_fen, 0) AS own_fee_back,
        CAST(CASE WHEN i.id IS NULL THEN 0 ELSE COALESCE(posted.lent, 0) END AS bigint)
            AS may_be_lent,
        CAST(COALESCE(posted.lent, 0) AS bigint) AS lent
    FROM finance_payable y
    LEFT JOIN finance_instantpayout i ON i.payable_id = y.id
    LEFT JOIN posted ON posted.subject = y.subject
)
SELECT subject, paid, own_paid, fee, own_fee, fee_back, own_fee_back, may_be_lent, lent
FROM figures
WHERE paid <> own_paid OR fee <> own_fee OR fee_back <> own_fee_back OR lent <> may_be_lent
ORDER BY subject
"""

_AT_ONCE_PAIRS = (
    ("instant", "instant_payout.amount_fen"),
    ("instant", "instant_payout.fee_fen"),
    ("instant", "instant_payout.fee_returned_fen"),
    ("debt", "debt of a payable that was not paid out at once"),
)

# Income pays debts first: who owes has nothing on its balance.
_UNPAID_DEBTS = """
SELECT 'company:' || owed.owner_id, 0, own.balance_fen
FROM ledger_account owed
JOIN ledger_account own ON own.owner_id = owed.owner_id AND own.kind = 'balance'
WHERE owed.kind = 'clawback' AND owed.balance_fen > 0 AND own.balance_fen > 0
ORDER BY owed.owner_id
"""


def payables_agree() -> Iterator[Discrepancy]:
    """Every figure of a payable, payment or deposit that differs from its postings."""
    yield from _differing(_PAYABLES, _PAIRS)
    for code, what, sql in _ROWS:
        yield from _differing(sql, ((code, what),))


def debts_agree() -> Iterator[Discrepancy]:
    """Every payout at once and every debt that differs from its postings or stands where it must
    not."""
    yield from _differing(_AT_ONCE, _AT_ONCE_PAIRS)
    yield from _differing(_UNPAID_DEBTS, (("debt", "balance of a company that owes"),))


def _differing(sql: str, pairs: Sequence[tuple[str, str]]) -> Iterator[Discrepancy]:
    """Rows of a subject with pairs of figures, the one that should be and the one that is."""
    with connection.cursor() as cursor:
        cursor.execute(sql)
        rows = cursor.fetchall()
    for subject, *figures in rows:
        for at, (code, what) in enumerate(pairs):
            expected, found = figures[2 * at], figures[2 * at + 1]
            if expected != found:
                yield Discrepancy(code, subject, what, Money(expected), Money(found))


def protection_agrees() -> Iterator[Discrepancy]:
    """Every year whose payments for first orders differ from their postings."""
    paid = Posting.objects.filter(transfer__kind=TransferKind.PROTECTION)
    rest = paid.aggregate(fen=Sum("amount_fen"))["fen"] or 0
    for year in ProtectionYear.objects.order_by("year"):
        begins, ends = (clock.start_of_day(date(year.year + more, 1, 1)) for more in (0, 1))
        fen = paid.filter(at__gte=begins, at__lt=ends).aggregate(fen=Sum("amount_fen"))["fen"] or 0
        rest -= fen
        if fen != year.paid_fen:
            subject = f"protection:{year.year}"
            yield Discrepancy(
                "protection", subject, "protection_year.paid_fen", Money(fen), Money(year.paid_fen)
            )
    if rest:
        what = "payments of years that have no row"
        yield Discrepancy("protection", "protection", what, Money(0), Money(rest))
