"""Repaying a loan of one's own will: what is due, a part early, or all of it."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from pifa.finance import policies
from pifa.finance.loans import costs, early
from pifa.finance.loans.commands.collecting import (
    Sums,
    What,
    book_payment,
    collect_due,
    instalments,
    settle_state,
    take,
)
from pifa.finance.loans.commands.locking import lock_loan, terms_of
from pifa.finance.loans.errors import LoanOverdueFirst
from pifa.finance.loans.models import Loan, LoanEarly, LoanInstalment
from pifa.finance.loans.states import loan_after
from pifa.finance.partner_bank import registry
from pifa.finance.partner_bank.commands.passwords import account_for, spend
from pifa.finance.partner_bank.errors import NotEnough
from pifa.kernel import clock
from pifa.kernel.actors import Actor
from pifa.kernel.errors import InvalidInput, WrongState
from pifa.kernel.money import Money


def repay_due(actor: Actor, number: str) -> Money:
    """Take now what is due or overdue, as far as the account has it; returns what is still open.

    Owner or finance role. No password: the bank may take it anyway. `WrongState` if nothing is due.
    """
    company_id = policies.handles_money(actor)
    with transaction.atomic():
        line, loan = lock_loan(number, company_id)
        if not costs.due_rows(instalments(loan), clock.today()):
            raise WrongState(state=loan.get_state_display(), verb=_("归还到期款"))
        left = collect_due(actor, line, loan)
    return Money(sum(row.open_fen for row in left))


def repay_part(actor: Actor, number: str, amount: Money, authorisation: str) -> None:
    """Repay a part of the principal early; the coming instalments are worked out anew.

    With the payment password. `LoanOverdueFirst` while something is due, `InvalidInput` for nothing
    or for all that is owed, `NotEnough`.
    """
    company_id = policies.handles_money(actor)
    account = account_for(company_id)
    today = clock.today()
    with transaction.atomic():
        line, loan = lock_loan(number, company_id)
        loan_after(loan.state, "repay_early")
        rows = instalments(loan)
        refuse_due(rows)
        if not 0 < amount.fen < loan.owed_fen:
            words = _("提前还本须大于 0、小于剩余本金 {owed}；要全部还清请选“提前还清”。")
            owed = Money(loan.owed_fen)
            raise InvalidInput(field="amount", reason=words.format(owed=owed))
        spend(actor, account, authorisation)
        coming = costs.coming_rows(rows, today)
        told = costs.part(rows, amount, terms_of(loan), today)
        _keep_early(loan, coming[0], amount)
        for row, new in zip(coming, told, strict=True):
            row.opening_fen, row.principal_fen = new.opening.fen, new.principal.fen
            row.interest_fen = new.interest.fen
            row.save()
        book_payment(actor, line, loan, Sums(principal=amount.fen), What.EARLY)


def repay_whole(actor: Actor, number: str, authorisation: str) -> Money:
    """Repay all of it today, with the interest until today; returns what it cost.

    With the payment password. `NotEnough` moves nothing.
    """
    company_id = policies.handles_money(actor)
    account = account_for(company_id)
    today = clock.today()
    with transaction.atomic():
        line, loan = lock_loan(number, company_id)
        loan_after(loan.state, "repay")
        there = registry.get(account.bank).hold(account.number)
        spend(actor, account, authorisation)
        if collect_due(actor, line, loan):
            raise NotEnough(
                balance=there, needed=Money(loan.owed_fen), missing=Money(loan.owed_fen) - there
            )
        coming = costs.coming_rows(instalments(loan), today)
        if coming:
            before = registry.get(account.bank).hold(account.number)
            sums = _end(loan, coming)
            needed = Money(sums.interest + sums.principal)
            if before < needed:
                raise NotEnough(balance=before, needed=needed, missing=needed - before)
            book_payment(actor, line, loan, sums, What.WHOLE)
            settle_state(loan)
        after = registry.get(account.bank).balance(account.number)
    return there - after


def refuse_due(rows: list[LoanInstalment]) -> None:
    """`LoanOverdueFirst` while something is due or overdue."""
    due = costs.due_rows(rows, clock.today())
    if due:
        raise LoanOverdueFirst(due=Money(sum(row.open_fen for row in due)))


def _end(loan: Loan, coming: list[LoanInstalment]) -> Sums:
    """The coming instalments end today: the running one with its interest so far, the rest empty."""
    today, sums, first = clock.today(), Sums(), coming[0]
    rest = first.opening_fen - first.early_fen
    first.interest_fen = costs.accrued(first, terms_of(loan), today).fen
    first.principal_fen = 0
    _keep_early(loan, first, Money(rest))
    take(loan, first, first.interest_fen, sums)
    for row in coming[1:]:
        row.opening_fen = row.principal_fen = row.interest_fen = 0
        row.settled_on = today
        row.save()
    sums.principal += rest
    return sums


def _keep_early(loan: Loan, row: LoanInstalment, amount: Money) -> None:
    today = clock.today()
    gone = early.days_gone(terms_of(loan).basis, row.since, row.due_on, today)
    LoanEarly.objects.create(instalment=row, on=today, days_gone=gone, amount_fen=amount.fen)
    row.early_fen += amount.fen
