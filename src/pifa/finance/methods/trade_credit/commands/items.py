"""What is promised on a line: taken from the limit, received, paid or waived.

The caller holds the order and its payable; the line is locked here, before the ledger's accounts.
"""

from __future__ import annotations

from django.db import transaction
from django.db.models import F

from pifa.finance.methods.protocol import Attempt
from pifa.finance.methods.trade_credit import rules, standing
from pifa.finance.methods.trade_credit.commands import changes, lateness, statements
from pifa.finance.methods.trade_credit.errors import NoCreditLine
from pifa.finance.methods.trade_credit.models import CreditChange, CreditItem, CreditLine
from pifa.finance.models import Payable
from pifa.kernel import clock


def reserve(attempt: Attempt) -> None:
    """Take an attempt's amount from the limit. `NoCreditLine`, `CreditFrozen`, `CreditOverdue`,
    `CreditOverLimit` with the figures."""
    due = attempt.due
    rows = CreditLine.objects.select_for_update(no_key=True)
    line = rows.filter(seller=due.payee_id, buyer=due.payer_id).first()
    if line is None:
        raise NoCreditLine
    refused = standing.refusal(line, due.amount)
    if refused is not None:
        raise refused
    line.used_fen += due.amount.fen
    line.save(update_fields=["used_fen"])
    fen = due.amount.fen
    item = CreditItem.objects.filter(payable__number=due.payable_number).first()
    if item is None:
        CreditItem.objects.create(
            line=line,
            payable=Payable.objects.get(number=due.payable_number),
            promised_fen=fen,
            open_fen=fen,
            promised_at=clock.now(),
        )
    else:
        item.promised_fen += fen
        item.open_fen += fen
        item.save(update_fields=["promised_fen", "open_fen"])


def note_received(subject: str) -> None:
    """What was promised for a subject was received: from today's market day on it falls due.

    Once; nothing for a subject without a promise on a line. The caller holds the subject's row.
    """
    with transaction.atomic():
        found = CreditItem.objects.filter(payable__subject=subject, received_at=None)
        line_id = found.values_list("line", flat=True).first()
        if line_id is None:
            return
        line = standing.lock_line(line_id)
        item = found.get()
        moment = clock.now()
        day = clock.market_day(moment)
        due = rules.due_of(changes.terms_on(line, day), day)
        item.received_at = moment
        item.due_on = due.due_on
        item.period_start = due.period.start if due.period else None
        item.save(update_fields=["received_at", "due_on", "period_start"])
        if item.open_fen or item.kept_fen:
            lateness.watch(line, due.due_on)
            if due.period:
                statements.expect(line, due.period)


def lock_for_refund(subject: str) -> None:
    """What was promised for a subject is about to be waived or to go back: lock its line."""
    lines = CreditLine.objects.select_for_update(no_key=True)
    lines.filter(items__payable__subject=subject).first()


def promise_ended(subject: str, amount_fen: int, *, kept: bool) -> None:
    """So much of what was promised for a subject was paid, or is waived: the line has it again."""
    item = CreditItem.objects.get(payable__subject=subject)
    line = standing.lock_line(item.line_id)
    ended = "kept_fen" if kept else "waived_fen"
    CreditItem.objects.filter(pk=item.pk).update(
        **{ended: F(ended) + amount_fen, "open_fen": F("open_fen") - amount_fen}
    )
    line.used_fen -= amount_fen
    line.over_fen = max(0, line.used_fen - line.limit_fen)
    line.save(update_fields=["used_fen", "over_fen"])
    if line.overdue_since and line.pk not in standing.overdue_of([line.pk]):
        line.overdue_since = None
        line.save(update_fields=["overdue_since"])
        changes.note(line, CreditChange.What.REPAID)
