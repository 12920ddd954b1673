"""The ladder of a due day: reminded before it, counted and reminded after it, the line frozen."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction
from django.db.models import Sum

from pifa.finance.methods.trade_credit import standing
from pifa.finance.methods.trade_credit.commands import changes
from pifa.finance.methods.trade_credit.events import (
    CreditDueSoon,
    CreditOverdueDay,
    CreditRepaidInTime,
)
from pifa.finance.methods.trade_credit.models import CreditChange, CreditItem, CreditLine
from pifa.kernel import clock, deadlines
from pifa.kernel.events import emit

DEADLINE = "credit.ladder"
"""Something is to be done about a due day; the deadline's subject is `credit:<line>:<day>`."""


def watch(line: CreditLine, due_on: date) -> None:
    """Something falls due on a day, on the locked line: climb the ladder of the day from here."""
    _set_next(line, due_on, (clock.today() - due_on).days)


def step(subject: str) -> None:
    """Do what the day asks for a due day, and wait for the next."""
    _credit, line_id, text = subject.split(":")
    due_on = date.fromisoformat(text)
    with transaction.atomic():
        line = standing.lock_line(int(line_id))
        _step(line, due_on)


def _step(line: CreditLine, due_on: date) -> None:
    today = clock.today()
    days = (today - due_on).days
    rows = CreditItem.objects.filter(line=line, due_on=due_on)
    sums = rows.aggregate(open=Sum("open_fen"), kept=Sum("kept_fen"))
    open_fen, kept_fen = sums["open"] or 0, sums["kept"] or 0
    ids = {"line_id": line.pk, "seller_id": line.seller_id, "buyer_id": line.buyer_id}
    day = due_on.isoformat()
    if days >= 1 and not open_fen:
        if days == 1 and kept_fen:
            emit(CreditRepaidInTime(due_on=day, **ids))
        return
    reminds = standing.ladder().reminds(days)
    if days < 1 and open_fen:
        emit(CreditDueSoon(due_on=day, amount_fen=open_fen, **ids))
    elif days >= 1:
        emit(
            CreditOverdueDay(
                due_on=day,
                day=today.isoformat(),
                days=days,
                amount_fen=open_fen,
                remind=reminds,
                **ids,
            )
        )
        _freeze(line, due_on, days)
    _set_next(line, due_on, days)


def _freeze(line: CreditLine, due_on: date, days: int) -> None:
    if days >= standing.ladder().freeze_after and line.overdue_since is None:
        line.overdue_since = due_on
        line.save(update_fields=["overdue_since"])
        changes.note(line, CreditChange.What.OVERDUE)


def _set_next(line: CreditLine, due_on: date, days: int) -> None:
    following = standing.ladder().next_step(days)
    if following is not None:
        moment = clock.start_of_day(due_on + timedelta(days=following))
        deadlines.set_deadline(DEADLINE, f"credit:{line.pk}:{due_on}", moment)
