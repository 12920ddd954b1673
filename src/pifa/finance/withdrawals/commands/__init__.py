"""The only writers of payee accounts and withdrawals.

Locks: the withdrawal, then the company's day, then the ledger's accounts (`docs/locking.md`).
"""

from __future__ import annotations

from pifa.finance.withdrawals.commands.asking import (
    Withdrawn,
    approve_withdrawal,
    cancel_withdrawal,
    refuse_withdrawal,
    withdraw,
)
from pifa.finance.withdrawals.commands.outcomes import ask_bank, receive_payout
from pifa.finance.withdrawals.commands.payees import (
    add_bank_account,
    add_payee,
    remove_payee,
)

__all__ = [
    "Withdrawn",
    "add_bank_account",
    "add_payee",
    "approve_withdrawal",
    "ask_bank",
    "cancel_withdrawal",
    "receive_payout",
    "refuse_withdrawal",
    "remove_payee",
    "withdraw",
]
