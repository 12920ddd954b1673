"""Instalments of a loan, exact to the fen (LOAN-*).

Interest of a period is rounded half up to the fen, once, on what is still owed at its beginning.
Principal is divided into equal parts rounded half up; the last instalment pays what is left, so
that the parts always add up to the loan.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import MAXYEAR, date
from enum import StrEnum
from fractions import Fraction

from pifa.kernel.money import MAX_FEN, Money

MAX_PERIODS = 360
DAYS_OF_A_MONTH = 30


class Method(StrEnum):
    """How principal comes back."""

    INTEREST_ONLY = "interest-only"
    """Interest in every instalment, the whole principal with the last (先息后本)."""
    EQUAL_PRINCIPAL = "equal-principal"
    """The same part of the principal in every instalment, with the interest (等额本金)."""


class Basis(StrEnum):
    """How many days a period has, and how many the year of a yearly rate."""

    THIRTY_360 = "30/360"
    """Every month has 30 days: monthly rests, a yearly rate's twelfth."""
    ACTUAL_360 = "actual/360"
    ACTUAL_365 = "actual/365"

    @property
    def days_of_a_year(self) -> int:
        return 365 if self is Basis.ACTUAL_365 else 360


@dataclass(frozen=True, slots=True)
class Rate:
    """An interest rate: exact, by the day or by the year."""

    value: Fraction
    by_day: bool

    def daily(self, basis: Basis) -> Fraction:
        """The part of the principal that a day costs."""
        return self.value if self.by_day else self.value / basis.days_of_a_year


@dataclass(frozen=True, slots=True)
class Instalment:
    """One payment of a schedule. `due_on` is None where no day of drawdown was given."""

    number: int
    due_on: date | None
    days: int
    opening: Money
    principal: Money
    interest: Money

    @property
    def payment(self) -> Money:
        return self.principal + self.interest

    @property
    def closing(self) -> Money:
        """What is still owed afterwards."""
        return self.opening - self.principal


def schedule(
    principal: Money,
    rate: Rate,
    periods: int,
    method: Method,
    basis: Basis,
    drawn_on: date | None = None,
) -> tuple[Instalment, ...]:
    """The instalments of a loan over so many months.

    They fall due on the day of the month on which it was drawn, in a shorter month on its last.
    Raises `ValueError` for amounts, rates and numbers of periods that no loan has, and for actual
    days without a day of drawdown.
    """
    if not 1 <= periods <= MAX_PERIODS:
        raise ValueError(f"{periods} instalments is no loan: 1 to {MAX_PERIODS}")
    if not 0 < principal.fen <= MAX_FEN:
        raise ValueError(f"{principal} is no loan: above zero, up to {Money(MAX_FEN)}")
    if principal.fen < periods:
        raise ValueError(f"{principal} in {periods} instalments is no loan: at least a fen in each")
    if rate.value < 0:
        raise ValueError("a rate below zero")
    if drawn_on is None and basis is not Basis.THIRTY_360:
        raise ValueError("actual days need the day of drawdown")
    if drawn_on is not None and drawn_on.year + periods // 12 + 1 > MAXYEAR:
        raise ValueError(f"drawn on {drawn_on} it falls due when there are no days any more")
    daily = rate.daily(basis)
    rows: list[Instalment] = []
    owed, since = principal, drawn_on
    for number, part in enumerate(_parts(principal, periods, method), start=1):
        due = months_later(drawn_on, number) if drawn_on else None
        days = DAYS_OF_A_MONTH
        if basis is not Basis.THIRTY_360 and due and since:
            days = (due - since).days
        rows.append(Instalment(number, due, days, owed, part, interest(owed, daily, days)))
        owed, since = owed - part, due
    return tuple(rows)


def interest(owed: Money, daily: Fraction, days: int) -> Money:
    """What so many days cost, rounded half up to the fen."""
    return Money(half_up(owed.fen * daily * days))


def half_up(value: Fraction) -> int:
    """The nearest whole number; a half goes up."""
    return (2 * value.numerator + value.denominator) // (2 * value.denominator)


def months_later(day: date, months: int) -> date:
    """The same day of a later month, or its last where it has no such day."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def _parts(principal: Money, periods: int, method: Method) -> list[Money]:
    if method is Method.INTEREST_ONLY:
        return [Money(0)] * (periods - 1) + [principal]
    part = Money(half_up(Fraction(principal.fen, periods)))
    return [part] * (periods - 1) + [principal - part * (periods - 1)]
