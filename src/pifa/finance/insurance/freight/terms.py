"""The rulebook's terms of a day, and which sellers give the insurance."""

from __future__ import annotations

from datetime import date
from typing import Any

from pifa.finance.insurance.freight import rules
from pifa.finance.insurance.freight.models import FreightGift
from pifa.finance.insurance.freight.rules import Terms
from pifa.standing.books import library

BOOK = "freight"


def terms_on(day: date) -> Terms:
    """The rulebook's figures of a market day."""
    table: dict[str, Any] = library().on(BOOK, day).tables["terms"]
    return rules.read_terms(table)


def gives(company_id: int) -> bool:
    """Whether a seller insures the return freight of its orders."""
    return FreightGift.objects.filter(company=company_id, on=True).exists()
