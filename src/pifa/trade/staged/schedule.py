"""How a total becomes the stages of a payable; quotes and the checkout use this one function."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings

from pifa.catalog.rules import StagedPlan
from pifa.finance.commands import NewStage
from pifa.kernel.money import Money

DEPOSIT, BALANCE = PURPOSES = ("deposit", "balance")


def pay_by(placed_at: datetime) -> datetime:
    """Until when what an order asks for first is to be paid."""
    return placed_at + timedelta(hours=settings.MARKET["payment_hours"])


def schedule(total: Money, plan: StagedPlan | None, moment: datetime) -> tuple[NewStage, ...]:
    """The stages of a total by a plan, from the moment of ordering; they add up to the total.

    The deposit is due as any payment is (`payment_hours`), the balance some days after the
    latest day of production. Without a plan, or where the deposit would leave nothing for the
    balance: no stages, so that all is paid at once.
    """
    deposit = plan.deposit_of(total.fen) if plan else None
    if plan is None or deposit is None:
        return ()
    deposit_by = pay_by(moment)
    balance_by = deposit_by + timedelta(days=plan.production_days + plan.balance_days)
    return (
        NewStage(DEPOSIT, deposit, deposit_by),
        NewStage(BALANCE, total.fen - deposit, balance_by),
    )
