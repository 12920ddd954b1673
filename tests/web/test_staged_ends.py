"""What the pages of both sides say when an order in stages is late, promised or ended."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client

from pifa.finance import commands as finance
from pifa.kernel import clock, deadlines
from pifa.kernel.actors import Role
from pifa.kernel.money import Money
from pifa.trade import commands
from pifa.trade.models import Order
from pifa.trade.staged import commands as staged
from pifa.trade.staged.queries import stages_told
from tests.catalog import market as goods
from tests.plugins.clock import MarketClock
from tests.trade.market import Trading
from tests.trade.staged_market import (
    finished,
    pay,
    payable_of,
    promise,
    staged_trading,
    word_of_mouth,
)
from tests.trade.test_credit_orders import grant
from tests.web.seller.conftest import body, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def trading(db: None) -> Trading:
    return staged_trading()


@pytest.fixture
def buyer(trading: Trading) -> Client:
    return signed_in(trading.buying)


@pytest.fixture
def clerk(trading: Trading) -> Client:
    return signed_in(goods.actor(trading.seller, Role.CLERK))


@pytest.fixture
def order(trading: Trading) -> Order:
    return trading.place(100)


def test_both_read_that_a_promised_balance_is_done(
    trading: Trading, buyer: Client, clerk: Client, order: Order
) -> None:
    pay(trading, order)
    with word_of_mouth():
        order = promise(trading, order)
        order = finished(trading, order)
        assert (order.status, order.paid_at) == ("awaiting_shipment", None)
        for client, place in ((buyer, "buyer"), (clerk, "seller")):
            page = body(client.get(f"/{place}/orders/{order.number}/"))
            (now,) = re.findall(r'aria-current="step".*?</li>', page, re.DOTALL)
            assert "卖家发货" in now


def test_both_read_what_was_not_to_be_paid_any_more_and_that_nothing_was_made(
    trading: Trading, buyer: Client, clerk: Client, order: Order
) -> None:
    pay(trading, order)
    staged.cancel_production(trading.selling, order.number)
    for client, place in ((buyer, "buyer"), (clerk, "seller")):
        page = body(client.get(f"/{place}/orders/{order.number}/"))
        assert "原定 ¥24.50，订单已结束" in page
        assert "订单已关闭，没有完成生产" in page
        assert "前完成生产" not in page


def test_a_buyer_reads_what_it_still_owes_for_a_deposit_that_is_kept(
    trading: Trading, buyer: Client, order: Order, market_clock: MarketClock
) -> None:
    grant(trading, Money(1_000_00), "days", 7)
    finance.start_payment(trading.buying, payable_of(order).number, "trade_credit")
    finished(trading, order)
    market_clock.forward(days=5)
    deadlines.run_due()
    page = body(buyer.get(f"/buyer/orders/{order.number}/"))
    acts = page.split('id="acts"')[1].split("</section>")[0]
    due = (clock.today() + timedelta(days=7)).isoformat()
    assert f"账期待付（{due} 前付清） ¥10.50" in acts
    assert 'href="/buyer/credit/"' in acts


def test_of_an_order_that_ended_unpaid_nothing_is_to_be_paid(
    trading: Trading, buyer: Client, order: Order
) -> None:
    commands.cancel_order(trading.buying, order.number)
    told = stages_told(trading.buying, order.number)
    assert [(row.state, row.due_at) for row in told] == [("waived", None)] * 2
    assert "以后付" not in body(buyer.get(f"/buyer/orders/{order.number}/"))


def test_a_balance_has_no_day_while_production_is_late(
    trading: Trading, order: Order, market_clock: MarketClock
) -> None:
    pay(trading, order)
    assert stages_told(trading.buying, order.number)[1].due_at is not None
    market_clock.forward(days=16)
    assert stages_told(trading.buying, order.number)[1].due_at is None
    finished(trading, order)
    due = stages_told(trading.buying, order.number)[1].due_at
    assert due == market_clock.forward() + timedelta(days=5)
