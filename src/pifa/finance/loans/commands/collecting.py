"""Taking what is due of a loan from the company's account: by itself, and late."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from django.db import transaction

from pifa.finance.loans import book, early
from pifa.finance.loans.commands.coupons import end_with, usable_coupon, use
from pifa.finance.loans.commands.locking import SUBJECT, lock_loan
from pifa.finance.loans.commands.planning import plan_late, plan_next, plan_nothing
from pifa.finance.loans.costs import due_rows
from pifa.finance.loans.events import (
    LoanCollected,
    LoanDefaulted,
    LoanDueSoon,
    LoanOverdue,
    LoanRepaid,
    LoanShort,
)
from pifa.finance.loans.models import Loan, LoanInstalment, LoanLine, LoanPayment
from pifa.finance.loans.states import loan_after
from pifa.finance.partner_bank import registry
from pifa.finance.partner_bank.commands.passwords import account_for
from pifa.finance.partner_bank.protocol import Collected
from pifa.kernel import audit, clock
from pifa.kernel.actors import SYSTEM, Actor
from pifa.kernel.events import emit
from pifa.kernel.money import Money

_S = Loan.State
What = LoanPayment.What


@dataclass(slots=True)
class Sums:
    """What is taken at once, in fen."""

    penalty: int = 0
    interest: int = 0
    principal: int = 0
    coupon: int = 0

    @property
    def any(self) -> bool:
        return bool(self.penalty or self.interest or self.principal or self.coupon)


def instalments(loan: Loan) -> list[LoanInstalment]:
    """Every instalment in order; under the loan's lock."""
    return list(loan.instalments.order_by("number"))


def remind(subject: str) -> None:
    """An instalment is taken soon."""
    with transaction.atomic():
        _line, loan = lock_loan(subject.removeprefix(SUBJECT))
        row = loan.instalments.filter(settled_on=None).order_by("number").first()
        if row is None or row.due_on < clock.today():
            return
        emit(LoanDueSoon(**_ids(loan), **_about(row)))


def debit(subject: str) -> None:
    """The due day's hour: take what is there; what is missing is overdue when the day is over."""
    with transaction.atomic():
        line, loan = lock_loan(subject.removeprefix(SUBJECT))
        left = collect_due(SYSTEM, line, loan)
        if left:
            emit(LoanShort(**_ids(loan), **_about(left[0])))
            plan_late(loan)
        if loan.state != _S.REPAID:
            plan_next(loan)


def late(subject: str) -> None:
    """A day is over and something was not paid: count the day, try again, tell, look again."""
    with transaction.atomic():
        line, loan = lock_loan(subject.removeprefix(SUBJECT))
        left = collect_due(SYSTEM, line, loan)
        overdue = [row for row in left if row.due_on < clock.today()]
        if not overdue:
            return
        _fall(loan, overdue)
        plan_late(loan)


def collect_due(actor: Actor, line: LoanLine, loan: Loan) -> list[LoanInstalment]:
    """Take what is due from what is on the account, lateness first, the oldest first.

    On the locked line and loan. Returns what is still open.
    """
    today = clock.today()
    rows = due_rows(instalments(loan), today)
    if not rows:
        return []
    _count_lateness(loan, rows, today)
    account = account_for(loan.company_id)
    there = registry.get(account.bank).hold(account.number)
    sums, left = Sums(), there.fen
    for row in rows:
        left -= take(loan, row, left, sums)
    was_late = any(row.due_on < today for row in rows)
    if sums.any:
        book_payment(actor, line, loan, sums, What.LATE if was_late else What.DUE)
    settle_state(loan)
    return [row for row in rows if row.settled_on is None]


def take(loan: Loan, row: LoanInstalment, left: int, sums: Sums) -> int:
    """Pay an instalment from so many fen as far as they reach; how many it took."""
    coupon = usable_coupon(loan, row.number)
    if coupon is not None and row.open_interest_fen:
        part = use(coupon, row.open_interest_fen)
        row.coupon_fen += part
        sums.coupon += part
    spent = 0
    for name in ("penalty", "interest", "principal"):
        part = min(getattr(row, f"open_{name}_fen"), left - spent)
        setattr(row, f"paid_{name}_fen", getattr(row, f"paid_{name}_fen") + part)
        setattr(sums, name, getattr(sums, name) + part)
        spent += part
    if not row.open_fen:
        row.settled_on = clock.today()
    row.save()
    return spent


def book_payment(actor: Actor, line: LoanLine, loan: Loan, sums: Sums, what: What) -> None:
    """Let the bank take what was worked out, and keep it; `NotEnough` moves nothing."""
    key = f"{loan.number}:{loan.payments.count() + 1}"
    account = account_for(loan.company_id)
    parts = Collected(
        penalty=Money(sums.penalty),
        interest=Money(sums.interest),
        principal=Money(sums.principal),
        coupon=Money(sums.coupon),
    )
    registry.get(account.bank).collect(account.number, loan.number, parts, key)
    LoanPayment.objects.create(
        loan=loan,
        key=key,
        what=what,
        penalty_fen=sums.penalty,
        interest_fen=sums.interest,
        principal_fen=sums.principal,
        coupon_fen=sums.coupon,
        at=clock.now(),
    )
    loan_after(loan.state, "collect")
    loan.owed_fen -= sums.principal
    loan.save(update_fields=["owed_fen"])
    line.used_fen -= sums.principal
    line.over_fen = max(0, line.used_fen - line.limit_fen)
    line.save(update_fields=["used_fen", "over_fen"])
    amount = parts.from_account.fen
    audit.record(actor, "loan.collect", SUBJECT + loan.number, amount_fen=amount, what=str(what))
    emit(LoanCollected(**_ids(loan), amount_fen=amount, owed_fen=loan.owed_fen))


def settle_state(loan: Loan) -> None:
    """The state after something was paid."""
    rows = instalments(loan)
    if all(row.settled_on for row in rows):
        loan.state = loan_after(loan.state, "repay")
        loan.ended_at = clock.now()
        loan.save(update_fields=["state", "ended_at"])
        plan_nothing(loan)
        end_with(loan)
        emit(LoanRepaid(**_ids(loan)))
        return
    today = clock.today()
    late_ones = [row for row in rows if row.settled_on is None and row.due_on < today]
    if not late_ones and loan.state in (_S.OVERDUE, _S.DEFAULTED):
        loan.state = loan_after(loan.state, "recover")
        loan.save(update_fields=["state"])


def _count_lateness(loan: Loan, rows: Sequence[LoanInstalment], today: date) -> None:
    daily, factor = Fraction(loan.daily_rate), Fraction(loan.penalty_factor)
    for row in rows:
        if row.penalty_until >= today:
            continue
        owed = Money(row.open_interest_fen + row.open_principal_fen)
        row.penalty_fen += early.penalty(owed, daily, factor, row.penalty_until, today).fen
        row.penalty_until = today
        row.save(update_fields=["penalty_fen", "penalty_until"])


def _fall(loan: Loan, overdue: Sequence[LoanInstalment]) -> None:
    today = clock.today()
    terms = book.terms_on(today)
    days = (today - overdue[0].due_on).days
    due = sum(row.open_fen for row in overdue)
    if loan.state == _S.RUNNING:
        loan.state = loan_after(loan.state, "fall_overdue")
        audit.record(SYSTEM, "loan.overdue", SUBJECT + loan.number, amount_fen=due)
    if loan.state == _S.OVERDUE and days >= terms.default_days:
        loan.state = loan_after(loan.state, "default")
        audit.record(SYSTEM, "loan.default", SUBJECT + loan.number, amount_fen=due)
        emit(LoanDefaulted(**_ids(loan), days=days, due_fen=due))
    elif days in terms.reminder_days:
        penalty = sum(row.open_penalty_fen for row in overdue)
        emit(LoanOverdue(**_ids(loan), days=days, due_fen=due, penalty_fen=penalty))
    loan.save(update_fields=["state"])


def _ids(loan: Loan) -> dict[str, Any]:
    return {"company_id": loan.company_id, "number": loan.number}


def _about(row: LoanInstalment) -> dict[str, Any]:
    return {"instalment": row.number, "day": row.due_on.isoformat(), "due_fen": row.open_fen}
