"""The bank's book beside ours: every difference has its number."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from pifa.cli.bank import group
from pifa.finance import commands, queries
from pifa.finance.methods.balance import BalanceMethod
from pifa.finance.methods.registry import METHODS
from pifa.finance.models import Payment
from pifa.finance.sandbox import books
from pifa.finance.sandbox.transfers import Delivery
from pifa.kernel.actors import Actor
from pifa.kernel.money import Money
from tests.finance.conftest import Begin, Press
from tests.finance.transfer.conftest import Owe, Send

pytestmark = pytest.mark.django_db


def test_everything_that_moves_is_in_both_books(
    owe: Owe, send: Send, begin: Begin, press: Press, operator: Actor, seller_finance: Actor
) -> None:
    owe("order:1", 100)
    owe("order:2", 70)
    press(begin("order:1"), "pay_twice")
    send(95)
    commands.refund("order:1", Money(10_00), "f1", "")
    commands.refund("order:2", Money(5_00), "f2", "")
    commands.release("order:1", "r1")
    commands.withdraw(seller_finance, Money(40_00), "w1")
    found = queries.reconciliation(operator)
    assert found.agrees
    assert found.suspense == Money(25_00)
    assert found.bank == Money(100_00 + 95_00 - 10_00 - 5_00 - 40_00)
    assert CliRunner().invoke(group, ["reconcile"]).exit_code == 0


def test_what_only_the_bank_knows(
    owe: Owe, send: Send, begin: Begin, press: Press, operator: Actor
) -> None:
    owe("order:1", 100)
    press(begin("order:1"), "wrong_signature")
    sent = send(7, delivery=Delivery.NEVER)
    found = queries.reconciliation(operator)
    payment = Payment.objects.get()
    assert {(row.kind, row.number, row.difference) for row in found.entries} == {
        ("payment", payment.number, Money(100_00)),
        ("transfer_in", found_account(found, sent.line_no), Money(7_00)),
    }
    assert found.difference == Money(107_00)
    result = CliRunner().invoke(group, ["reconcile", "--json"])
    assert result.exit_code == 1
    told = json.loads(result.stdout)
    assert {row["name"] for row in told["differences"]} >= {sent.line_no}
    assert CliRunner().invoke(group, ["reconcile"]).exit_code == 1


def test_every_difference_is_listed_with_its_whole_number(
    send: Send, monkeypatch: pytest.MonkeyPatch
) -> None:
    numbers = {f"nobody asked for number {at:04}" for at in range(520)}
    outside = books.Holder("1", "某人", "某行")
    for number in numbers:
        books.move("payout", number, books.MARKET, outside, Money(1))
    told = json.loads(CliRunner().invoke(group, ["reconcile", "--json"]).stdout)
    assert {row["name"] for row in told["differences"]} == numbers
    monkeypatch.setenv("COLUMNS", "60")
    sent = send(7, delivery=Delivery.NEVER)
    shown = CliRunner().invoke(group, ["reconcile"]).stdout
    columns = [line.split("│")[1].strip() for line in shown.splitlines() if line.count("│") > 7]
    assert sent.line_no in "".join(columns)


def found_account(found: queries.Reconciliation, line_no: str) -> str:
    return next(row.number for row in found.entries if row.name == line_no)


def test_what_only_we_know(owe: Owe, send: Send, operator: Actor) -> None:
    owe("order:1", 100)
    send(100)
    outside = books.Holder("1", "某人", "某行")
    books.move("payout", "nobody asked", books.MARKET, outside, Money(3_00))
    found = queries.reconciliation(operator)
    assert [(row.name, row.way, row.difference) for row in found.entries] == [
        ("nobody asked", "out", Money(3_00))
    ]
    assert not found.agrees


def test_a_method_tells_itself_what_the_bank_must_have(
    operator: Actor, monkeypatch: pytest.MonkeyPatch, db: None
) -> None:
    class Posted(BalanceMethod):
        code = "posted"
        bank_entries = "SELECT 'in', 'letter 1', 100, 'letter', 'P1'"

    monkeypatch.setitem(METHODS, Posted.code, Posted())
    found = queries.reconciliation(operator)
    assert ("letter 1", Money(1_00)) in {(row.name, row.ours) for row in found.entries}
