"""Loans that are not repaid as was planned: earlier, in part, or late. Pure (LOAN-*).

Where a part of the principal comes early, what is owed after each of the coming instalments is
lowered in the proportion in which the loan is, rounded down. So it is never more than it was, nor is
any interest; and the parts still add up to what is owed.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from fractions import Fraction

from pifa.finance.loans.rules import DAYS_OF_A_MONTH, Basis, half_up
from pifa.kernel.money import Money

Paid = tuple[int, Money]
"""So much principal, so many days after the period began."""


def days_gone(basis: Basis, since: date, due_on: date, today: date) -> int:
    """How many days of a period have gone by, as its basis counts them; all of them once it is due."""
    if today <= since:
        return 0
    if basis is not Basis.THIRTY_360:
        return (min(today, due_on) - since).days
    if today >= due_on:
        return DAYS_OF_A_MONTH
    months = (today.year - since.year) * 12 + today.month - since.month
    days = months * DAYS_OF_A_MONTH + min(today.day, 30) - min(since.day, 30)
    return max(0, min(days, DAYS_OF_A_MONTH))


def period_interest(opening: Money, daily: Fraction, days: int, early: Sequence[Paid]) -> Money:
    """What a period costs when parts of the principal come in it; rounded half up, once."""
    used = opening.fen * days - sum(part.fen * (days - gone) for gone, part in early)
    return Money(half_up(daily * used))


def after_early(owed: Money, closings: Sequence[Money], amount: Money) -> list[Money]:
    """What will be owed after each coming instalment when so much of the principal comes now.

    `owed` is owed now, `closings` would be after each instalment, the last is nothing. Raises
    `ValueError` for an amount that is nothing or more than is owed.
    """
    if not 0 < amount.fen <= owed.fen:
        raise ValueError(f"{amount} of {owed} cannot come early")
    left = owed.fen - amount.fen
    return [Money(closing.fen * left // owed.fen) for closing in closings]


def parts_of(owed: Money, closings: Sequence[Money]) -> list[Money]:
    """The principal of each instalment, from what is owed before and after it."""
    before = [owed, *closings[:-1]]
    return [one - after for one, after in zip(before, closings, strict=True)]


def penalty(owed: Money, daily: Fraction, factor: Fraction, since: date, until: date) -> Money:
    """What lateness costs from the end of one day to that of another: each day's part is rounded
    for itself, so that it does not matter how often one counts."""
    days = max(0, (until - since).days)
    return Money(half_up(owed.fen * daily * factor)) * days


def next_monday(day: date) -> date:
    """The next Monday after a day."""
    return day + timedelta(days=7 - day.weekday())
