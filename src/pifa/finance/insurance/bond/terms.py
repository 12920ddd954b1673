"""The rulebook's terms of a day, and what of a company's deposit is covered now."""

from __future__ import annotations

from datetime import date
from typing import Any

from pifa.finance.insurance.bond import rules
from pifa.finance.insurance.bond.models import BondPolicy
from pifa.finance.insurance.bond.rules import Terms
from pifa.kernel.money import ZERO, Money
from pifa.standing.books import library

BOOK = "bond"


def terms_on(day: date) -> Terms:
    """The rulebook's figures of a market day."""
    table: dict[str, Any] = library().on(BOOK, day).tables["terms"]
    return rules.read_terms(table)


def active(company_id: int) -> BondPolicy | None:
    """A company's bond, if it has one."""
    return BondPolicy.objects.filter(company=company_id, state=BondPolicy.State.ACTIVE).first()


def covered(company_id: int) -> Money:
    """What of a company's deposit a bond covers instead."""
    found = active(company_id)
    return ZERO if found is None else Money(found.cover_fen)
