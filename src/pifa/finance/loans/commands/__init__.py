"""The writers of loans. Locks: the company's line, then the loan, then the account at the bank."""

from __future__ import annotations

from pifa.finance.loans.commands.applying import apply_for_loan, check_wish, draw_loan
from pifa.finance.loans.commands.coupons import ask_coupon
from pifa.finance.loans.commands.repaying import repay_due, repay_part, repay_whole

__all__ = [
    "apply_for_loan",
    "ask_coupon",
    "check_wish",
    "draw_loan",
    "repay_due",
    "repay_part",
    "repay_whole",
]
