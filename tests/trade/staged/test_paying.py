"""Staged payment (PAY-STAGED): two stages in every order of events, and what both are told."""

from __future__ import annotations

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
from pifa.kernel.errors import InvalidInput, WrongState
from pifa.kernel.events import deliver
from pifa.kernel.money import Money
from pifa.ledger import queries as ledger
from pifa.messages.models import Notice
from pifa.messages.wording import wording
from pifa.trade import commands
from pifa.trade.models import Order
from pifa.trade.staged.progress import note_progress
from pifa.trade.staged.schedule import schedule
from tests.catalog import market as goods
from tests.finance.conftest import grant_instant_payout
from tests.finance.test_schedule import put_on_balance
from tests.plugins.clock import NINE_ON_MONDAY, MarketClock
from tests.trade.market import Trading, yuan
from tests.trade.staged_market import (
    PLAN,
    announced,
    arrive,
    balance,
    begin,
    finished,
    pay,
    pay_late,
    payable_of,
    shape,
    terms,
    waiting,
)

pytestmark = pytest.mark.django_db


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
