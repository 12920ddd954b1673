"""Staged payment (PAY-STAGED): two stages in every order of events, and who has the money."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pifa.catalog.models import OfferStagedPlan
from pifa.catalog.rules import StagedPlan
from pifa.finance import commands as finance
from pifa.finance import queries as books
from pifa.finance.models import Payment
from pifa.finance.sandbox import bank
from pifa.finance.sandbox.bank import BankAction
from pifa.kernel import clock, deadlines
from pifa.kernel.actors import Role
from pifa.kernel.errors import Forbidden, InvalidInput, NotFound, WrongState
from pifa.kernel.events import deliver
from pifa.kernel.models import Deadline, OutboxEvent
from pifa.kernel.money import Money
from pifa.ledger import queries as ledger
from pifa.ledger.rules import AccountKind
from pifa.messages.models import Notice
from pifa.messages.wording import wording
from pifa.trade import commands
from pifa.trade.errors import InvalidAmount, ProductionNotLate
from pifa.trade.models import Order
from pifa.trade.staged import commands as staged
from pifa.trade.staged.progress import note_progress
from pifa.trade.staged.schedule import schedule
from tests.catalog import market as goods
from tests.finance.conftest import grant_instant_payout
from tests.finance.test_schedule import put_on_balance
from tests.plugins.clock import NINE_ON_MONDAY, MarketClock
from tests.trade.market import Trading, yuan
from tests.trade.staged_market import (
    PLAN,
    arrive,
    begin,
    finished,
    pay,
    pay_late,
    payable_of,
    promise,
    staged_trading,
    terms,
    word_of_mouth,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def trading(db: None) -> Trading:
    return staged_trading()


@pytest.fixture
def order(trading: Trading) -> Order:
    """¥35.00 by 30 %: a deposit of ¥10.50 and a balance of ¥24.50."""
    placed = trading.place(100)
    assert placed.total_fen == 35_00
    return placed


@pytest.fixture
def word() -> Iterator[None]:
    with word_of_mouth():
        yield


def balance(of: Trading) -> Money:
    return ledger.balance(of.seller.pk, AccountKind.BALANCE)


def waiting(order: Order) -> set[str]:
    rows = Deadline.objects.filter(subject=order.subject, done_at=None)
    return set(rows.values_list("kind", flat=True))


def announced(name: str) -> list[dict[str, object]]:
    return list(OutboxEvent.objects.filter(name=name).values_list("payload", flat=True))


def shape(order: Order) -> list[tuple[str, int, bool]]:
    return [(row.purpose, row.amount.fen, row.payable_now) for row in books.stages(order.subject)]


class TestSchedule:
    @given(
        st.integers(1, 10**12),
        st.one_of(
            st.integers(100, 9_900).map(lambda bp: StagedPlan(production_days=3, deposit_bp=bp)),
            st.integers(1, 10**12).map(lambda fen: StagedPlan(production_days=3, deposit_fen=fen)),
        ),
    )
    def test_it_loses_no_fen_and_leaves_both_stages_something(
        self, total: int, plan: StagedPlan
    ) -> None:
        stages = schedule(Money(total), plan, NINE_ON_MONDAY)
        if not stages:
            assert total == 1 or (plan.deposit_fen or 0) >= total or plan.deposit_of(total) is None
            return
        assert [stage.purpose for stage in stages] == ["deposit", "balance"]
        assert sum(stage.amount_fen for stage in stages) == total
        assert min(stage.amount_fen for stage in stages) > 0
        if plan.deposit_bp:
            exact = total * plan.deposit_bp / 10_000
            assert abs(stages[0].amount_fen - exact) <= 1

    def test_an_amount_as_large_as_the_total_leaves_no_stages(self) -> None:
        plan = StagedPlan(production_days=3, deposit_fen=100)
        assert schedule(Money(100), plan, NINE_ON_MONDAY) == ()
        assert [s.amount_fen for s in schedule(Money(101), plan, NINE_ON_MONDAY)] == [100, 1]
        assert schedule(Money(100), None, NINE_ON_MONDAY) == ()

    @pytest.mark.parametrize(("total", "deposit"), [(1_00, 30), (1_05, 32), (1_01, 30), (2, 1)])
    def test_a_share_is_rounded_half_up(self, total: int, deposit: int) -> None:
        assert schedule(Money(total), PLAN, NINE_ON_MONDAY)[0].amount_fen == deposit


class TestPlacing:
    def test_the_buyer_sees_both_amounts_before_and_the_order_has_them(
        self, trading: Trading
    ) -> None:
        view = commands.preview_checkout(
            trading.buying, lines=[(trading.skus[0], 100)], region="33"
        )
        (part,) = view.sellers
        assert (part.staged, part.deposit, part.balance) == (PLAN, yuan("10.50"), yuan("24.50"))
        order = trading.place(100)
        assert order.scene == "custom"
        assert shape(order) == [("deposit", 10_50, True), ("balance", 24_50, False)]
        kept = terms(order)
        assert (kept.deposit_bp, kept.production_days, kept.keeper) == (3_000, 10, "seller")

    def test_offers_of_different_plans_are_paid_at_once(self, trading: Trading) -> None:
        other = goods.offer(trading.seller, scene="custom")
        sku = goods.sku_ids(other)[0]
        lines = [(trading.skus[0], 10), (sku, 10)]
        (part,) = commands.preview_checkout(trading.buying, lines=lines, region="33").sellers
        assert (part.staged, part.deposit, part.plans_differ) == (None, None, True)
        (number,) = commands.place_orders(trading.buying, trading.request(lines))
        assert [row[0] for row in shape(trading.order(number))] == ["full"]
        OfferStagedPlan.objects.create(
            offer=other, deposit_bp=3_000, production_days=10, balance_days=5
        )
        (part,) = commands.preview_checkout(trading.buying, lines=lines, region="33").sellers
        assert part.staged == PLAN

    def test_the_plan_is_the_one_of_the_moment_of_ordering(
        self, trading: Trading, order: Order
    ) -> None:
        OfferStagedPlan.objects.update(deposit_bp=5_000, keeper="buyer")
        assert shape(order)[0] == ("deposit", 10_50, True)
        assert terms(order).keeper == "seller"


class TestTheOrdinaryWay:
    def test_deposit_production_balance_shipment(
        self, trading: Trading, order: Order, market_clock: MarketClock
    ) -> None:
        order = pay(trading, order)
        assert (order.status, order.paid_fen, order.paid_at) == ("in_production", 10_50, None)
        assert ledger.held(order.subject) == yuan("10.50")
        assert waiting(order) == {
            "order.production_due",
            "order.production_late",
            "order.production_lapse",
        }
        trading.offer.refresh_from_db()
        assert trading.offer.sold_quantity == 100
        with pytest.raises(WrongState):
            commands.ship(trading.selling, order.number, "试验快递", "T1")

        market_clock.forward(days=4)
        order = finished(trading, order)
        assert order.status == "awaiting_balance"
        assert waiting(order) == {"order.balance_due", "order.balance_lapse"}
        assert books.stages(order.subject)[1].due_at == clock.now() + timedelta(days=5)
        with pytest.raises(WrongState):
            commands.ship(trading.selling, order.number, "试验快递", "T1")

        order = pay(trading, order)
        assert (order.status, order.paid_fen) == ("awaiting_shipment", 35_00)
        assert (order.paid_at, order.covered_at) == (clock.now(), clock.now())
        assert waiting(order) == {"order.shipment_due", "order.refund_unshipped"}
        commands.ship(trading.selling, order.number, "试验快递", "T1")
        commands.confirm_receipt(trading.buying, order.number)
        assert balance(trading) == yuan("35.00")
        trading.offer.refresh_from_db()
        assert trading.offer.sold_quantity == 100
        told = [(row["purpose"], row["nth"], row["left_fen"], row["covered"])
                for row in announced("order.paid")]  # fmt: skip
        assert told == [("deposit", 1, 24_50, True), ("balance", 2, 0, True)]

    def test_the_balance_may_be_paid_early(self, trading: Trading, order: Order) -> None:
        pay(trading, order)
        order = pay(trading, order)
        assert (order.status, order.paid_fen, order.covered_at) == ("in_production", 35_00, None)
        order = finished(trading, order)
        assert order.status == "awaiting_shipment"
        assert waiting(order) == {"order.shipment_due", "order.refund_unshipped"}
        assert announced("order.production_finished")[0]["balance_fen"] == 0

    @pytest.mark.parametrize("early", [True, False])
    def test_a_seller_with_instant_payout_has_it_when_the_goods_are_made(
        self, trading: Trading, order: Order, early: bool
    ) -> None:
        grant_instant_payout(trading.seller.pk)
        finance.switch_instant_payout(trading.selling, True)
        pay(trading, order)
        if early:
            pay(trading, order)
        assert balance(trading) == Money(0)
        finished(trading, order)
        if not early:
            pay(trading, order)
        assert balance(trading) == yuan("34.96")
        assert trading.order(order.number).released_fen == 35_00

    def test_each_stage_by_another_method(self, trading: Trading, order: Order) -> None:
        pay(trading, order)
        put_on_balance(trading.buyer, yuan("24.50"))
        finished(trading, order)
        started = finance.start_payment(trading.buying, payable_of(order).number, "balance")
        assert started.redirect_url == ""
        assert trading.order(order.number).status == "awaiting_shipment"
        methods = Payment.objects.order_by("pk").values_list("method", flat=True)
        assert list(methods) == ["gateway", "balance"]

    def test_each_stage_in_parts(self, trading: Trading, order: Order) -> None:
        number = payable_of(order).number
        finance.split_payment(trading.buying, number, [yuan("4.00"), yuan("6.50")])
        order = pay(trading, order)
        assert order.status == "awaiting_payment"
        assert announced("order.paid")[0]["covered"] is False
        order = pay(trading, order)
        assert order.status == "in_production"
        finished(trading, order)
        finance.split_payment(trading.buying, number, [yuan("24.00"), yuan("0.50")])
        bank.act(begin(trading, order, part=3), BankAction.PAY)
        assert trading.order(order.number).status == "awaiting_balance"
        assert pay(trading, order).status == "awaiting_shipment"


class TestNotices:
    """The second payment works as well as the first, whatever the bank does."""

    @pytest.mark.parametrize("stage", ["deposit", "balance"])
    @pytest.mark.parametrize("action", list(BankAction))
    def test_what_the_bank_says_of_either_stage(
        self, trading: Trading, order: Order, stage: str, action: BankAction
    ) -> None:
        if stage == "balance":
            pay(trading, order)
            finished(trading, order)
        before = trading.order(order.number)
        bank.act(begin(trading, order), action)
        deadlines.run_due(clock.now() + timedelta(hours=1))
        after = trading.order(order.number)
        if action in (BankAction.FAIL, BankAction.WRONG_AMOUNT, BankAction.WRONG_SIGNATURE):
            assert (after.status, after.paid_fen) == (before.status, before.paid_fen)
            after = pay(trading, order)
        following = {"awaiting_payment": "in_production", "awaiting_balance": "awaiting_shipment"}
        assert after.status == following[before.status]
        assert after.paid_fen == (35_00 if stage == "balance" else 10_50)
        assert ledger.held(order.subject) == Money(after.paid_fen)

    def test_two_attempts_at_one_stage_settle_it_once(self, trading: Trading, order: Order) -> None:
        pay_late(trading, order)
        pay(trading, order)
        arrive()
        assert trading.order(order.number).paid_fen == 10_50
        assert shape(order) == [("deposit", 10_50, False), ("balance", 24_50, True)]

    def test_an_attempt_at_the_deposit_never_pays_the_balance(
        self, trading: Trading, order: Order
    ) -> None:
        pay_late(trading, order)
        pay(trading, order)
        finished(trading, order)
        arrive()
        after = trading.order(order.number)
        assert (after.status, after.paid_fen) == ("awaiting_balance", 10_50)
        assert ledger.held(order.subject) == yuan("10.50")


class TestPrice:
    def test_before_the_deposit_both_stages_change(self, trading: Trading, order: Order) -> None:
        pay_late(trading, order)
        commands.adjust_price(trading.selling, order.number, yuan("100.00"))
        assert shape(order) == [("deposit", 30_00, True), ("balance", 70_00, False)]
        arrive()
        assert trading.order(order.number).paid_fen == 0
        assert pay(trading, order).paid_fen == 30_00

    @pytest.mark.parametrize("when", ["in_production", "awaiting_balance"])
    def test_after_the_deposit_only_the_balance_changes(
        self, trading: Trading, order: Order, when: str
    ) -> None:
        pay(trading, order)
        if when == "awaiting_balance":
            finished(trading, order)
        pay_late(trading, order)
        commands.adjust_price(trading.selling, order.number, yuan("30.00"))
        assert trading.order(order.number).status == when
        assert shape(order) == [("deposit", 10_50, False), ("balance", 19_50, True)]
        arrive()
        assert trading.order(order.number).paid_fen == 10_50
        assert pay(trading, order).paid_fen == 30_00

    def test_the_balance_never_goes_below_a_fen(self, trading: Trading, order: Order) -> None:
        pay(trading, order)
        for total in ("10.50", "0.01"):
            with pytest.raises(InvalidInput):
                commands.adjust_price(trading.selling, order.number, yuan(total))
        assert trading.order(order.number).total_fen == 35_00

    def test_a_balance_that_is_paid_keeps_its_price(self, trading: Trading, order: Order) -> None:
        pay(trading, order)
        pay(trading, order)
        for total in ("40.00", "0.01"):
            with pytest.raises(WrongState):
                commands.adjust_price(trading.selling, order.number, yuan(total))

    def test_with_a_part_of_the_balance_paid_the_open_part_changes(
        self, trading: Trading, order: Order
    ) -> None:
        pay(trading, order)
        number = payable_of(order).number
        finance.split_payment(trading.buying, number, [yuan("4.50"), yuan("20.00")])
        pay(trading, order)
        commands.adjust_price(trading.selling, order.number, yuan("34.00"))
        assert [row[1] for row in shape(order)] == [10_50, 4_50, 19_00]


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


class TestWhatBothAreTold:
    """Notices in the words of a part, a deposit, a balance; each side hears what concerns it."""

    def told(self, side: int) -> list[str]:
        while deliver():
            pass
        rows = Notice.objects.filter(company=side).order_by("pk")
        return [wording(row.kind, row.params, "zh-hans").body for row in rows]

    def test_from_the_first_part_to_the_last(
        self, trading: Trading, order: Order, market_clock: MarketClock
    ) -> None:
        number = payable_of(order).number
        finance.split_payment(trading.buying, number, [yuan("4.00"), yuan("6.50")])
        pay(trading, order)
        pay(trading, order)
        note_progress(trading.selling, order.number, 40, "备料完成")
        market_clock.forward(days=8)
        deadlines.run_due()
        finished(trading, order)
        market_clock.forward(days=4)
        deadlines.run_due()
        pay(trading, order)
        n = order.number
        both = [
            f"订单 {n} 付了一笔 ¥4.00，由平台保管；还有 ¥31.00 没有付。",
            (
                f"订单 {n} 的定金 ¥10.50 已付清，由平台保管。卖家须在 3月12日 09:00 前完成生产，"
                "之后付尾款 ¥24.50。"
            ),
            f"订单 {n} 须在 3月12日 09:00 前完成生产。逾期仍未完成，买家可以取消订单并全额退款。",
            f"订单 {n} 的尾款须在 3月15日 09:00 前付清，逾期订单关闭，定金按约定处理。",
            f"订单 {n} 的尾款已付清，这一笔 ¥24.50，货款由平台保管，收货后结算给卖家。",
        ]
        buyer = [
            *both[:2],
            f"卖家更新了订单 {n} 的生产进度：40%。图片和说明在订单页。",
            both[2],
            f"订单 {n} 已完成生产，请在 3月15日 09:00 前付清尾款 ¥24.50，付清后发货。",
            *both[3:],
        ]
        assert self.told(trading.buyer.pk) == buyer
        assert self.told(trading.seller.pk)[1:] == both

    def test_a_lapse_and_an_early_balance(
        self, trading: Trading, order: Order, market_clock: MarketClock
    ) -> None:
        early = trading.place(100)
        for placed in (order, early, early):
            pay(trading, placed)
        finished(trading, early)
        finished(trading, order)
        market_clock.forward(days=5)
        deadlines.run_due()
        told = self.told(trading.buyer.pk)
        assert f"订单 {early.number} 已完成生产，尾款已经付清，等待卖家发货。" in told
        lapsed = f"订单 {order.number} 逾期未付尾款，已关闭。定金 ¥10.50 按约定归卖家"
        assert any(body.startswith(lapsed) for body in told)
