"""How a refund is taken together and sent back, what a payment that arrives is good for, and
what money that is paid out at once costs.

Pure functions over fen; the ledger's `rules` make the postings.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from enum import StrEnum

from pifa.kernel.money import ZERO, Money


def is_agreed(method: str, ways: Sequence[str]) -> bool:
    """Whether a payable may be paid by a method: none named leaves all of them open."""
    return not ways or method in ways


class Verdict(StrEnum):
    """What was made of a notice."""

    SETTLED = "settled"
    RETURNED = "returned"
    FAILED = "failed"
    NOTED = "noted"
    REPEATED = "repeated"
    BAD_SIGNATURE = "bad_signature"
    MALFORMED = "malformed"
    UNKNOWN_PAYMENT = "unknown_payment"
    WRONG_AMOUNT = "wrong_amount"
    CONTRADICTS = "contradicts"
    WRONG_BILL = "wrong_bill"

    @property
    def refused(self) -> bool:
        """The sender is not whom it claims to be, or makes no sense: it gets an error."""
        return self in (Verdict.BAD_SIGNATURE, Verdict.MALFORMED)

    @property
    def flagged(self) -> bool:
        """Genuine, and yet nothing was posted: an operator has to look."""
        return self in (
            Verdict.UNKNOWN_PAYMENT,
            Verdict.WRONG_AMOUNT,
            Verdict.MALFORMED,
            Verdict.CONTRADICTS,
            Verdict.WRONG_BILL,
        )


class Unwanted(StrEnum):
    """Why a payment that arrived is sent back."""

    PAID_ALREADY = "paid_already"
    CLOSED = "closed"
    AMOUNT_CHANGED = "amount_changed"


@dataclass(frozen=True, slots=True)
class RefundSources:
    """Whence a refund is taken; `missing` is what the payee cannot cover.

    `debt` is what the payee cannot cover and the market lays out: the payee owes it.
    """

    escrow: Money
    balance: Money
    deposit: Money
    missing: Money
    debt: Money = ZERO


@dataclass(frozen=True, slots=True)
class PaidPart:
    """A successful payment with what of it can still go back."""

    payment_id: int
    left: Money


def unwanted(
    *, payable_open: bool, stage_covered: bool, stage_amount: Money, amount: Money
) -> Unwanted | None:
    """Why money that arrived settles nothing; None if it settles its stage."""
    if stage_covered:
        return Unwanted.PAID_ALREADY
    if not payable_open:
        return Unwanted.CLOSED
    if stage_amount != amount:
        return Unwanted.AMOUNT_CHANGED
    return None


def refund_sources(
    amount: Money, held: Money, balance: Money, deposit: Money, *, lend: bool = False
) -> RefundSources:
    """What is still held goes first, then the payee's balance, then its deposit.

    With `lend` (the payee had the money at once, before the buyer had the goods) the market
    lays out what is then still missing.
    """
    escrow = min(amount, held)
    rest = amount - escrow
    from_balance = min(rest, balance)
    rest = rest - from_balance
    from_deposit = min(rest, deposit)
    rest = rest - from_deposit
    missing, debt = (ZERO, rest) if lend else (rest, ZERO)
    return RefundSources(escrow, from_balance, from_deposit, missing, debt)


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


def fee_rate(value: object) -> Decimal:
    """A rate as grants tell it ("0.0012"), from 0 to below 1; `ValueError` for anything else."""
    try:
        rate = Decimal(str(value))
    except InvalidOperation as error:
        raise ValueError(f"not a rate: {value!r}") from error
    if not rate.is_finite() or not 0 <= rate < 1:
        raise ValueError(f"not a rate from 0 to 1: {value!r}")
    return rate


def instant_fee(amount: Money, rate: Decimal) -> Money:
    """Amount × rate, rounded half up to the fen; never more than the amount."""
    return Money(int((amount.fen * rate).quantize(Decimal(1), rounding=ROUND_HALF_UP)))


def fee_back(fee: Money, amount: Money, before: Money, now: Money) -> Money:
    """What of a fee goes back with a refund of `now`, when `before` was refunded already.

    In proportion to all that was refunded, rounded half up, less what went back before: the
    parts of refunds in several steps add up to the part of one refund of their sum.
    """
    return _share(fee, amount, before + now) - _share(fee, amount, before)


def _share(fee: Money, amount: Money, refunded: Money) -> Money:
    return Money((2 * fee.fen * refunded.fen + amount.fen) // (2 * amount.fen))
