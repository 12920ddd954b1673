"""What of a deposit a bond covers, for which premium, and what a claim is paid (`BOND`). Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import Any

from pifa.kernel.money import ZERO, Money


@dataclass(frozen=True, slots=True)
class Terms:
    """The rulebook's figures of a day."""

    most_cover: Money
    premium_rate: Decimal
    least_premium: Money
    term_days: int
    remind_days: int


class AtEnd(StrEnum):
    """What becomes of a bond when its last day is over."""

    RENEW = "renew"
    REFREEZE = "refreeze"
    LAPSE = "lapse"


def read_terms(table: Mapping[str, Any]) -> Terms:
    """The table `terms` of the rulebook; `KeyError` or `ValueError` for one that cannot be read."""
    return Terms(
        most_cover=Money.yuan(table["most_cover_yuan"]),
        premium_rate=Decimal(table["premium_rate"]),
        least_premium=Money.yuan(table["least_premium_yuan"]),
        term_days=int(table["term_days"]),
        remind_days=int(table["remind_days"]),
    )


def cover(terms: Terms, required: Money) -> Money:
    """What of the deposit that protection asks for is covered instead of frozen."""
    return min(required, terms.most_cover)


def premium(terms: Terms, covered: Money) -> Money:
    """Cover × yearly rate, rounded half up to the fen; not less than the least premium."""
    fen = (covered.fen * terms.premium_rate).quantize(Decimal(1), rounding=ROUND_HALF_UP)
    return max(Money(int(fen)), terms.least_premium)


def until(terms: Terms, since: date) -> date:
    """The first market day that a bond which begins on a day no longer covers."""
    return since + timedelta(days=terms.term_days)


def claim(short: Money, covered: Money, claimed: Money) -> Money:
    """What the insurer pays of what a refund lacks: as far as the cover still goes."""
    return max(min(short, covered - claimed), ZERO)


def at_end(*, renews: bool, owes: bool, balance: Money, premium_: Money, missing: Money) -> AtEnd:
    """What becomes of a bond at its end.

    Renewed if that is wanted, nothing is owed and the balance has the premium. Else the deposit is
    frozen again, if the balance has what of it is missing; else the seller leaves protection.
    """
    if renews and not owes and balance >= premium_:
        return AtEnd.RENEW
    return AtEnd.REFREEZE if balance >= missing else AtEnd.LAPSE
