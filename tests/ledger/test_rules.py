"""Postings conserve money, and each movement touches the purses it is meant to."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pifa.kernel.money import Money
from pifa.ledger import rules
from pifa.ledger.rules import AccountKind, Leg, Purse

amounts = st.integers(1, 10**15).map(Money)
parts = st.integers(0, 10**12).map(Money)
ESCROW, BALANCE = Purse(AccountKind.ESCROW, 7), Purse(AccountKind.BALANCE, 7)
DEPOSIT = Purse(AccountKind.DEPOSIT, 7)


@given(amounts, parts, parts, parts)
def test_no_movement_makes_or_loses_money(
    amount: Money, escrow: Money, balance: Money, deposit: Money
) -> None:
    movements = [
        rules.settlement("order:1", 7, amount),
        rules.returned("order:1", 8, amount),
        rules.release("order:1", 7, amount),
        rules.refund("order:1", 7, escrow=escrow, balance=balance, deposit=deposit),
        rules.deposit_paid_in("deposit:7", 7, amount),
        rules.deposit_frozen("deposit:7", 7, amount),
        rules.deposit_returned("deposit:7", 7, amount),
        rules.fee("order:1", 7, amount),
        rules.withdrawal("company:7", 7, amount),
    ]
    for legs in movements:
        assert sum(rules.net(legs).values()) == 0


@given(amounts)
def test_settle_then_release_leaves_the_payee_the_amount(amount: Money) -> None:
    legs = rules.settlement("order:1", 7, amount) + rules.release("order:1", 7, amount)
    gains = rules.net(legs)
    assert gains[ESCROW] == 0
    assert rules.natural(AccountKind.BALANCE, gains[BALANCE]) == amount
    assert rules.natural(AccountKind.GATEWAY, gains[rules.GATEWAY]) == amount
    assert rules.hold_changes(legs) == {("order:1", 7): (amount.fen, amount.fen)}


@given(amounts)
def test_a_returned_payment_leaves_nothing_behind_but_two_postings(amount: Money) -> None:
    legs = rules.returned("order:1", 8, amount)
    assert [leg.amount for leg in legs] == [amount, amount]
    assert set(rules.net(legs).values()) == {0}


@given(parts, parts, parts)
def test_a_refund_takes_each_part_from_its_purse(
    escrow: Money, balance: Money, deposit: Money
) -> None:
    legs = rules.refund("order:1", 7, escrow=escrow, balance=balance, deposit=deposit)
    taken = {leg.debit: leg.amount for leg in legs}
    assert taken.get(ESCROW, Money(0)) == escrow
    assert taken.get(BALANCE, Money(0)) == balance
    assert taken.get(DEPOSIT, Money(0)) == deposit
    assert all(leg.credit == rules.GATEWAY for leg in legs)


def test_a_leg_of_nothing_cannot_be_made() -> None:
    with pytest.raises(ValueError, match="more than nothing"):
        Leg(rules.GATEWAY, BALANCE, Money(0), "order:1")
    with pytest.raises(ValueError, match="two purses"):
        Leg(BALANCE, BALANCE, Money(1), "order:1")


def test_market_purses_have_no_owner_and_company_purses_have_one() -> None:
    with pytest.raises(ValueError, match="owned by"):
        Purse(AccountKind.GATEWAY, 7)
    with pytest.raises(ValueError, match="owned by"):
        Purse(AccountKind.BALANCE)
