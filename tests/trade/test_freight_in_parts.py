"""Insured return freight of orders that are paid in stages or parts: the premium comes once, with
the last of them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from pifa.finance import commands as finance
from pifa.finance import queries as books
from pifa.finance.insurance.freight import commands as insurance
from pifa.finance.models import Payable, Payment
from pifa.finance.sandbox import bank
from pifa.kernel.money import Money
from pifa.ledger import queries as ledger
from pifa.messages.models import Notice
from pifa.trade import commands
from pifa.trade.models import Order
from tests.finance.withdrawals.conftest import fund
from tests.trade.invitations.market import bought
from tests.trade.market import Trading, trade_of, trading, yuan
from tests.trade.staged_market import finished, staged_trading
from tests.trade.test_freight_insurance import (
    INSURED,
    PREMIUM,
    balance,
    came_back,
    hear,
    policy,
    send_back,
    take,
)


@pytest.fixture(autouse=True)
def _proved(db: None) -> Iterator[None]:
    """Whatever a test did, the books agree afterwards."""
    yield
    assert ledger.check() == []


def pay_next(trading: Trading, order: Order, part: int | None = None) -> Payment:
    """Pay what comes next at the bank, with the premium where it goes with it."""
    payable = Payable.objects.get(subject=order.subject)
    number = finance.start_insured(trading.buying, payable.number, "gateway", part).payment_number
    bank.act(trade_of(number), "pay")
    hear()
    return Payment.objects.get(number=number)


def test_of_an_order_in_stages_the_balance_brings_the_premium() -> None:
    trading = staged_trading()
    order = take(trading)
    deposit = pay_next(trading, order)
    assert (deposit.amount_fen, deposit.payable.subject) == (10_50, order.subject)
    finished(trading, order)
    rest = pay_next(trading, order)
    assert rest.amount_fen == 24_50 + PREMIUM.fen
    found = policy(order)
    assert (found.payer_id, found.premium_fen) == (trading.buyer.pk, PREMIUM.fen)
    commands.ship(trading.selling, order.number, "试验快递", "T1")
    send_back(trading, order)
    # Each part goes back by the way it came.
    assert (came_back(deposit.number), came_back(rest.number)) == (Money(10_50), Money(24_50))
    assert balance(trading.buyer.pk) == INSURED
    assert books.reconciliation(trading.operator).agrees


def test_a_balance_that_is_paid_early_is_insured_when_the_goods_are_made() -> None:
    trading = staged_trading()
    order = take(trading)
    pay_next(trading, order)
    pay_next(trading, order)
    assert balance(trading.buyer.pk) == PREMIUM  # waits: nothing is made that could be sent back
    finished(trading, order)
    hear()
    assert policy(order).state == "active"
    assert balance(trading.buyer.pk) == Money(0)


def test_a_gift_covers_an_order_in_stages_however_early_it_is_paid() -> None:
    trading = staged_trading()
    fund(trading.seller, trading.buying, Money(10_00))
    finance.give_freight_insurance(trading.selling, True)
    order = trading.place()
    pay_next(trading, order)
    pay_next(trading, order)
    finished(trading, order)
    hear()
    assert policy(order).payer_id == trading.seller.pk


def test_of_parts_the_last_one_brings_the_premium_whichever_it_is() -> None:
    market = trading()
    order = take(market)
    payable = Payable.objects.get(subject=order.subject)
    parts = [yuan("10.00"), yuan("5.00"), yuan("20.00")]
    finance.split_payment(market.buying, payable.number, parts)
    paid = [pay_next(market, order, part).amount_fen for part in (2, 0, 1)]
    assert paid == [20_00, 10_00, 5_00 + PREMIUM.fen]
    assert policy(order).state == "active"
    assert not Notice.objects.filter(kind="freight_not_bought").exists()
    assert books.reconciliation(market.operator).agrees


def test_a_sellers_gift_covers_what_a_guest_bought_and_its_payout_waits_for_it() -> None:
    market = trading()
    fund(market.seller, market.buying, Money(10_00))
    finance.give_freight_insurance(market.selling, True)
    order = bought(market)
    hear()
    found = policy(order)
    assert (found.buyer_id, found.payer_id) == (order.buyer_id, market.seller.pk)
    commands.ship(market.selling, order.number, "试验快递", "T1")
    insurance.pay_out(order.subject, "R1")
    assert balance(found.buyer_id) == INSURED
