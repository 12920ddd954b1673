"""What a company owes for refunds that it could not cover: later income pays it first."""

from __future__ import annotations

from pifa.finance.events import DebtPaid
from pifa.finance.insurance.bond.claiming import pay_recourse
from pifa.kernel.events import emit
from pifa.kernel.money import ZERO, Money
from pifa.ledger import commands as ledger
from pifa.ledger import queries as books
from pifa.ledger import rules as postings
from pifa.ledger.rules import AccountKind, TransferKind


def pay_debt(company_id: int, income_key: str) -> Money:
    """Pay a company's debts from its balance, as far as it goes; returns how much.

    The market comes first, then the insurer. To be called after every transfer that raises a
    company's balance, in its transaction, with that transfer's key: the balance is locked by it,
    and a debt only arises under that lock.
    """
    owed = books.owed(company_id)
    debt, recourse = owed[AccountKind.CLAWBACK], owed[AccountKind.RECOURSE]
    if not debt and not recourse:
        return ZERO
    balance = books.balance(company_id, AccountKind.BALANCE)
    amount = min(debt, balance)
    if amount:
        legs = postings.debt_paid(f"company:{company_id}", company_id, amount)
        ledger.transfer(f"debt:{income_key}", TransferKind.CLAWBACK, legs)
        emit(DebtPaid(company_id=company_id, amount_fen=amount.fen, left_fen=(debt - amount).fen))
    return amount + pay_recourse(company_id, recourse, balance - amount, income_key)
