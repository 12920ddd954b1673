"""After every test that uses the database, the books are proven (`pifa ledger check`).

So a test run fails when an order changes its money without postings, whoever wrote the test.
A test that breaks the books on purpose overrides the fixture `books_balance`.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.plugins.database import uses_database


@pytest.fixture(autouse=True)
def books_balance(request: pytest.FixtureRequest) -> Iterator[None]:
    """Prove the books while the test's database still stands."""
    if not uses_database(request.node):
        yield
        return
    # Depend on the fixture that opens the test's database, so that it is closed after our proof.
    request.getfixturevalue("_django_db_helper")
    yield
    from pifa.ledger.guard import assert_books_balance

    assert_books_balance()
