"""How a line stands at present, and the refusals that follow from it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from django.conf import settings
from django.db.models import Min, Sum

from pifa.finance.methods.trade_credit import rules
from pifa.finance.methods.trade_credit.errors import (
    CreditExceeded,
    CreditFrozen,
    CreditOverdue,
    CreditOverLimit,
)
from pifa.finance.methods.trade_credit.models import CreditItem, CreditLine
from pifa.kernel import clock
from pifa.kernel.errors import DomainError, NotFound
from pifa.kernel.money import ZERO, Money

CODE = "trade_credit"
"""The method's code, as it stands on payments."""


def ladder() -> rules.Ladder:
    """What the market does about a due day (`settings.MARKET`, `MARKET_CREDIT_REMINDERS`)."""
    market = settings.MARKET
    return rules.Ladder(
        remind_before=market["credit_remind_before_days"],
        freeze_after=market["credit_freeze_after_days"],
        remind_after=settings.MARKET_CREDIT_REMINDERS,
        stop=market["credit_overdue_counted_days"],
    )


def lock_line(line_id: int) -> CreditLine:
    """The line, locked: after the order and the payable, before the ledger's accounts."""
    line = CreditLine.objects.select_for_update(no_key=True).filter(pk=line_id).first()
    if line is None:
        raise NotFound
    return line


def overdue_of(line_ids: Iterable[int]) -> dict[int, tuple[Money, date]]:
    """Of lines that are late so long that they are frozen: how much, and since which due day."""
    last = clock.today() - timedelta(days=ladder().freeze_after)
    late = CreditItem.objects.filter(line__in=list(line_ids), open_fen__gt=0, due_on__lte=last)
    rows = late.values("line").annotate(fen=Sum("open_fen"), since=Min("due_on"))
    return {
        line_id: (Money(fen), since)
        for line_id, fen, since in rows.values_list("line", "fen", "since")
    }


def refusal(line: CreditLine, amount: Money) -> DomainError | None:
    """Why an order of this amount may not be promised on the line now; None if it may."""
    late = overdue_of([line.pk]).get(line.pk)
    return _error(line, late, amount)


def refusals(wanted: Iterable[tuple[CreditLine, Money]]) -> dict[int, DomainError]:
    """The same of several lines, by seller; one statement for any number."""
    asked = list(wanted)
    late = overdue_of([line.pk for line, _amount in asked])
    found = {line.seller_id: _error(line, late.get(line.pk), amount) for line, amount in asked}
    return {seller_id: error for seller_id, error in found.items() if error is not None}


def shipment_refusals(subjects: Iterable[str]) -> dict[str, DomainError]:
    """Of orders (by their subject) that are promised and not paid: those that may not be shipped,
    with why. Two statements for any number."""
    items = CreditItem.objects.filter(payable__subject__in=list(subjects), open_fen__gt=0)
    lines: dict[str, CreditLine] = {
        item.payable.subject: item.line for item in items.select_related("line", "payable")
    }
    if not lines:
        return {}
    late = overdue_of({line.pk for line in lines.values()})
    found = {subject: _error(line, late.get(line.pk), ZERO) for subject, line in lines.items()}
    return {subject: error for subject, error in found.items() if error is not None}


def figures(line: CreditLine, late: tuple[Money, date] | None) -> rules.Standing:
    """The figures of a line in the words of the rules."""
    return rules.Standing(
        limit=Money(line.limit_fen),
        used=Money(line.used_fen),
        frozen=line.frozen_at is not None,
        overdue=late[0] if late else ZERO,
    )


def _error(line: CreditLine, late: tuple[Money, date] | None, amount: Money) -> DomainError | None:
    standing = figures(line, late)
    match rules.refusal(standing, amount):
        case rules.Refusal.OVERDUE:
            assert late is not None
            overdue, since = late
            days = rules.days_overdue(since, clock.today())
            return CreditOverdue(overdue=overdue, since=since, days=days)
        case rules.Refusal.FROZEN:
            return CreditFrozen(reason=line.frozen_reason, used=standing.used)
        case rules.Refusal.LIMIT if not amount:
            over = standing.used - standing.limit
            return CreditExceeded(limit=standing.limit, used=standing.used, over=over)
        case rules.Refusal.LIMIT:
            return CreditOverLimit(
                limit=standing.limit,
                used=standing.used,
                free=standing.free,
                needed=amount,
            )
        case None:
            return None
