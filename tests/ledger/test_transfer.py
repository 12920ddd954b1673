"""A transfer is written once and whole, or not at all."""

from __future__ import annotations

import threading

import pytest
from django.db import DatabaseError, connection, transaction

from pifa.kernel.money import Money
from pifa.ledger import commands, queries, rules
from pifa.ledger.errors import (
    HeldElsewhere,
    InsufficientBalance,
    InsufficientHold,
    TransferConflict,
)
from pifa.ledger.models import Account, Posting, Transfer
from pifa.ledger.rules import AccountKind, Purse
from pifa.parties.models import Company
from tests.ledger.conftest import Pay

pytestmark = pytest.mark.django_db


def test_a_payment_is_held_and_its_release_pays_the_seller(
    seller: Company, pay: Pay, release: Pay
) -> None:
    assert pay("p1", "order:1", 1500)
    assert queries.held("order:1") == Money(1500)
    assert queries.balance(seller.pk, AccountKind.ESCROW) == Money(1500)
    assert release("r1", "order:1", 1500)
    assert queries.held("order:1") == Money(0)
    assert queries.balance(seller.pk, AccountKind.BALANCE) == Money(1500)
    assert queries.balance(None, AccountKind.GATEWAY) == Money(1500)
    assert queries.check() == []


def test_the_same_key_again_writes_nothing(pay: Pay) -> None:
    assert pay("p1", "order:1", 1500)
    assert not pay("p1", "order:1", 1500)
    assert Posting.objects.count() == 1
    assert queries.held("order:1") == Money(1500)


def test_the_same_key_for_other_money_is_refused(pay: Pay) -> None:
    pay("p1", "order:1", 1500)
    with pytest.raises(TransferConflict):
        pay("p1", "order:1", 1600)
    assert queries.held("order:1") == Money(1500)


def test_a_balance_never_goes_below_zero_and_says_what_is_missing(
    seller: Company, pay: Pay, release: Pay
) -> None:
    pay("p1", "order:1", 1500)
    release("r1", "order:1", 1000)
    with pytest.raises(InsufficientBalance) as refused:
        commands.transfer("w1", "withdrawal", rules.withdrawal("c", seller.pk, Money(1001)))
    assert refused.value.figures["balance"] == Money(1000)
    assert refused.value.figures["needed"] == Money(1001)
    assert not Transfer.objects.filter(key="w1").exists()
    assert queries.check() == []


def test_one_order_cannot_spend_what_is_held_for_another(pay: Pay, release: Pay) -> None:
    pay("p1", "order:1", 1500)
    pay("p2", "order:2", 9000)
    with pytest.raises(InsufficientHold) as refused:
        release("r1", "order:1", 1501)
    assert refused.value.figures["held"] == Money(1500)
    assert queries.held("order:2") == Money(9000)
    assert queries.check() == []


def test_a_subject_has_one_payee(buyer: Company, pay: Pay) -> None:
    pay("p1", "order:1", 1500)
    with pytest.raises(HeldElsewhere):
        commands.transfer("p2", "payment", rules.settlement("order:1", buyer.pk, Money(1)))
    assert queries.check() == []


def test_what_fails_in_the_middle_leaves_nothing(seller: Company, pay: Pay) -> None:
    pay("p1", "order:1", 100)
    legs = rules.settlement("order:2", seller.pk, Money(50)) + rules.withdrawal(
        "company", seller.pk, Money(10)
    )
    with pytest.raises(InsufficientBalance):
        commands.transfer("both", "payment", legs)
    assert queries.held("order:2") == Money(0)
    assert queries.balance(seller.pk, AccountKind.ESCROW) == Money(100)


def test_legs_that_cancel_each_other_pass_through_an_empty_account(buyer: Company) -> None:
    legs = rules.returned("order:1", buyer.pk, Money(700))
    assert commands.transfer("x1", "return", legs)
    assert queries.balance(buyer.pk, AccountKind.BALANCE) == Money(0)
    assert [entry.amount for entry in queries.entries("order:1")] == [Money(700), Money(700)]
    assert queries.check() == []


@pytest.mark.parametrize("table", ["ledger_posting", "ledger_transfer"])
@pytest.mark.parametrize("verb", ["UPDATE {} SET at = at", "DELETE FROM {}"])
def test_what_is_written_stays_written(pay: Pay, table: str, verb: str) -> None:
    pay("p1", "order:1", 1500)
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(verb.format(table))
    assert Posting.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_same_key_from_many_threads_is_written_once(seller: Company) -> None:
    wrote = _race(
        lambda _: commands.transfer(
            "p1", "payment", rules.settlement("order:1", seller.pk, Money(100))
        )
    )
    assert sorted(wrote) == [False] * 7 + [True]
    kinds = Account.objects.filter(owner=seller).order_by("pk").values_list("kind", flat=True)
    assert list(kinds) == ["escrow", "balance", "deposit"]
    assert queries.balance(seller.pk, AccountKind.ESCROW) == Money(100)
    assert queries.check() == []


@pytest.mark.django_db(transaction=True)
def test_threads_cannot_spend_one_balance_twice(seller: Company) -> None:
    settled = rules.settlement("order:1", seller.pk, Money(300))
    released = rules.release("order:1", seller.pk, Money(300))
    commands.transfer("in", "payment", settled + released)

    def withdraw(number: int) -> bool:
        legs = rules.withdrawal("company", seller.pk, Money(100))
        try:
            return commands.transfer(f"w{number}", "withdrawal", legs)
        except InsufficientBalance:
            return False

    assert sorted(_race(withdraw)) == [False] * 5 + [True] * 3
    assert queries.balance(seller.pk, AccountKind.BALANCE) == Money(0)
    assert queries.check() == []


@pytest.mark.django_db(transaction=True)
def test_two_ways_between_the_same_accounts_do_not_lock_each_other_out(
    seller: Company, buyer: Company
) -> None:
    for company in (seller, buyer):
        subject = f"order:{company.pk}"
        legs = rules.settlement(subject, company.pk, Money(1000))
        legs += rules.release(subject, company.pk, Money(1000))
        commands.transfer(f"in{company.pk}", "payment", legs)
    purses = [Purse(AccountKind.BALANCE, company.pk) for company in (seller, buyer)]

    def swap(number: int) -> bool:
        source, target = purses[number % 2], purses[(number + 1) % 2]
        leg = rules.Leg(source, target, Money(1), "company")
        return commands.transfer(f"s{number}", "fee", [leg])

    assert _race(swap) == [True] * 8
    assert queries.check() == []


def _race(act: object, runners: int = 8) -> list[bool]:
    assert callable(act)
    start = threading.Barrier(runners)
    results: list[bool] = []

    def run(number: int) -> None:
        try:
            start.wait()
            results.append(act(number))
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(runners)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results
