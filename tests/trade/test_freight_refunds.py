"""Refunds of orders that were paid together with a premium: the goods' money goes back the way it came."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from pifa.finance import commands as finance
from pifa.finance import queries as books
from pifa.finance.commands import NewPayable
from pifa.finance.sandbox import bank
from pifa.kernel.money import Money
from pifa.ledger import queries as ledger
from pifa.ledger.rules import AccountKind
from pifa.trade import commands
from pifa.trade.models import Order
from tests.finance.conftest import grant_instant_payout
from tests.trade.market import Trading, trade_of, yuan
from tests.trade.test_freight_insurance import (
    PREMIUM,
    balance,
    begin,
    came_back,
    hear,
    policy,
    take,
)


@pytest.fixture(autouse=True)
def _proved(db: None) -> Iterator[None]:
    """Whatever a test did, the books agree afterwards."""
    yield
    assert ledger.check() == []


def test_the_premium_goes_back_to_the_buyer_who_paid_it(trading: Trading) -> None:
    order = take(trading)
    payment = begin(trading, order)
    bank.act(trade_of(payment), "pay")
    hear()
    refund = commands.ask_refund(trading.buying, order.number, "money", yuan("35.00"), "不要了")
    commands.answer_refund(trading.selling, refund, accept=True)
    hear()
    assert policy(order).state == "returned"
    assert (came_back(payment), balance(trading.buyer.pk)) == (Money(35_00), PREMIUM)
    assert balance(trading.seller.pk) == Money(0)


def test_parts_of_an_order_go_back_by_the_way_it_was_paid(trading: Trading) -> None:
    """Two refunds, one before receipt and one after: the bank has both, and a repeat does nothing."""
    order = take(trading)
    payment = begin(trading, order)
    bank.act(trade_of(payment), "pay")
    hear()
    commands.ship(trading.selling, order.number, "试验快递", "T1")
    money_back(trading, order, "5.00")
    assert came_back(payment) == Money(5_00)
    commands.confirm_receipt(trading.buying, order.number)
    refund = money_back(trading, order, "30.00")
    again = finance.refund(order.subject, yuan("30.00"), refund, "again")
    assert again.amount == Money(0)
    assert (came_back(payment), balance(trading.buyer.pk)) == (Money(35_00), Money(0))
    assert books.reconciliation(trading.operator).agrees


def test_a_debt_of_the_buyer_takes_nothing_of_what_goes_back_to_its_bank(trading: Trading) -> None:
    """Money only passes through the balance: as without insurance it is no income."""
    order = take(trading)
    payment = begin(trading, order)
    bank.act(trade_of(payment), "pay")
    hear()
    owe(trading, Money(20_00))
    money_back(trading, order, "35.00")
    assert came_back(payment) == Money(35_00)
    owed = ledger.balance(trading.buyer.pk, AccountKind.CLAWBACK)
    assert owed == Money(20_00) - PREMIUM  # which did come to the balance


def owe(trading: Trading, amount: Money) -> None:
    """The buyer sold something, had the money at once, spent it and had to give some back."""
    grant_instant_payout(trading.buyer.pk)
    finance.switch_instant_payout(trading.buying, True)
    sells, buys = trading.seller.pk, trading.buyer.pk
    (sold,) = finance.open_payables([NewPayable("sold:1", sells, buys, 100_00, "sold")])
    started = finance.start_payment(trading.selling, sold, "gateway")
    bank.act(trade_of(started.payment_number), "pay")
    finance.pay_out_at_once("sold:1")
    rest = balance(trading.buyer.pk).fen
    (spent,) = finance.open_payables([NewPayable("spent:1", buys, sells, rest, "spent")])
    finance.start_payment(trading.buying, spent, "balance")
    finance.refund("sold:1", amount, "debt", "faulty")
    assert ledger.balance(trading.buyer.pk, AccountKind.CLAWBACK) == amount


def money_back(trading: Trading, order: Order, amount: str) -> str:
    """A refund without goods is asked for and paid."""
    refund = commands.ask_refund(trading.buying, order.number, "money", yuan(amount), "不要了")
    commands.answer_refund(trading.selling, refund, accept=True)
    hear()
    return refund
