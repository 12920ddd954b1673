"""Buyer protection: the deposit is frozen, drawn on, topped up and given back."""

from __future__ import annotations

import pytest

from pifa.finance import commands, queries
from pifa.finance.errors import NotJoined, ProtectionStillNeeded
from pifa.finance.events import ProtectionJoined, ProtectionLeft
from pifa.finance.models import Payable
from pifa.finance.sandbox import bank
from pifa.kernel.actors import Actor, Role
from pifa.kernel.errors import Forbidden, WrongState
from pifa.kernel.models import OutboxEvent
from pifa.kernel.money import Money
from pifa.ledger import queries as ledger
from pifa.ledger.rules import AccountKind
from pifa.parties.models import Company
from tests.finance.conftest import Begin, Press, actor_of

pytestmark = pytest.mark.django_db
DEPOSIT = Money(1_000_00)


def pay_online(actor: Actor, payable_number: str | None) -> None:
    assert payable_number is not None
    payment = commands.start_payment(actor, payable_number, "gateway")
    bank.act(payment.redirect_url.rstrip("/").rpartition("/")[2], "pay")


def announced(name: str) -> int:
    return OutboxEvent.objects.filter(name=name).count()


def test_a_new_seller_pays_the_deposit_online(seller: Company, seller_finance: Actor) -> None:
    start = commands.join_buyer_protection(seller_finance)
    assert (start.joined, start.missing) == (False, DEPOSIT)
    assert commands.join_buyer_protection(seller_finance) == start
    assert not queries.protection(seller.pk).joined
    pay_online(seller_finance, start.payable_number)
    protection = queries.protection(seller.pk)
    assert (protection.joined, protection.deposit, protection.missing) == (
        True,
        DEPOSIT,
        Money(0),
    )
    assert [entry.words for entry in ledger.entries(f"deposit:{seller.pk}")] == [
        "买家付款，进入平台担保",
        "缴纳买家保障保证金",
    ]
    assert announced(ProtectionJoined.name) == 1
    assert ledger.check() == []


def test_a_seller_with_money_pays_from_its_balance(
    seller: Company, seller_finance: Actor, rich: None
) -> None:
    assert commands.join_buyer_protection(seller_finance).joined
    assert ledger.balances(seller.pk) == {
        AccountKind.ESCROW: Money(0),
        AccountKind.BALANCE: Money(500_00),
        AccountKind.DEPOSIT: DEPOSIT,
    }
    assert commands.join_buyer_protection(seller_finance).joined
    assert ledger.balance(seller.pk, AccountKind.DEPOSIT) == DEPOSIT
    assert announced(ProtectionJoined.name) == 1
    assert ledger.check() == []


def test_a_payable_is_closed_when_the_balance_pays_after_all(
    seller: Company, seller_finance: Actor, request: pytest.FixtureRequest
) -> None:
    asked = commands.join_buyer_protection(seller_finance)
    request.getfixturevalue("rich")
    assert commands.join_buyer_protection(seller_finance).joined
    assert Payable.objects.get(number=asked.payable_number).state == "closed"
    with pytest.raises(WrongState):
        pay_online(seller_finance, asked.payable_number)
    assert ledger.check() == []


def test_leaving_gives_the_deposit_back_and_joining_again_works(
    seller: Company, seller_finance: Actor
) -> None:
    with pytest.raises(NotJoined):
        commands.leave_buyer_protection(seller_finance)
    pay_online(seller_finance, commands.join_buyer_protection(seller_finance).payable_number)
    assert commands.leave_buyer_protection(seller_finance) == DEPOSIT
    assert not queries.protection(seller.pk).joined
    assert announced(ProtectionLeft.name) == 1
    with pytest.raises(NotJoined):
        commands.leave_buyer_protection(seller_finance)
    commands.withdraw(seller_finance, Money(400_00))
    again = commands.join_buyer_protection(seller_finance)
    assert again.missing == DEPOSIT
    pay_online(seller_finance, again.payable_number)
    assert queries.protection(seller.pk).joined
    assert ledger.balance(seller.pk, AccountKind.BALANCE) == Money(600_00)
    assert ledger.check() == []


def test_nobody_leaves_while_buyers_money_is_held(
    order: str, begin: Begin, press: Press, seller_finance: Actor
) -> None:
    pay_online(seller_finance, commands.join_buyer_protection(seller_finance).payable_number)
    press(begin(order), "pay")
    with pytest.raises(ProtectionStillNeeded) as refused:
        commands.leave_buyer_protection(seller_finance)
    assert refused.value.figures["held"] == Money(100_00)
    commands.release(order, "r1")
    commands.leave_buyer_protection(seller_finance)
    assert ledger.check() == []


def test_what_a_refund_drew_is_asked_for_again(
    order: str, begin: Begin, press: Press, seller: Company, seller_finance: Actor
) -> None:
    pay_online(seller_finance, commands.join_buyer_protection(seller_finance).payable_number)
    press(begin(order), "pay")
    commands.release(order, "r1")
    commands.withdraw(seller_finance, Money(100_00))
    commands.refund(order, Money(40_00), "f1", "质量问题")
    start = commands.join_buyer_protection(seller_finance)
    assert (start.joined, start.missing) == (False, Money(40_00))
    pay_online(seller_finance, start.payable_number)
    assert queries.protection(seller.pk).missing == Money(0)
    assert ledger.check() == []


def test_only_finance_people_move_the_deposit(seller: Company) -> None:
    clerk = actor_of(seller, Role.CLERK)
    for verb in (commands.join_buyer_protection, commands.leave_buyer_protection):
        with pytest.raises(Forbidden):
            verb(clerk)


@pytest.fixture
def rich(seller: Company, buyer: Company) -> None:
    """The seller has ¥1,500.00 on its balance from a finished order."""
    commands.open_payables([commands.NewPayable("order:77", buyer.pk, seller.pk, 1_500_00, "螺母")])
    pay_online(actor_of(buyer, Role.OWNER), Payable.objects.get(subject="order:77").number)
    commands.release("order:77", "r77")
