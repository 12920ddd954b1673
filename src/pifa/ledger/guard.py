"""A guard for test runs and demo builds: whoever changes money without postings is stopped."""

from __future__ import annotations

from pifa.ledger.queries import check
from pifa.ledger.rules import Discrepancy


class BooksDoNotBalance(AssertionError):
    """The ledger check found rows; each is named in the message."""


def tell(row: Discrepancy) -> str:
    """A discrepancy on one line."""
    return f"{row.code}: {row.subject} {row.what} should be {row.expected}, is {row.found}"


def assert_books_balance() -> None:
    """Raise `BooksDoNotBalance` with every row of `pifa ledger check`, if there are any."""
    rows = check()
    if rows:
        raise BooksDoNotBalance("\n".join(tell(row) for row in rows))
