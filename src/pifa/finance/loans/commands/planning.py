"""When the market does something about a loan by itself."""

from __future__ import annotations

from datetime import datetime, timedelta

from pifa.finance.loans import book
from pifa.finance.loans.commands.locking import SUBJECT
from pifa.finance.loans.models import Loan
from pifa.kernel import clock, deadlines

LAPSE_DEADLINE = "loan.lapse"
REMIND_DEADLINE = "loan.remind"
DEBIT_DEADLINE = "loan.debit"
LATE_DEADLINE = "loan.late"
COUPON_DEADLINE = "loan.coupon"
COUPON_END_DEADLINE = "loan.coupon_end"

_EVERY = (REMIND_DEADLINE, DEBIT_DEADLINE, LATE_DEADLINE, COUPON_DEADLINE, COUPON_END_DEADLINE)


def plan_next(loan: Loan) -> None:
    """Remind of and take the next instalment that is not due yet; on the locked loan."""
    today = clock.today()
    coming = loan.instalments.filter(settled_on=None, due_on__gt=today).order_by("number")
    first = coming.first()
    if first is None:
        return
    terms = book.terms_on(today)
    subject = SUBJECT + loan.number
    remind = clock.start_of_day(first.due_on - timedelta(days=terms.remind_before_days))
    if remind > clock.now():
        deadlines.set_deadline(REMIND_DEADLINE, subject, remind + timedelta(hours=10))
    debit = clock.start_of_day(first.due_on) + timedelta(hours=terms.debit_hour)
    deadlines.set_deadline(DEBIT_DEADLINE, subject, debit)


def plan_late(loan: Loan) -> None:
    """Look again when the day is over."""
    deadlines.set_deadline(LATE_DEADLINE, SUBJECT + loan.number, _tomorrow())


def plan_nothing(loan: Loan) -> None:
    """The loan is over."""
    deadlines.clear(SUBJECT + loan.number, *_EVERY)


def _tomorrow() -> datetime:
    return clock.start_of_day(clock.today() + timedelta(days=1))
