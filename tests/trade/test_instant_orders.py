"""An order whose seller has its money at once: it goes on as any other, and all can go back."""

from __future__ import annotations

import pytest

from pifa.finance import commands as finance
from pifa.finance.models import SandboxTrade
from pifa.kernel.events import deliver
from pifa.kernel.models import OutboxEvent
from pifa.kernel.money import Money
from pifa.ledger import queries as ledger
from pifa.ledger.rules import AccountKind
from pifa.messages.models import Notice
from pifa.messages.wording import wording
from pifa.trade import commands, queries
from pifa.trade.models import Order
from tests.finance.conftest import grant_instant_payout, open_payee, take_instant_payout
from tests.trade.market import Trading, yuan


@pytest.fixture
def instant(trading: Trading) -> Trading:
    grant_instant_payout(trading.seller.pk)
    finance.switch_instant_payout(trading.selling, True)
    return trading


def balance(trading: Trading, kind: AccountKind = AccountKind.BALANCE) -> Money:
    return ledger.balance(trading.seller.pk, kind)


def refund(trading: Trading, order: Order, amount: str) -> None:
    case = commands.ask_refund(trading.buying, order.number, "money", yuan(amount), "质量问题")
    commands.answer_refund(trading.selling, case, accept=True)


def test_the_order_goes_on_as_usual_and_nothing_is_released_twice(instant: Trading) -> None:
    order = instant.paid(1000)
    assert (order.status, order.paid_fen, order.released_fen) == ("awaiting_shipment", 31000, 31000)
    assert balance(instant) == yuan("309.63")
    commands.ship(instant.selling, order.number, "试验快递", "T1")
    commands.confirm_receipt(instant.buying, order.number)
    order = instant.order(order.number)
    assert (order.status, order.released_fen) == ("awaiting_review", 31000)
    assert balance(instant) == yuan("309.63")


def test_both_sides_read_what_became_of_the_money(instant: Trading) -> None:
    order = instant.shipped(1000)
    commands.confirm_receipt(instant.buying, order.number)
    sold = queries.order(instant.selling, order.number)
    bought = queries.order(instant.buying, order.number)
    assert "极速到账手续费" in [entry.words for entry in sold.money.entries]
    assert [entry.words for entry in bought.money.entries] == [
        "买家付款，进入平台担保",
        "极速到账：货款提前结算到卖家余额",
    ]
    words = [event.words for event in bought.timeline]
    assert "极速到账：¥310.00 提前结算给卖家" in words
    assert "确认收货" in words
    deliver()
    told = {
        notice.kind: wording(notice.kind, notice.params).body
        for notice in Notice.objects.filter(company=instant.seller)
    }
    assert "手续费 ¥0.37" in told["instant_paid"]
    assert "货款已提前结算" in told["paid_early"]
    assert "货款此前已结算" in told["received_early"]


def test_a_notice_is_made_of_a_payment_that_was_announced_before_there_was_instant_payout(
    trading: Trading,
) -> None:
    trading.paid()
    event = OutboxEvent.objects.get(name="order.paid")
    del event.payload["instant"]
    event.save()
    deliver()
    assert Notice.objects.filter(kind="paid", company=trading.buyer).exists()


@pytest.mark.parametrize("received", [False, True])
def test_refunds_in_parts_take_all_back_whatever_the_seller_has(
    instant: Trading, received: bool
) -> None:
    order = instant.received(1000) if received else instant.shipped(1000)
    refund(instant, order, "50.00")
    open_payee(instant.seller.pk)
    finance.withdraw(instant.selling, balance(instant))
    refund(instant, order, "260.00")
    order = instant.order(order.number)
    assert (order.status, order.refunded_fen) == ("closed", 31000)
    assert SandboxTrade.objects.get().refunded_fen == 31000
    assert balance(instant, AccountKind.CLAWBACK) == yuan("260.00")


def test_losing_the_grant_leaves_paid_orders_as_they_are(instant: Trading) -> None:
    first = instant.paid(1000)
    take_instant_payout(instant.seller.pk)
    second = instant.paid(1000)
    assert (first.released_fen, second.released_fen) == (31000, 0)
    assert ledger.held(second.subject) == yuan("310.00")
    refund(instant, first, "310.00")
    # What the first owes (its fee) is paid by the second when its turn comes.
    assert balance(instant, AccountKind.CLAWBACK) == yuan("0.37")
    commands.ship(instant.selling, second.number, "试验快递", "T2")
    commands.confirm_receipt(instant.buying, second.number)
    assert balance(instant, AccountKind.CLAWBACK) == Money(0)
    assert balance(instant) == yuan("309.63")
