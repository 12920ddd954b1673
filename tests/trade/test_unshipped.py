"""Paid orders that are never shipped: in the end the money goes back by itself."""

from __future__ import annotations

from importlib import import_module

import pytest
from django.apps import apps

from pifa.catalog.models import Offer
from pifa.kernel import clock, deadlines, events
from pifa.kernel.models import Deadline, OutboxEvent
from pifa.kernel.money import Money
from pifa.ledger import queries as ledger
from pifa.ledger.guard import assert_books_balance
from pifa.messages.models import Notice
from pifa.trade import commands, queries
from pifa.trade.models import Order, RefundCase
from tests.plugins.clock import MarketClock
from tests.trade.market import Trading, yuan

KIND = "order.refund_unshipped"


def waiting(order: Order) -> list[str]:
    rows = Deadline.objects.filter(subject=order.subject, done_at=None)
    return sorted(rows.values_list("kind", flat=True))


def test_an_order_that_is_never_shipped_is_refunded_and_closed(
    trading: Trading, market_clock: MarketClock
) -> None:
    order = trading.paid(100)
    due = queries.order(trading.buying, order.number).due_at
    market_clock.forward(days=29, hours=23)
    deadlines.run_due()
    assert trading.order(order.number).status == "awaiting_shipment"

    assert market_clock.forward(hours=1) == due
    deadlines.run_due()
    order = trading.order(order.number)
    assert (order.status, order.refunded_fen, order.released_fen) == ("closed", 3500, 0)
    assert order.close_reason == "卖家逾期未发货，已全额退款"
    assert order.ended_at == due
    assert ledger.held(order.subject) == Money(0)
    assert trading.stock() == (10_000, 0)
    assert Offer.objects.get(pk=trading.offer.pk).sold_quantity == 0
    assert waiting(order) == []
    assert_books_balance()

    told = queries.order(trading.buying, order.number).timeline[-1]
    assert (told.action, told.who) == (KIND, "market")
    assert "¥35.00" in told.words
    closed = OutboxEvent.objects.get(name="order.closed")
    assert (closed.payload["by"], closed.payload["was_paid"]) == ("market", True)
    events.deliver()
    notices = Notice.objects.filter(kind="unshipped_refunded").order_by("company_id")
    assert {notice.company_id for notice in notices} == {trading.buyer.pk, trading.seller.pk}
    assert notices[0].params["amount_fen"] == 3500


def test_custom_work_has_longer(trading: Trading, market_clock: MarketClock) -> None:
    Offer.objects.filter(pk=trading.offer.pk).update(scene="custom")
    order = trading.paid(100)
    assert order.scene == "custom"
    market_clock.forward(days=89)
    deadlines.run_due()
    assert trading.order(order.number).status == "awaiting_shipment"
    market_clock.forward(days=1)
    deadlines.run_due()
    assert trading.order(order.number).status == "closed"


def test_a_shipped_order_is_left_alone(trading: Trading, market_clock: MarketClock) -> None:
    order = trading.shipped(100)
    assert waiting(order) == ["order.receipt_due", "order.receive"]
    market_clock.forward(days=90)
    deadlines.run_due()
    assert trading.order(order.number).refunded_fen == 0


def test_an_open_refund_stops_the_term_and_its_end_lets_it_run_on(
    trading: Trading, market_clock: MarketClock
) -> None:
    order = trading.paid(100)
    market_clock.forward(days=29)
    refund = commands.ask_refund(trading.buying, order.number, "money", yuan("5.00"), "少要一些")
    assert waiting(order) == []
    market_clock.forward(days=2)
    commands.answer_refund(trading.selling, refund, accept=True)
    assert waiting(order) == [KIND, "order.shipment_due"]

    market_clock.forward(days=1)
    deadlines.run_due()
    order = trading.order(order.number)
    assert (order.status, order.refunded_fen) == ("closed", 3500)
    paid_back = OutboxEvent.objects.get(name="order.unshipped_refunded").payload
    assert paid_back["amount_fen"] == 3000
    assert_books_balance()


@pytest.mark.parametrize("end", ["refused", "disputed"])
def test_a_case_that_was_opened_just_before_is_not_overtaken(
    trading: Trading, market_clock: MarketClock, end: str
) -> None:
    order = trading.paid(100)
    refund = commands.ask_refund(trading.buying, order.number, "money", yuan("35.00"), "不要了")
    commands.answer_refund(trading.selling, refund, accept=False, answer="明天就发")
    if end == "disputed":
        commands.open_dispute(trading.buying, refund, "一直不发")
    # The worker had the deadline in its hands when the case was opened.
    deadlines.set_deadline(KIND, order.subject, clock.now())
    assert deadlines.run_due() == 1
    now = trading.order(order.number)
    assert (now.status, now.refunded_fen) == ("in_refund", 0)
    assert RefundCase.objects.get(number=refund).state == end


def test_orders_from_before_the_term_are_given_it(trading: Trading) -> None:
    paid, asked, shipped = trading.paid(10), trading.paid(10), trading.shipped(10)
    commands.ask_refund(trading.buying, asked.number, "money", yuan("1.00"), "少要一些")
    Deadline.objects.filter(kind=KIND).delete()
    set_terms = import_module("pifa.trade.migrations.0006_unshipped_terms").set_terms
    set_terms(apps, None)
    set_terms(apps, None)
    row = Deadline.objects.get(kind=KIND)
    assert row.subject == paid.subject
    assert paid.paid_at is not None
    assert (row.due_at - paid.paid_at).days == 30
    assert shipped.status == "awaiting_receipt"
