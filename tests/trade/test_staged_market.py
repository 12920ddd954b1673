"""Whatever buyer, seller, bank and clock do in whatever order: an order paid in stages keeps its
books, stands where its stages say, and in the end waits for nobody.

Random sequences over two orders; each is rolled back, so that they do not see each other.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pifa.catalog.models import Sku
from pifa.catalog.rules import StagedPlan
from pifa.finance import commands as finance
from pifa.finance import queries as books
from pifa.finance.models import Payable, Payment, SandboxNotice, SandboxTrade
from pifa.finance.sandbox import bank
from pifa.finance.sandbox.bank import BankAction
from pifa.kernel import clock, deadlines
from pifa.kernel.errors import DomainError
from pifa.kernel.money import Money
from pifa.ledger import queries as ledger
from pifa.ledger.models import Account
from pifa.trade import commands
from pifa.trade.models import Order, RefundCase, StagedOrder
from pifa.trade.staged import commands as staged
from pifa.trade.staged.payment import standing
from tests.finance.conftest import grant_instant_payout
from tests.finance.test_schedule import put_on_balance
from tests.plugins.examples import examples
from tests.trade.staged_market import staged_trading, word_of_mouth

ENDED = ("closed", "completed")

picks = st.integers(0, 30)
orders = st.integers(0, 1)
amounts = st.sampled_from([1, 5_00, 10_50, 24_50, 35_00, 50_00]).map(Money)
plans = st.sampled_from(
    [
        StagedPlan(production_days=3, balance_days=2, deposit_bp=3_000),
        StagedPlan(production_days=3, balance_days=2, deposit_fen=10_50, keeper="buyer"),
    ]
)
steps = st.one_of(
    st.tuples(st.just("pay"), orders, st.sampled_from(BankAction)),
    st.tuples(st.just("pay"), orders, st.just(BankAction.PAY)),
    st.tuples(st.just("pay_otherwise"), orders, st.sampled_from(["balance", "word"])),
    st.tuples(st.just("split"), orders, st.integers(1, 60_00)),
    st.tuples(st.just("tell_again"), picks),
    st.tuples(st.just("ask_bank"), picks),
    st.tuples(st.just("keep"), picks, amounts),
    st.tuples(st.just("wait"), st.integers(1, 100)),
    st.tuples(st.just("finish"), orders),
    st.tuples(st.just("finish"), orders),
    st.tuples(st.just("reprice"), orders, amounts),
    st.tuples(st.just("cancel"), orders),
    st.tuples(st.just("cancel_late"), orders),
    st.tuples(st.just("cancel_production"), orders),
    st.tuples(st.just("ship"), orders),
    st.tuples(st.just("confirm"), orders),
    st.tuples(st.just("ask"), orders, amounts, st.sampled_from(["", "deposit", "balance"])),
    st.tuples(st.just("answer"), picks, st.booleans()),
    st.tuples(st.just("withdraw"), picks),
    st.tuples(st.just("money"), amounts),
)


class Market:
    """A buyer and a seller with two orders; every step may be refused, none may go wrong."""

    def __init__(self, plan: StagedPlan, instant: bool) -> None:
        self.trading = staged_trading(plan)
        self.numbers = [self.trading.place(100).number for _ in range(2)]
        if instant:
            grant_instant_payout(self.trading.seller.pk)
            finance.switch_instant_payout(self.trading.selling, True)

    def pay(self, at: int, action: BankAction) -> None:
        finance.start_payment(self.trading.buying, self._payable(at), "gateway")
        bank.act(SandboxTrade.objects.latest("pk").trade_no, action)

    def pay_otherwise(self, at: int, method: str) -> None:
        finance.start_payment(self.trading.buying, self._payable(at), method)

    def split(self, at: int, first: int) -> None:
        subject = f"order:{self.numbers[at]}"
        due = sum(row.amount.fen for row in books.stages(subject) if row.payable_now)
        parts = [Money(first), Money(due - first)]
        finance.split_payment(self.trading.buying, self._payable(at), parts)

    def tell_again(self, pick: int) -> None:
        if notice := self._pick(SandboxNotice.objects, pick):
            bank.send(notice.pk)

    def ask_bank(self, pick: int) -> None:
        if payment := self._pick(Payment.objects, pick):
            finance.refresh_payment(payment.number)

    def keep(self, pick: int, amount: Money) -> None:
        if payment := self._pick(Payment.objects.filter(state="promised"), pick):
            finance.keep_promise(payment.number, amount, f"k{Payment.objects.count()}-{pick}")

    def finish(self, at: int) -> None:
        staged.finish_production(self.trading.selling, self.numbers[at])

    def reprice(self, at: int, amount: Money) -> None:
        commands.adjust_price(self.trading.selling, self.numbers[at], amount)

    def cancel(self, at: int) -> None:
        commands.cancel_order(self.trading.buying, self.numbers[at])

    def cancel_late(self, at: int) -> None:
        staged.cancel_late(self.trading.buying, self.numbers[at])

    def cancel_production(self, at: int) -> None:
        staged.cancel_production(self.trading.selling, self.numbers[at])

    def ship(self, at: int) -> None:
        commands.ship(self.trading.selling, self.numbers[at], "试验快递", f"T{at}")

    def confirm(self, at: int) -> None:
        commands.confirm_receipt(self.trading.buying, self.numbers[at])

    def ask(self, at: int, amount: Money, purpose: str) -> None:
        commands.ask_refund(self.trading.buying, self.numbers[at], "money", amount, "随机", purpose)

    def answer(self, pick: int, accept: bool) -> None:
        if case := self._pick(RefundCase.objects, pick):
            commands.answer_refund(self.trading.selling, case.number, accept, "随机")

    def withdraw(self, pick: int) -> None:
        if case := self._pick(RefundCase.objects, pick):
            commands.withdraw_refund(self.trading.buying, case.number)

    def money(self, amount: Money) -> None:
        put_on_balance(self.trading.buyer, amount)

    def _payable(self, at: int) -> str:
        return Payable.objects.get(subject=f"order:{self.numbers[at]}").number

    def _pick(self, rows: Any, pick: int) -> Any:
        found = list(rows.order_by("pk"))
        return found[pick % len(found)] if found else None


def assert_sound() -> None:
    assert ledger.check() == []
    assert not Account.objects.filter(balance_fen__lt=0).exists()
    for order in Order.objects.select_related("staged"):
        assert_stands_where_its_stages_say(order, order.staged)
    for sku in Sku.objects.all():
        assert 0 <= sku.reserved <= sku.stock


def assert_stands_where_its_stages_say(order: Order, kept: StagedOrder) -> None:
    where = standing(order)
    assert (where == "awaiting_payment") <= (kept.deposit_at is None)
    assert (where in ("in_production", "awaiting_balance")) <= (kept.deposit_at is not None)
    assert (where == "in_production") <= (kept.finished_at is None)
    assert (where == "awaiting_balance") <= (kept.balance_at is None)
    if where in ("awaiting_shipment", "awaiting_receipt", "awaiting_review", "completed"):
        assert None not in (kept.deposit_at, kept.finished_at, kept.balance_at, order.covered_at)
    open_now = {row.purpose for row in books.stages(order.subject) if row.payable_now}
    if order.status == "closed":
        assert open_now == set()
        assert ledger.held(order.subject) == Money(0)
    elif kept.deposit_at is None:
        assert open_now == {"deposit"}
    else:
        assert open_now == (set() if kept.balance_at else {"balance"})


@pytest.mark.django_db
@settings(
    max_examples=examples(30),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.lists(steps, min_size=5, max_size=20), plans, st.booleans())
def test_the_books_and_the_states_agree_after_every_step(
    sequence: list[tuple[Any, ...]], plan: StagedPlan, instant: bool
) -> None:
    now = clock.now()
    with transaction.atomic(), word_of_mouth():
        with clock.frozen(now):
            market = Market(plan, instant)
        for verb, *arguments in sequence:
            if verb == "wait":
                now += timedelta(hours=arguments[0])
                with clock.frozen(now):
                    deadlines.run_due()
                    assert_sound()
                continue
            with clock.frozen(now):
                with suppress(DomainError), transaction.atomic():
                    getattr(market, verb)(*arguments)
                assert_sound()
        _run_out(now)
        transaction.set_rollback(True)


def _run_out(now: Any) -> None:
    """Long afterwards every notice has come, and no order waits for anybody."""
    with clock.frozen(now + timedelta(days=400)):
        deadlines.run_due()
        for payment in Payment.objects.all():
            finance.refresh_payment(payment.number)
        assert_sound()
        assert {order.status for order in Order.objects.all()} <= set(ENDED)
