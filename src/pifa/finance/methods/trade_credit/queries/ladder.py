"""Where the due days of a line stand on the ladder of lateness."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Sum

from pifa.finance.methods.trade_credit import rules, standing, words
from pifa.finance.methods.trade_credit.models import CreditItem
from pifa.finance.methods.trade_credit.queries.lines import line_for
from pifa.kernel import clock
from pifa.kernel.actors import Actor
from pifa.kernel.money import Money


@dataclass(frozen=True, slots=True)
class LadderStep:
    """A day on which something is done, and whether it is behind."""

    on: date
    words: str
    done: bool


@dataclass(frozen=True, slots=True)
class DueDay:
    """What is open and due on a day, how many days late, and every step that it takes."""

    due_on: date
    open: Money
    orders: int
    days: int
    steps: tuple[LadderStep, ...]

    @property
    def next_step(self) -> LadderStep | None:
        """What is done next while it is not paid; None after the last."""
        return next((step for step in self.steps if not step.done), None)


def due_days(actor: Actor, line_id: int) -> list[DueDay]:
    """The due days of a line on which something is open, the earliest first."""
    rows = CreditItem.objects.filter(line=line_for(actor, line_id), open_fen__gt=0)
    sums = rows.exclude(due_on=None).values("due_on")
    found = sums.annotate(fen=Sum("open_fen"), orders=Count("pk")).order_by("due_on")
    return [
        _due_day(due_on, Money(fen), orders)
        for due_on, fen, orders in found.values_list("due_on", "fen", "orders")
        if due_on is not None
    ]


def _due_day(due_on: date, fen: Money, orders: int) -> DueDay:
    ladder, today = standing.ladder(), clock.today()
    steps = tuple(
        LadderStep(
            day := due_on + timedelta(days=days), words.ladder_step(ladder, days), day <= today
        )
        for days in ladder.steps()
    )
    return DueDay(due_on, fen, orders, rules.days_overdue(due_on, today), steps)
