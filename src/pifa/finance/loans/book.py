"""The rulebook `loans`: how much, at which rate, and the terms that all loans have."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from pifa.finance.loans.rules import Basis
from pifa.kernel.money import Money
from pifa.rulebook.rules import Book, Figure, Ladder, Ratio, Step, held
from pifa.standing.books import library

NAME = "loans"
LADDER = "loan"


@dataclass(frozen=True, slots=True)
class Terms:
    """What every loan of a day has, by the rulebook."""

    most: Money
    least: Money
    months: tuple[int, ...]
    bases: tuple[Basis, ...]
    offer_days: int
    debit_hour: int
    penalty_factor: Fraction
    remind_before_days: int
    reminder_days: tuple[int, ...]
    default_days: int


@dataclass(frozen=True, slots=True)
class CouponTerms:
    """What an interest coupon is worth, for how long, and from which instalment on."""

    amount: Money
    valid_months: int
    from_instalment: int


@dataclass(frozen=True, slots=True)
class Offer:
    """What a step on the ladder brings: how much may be owed at once, at which rate a day."""

    limit: Money
    daily: Fraction


def book_on(day: date) -> Book:
    """The rules of a market day; `NoBook` before the first."""
    return library().on(NAME, day)


def ladder_on(day: date) -> Ladder:
    """The ladder of a market day."""
    return book_on(day).ladders[LADDER]


def terms_on(day: date) -> Terms:
    """The terms of a market day."""
    table = book_on(day).tables["loan"]
    return Terms(
        most=Money.yuan(table["max_yuan"]),
        least=Money.yuan(table["min_yuan"]),
        months=tuple(table["months"]),
        bases=tuple(Basis(each) for each in table["bases"]),
        offer_days=table["offer_days"],
        debit_hour=table["debit_hour"],
        penalty_factor=Fraction(table["penalty_factor"]),
        remind_before_days=table["remind_before_days"],
        reminder_days=tuple(table["reminder_days"]),
        default_days=table["default_days"],
    )


def coupon_on(day: date) -> CouponTerms:
    """The coupon's terms of a market day."""
    table = book_on(day).tables["coupon"]
    return CouponTerms(
        Money.yuan(table["amount_yuan"]), table["valid_months"], table["from_instalment"]
    )


def offer_of(step: Step | None, most: Money) -> Offer | None:
    """What a step brings, never more than all loans may have; None without a step."""
    if step is None:
        return None
    limit = min(Money.yuan(step.extras["limit_yuan"]), most)
    return Offer(limit, Fraction(step.extras["daily_rate"]))


def replay(decided: Mapping[str, Any]) -> Step | None:
    """The step that a decision's kept figures hold under the book of its day."""
    figures = {name: _figure(value) for name, value in decided["figures"].items()}
    return held(ladder_on(date.fromisoformat(decided["day"])), figures)


def _figure(value: Any) -> Figure:
    if isinstance(value, Mapping):
        return Ratio(value["numerator"], value["denominator"])
    figure: Figure = value
    return figure
