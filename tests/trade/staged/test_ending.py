"""Staged payment (PAY-STAGED): lapses, late production, refunds, and who has the money."""

from __future__ import annotations

from datetime import timedelta

import pytest

from pifa.catalog.rules import StagedPlan
from pifa.finance import commands as finance
from pifa.finance import queries as books
from pifa.finance.models import Payment
from pifa.finance.sandbox import bank
from pifa.finance.sandbox.bank import BankAction
from pifa.kernel import deadlines
from pifa.kernel.actors import Role
from pifa.kernel.errors import Forbidden, InvalidInput, NotFound, WrongState
from pifa.kernel.models import Deadline
from pifa.kernel.money import Money
from pifa.ledger import queries as ledger
from pifa.trade import commands
from pifa.trade.errors import InvalidAmount, ProductionNotLate
from pifa.trade.models import Order
from pifa.trade.staged import commands as staged
from pifa.trade.staged.progress import note_progress
from tests.catalog import market as goods
from tests.finance.test_schedule import put_on_balance
from tests.plugins.clock import MarketClock
from tests.trade.market import Trading, yuan
from tests.trade.staged_market import (
    announced,
    balance,
    begin,
    finished,
    pay,
    pay_late,
    payable_of,
    promise,
    staged_trading,
    terms,
    waiting,
)

pytestmark = pytest.mark.django_db


class TestTheBalanceLapses:
    def lapsed(self, trading: Trading, order: Order, market_clock: MarketClock) -> Order:
        pay(trading, order)
        finished(trading, order)
        market_clock.forward(days=5)
        deadlines.run_due()
        return trading.order(order.number)

    def test_the_seller_keeps_the_deposit(
        self, trading: Trading, order: Order, market_clock: MarketClock
    ) -> None:
        order = self.lapsed(trading, order, market_clock)
        assert (order.status, order.close_reason) == ("closed", "逾期未付尾款，定金归卖家")
        assert (order.paid_fen, order.released_fen, order.waived_fen) == (10_50, 10_50, 24_50)
        assert balance(trading) == yuan("10.50")
        assert trading.stock() == (10_000, 0)
        trading.offer.refresh_from_db()
        assert trading.offer.sold_quantity == 0
        assert waiting(order) == set()
        (told,) = announced("order.balance_lapsed")
        assert (told["keeper"], told["kept_fen"], told["refunded_fen"]) == ("seller", 10_50, 0)
        assert len(announced("order.balance_due")) == 1

    def test_the_buyer_has_the_deposit_back_if_the_plan_says_so(
        self, market_clock: MarketClock
    ) -> None:
        trading = staged_trading(StagedPlan(10, 5, deposit_fen=10_00, keeper="buyer"))
        order = self.lapsed(trading, trading.place(100), market_clock)
        assert (order.status, order.paid_fen, order.refunded_fen) == ("closed", 10_00, 10_00)
        assert order.close_reason == "逾期未付尾款，定金退回买家"
        assert balance(trading) == ledger.held(order.subject) == Money(0)

    def test_what_was_paid_of_the_balance_goes_back(
        self, trading: Trading, order: Order, market_clock: MarketClock
    ) -> None:
        pay(trading, order)
        number = payable_of(order).number
        finance.split_payment(trading.buying, number, [yuan("20.00"), yuan("4.50")])
        pay(trading, order)
        finished(trading, order)
        market_clock.forward(days=5)
        deadlines.run_due()
        order = trading.order(order.number)
        assert (order.status, order.refunded_fen, order.released_fen) == ("closed", 20_00, 10_50)

    def test_of_a_deposit_that_went_back_in_part_the_seller_keeps_what_is_left(
        self, trading: Trading, order: Order, market_clock: MarketClock
    ) -> None:
        pay(trading, order)
        case = commands.ask_refund(
            trading.buying, order.number, "money", yuan("3.00"), "少做一些", "deposit"
        )
        commands.answer_refund(trading.selling, case, accept=True)
        finished(trading, order)
        market_clock.forward(days=5)
        deadlines.run_due()
        order = trading.order(order.number)
        assert (order.status, order.refunded_fen, order.released_fen) == ("closed", 3_00, 7_50)

    def test_money_that_comes_after_it_goes_back_by_itself(
        self, trading: Trading, order: Order, market_clock: MarketClock
    ) -> None:
        pay(trading, order)
        finished(trading, order)
        pay_late(trading, order, timedelta(days=6))
        market_clock.forward(days=6)
        deadlines.run_due()
        order = trading.order(order.number)
        assert (order.status, order.paid_fen) == ("closed", 10_50)
        assert ledger.held(order.subject) == Money(0)
        with pytest.raises(WrongState):
            begin(trading, order)

    def test_money_that_comes_before_it_stops_it(
        self, trading: Trading, order: Order, market_clock: MarketClock
    ) -> None:
        pay(trading, order)
        finished(trading, order)
        market_clock.forward(days=5)
        pay(trading, order)
        staged_deadlines = Deadline.objects.filter(kind="order.balance_lapse", done_at=None)
        assert not staged_deadlines.exists()
        deadlines.run_due()
        assert trading.order(order.number).status == "awaiting_shipment"

    def test_a_promised_deposit_is_kept_by_its_seller_when_it_is_paid(
        self, trading: Trading, order: Order, market_clock: MarketClock, word: None
    ) -> None:
        order = promise(trading, order)
        assert (order.status, order.promised_fen) == ("in_production", 10_50)
        finished(trading, order)
        market_clock.forward(days=5)
        deadlines.run_due()
        order = trading.order(order.number)
        assert (order.status, order.promised_fen, order.paid_fen) == ("closed", 10_50, 0)
        put_on_balance(trading.buyer, yuan("10.50"))
        number = Payment.objects.get(state="promised").number
        finance.keep_promise(number, yuan("10.50"), "r1")
        order = trading.order(order.number)
        assert (order.paid_fen, order.released_fen, order.status) == (10_50, 10_50, "closed")
        assert balance(trading) == yuan("10.50")


class TestProduction:
    def test_a_late_seller_lets_the_buyer_go_with_all_of_its_money(
        self, trading: Trading, order: Order, market_clock: MarketClock
    ) -> None:
        pay(trading, order)
        market_clock.forward(days=12, hours=23)
        deadlines.run_due()
        with pytest.raises(ProductionNotLate):
            staged.cancel_late(trading.buying, order.number)
        market_clock.forward(hours=1)
        deadlines.run_due()
        for name in ("order.production_due", "order.production_late"):
            assert len(announced(name)) == 1
        with pytest.raises(Forbidden):
            staged.cancel_late(trading.selling, order.number)
        staged.cancel_late(trading.buying, order.number)
        order = trading.order(order.number)
        assert (order.status, order.refunded_fen, order.waived_fen) == ("closed", 10_50, 24_50)
        assert trading.stock() == (10_000, 0)
        assert waiting(order) == set()

    def test_a_late_seller_may_still_finish(
        self, trading: Trading, order: Order, market_clock: MarketClock
    ) -> None:
        pay(trading, order)
        market_clock.forward(days=20)
        deadlines.run_due()
        assert finished(trading, order).status == "awaiting_balance"
        with pytest.raises(WrongState):
            staged.cancel_late(trading.buying, order.number)

    def test_nothing_waits_for_ever(
        self, trading: Trading, order: Order, market_clock: MarketClock
    ) -> None:
        pay(trading, order)
        pay(trading, order)
        market_clock.forward(days=40)
        deadlines.run_due()
        order = trading.order(order.number)
        assert (order.status, order.refunded_fen) == ("closed", 35_00)
        assert order.close_reason == "卖家长期未完成生产，已全额退款"

    @pytest.mark.parametrize("when", ["in_production", "awaiting_balance", "paid early"])
    def test_the_seller_cancels_and_all_goes_back(
        self, trading: Trading, order: Order, when: str
    ) -> None:
        pay(trading, order)
        if when == "awaiting_balance":
            finished(trading, order)
        if when == "paid early":
            pay(trading, order)
        with pytest.raises(Forbidden):
            staged.cancel_production(trading.buying, order.number)
        staged.cancel_production(trading.selling, order.number, "设备故障")
        order = trading.order(order.number)
        assert (order.status, order.close_reason) == ("closed", "设备故障")
        assert order.refunded_fen == order.paid_fen
        assert ledger.held(order.subject) == Money(0)

    def test_a_stranger_finds_nothing(self, trading: Trading, order: Order) -> None:
        pay(trading, order)
        stranger = goods.actor(goods.seller("别家"), Role.OWNER)
        for verb in (staged.finish_production, staged.cancel_production):
            with pytest.raises(NotFound):
                verb(stranger, order.number)
        with pytest.raises(NotFound):
            note_progress(stranger, order.number, 10, "在做")

    def test_progress_never_goes_back(self, trading: Trading, order: Order) -> None:
        with pytest.raises(WrongState):
            note_progress(trading.selling, order.number, 10, "备料")
        pay(trading, order)
        note_progress(trading.selling, order.number, 40, "备料完成")
        for percent in (39, 101, -1):
            with pytest.raises(InvalidInput):
                note_progress(trading.selling, order.number, percent, "再说")
        with pytest.raises(InvalidInput):
            note_progress(trading.selling, order.number, 50)
        with pytest.raises(Forbidden):
            note_progress(trading.buying, order.number, 50, "我来说")


class TestRefunds:
    def asked(
        self, trading: Trading, order: Order, amount: str, purpose: str = ""
    ) -> tuple[str, Order]:
        case = commands.ask_refund(
            trading.buying, order.number, "money", yuan(amount), "不想要了", purpose
        )
        return case, trading.order(order.number)

    def test_the_whole_deposit_back_closes_the_order(self, trading: Trading, order: Order) -> None:
        pay(trading, order)
        case, _order = self.asked(trading, order, "10.50", "deposit")
        commands.answer_refund(trading.selling, case, accept=True)
        order = trading.order(order.number)
        assert (order.status, order.refunded_fen, order.waived_fen) == ("closed", 10_50, 24_50)
        assert payable_of(order).state == "settled"

    @pytest.mark.parametrize("purpose", ["deposit", "balance"])
    def test_one_stage_goes_back_by_the_way_it_came(
        self, trading: Trading, order: Order, purpose: str
    ) -> None:
        pay(trading, order)
        pay(trading, order)
        amount = {"deposit": "10.50", "balance": "24.50"}[purpose]
        case, _order = self.asked(trading, order, amount, purpose)
        commands.answer_refund(trading.selling, case, accept=True)
        order = trading.order(order.number)
        assert (order.status, order.refunded_fen) == ("in_production", yuan(amount).fen)
        back = {
            row.stage.purpose: row.refunded_fen
            for row in Payment.objects.filter(state="succeeded").select_related("stage")
        }
        other = {"deposit": "balance", "balance": "deposit"}[purpose]
        assert back == {purpose: yuan(amount).fen, other: 0}

    def test_no_more_than_a_stage_has(self, trading: Trading, order: Order) -> None:
        pay(trading, order)
        with pytest.raises(InvalidAmount):
            self.asked(trading, order, "10.51", "deposit")
        with pytest.raises(InvalidAmount):
            self.asked(trading, order, "1.00", "balance")
        with pytest.raises(InvalidInput):
            self.asked(trading, order, "1.00", "full")

    def test_time_stands_still_while_a_case_holds_the_order(
        self, trading: Trading, order: Order, market_clock: MarketClock
    ) -> None:
        pay(trading, order)
        finished(trading, order)
        by = terms(order).balance_by
        assert by is not None
        market_clock.forward(days=1)
        case, order = self.asked(trading, order, "1.00")
        assert (order.status, waiting(order)) == ("in_refund", set())
        market_clock.forward(days=2)
        commands.withdraw_refund(trading.buying, case)
        order = trading.order(order.number)
        assert order.status == "awaiting_balance"
        assert terms(order).balance_by == by + timedelta(days=2)
        assert books.stages(order.subject)[1].due_at == by + timedelta(days=2)
        assert waiting(order) == {"order.balance_due", "order.balance_lapse"}

    @pytest.mark.parametrize("when", ["in_production", "awaiting_balance"])
    def test_a_balance_that_comes_while_a_case_holds_the_order_counts(
        self, trading: Trading, order: Order, when: str
    ) -> None:
        pay(trading, order)
        if when == "awaiting_balance":
            finished(trading, order)
        late = begin(trading, order)
        case, _order = self.asked(trading, order, "10.50")
        bank.act(late, BankAction.PAY)
        order = trading.order(order.number)
        assert (order.status, order.paid_fen) == ("in_refund", 35_00)
        commands.withdraw_refund(trading.buying, case)
        order = trading.order(order.number)
        going_on = {"in_production": "in_production", "awaiting_balance": "awaiting_shipment"}
        assert order.status == going_on[when]
        if when == "in_production":
            assert finished(trading, order).status == "awaiting_shipment"
        assert waiting(order) == {"order.shipment_due", "order.refund_unshipped"}

    def test_a_dispute_over_the_deposit(self, trading: Trading, order: Order) -> None:
        pay(trading, order)
        case, _order = self.asked(trading, order, "10.50", "deposit")
        commands.answer_refund(trading.selling, case, accept=False, answer="已经开工")
        commands.open_dispute(trading.buying, case, "没有开工")
        commands.rule_dispute(trading.operator, case, "partly", "开工一半", yuan("5.00"))
        order = trading.order(order.number)
        assert (order.status, order.refunded_fen) == ("in_production", 5_00)
        assert waiting(order) >= {"order.production_late"}

    def test_a_promised_balance_need_not_be_paid(
        self, trading: Trading, order: Order, word: None
    ) -> None:
        pay(trading, order)
        order = promise(trading, order)
        assert (order.status, order.promised_fen) == ("in_production", 24_50)
        order = finished(trading, order)
        assert order.status == "awaiting_shipment"
        case, _order = self.asked(trading, order, "10.50", "deposit")
        commands.answer_refund(trading.selling, case, accept=True)
        order = trading.order(order.number)
        assert (order.refunded_fen, order.promised_fen) == (10_50, 24_50)


class TestPartsThatCameToNothing:
    """Of an order that ends before its first stage is complete every part goes back."""

    @pytest.mark.parametrize("how", ["expire", "cancel", "close"])
    def test_what_was_paid_goes_back(
        self, trading: Trading, order: Order, how: str, market_clock: MarketClock
    ) -> None:
        number = payable_of(order).number
        finance.split_payment(trading.buying, number, [yuan("4.00"), yuan("6.50")])
        pay(trading, order)
        pay_late(trading, order, timedelta(days=4))
        if how == "expire":
            market_clock.forward(days=3)
            deadlines.run_due()
        elif how == "cancel":
            commands.cancel_order(trading.buying, order.number)
        else:
            commands.close_order(trading.selling, order.number)
        order = trading.order(order.number)
        assert (order.status, order.paid_fen, order.refunded_fen) == ("closed", 4_00, 4_00)
        assert ledger.held(order.subject) == Money(0)
        assert trading.stock() == (10_000, 0)
        trading.offer.refresh_from_db()
        assert trading.offer.sold_quantity == 0
        market_clock.forward(days=4)
        deadlines.run_due()
        assert trading.order(order.number).paid_fen == 4_00
