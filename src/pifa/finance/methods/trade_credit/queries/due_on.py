"""What of a seller's trade credit will be paid on one day, for floors above that plan by it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Sum

from pifa.finance.methods.trade_credit.models import CreditItem, CreditLine
from pifa.finance.methods.trade_credit.rules import due_of


@dataclass(frozen=True, slots=True)
class DueOn:
    """In fen: what is received and due on the day, and what would be, were it received today."""

    received_fen: int
    expected_fen: int

    @property
    def fen(self) -> int:
        return self.received_fen + self.expected_fen


def credit_due_on(seller_id: int, day: date, today: date) -> DueOn:
    """What buyers owe a seller on trade credit with a day as its due day. Two statements."""
    open_items = CreditItem.objects.filter(line__seller=seller_id, open_fen__gt=0)
    received = open_items.filter(due_on=day).aggregate(fen=Sum("open_fen", default=0))["fen"]
    waiting = dict(
        open_items.filter(received_at=None)
        .values("line")
        .annotate(fen=Sum("open_fen"))
        .values_list("line", "fen")
    )
    lines = CreditLine.objects.filter(pk__in=waiting) if waiting else ()
    expected = sum(
        waiting[line.pk] for line in lines if due_of(line.own_terms, today).due_on == day
    )
    return DueOn(received, expected)
