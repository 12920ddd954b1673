"""The guard of the books: after every test that used the database, the ledger check must hold.

A test in which an order's money changed without postings (or postings without the order) fails,
whatever else it asserted. Tests that cook the books on purpose carry `@pytest.mark.cooked_books`.
"""

from __future__ import annotations

from collections.abc import Generator

import pytest

from tests.plugins.database import uses_database


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "cooked_books: the test breaks the books on purpose")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    """Prove the books while the test's database still stands, unless the test failed anyway."""
    result = yield
    if uses_database(item) and item.get_closest_marker("cooked_books") is None:
        prove_the_books()
    return result


def prove_the_books() -> None:
    """Raise `BooksDoNotBalance` with every row of `pifa ledger check`, if there are any."""
    from django.db import connection

    from pifa.ledger.guard import assert_books_balance

    # A test may end inside a transaction that it broke on purpose: nothing of it stays.
    if not connection.needs_rollback:
        assert_books_balance()
