"""A broken row is found, named and measured; sound books are said to be sound."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from click.testing import CliRunner
from django.db import IntegrityError, connection, transaction

from pifa.cli.ledger import group
from pifa.kernel.append_only import install_statements, remove_statements
from pifa.kernel.money import Money
from pifa.ledger import guard, queries
from pifa.ledger.models import Account, Hold
from pifa.ledger.rules import Discrepancy
from tests.ledger.conftest import Pay

pytestmark = [pytest.mark.django_db, pytest.mark.cooked_books]


@contextmanager
def unguarded_table(table: str) -> Iterator[None]:
    """Let a test tamper with an append-only table, as someone at the database could."""
    with connection.cursor() as cursor:
        for statement in remove_statements(connection.vendor, table):
            cursor.execute(statement)
        yield
        for statement in install_statements(connection.vendor, table):
            cursor.execute(statement)


def run(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


@pytest.fixture
def books(pay: Pay, release: Pay) -> None:
    pay("p1", "order:1", 1000)
    pay("p2", "order:2", 500)
    release("r1", "order:1", 400)


def found(code: str) -> list[Discrepancy]:
    return [row for row in queries.check() if row.code == code]


def test_sound_books(books: None) -> None:
    assert queries.check() == []


def test_a_changed_balance(books: None) -> None:
    Account.objects.filter(kind="balance").update(balance_fen=401)
    (row,) = found("balance")
    assert (row.expected, row.found, row.difference) == (Money(400), Money(401), Money(1))
    assert row.subject == f"account:{Account.objects.get(kind='balance').pk}"


def test_a_changed_posting(books: None) -> None:
    with unguarded_table("ledger_posting"):
        run("UPDATE ledger_posting SET amount_fen = 999 WHERE amount_fen = 1000")
    assert found("balance")[0].difference == Money(1)
    assert {row.what for row in found("hold")} == {"hold.remaining_fen", "hold.held_fen"}
    assert {row.subject for row in found("hold")} == {"order:1"}


def test_a_posting_moved_to_another_order(books: None) -> None:
    with unguarded_table("ledger_posting"):
        run("UPDATE ledger_posting SET subject = 'order:2' WHERE amount_fen = 400")
    assert {row.subject for row in found("hold")} == {"order:1", "order:2"}
    assert found("balance") == []


def test_a_changed_hold(books: None) -> None:
    Hold.objects.filter(subject="order:2").update(remaining_fen=499)
    assert [(row.subject, row.difference) for row in found("hold")] == [("order:2", Money(-1))]
    assert found("escrow")[0].difference == Money(-1)


def test_a_lost_hold(books: None) -> None:
    Hold.objects.filter(subject="order:2").delete()
    assert [row.subject for row in found("hold_missing")] == ["order:2"]


def test_a_transfer_whose_postings_are_gone(books: None) -> None:
    with unguarded_table("ledger_posting"):
        run("DELETE FROM ledger_posting WHERE subject = 'order:2'")
    assert [row.subject for row in found("empty_transfer")] == ["transfer:p2"]


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE ledger_account SET balance_fen = -1 WHERE kind = 'balance'",
        "UPDATE ledger_account SET balance_fen = 1 WHERE kind = 'gateway'",
        "UPDATE ledger_account SET owner_id = NULL WHERE kind = 'balance'",
        "UPDATE ledger_hold SET remaining_fen = held_fen + 1",
    ],
)
def test_states_that_the_database_does_not_store(books: None, change: str) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        run(change)


def test_floors_above_add_their_own_proof(books: None) -> None:
    assert queries.check() == []
    guard.assert_books_balance()
    row = Discrepancy("order", "order:1", "paid_fen", Money(1000), Money(900))
    queries.register_subject_check(lambda: [row])
    assert queries.check() == [row]
    with pytest.raises(guard.BooksDoNotBalance, match="order:1 paid_fen should be"):
        guard.assert_books_balance()


def test_the_shell_says_so_and_exits_with_one(books: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "160")
    sound = CliRunner().invoke(group, ["check"])
    assert sound.exit_code == 0
    assert "The books agree: 3 postings" in sound.output
    assert "¥11.00 in escrow" in sound.output
    Hold.objects.filter(subject="order:2").update(remaining_fen=499)
    broken = CliRunner().invoke(group, ["check"])
    assert broken.exit_code == 1
    assert "order:2" in broken.output
    assert "-¥0.01" in broken.output
