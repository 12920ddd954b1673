"""The terms of a company's withdrawals on a market day: the rulebook, and what it holds."""

from __future__ import annotations

from datetime import date
from typing import Any

from pifa.benefits import queries as benefits
from pifa.benefits.labels import LARGE_WITHDRAWALS
from pifa.finance.withdrawals import rules
from pifa.finance.withdrawals.rules import Terms
from pifa.kernel import clock
from pifa.kernel.money import Money
from pifa.standing.books import library

BOOK = "withdrawal"


def terms_on(day: date) -> Terms:
    """The rulebook's figures of a market day."""
    table: dict[str, Any] = library().on(BOOK, day).tables["terms"]
    return rules.read_terms(table)


def limit_today(company_id: int, terms: Terms) -> Money:
    """What a company may send to other banks today."""
    grant = benefits.grant_of(company_id, LARGE_WITHDRAWALS, clock.today())
    return rules.daily_limit(terms, None if grant is None else grant.value)
