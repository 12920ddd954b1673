"""Which bills are right, when they are presented, and what they pay. Pure.

`PAY-BILL`: a bill names its acceptor, amount, day of issue and of maturity; it matures after its
issue and within so many months (`MARKET["bill_most_months"]`).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from pifa.finance.loans.rules import months_later
from pifa.finance.methods.cash_on_delivery.rules import ONE, is_business_day
from pifa.finance.rules import Verdict
from pifa.kernel.money import ZERO, Money


@dataclass(frozen=True, slots=True)
class Bill:
    """What is written on a bill; parties by their legal names."""

    acceptor: str
    drawer: str
    payee: str
    amount: Money
    issued_on: date
    matures_on: date


@dataclass(frozen=True, slots=True)
class Proceeds:
    """What the money of an honoured bill is: `kept` pays what is owed, `rest` is the buyer's."""

    kept: Money
    rest: Money


def last_maturity(issued_on: date, most_months: int) -> date:
    """The last day on which a bill of a day may mature (the month's last, were there no such)."""
    return months_later(issued_on, most_months)


def matures_in_time(issued_on: date, matures_on: date, most_months: int) -> bool:
    """Whether a bill's day is after its issue and within the term of `PAY-BILL`."""
    return issued_on < matures_on <= last_maturity(issued_on, most_months)


def presented_on(matures_on: date, closed: Collection[date]) -> date:
    """The day on which a bill is presented: its own, or the first after it on which banks work."""
    while not is_business_day(matures_on, closed):
        matures_on += ONE
    return matures_on


def judge_drawn(asked: Bill, told: Bill, *, used_before: bool) -> Verdict:
    """What a drawn bill is beside the one that was asked for.

    NOTED: it is right. WRONG_AMOUNT, or WRONG_BILL for other parties or days, another acceptor, or a
    bill that stands for another payment already.
    """
    if used_before:
        return Verdict.WRONG_BILL
    if told.amount != asked.amount:
        return Verdict.WRONG_AMOUNT
    return Verdict.NOTED if told == asked else Verdict.WRONG_BILL


def proceeds(face: Money, owed: Money) -> Proceeds:
    """How an honoured bill's money is divided: what was refunded before its day is the buyer's.

    `ValueError` if more is owed than the bill is for.
    """
    if not ZERO.fen <= owed.fen <= face.fen:
        raise ValueError(f"{owed} owed of a bill for {face}")
    return Proceeds(owed, face - owed)
