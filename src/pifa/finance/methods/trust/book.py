"""The terms of trust payment, from the rulebook `trust`: its table `terms`."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import lru_cache

from pifa.finance.methods.trust.rules import Terms
from pifa.kernel import clock
from pifa.kernel.money import Money
from pifa.rulebook.errors import NoBook
from pifa.standing import books
from pifa.standing.books import ByDigest

NAME = "trust"


def terms(day: date | None = None) -> Terms | None:
    """The terms of a market day (today); None for a market whose rulebooks have none."""
    try:
        book = books.library().on(NAME, day or clock.today())
    except NoBook:
        return None
    return _read(ByDigest(book))


@lru_cache(maxsize=8)
def _read(by_digest: ByDigest) -> Terms:
    table = by_digest.book.tables["terms"]
    return Terms(
        per_order=Money(int(Decimal(table["per_order"]) * 100)),
        in_all=Money(int(Decimal(table["in_all"]) * 100)),
        retries=int(table["retries"]),
        hour=int(table["hour"]),
    )
