"""What a company owes the market for refunds that it could not cover: later income pays it first."""

from __future__ import annotations

from pifa.finance.events import DebtPaid
from pifa.kernel.events import emit
from pifa.kernel.money import ZERO, Money
from pifa.ledger import commands as ledger
from pifa.ledger import queries as books
from pifa.ledger import rules as postings
from pifa.ledger.rules import AccountKind, TransferKind


def pay_debt(company_id: int, income_key: str) -> Money:
    """Pay a company's debt from its balance, as far as it goes; returns how much.

    To be called after every transfer that raises a company's balance, in its transaction, with
    that transfer's key: the balance is locked by it, and a debt only arises under that lock.
    """
    debt = books.balance(company_id, AccountKind.CLAWBACK)
    if not debt:
        return ZERO
    amount = min(debt, books.balance(company_id, AccountKind.BALANCE))
    if not amount:
        return ZERO
    legs = postings.debt_paid(f"company:{company_id}", company_id, amount)
    ledger.transfer(f"debt:{income_key}", TransferKind.CLAWBACK, legs)
    emit(DebtPaid(company_id=company_id, amount_fen=amount.fen, left_fen=(debt - amount).fen))
    return amount
