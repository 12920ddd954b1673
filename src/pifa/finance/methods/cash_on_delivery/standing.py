"""The method's code, the market's own terms, and the refusals that follow from a seller's."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from django.conf import settings

from pifa.finance.methods.cash_on_delivery import rules
from pifa.finance.methods.cash_on_delivery.errors import (
    CashNotForDeposit,
    CashNotInRegion,
    CashNotOffered,
    CashOverLimit,
)
from pifa.finance.methods.cash_on_delivery.models import CashTerms
from pifa.finance.methods.protocol import Due
from pifa.kernel.errors import DomainError
from pifa.kernel.money import Money

CODE = "cash_on_delivery"
"""The method's code, as it stands on payments."""

ONE_DAY = timedelta(days=1)


def most() -> Money:
    """The most that any seller may let be collected at one door."""
    return Money(settings.MARKET["cash_limit_fen"])


def remit_by(collected_on: date) -> date:
    """The business day by whose end a carrier has to remit what it collected on a day."""
    closed = {date.fromisoformat(day) for day in settings.MARKET_BANK_HOLIDAYS}
    return rules.business_day_after(collected_on, settings.MARKET["cash_remit_days"], closed)


def offers(seller_ids: Iterable[int]) -> Mapping[int, rules.Offer]:
    """The terms of sellers that have some; one statement."""
    rows = CashTerms.objects.filter(seller__in=list(seller_ids))
    return {row.seller_id: _offer(row) for row in rows}


def refusal(offer: rules.Offer | None, due: Due) -> DomainError | None:
    """Why a due may not be collected at the door, with its figures; None if it may."""
    match rules.refusal(offer, due.amount, due.region, due.purpose):
        case None:
            return None
        case rules.Refusal.OFF:
            return CashNotOffered()
        case rules.Refusal.DEPOSIT:
            return CashNotForDeposit()
        case rules.Refusal.REGION:
            return CashNotInRegion(region=due.region)
        case rules.Refusal.LIMIT:
            assert offer is not None
            return CashOverLimit(limit=offer.limit, needed=due.amount)


def _offer(row: CashTerms) -> rules.Offer:
    return rules.Offer(row.on, min(Money(row.limit_fen), most()), frozenset(row.regions))
