"""What of a market day's limit is used; the day's row is locked until the transaction ends."""

from __future__ import annotations

from pifa.finance.withdrawals import rules
from pifa.finance.withdrawals.errors import DailyLimitReached
from pifa.finance.withdrawals.models import Withdrawal, WithdrawalDay
from pifa.kernel import clock
from pifa.kernel.money import Money


def use_day(row: Withdrawal, limit: Money, *, only_look: bool = False) -> None:
    """Take a withdrawal's amount from today's limit (or only see whether it fits).

    `DailyLimitReached` with the figures. Nothing is taken for the partner bank.
    """
    if row.account.at_partner_bank:
        return
    amount, today = Money(row.amount_fen), clock.today()
    WithdrawalDay.objects.get_or_create(company_id=row.company_id, day=today)
    days = WithdrawalDay.objects.select_for_update(no_key=True)
    kept = days.get(company=row.company_id, day=today)
    day = rules.Day(limit, Money(kept.used_fen))
    if rules.missing_of_day(day, amount, at_partner_bank=False):
        raise DailyLimitReached(amount=amount, left=day.left, limit=limit, used=day.used)
    if not only_look:
        kept.used_fen, kept.limit_fen = kept.used_fen + amount.fen, limit.fen
        kept.save(update_fields=["used_fen", "limit_fen"])


def give_day_back(row: Withdrawal) -> None:
    """Money that the bank sent back has used nothing of the day on which it was sent."""
    assert row.sent_day is not None
    days = WithdrawalDay.objects.select_for_update(no_key=True)
    kept = days.get(company=row.company_id, day=row.sent_day)
    kept.used_fen -= row.amount_fen
    kept.save(update_fields=["used_fen"])
