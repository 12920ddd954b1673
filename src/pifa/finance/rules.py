"""How a refund is taken together and sent back, and what a payment that arrives is good for.

Pure functions over fen; the ledger's `rules` make the postings.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from pifa.kernel.money import Money


class Verdict(StrEnum):
    """What was made of a notice."""

    SETTLED = "settled"
    RETURNED = "returned"
    FAILED = "failed"
    REPEATED = "repeated"
    BAD_SIGNATURE = "bad_signature"
    MALFORMED = "malformed"
    UNKNOWN_PAYMENT = "unknown_payment"
    WRONG_AMOUNT = "wrong_amount"

    @property
    def refused(self) -> bool:
        """The sender is not whom it claims to be, or makes no sense: it gets an error."""
        return self in (Verdict.BAD_SIGNATURE, Verdict.MALFORMED)

    @property
    def flagged(self) -> bool:
        """Genuine, and yet nothing was posted: an operator has to look."""
        return self in (Verdict.UNKNOWN_PAYMENT, Verdict.WRONG_AMOUNT, Verdict.MALFORMED)


class Unwanted(StrEnum):
    """Why a payment that arrived is sent back."""

    PAID_ALREADY = "paid_already"
    CLOSED = "closed"
    AMOUNT_CHANGED = "amount_changed"


@dataclass(frozen=True, slots=True)
class RefundSources:
    """Whence a refund is taken; `missing` is what the payee cannot cover."""

    escrow: Money
    balance: Money
    deposit: Money
    missing: Money


@dataclass(frozen=True, slots=True)
class PaidPart:
    """A successful payment with what of it can still go back."""

    payment_id: int
    left: Money


def unwanted(
    *, payable_open: bool, stage_settled: bool, stage_amount: Money, amount: Money
) -> Unwanted | None:
    """Why money that arrived settles nothing; None if it settles its stage."""
    if stage_settled:
        return Unwanted.PAID_ALREADY
    if not payable_open:
        return Unwanted.CLOSED
    if stage_amount != amount:
        return Unwanted.AMOUNT_CHANGED
    return None


def refund_sources(amount: Money, held: Money, balance: Money, deposit: Money) -> RefundSources:
    """What is still held goes first, then the payee's balance, then its deposit."""
    escrow = min(amount, held)
    rest = amount - escrow
    from_balance = min(rest, balance)
    rest = rest - from_balance
    from_deposit = min(rest, deposit)
    return RefundSources(escrow, from_balance, from_deposit, rest - from_deposit)


def newest_first(amount: Money, payments: Sequence[PaidPart]) -> list[tuple[int, Money]]:
    """Spread a refund over payments given newest first: (payment id, amount above zero).

    `ValueError` if the payments have less left than the amount.
    """
    shares, rest = [], amount
    for payment in payments:
        share = min(rest, payment.left)
        if share:
            shares.append((payment.payment_id, share))
        rest = rest - share
    if rest:
        raise ValueError(f"{rest} more to refund than was paid")
    return shares
