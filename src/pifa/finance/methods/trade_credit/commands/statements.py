"""A period of a monthly line closes: its statement says what is to be paid."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.db.models import Min, Sum

from pifa.finance.methods.trade_credit import standing
from pifa.finance.methods.trade_credit.events import CreditStatementClosed
from pifa.finance.methods.trade_credit.models import CreditItem, CreditLine, CreditStatement
from pifa.finance.methods.trade_credit.rules import Period
from pifa.kernel import audit, clock, deadlines
from pifa.kernel.actors import SYSTEM
from pifa.kernel.events import emit
from pifa.kernel.ids import public_number

DEADLINE = "credit.statement"
"""A period ends; the deadline's subject is `credit:<line>:<first day>:<settlement day>`."""


def expect(line: CreditLine, period: Period) -> None:
    """Something of a period was received on the locked line: it will have a statement."""
    subject = f"credit:{line.pk}:{period.start}:{period.end}"
    deadlines.set_deadline(DEADLINE, subject, clock.start_of_day(period.end))


def close(subject: str) -> None:
    """The period of a deadline's subject is over; once."""
    _credit, line_id, start, end = subject.split(":")
    with transaction.atomic():
        line = standing.lock_line(int(line_id))
        _close(line, date.fromisoformat(start), date.fromisoformat(end))


def _close(line: CreditLine, start: date, due_on: date) -> None:
    rows = CreditItem.objects.filter(line=line, period_start=start, due_on=due_on, statement=None)
    if not rows.exists():
        return
    amount_fen = rows.aggregate(fen=Sum("open_fen"))["fen"] or 0
    statement = CreditStatement.objects.create(
        number=public_number("S"),
        line=line,
        period_start=start,
        period_end=_end(line, start, due_on),
        due_on=due_on,
        amount_fen=amount_fen,
        closed_at=clock.now(),
    )
    rows.update(statement=statement)
    audit.record(
        SYSTEM, "credit.statement", f"credit:{line.pk}", statement=statement.number,
        amount_fen=amount_fen,
    )  # fmt: skip
    emit(
        CreditStatementClosed(
            line_id=line.pk,
            seller_id=line.seller_id,
            buyer_id=line.buyer_id,
            statement=statement.number,
            amount_fen=amount_fen,
            due_on=due_on.isoformat(),
        )
    )


def _end(line: CreditLine, start: date, due_on: date) -> date:
    """Where the period ends: on its settlement day, or where other terms began before that."""
    later = line.changes.filter(terms_since__gt=start, terms_since__lt=due_on)
    return later.aggregate(first=Min("terms_since"))["first"] or due_on
