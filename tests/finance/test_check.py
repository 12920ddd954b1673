"""A payable whose figures were changed without postings is found, named and measured."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import models

from pifa.finance import commands
from pifa.finance.models import (
    Payable,
    PayableStage,
    Payment,
    PaymentRefund,
    ProtectionDeposit,
)
from pifa.finance.sandbox import bank
from pifa.kernel import clock
from pifa.kernel.actors import Actor
from pifa.kernel.money import Money
from pifa.ledger import commands as ledger_commands
from pifa.ledger import queries as ledger
from pifa.ledger import rules
from pifa.parties.models import Company
from tests.finance.conftest import Begin, Press

pytestmark = [pytest.mark.django_db, pytest.mark.cooked_books]


@pytest.fixture
def books(order: str, begin: Begin, press: Press) -> str:
    """¥100.00 paid twice (one sent back), ¥30.00 refunded, ¥70.00 released."""
    press(begin(order), "pay_twice")
    commands.refund(order, Money(30_00), "f1", "")
    commands.release(order, "r1")
    assert ledger.check() == []
    return order


@pytest.mark.parametrize(
    ("table", "rows", "change", "found"),
    [
        (Payable, {}, {"released_fen": 69_99}, {("payable", "payable.released_fen", -1)}),
        (
            Payable,
            {},
            {"refunded_fen": 30_01},
            {("payable", "payable.refunded_fen", 1), ("schedule", "sum(payment.refunded_fen)", -1)},
        ),
        (
            Payable,
            {},
            {"settled_fen": 100_01, "amount_fen": 100_01},
            {
                ("payable", "payable.settled_fen", 1),
                ("schedule", "sum(stage.amount_fen)", -1),
                ("schedule", "sum(settled stage.amount_fen)", -1),
                ("schedule", "sum(payment.amount_fen)", -1),
            },
        ),
        (
            PayableStage,
            {},
            {"settled_at": None},
            {("schedule", "sum(settled stage.amount_fen)", -100_00)},
        ),
        (
            Payment,
            {"state": "returned"},
            {"state": "failed"},
            {
                ("returned", "postings of returned payments", 100_00),
                ("returned", "postings that sent them back", 100_00),
            },
        ),
        (
            PaymentRefund,
            {"payment__state": "succeeded"},
            {"amount_fen": 29_99},
            {("payment", "payment.refunded_fen", 1)},
        ),
    ],
)
def test_a_changed_figure_is_found(
    books: str,
    table: type[models.Model],
    rows: dict[str, Any],
    change: dict[str, Any],
    found: set[tuple[str, str, int]],
) -> None:
    assert table._default_manager.filter(**rows).update(**change) == 1
    broken = [row for row in ledger.check() if not row.code.startswith("order")]
    assert {(row.code, row.what, row.difference.fen) for row in broken} == found


def test_postings_without_a_payable_are_found(books: str, seller: Company) -> None:
    legs = rules.settlement("order:nobodys", seller.pk, Money(5))
    ledger_commands.transfer("odd", "payment", legs)
    assert ("no_payable", "order:nobodys", Money(5)) in {
        (row.code, row.subject, row.found) for row in ledger.check()
    }


def test_postings_that_no_payable_heard_of_are_found(books: str, seller: Company) -> None:
    legs = rules.refund(books, seller.pk, escrow=Money(0), balance=Money(7), deposit=Money(0))
    ledger_commands.transfer("odd", "refund", legs)
    (row,) = [row for row in ledger.check() if row.code == "payable"]
    assert (row.subject, row.what) == (books, "payable.refunded_fen")
    assert (row.expected, row.found) == (Money(30_07), Money(30_00))


def test_a_deposit_of_one_who_left_is_found(seller: Company, seller_finance: Actor) -> None:
    start = commands.join_buyer_protection(seller_finance)
    payment = commands.start_payment(seller_finance, start.payable_number or "", "gateway")
    bank.act(payment.redirect_url.rstrip("/").rpartition("/")[2], "pay")
    assert ledger.check() == []
    ProtectionDeposit.objects.update(left_at=clock.now())
    (row,) = ledger.check()
    assert (row.code, row.subject) == ("deposit", f"company:{seller.pk}")
