"""Staged payment in books that others read: credit that falls due, metrics, reports, notices."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from pifa.catalog.rules import StagedPlan
from pifa.finance import commands as finance
from pifa.finance.models import CreditItem, CreditLine
from pifa.kernel import clock, deadlines, events
from pifa.kernel.money import Money
from pifa.ledger import queries as ledger
from pifa.messages.models import Notice
from pifa.trade import queries
from pifa.trade.commands import cancel_order
from pifa.trade.models import Order
from pifa.trade.staged import commands as staged
from tests.plugins.clock import MarketClock
from tests.trade.market import Trading, yuan
from tests.trade.staged_market import (
    balance,
    finished,
    pay,
    payable_of,
    staged_trading,
)
from tests.trade.test_credit_orders import grant, repay
from tests.trade.test_metric_facts import figures

pytestmark = pytest.mark.django_db


def on_credit(trading: Trading, order: Order) -> Order:
    """What comes next is promised on the buyer's line."""
    finance.start_payment(trading.buying, payable_of(order).number, "trade_credit")
    return trading.order(order.number)


def lapse(trading: Trading, order: Order, market_clock: MarketClock) -> Order:
    finished(trading, order)
    market_clock.forward(days=5)
    deadlines.run_due()
    return trading.order(order.number)


class TestAPromisedDeposit:
    @pytest.mark.parametrize(("terms", "number"), [("days", 7), ("monthly", 28)])
    def test_that_its_seller_keeps_falls_due_and_is_paid(
        self,
        trading: Trading,
        order: Order,
        market_clock: MarketClock,
        terms: str,
        number: int,
    ) -> None:
        line = grant(trading, Money(1_000_00), terms, number)
        on_credit(trading, order)
        order = lapse(trading, order, market_clock)
        assert (order.status, order.promised_fen, order.waived_fen) == ("closed", 10_50, 24_50)
        item = CreditItem.objects.get(payable__subject=order.subject)
        assert (item.open_fen, item.due_on is None) == (10_50, False)
        if terms == "days":
            assert item.due_on == clock.today() + timedelta(days=7)
        # What nobody pays is late from the day after, and the line stands still.
        market_clock.forward(days=70)
        deadlines.run_due()
        line = CreditLine.objects.get(pk=line.pk)
        assert line.overdue_since is not None
        repay(trading, line)
        order = trading.order(order.number)
        assert (order.paid_fen, order.released_fen, order.promised_fen) == (10_50, 10_50, 0)
        assert balance(trading) == yuan("10.50")
        line = CreditLine.objects.get(pk=line.pk)
        assert (line.used_fen, line.overdue_since) == (0, None)
        assert ledger.check() == []

    def test_with_a_promised_part_of_the_balance_only_the_deposit_is_owed(
        self, trading: Trading, order: Order, market_clock: MarketClock
    ) -> None:
        grant(trading, Money(1_000_00), "days", 7)
        on_credit(trading, order)
        parts = [yuan("20.00"), yuan("4.50")]
        finance.split_payment(trading.buying, payable_of(order).number, parts)
        on_credit(trading, order)
        order = lapse(trading, order, market_clock)
        item = CreditItem.objects.get(payable__subject=order.subject)
        assert (item.open_fen, item.waived_fen) == (10_50, 20_00)
        assert item.due_on == clock.today() + timedelta(days=7)
        assert (order.promised_fen, order.waived_fen) == (10_50, 24_50)

    def test_that_goes_to_the_buyer_is_owed_by_nobody(self, market_clock: MarketClock) -> None:
        trading = staged_trading(StagedPlan(10, 5, deposit_bp=3_000, keeper="buyer"))
        line = grant(trading, Money(1_000_00), "days", 7)
        order = on_credit(trading, trading.place(100))
        order = lapse(trading, order, market_clock)
        item = CreditItem.objects.get(payable__subject=order.subject)
        assert (item.open_fen, item.received_at, item.due_on) == (0, None, None)
        assert CreditLine.objects.get(pk=line.pk).used_fen == 0


def never_shipped(trading: Trading, order: Order, market_clock: MarketClock) -> None:
    pay(trading, order)
    pay(trading, order)
    finished(trading, order)
    market_clock.forward(days=90)
    deadlines.run_due()


def cancelled(trading: Trading, order: Order, market_clock: MarketClock) -> None:
    pay(trading, order)
    staged.cancel_production(trading.selling, order.number)


def left_in_parts(trading: Trading, order: Order, market_clock: MarketClock) -> None:
    parts = [yuan("4.00"), yuan("6.50")]
    finance.split_payment(trading.buying, payable_of(order).number, parts)
    pay(trading, order)
    cancel_order(trading.buying, order.number)


class TestMoneyThatGoesBackWithTheEnd:
    @pytest.mark.parametrize("end", [cancelled, left_in_parts])
    def test_is_no_sale_and_no_refund_that_was_asked_for(
        self,
        trading: Trading,
        order: Order,
        market_clock: MarketClock,
        end: Callable[[Trading, Order, MarketClock], None],
    ) -> None:
        end(trading, order, market_clock)
        assert trading.order(order.number).status == "closed"
        assert figures(trading.seller.pk)["sales_30d"] == 0
        bought = figures(trading.buyer.pk)
        assert (bought["spend_30d"], bought["refunds_90d"]) == (0, 0)

    def test_counts_on_its_own_day(
        self, trading: Trading, order: Order, market_clock: MarketClock
    ) -> None:
        never_shipped(trading, order, market_clock)
        assert figures(trading.seller.pk)["sales_30d"] == -35_00

    def test_a_deposit_that_is_kept_stays_a_sale_what_was_paid_beside_it_does_not(
        self, trading: Trading, order: Order, market_clock: MarketClock
    ) -> None:
        pay(trading, order)
        parts = [yuan("20.00"), yuan("4.50")]
        finance.split_payment(trading.buying, payable_of(order).number, parts)
        pay(trading, order)
        order = lapse(trading, order, market_clock)
        assert (order.refunded_fen, order.released_fen) == (20_00, 10_50)
        sold = figures(trading.seller.pk)
        assert sold["sales_30d"] == 10_50
        assert figures(trading.buyer.pk)["completed_90d"] == 0

    def test_a_report_takes_it_from_the_sales(
        self, trading: Trading, order: Order, market_clock: MarketClock
    ) -> None:
        pay(trading, order)
        pay(trading, order)
        pay(trading, trading.place(100))  # a deposit alone is no sale yet
        staged.cancel_production(trading.selling, order.number)
        today = clock.today()
        report = queries.sales_report(trading.selling, today, today)
        assert (report.sales, report.orders) == (yuan("35.00"), 1)
        assert (report.cancellations, report.cancelled) == (1, yuan("-35.00"))

    def test_both_sides_hear_of_the_end_once(
        self, trading: Trading, order: Order, market_clock: MarketClock
    ) -> None:
        pay(trading, order)
        lapse(trading, order, market_clock)
        events.deliver()
        told = Notice.objects.filter(subject=order.subject, company=trading.buyer)
        kinds = list(told.values_list("kind", flat=True))
        assert kinds.count("balance_lapsed") == 1
        assert "order_closed" not in kinds
