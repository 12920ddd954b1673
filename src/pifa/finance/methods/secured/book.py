"""The rates of secured credit, from the rulebook `secured`: its table `rates`."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import lru_cache

from pifa.finance.methods.secured.rules import Rates
from pifa.kernel import clock
from pifa.rulebook.errors import NoBook
from pifa.standing import books
from pifa.standing.books import ByDigest

NAME = "secured"


def rates(day: date | None = None) -> Rates | None:
    """The rates of a market day (today); None for a market whose rulebooks have none."""
    try:
        book = books.library().on(NAME, day or clock.today())
    except NoBook:
        return None
    return _read(ByDigest(book))


@lru_cache(maxsize=8)
def _read(by_digest: ByDigest) -> Rates:
    table = by_digest.book.tables["rates"]
    return Rates(
        service_rate=Decimal(table["service_rate"]),
        early_rate=Decimal(table["early_daily_rate"]),
        term_days=int(table["term_days"]),
        valid_days=int(table["valid_days"]),
    )
