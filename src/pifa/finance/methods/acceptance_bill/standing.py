"""The method's code, the market's terms for bills, and whether a buyer may pay by one."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db.models import Sum

from pifa.finance.methods.acceptance_bill import rules
from pifa.finance.methods.acceptance_bill.errors import (
    BillDishonoured,
    BillMaturity,
    BillNotCleared,
)
from pifa.finance.methods.acceptance_bill.models import Bill
from pifa.kernel import clock
from pifa.kernel.errors import DomainError
from pifa.kernel.money import Money

CODE = "acceptance_bill"
"""The method's code, as it stands on payments."""

ONE_DAY = timedelta(days=1)


def last_maturity(issued_on: date) -> date:
    """The last day on which a bill of a day may mature."""
    return rules.last_maturity(issued_on, settings.MARKET["bill_most_months"])


def maturity_refusal(issued_on: date, matures_on: date) -> BillMaturity | None:
    """Why a bill may not mature on a day, with the days on which it may; None if it may."""
    if rules.matures_in_time(issued_on, matures_on, settings.MARKET["bill_most_months"]):
        return None
    return BillMaturity(first=issued_on + ONE_DAY, last=last_maturity(issued_on))


def presented_on(matures_on: date) -> date:
    """The business day on which a bill is presented."""
    closed = {date.fromisoformat(day) for day in settings.MARKET_BANK_HOLIDAYS}
    return rules.presented_on(matures_on, closed)


def answer_by() -> datetime:
    """Until when a seller answers a bill that is offered now, and a bank one that is asked for."""
    return clock.now() + timedelta(days=settings.MARKET["bill_answer_days"])


def owed_of(buyer_id: int) -> Money:
    """What a buyer owes of bills that were dishonoured."""
    rows = Bill.objects.filter(buyer=buyer_id, state=Bill.State.DISHONOURED)
    return Money(int(rows.aggregate(fen=Sum("owed_fen"))["fen"] or 0))


def shipment_refusals(subjects: Iterable[str]) -> dict[str, DomainError]:
    """Of orders (by their subject) those that may not be shipped, for their bill was dishonoured
    and is owed; one statement for any number."""
    rows = Bill.objects.filter(payable__subject__in=list(subjects), state=Bill.State.DISHONOURED)
    found = rows.order_by("pk").values_list("payable__subject", "number", "owed_fen")
    return {
        subject: BillDishonoured(number=number, owed=Money(owed)) for subject, number, owed in found
    }


def refusal(buyer_id: int) -> BillNotCleared | None:
    """Why a buyer may not pay by bill; None if it may."""
    owed = owed_of(buyer_id)
    return BillNotCleared(owed=owed) if owed else None
