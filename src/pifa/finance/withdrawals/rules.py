"""What a withdrawal costs, what of a day's limit is left, and when a second person has to agree.

Pure functions over the terms of a day (`WITHDRAW`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pifa.kernel.money import ZERO, Money


@dataclass(frozen=True, slots=True)
class Terms:
    """The rulebook's figures of a day."""

    daily_limit: Money
    large_daily_limit: Money
    approval_above: Money
    approval_days: int
    fee: Money
    most_accounts: int


@dataclass(frozen=True, slots=True)
class Day:
    """A market day's limit for accounts at other banks, and what of it is used."""

    limit: Money
    used: Money

    @property
    def left(self) -> Money:
        return max(self.limit - self.used, ZERO)


def read_terms(table: Mapping[str, Any]) -> Terms:
    """The table `terms` of the rulebook; `KeyError` or `ValueError` for one that cannot be read."""
    return Terms(
        daily_limit=Money.yuan(table["daily_limit_yuan"]),
        large_daily_limit=Money.yuan(table["large_daily_limit_yuan"]),
        approval_above=Money.yuan(table["approval_above_yuan"]),
        approval_days=int(table["approval_days"]),
        fee=Money.yuan(table["fee_yuan"]),
        most_accounts=int(table["most_accounts"]),
    )


def daily_limit(terms: Terms, grant: Mapping[str, Any] | None) -> Money:
    """A company's limit of a day: the ordinary one, or with the benefit (its grant's value) the
    larger; a grant that names a `daily_limit` in yuan brings that. Never less than the ordinary."""
    if grant is None:
        return terms.daily_limit
    try:
        granted = Money.yuan(grant["daily_limit"])
    except (KeyError, ValueError):
        granted = terms.large_daily_limit
    return max(granted, terms.daily_limit)


def fee(terms: Terms, *, at_partner_bank: bool) -> Money:
    """What a withdrawal costs beside its amount: nothing into an account at the partner bank."""
    return ZERO if at_partner_bank else terms.fee


def needs_second(terms: Terms, amount: Money) -> bool:
    """Whether another member has to agree: above the amount, not at it."""
    return amount > terms.approval_above


def missing_of_day(day: Day, amount: Money, *, at_partner_bank: bool) -> Money:
    """By how much an amount is more than the day still has; nothing at the partner bank."""
    return ZERO if at_partner_bank else max(amount - day.left, ZERO)
