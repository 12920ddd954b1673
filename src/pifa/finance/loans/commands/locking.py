"""Loans and what they need, under their locks."""

from __future__ import annotations

from fractions import Fraction

from pifa.finance.loans.costs import Terms
from pifa.finance.loans.models import Loan, LoanLine
from pifa.finance.loans.rules import Basis
from pifa.kernel.errors import NotFound

SUBJECT = "loan:"


def lock_line(company_id: int) -> LoanLine:
    """What a company owes of all its loans, locked; made at its first."""
    LoanLine.objects.bulk_create([LoanLine(company_id=company_id)], ignore_conflicts=True)
    return LoanLine.objects.select_for_update(no_key=True).get(company=company_id)


def lock_loan(number: str, company_id: int | None = None) -> tuple[LoanLine, Loan]:
    """A loan with its company's line, both locked; `NotFound` for another company's."""
    found = Loan.objects.filter(number=number)
    if company_id is not None:
        found = found.filter(company=company_id)
    owner = found.values_list("company", flat=True).first()
    if owner is None:
        raise NotFound
    line = lock_line(owner)
    return line, Loan.objects.select_for_update(no_key=True).get(number=number)


def terms_of(loan: Loan) -> Terms:
    """What its figures follow from."""
    return Terms(Fraction(loan.daily_rate), Basis(loan.basis))
