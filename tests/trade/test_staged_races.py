"""Both sides, the bank and the clock at one order that is paid in stages, all at once."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest

from pifa.finance import commands as finance
from pifa.finance.sandbox import bank
from pifa.finance.sandbox.bank import BankAction
from pifa.kernel import deadlines
from pifa.kernel.errors import DomainError, WrongState
from pifa.kernel.money import Money
from pifa.ledger import queries as ledger
from pifa.trade import commands
from pifa.trade.models import Order
from pifa.trade.staged import commands as staged
from tests.finance.test_schedule import put_on_balance
from tests.plugins.clock import MarketClock
from tests.trade.market import Trading, yuan
from tests.trade.staged_market import (
    begin,
    finished,
    pay,
    payable_of,
    staged_trading,
)
from tests.trade.test_races import race

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def trading(transactional_db: None) -> Trading:
    return staged_trading()


def refused(results: list[object]) -> list[object]:
    """What the rules refused; anything else that went wrong (a deadlock) fails the test."""
    errors = [result for result in results if isinstance(result, Exception)]
    assert all(isinstance(error, DomainError) for error in errors), errors
    return list(errors)


@pytest.mark.parametrize("turn", range(3))
def test_the_balance_comes_in_the_moment_in_which_it_lapses(
    trading: Trading, market_clock: MarketClock, turn: int
) -> None:
    order = finished(trading, pay(trading, trading.place(100)))
    attempt = begin(trading, order)
    market_clock.forward(days=5)
    refused(race([partial(bank.act, attempt, BankAction.PAY), deadlines.run_due]))
    order = trading.order(order.number)
    if order.status == "closed":
        assert (order.paid_fen, order.released_fen) == (10_50, 10_50)
        assert ledger.held(order.subject) == Money(0)
    else:
        assert (order.status, order.paid_fen) == ("awaiting_shipment", 35_00)
        assert ledger.held(order.subject) == yuan("35.00")


@pytest.mark.parametrize("turn", range(3))
def test_one_balance_by_two_methods_a_new_price_and_the_end_of_production(
    trading: Trading, turn: int
) -> None:
    order = pay(trading, trading.place(100))
    attempt = begin(trading, order)
    put_on_balance(trading.buyer, yuan("100.00"))
    number = payable_of(order).number
    contestants: list[Callable[[], object]] = [
        partial(bank.act, attempt, BankAction.PAY),
        partial(finance.start_payment, trading.buying, number, "balance"),
        partial(commands.adjust_price, trading.selling, order.number, yuan("40.00")),
        partial(staged.finish_production, trading.selling, order.number),
    ]
    refused(race(contestants))
    order = trading.order(order.number)
    assert order.paid_fen in (10_50, order.total_fen)
    _stands_by_its_money(order)


@pytest.mark.parametrize("turn", range(3))
def test_a_seller_cancels_while_its_buyer_pays_and_splits(trading: Trading, turn: int) -> None:
    order = finished(trading, pay(trading, trading.place(100)))
    put_on_balance(trading.buyer, yuan("24.50"))
    number = payable_of(order).number
    results = race(
        [
            partial(staged.cancel_production, trading.selling, order.number),
            partial(finance.start_payment, trading.buying, number, "balance"),
            partial(finance.split_payment, trading.buying, number, [yuan("4.50"), yuan("20.00")]),
        ]
    )
    refused(results)
    order = trading.order(order.number)
    if order.status == "closed":
        assert order.refunded_fen == order.paid_fen
    else:
        assert isinstance(results[0], WrongState)
    _stands_by_its_money(order)


def _stands_by_its_money(order: Order) -> None:
    assert ledger.held(order.subject) == Money(order.paid_fen - order.refunded_fen)
    all_paid = order.paid_fen == order.total_fen
    following = {
        "in_production": order.paid_fen > 0,
        "awaiting_balance": not all_paid,
        "awaiting_shipment": all_paid,
        "closed": True,
    }
    assert following[order.status]
