"""Whatever buyers, sellers and the bank do in whatever order, the books are sound after each step.

Random sequences over several payables and methods; each is rolled back, so that they do not see each other.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings as market_settings
from django.db import transaction
from django.db.models import F, Sum
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pifa.finance import commands, queries
from pifa.finance.commands import NewPayable
from pifa.finance.methods.corporate_transfer import desk
from pifa.finance.methods.corporate_transfer.accounts import open_account
from pifa.finance.methods.corporate_transfer.models import BankLine
from pifa.finance.models import CreditLine, Payable, Payment, SandboxNotice, SandboxTrade
from pifa.finance.sandbox import bank, transfers
from pifa.finance.sandbox.bank import BankAction
from pifa.finance.sandbox.models import SandboxLine
from pifa.finance.sandbox.transfers import Delivery, Transfer
from pifa.kernel import clock, deadlines
from pifa.kernel.actors import Actor, ActorKind, Role
from pifa.kernel.errors import DomainError
from pifa.kernel.money import Money
from pifa.ledger import queries as ledger
from pifa.ledger.models import Account
from pifa.parties.models import Company
from tests.finance.conftest import actor_of, grant_instant_payout
from tests.finance.credit.conftest import line_of, owner_of
from tests.plugins.examples import examples

OPERATOR = Actor(ActorKind.OPERATOR, user_id=1)
SUBJECTS = ("order:1", "order:2", "order:3")

subjects = st.sampled_from(SUBJECTS)
picks = st.integers(0, 50)
amounts = st.sampled_from([1, 30_00, 70_00, 100_00, 250_00, 1_000_00]).map(Money)
keys = st.sampled_from(["a", "b", "c", "d", "e"])
payers = st.sampled_from(["顺达建材行", "晨光"])
deliveries = st.sampled_from([way for way in Delivery if way is not Delivery.NEVER])
steps = st.one_of(
    st.tuples(st.just("start"), subjects),
    st.tuples(st.just("pay"), subjects),
    st.tuples(st.just("press"), picks, st.sampled_from(BankAction)),
    st.tuples(st.just("tell_again"), picks),
    st.tuples(st.just("ask_bank"), picks),
    st.tuples(st.just("wait"), st.integers(1, 60)),
    st.tuples(st.just("reprice"), subjects, amounts),
    st.tuples(st.just("close"), subjects),
    st.tuples(st.just("release"), subjects, keys),
    st.tuples(st.just("at_once"), subjects),
    st.tuples(st.just("switch"), st.booleans()),
    st.tuples(st.just("refund"), subjects, amounts, keys),
    st.tuples(st.just("withdraw"), amounts),
    st.tuples(st.just("transfer"), subjects, amounts, payers, deliveries),
    st.tuples(st.just("deliver_held")),
    st.tuples(st.just("tell_line_again"), picks),
    st.tuples(st.just("assign"), picks, subjects, amounts),
    st.tuples(st.just("send_line_back"), picks),
    st.tuples(st.just("join")),
    st.tuples(st.just("leave")),
    st.tuples(st.just("promise"), subjects),
    st.tuples(st.just("receive"), subjects),
    st.tuples(st.just("repay"), amounts, st.sampled_from(["gateway", "balance"])),
    st.tuples(st.just("limit"), amounts),
    st.tuples(st.just("freeze"), st.booleans()),
    st.tuples(st.just("days"), st.integers(1, 12)),
)


class Market:
    """One buyer, two sellers, three orders; every step may be refused, none may go wrong."""

    def __init__(self, buyer: Company, seller: Company, other: Company) -> None:
        self.buyer, self.seller = actor_of(buyer, Role.OWNER), owner_of(seller)
        self.line = line_of(seller, buyer, Money(250_00), "days", 3)
        payees = (seller.pk, seller.pk, other.pk)
        grant_instant_payout(seller.pk)
        commands.switch_instant_payout(self.seller, True)
        commands.open_payables(
            [
                NewPayable(subject, buyer.pk, payee, 100_00, "货品")
                for subject, payee in zip(SUBJECTS, payees, strict=True)
            ]
        )

    def start(self, subject: str) -> None:
        number = Payable.objects.get(subject=subject).number
        commands.start_payment(self.buyer, number, "gateway")

    def pay(self, subject: str) -> None:
        self.start(subject)
        bank.act(SandboxTrade.objects.latest("pk").trade_no, "pay")

    def press(self, pick: int, action: BankAction) -> None:
        if trade := self._pick(SandboxTrade.objects, pick):
            bank.act(trade.trade_no, action)

    def tell_again(self, pick: int) -> None:
        if notice := self._pick(SandboxNotice.objects, pick):
            bank.send(notice.pk)

    def ask_bank(self, pick: int) -> None:
        if payment := self._pick(Payment.objects, pick):
            commands.refresh_payment(payment.number)

    def wait(self, minutes: int) -> None:
        deadlines.run_due(clock.now() + timedelta(minutes=minutes))

    def reprice(self, subject: str, amount: Money) -> None:
        commands.change_amount(subject, amount)

    def close(self, subject: str) -> None:
        commands.close_payable(subject)

    def release(self, subject: str, key: str) -> None:
        commands.release(subject, f"{subject}:{key}")

    def at_once(self, subject: str) -> None:
        commands.pay_out_at_once(subject)

    def switch(self, on: bool) -> None:
        commands.switch_instant_payout(self.seller, on)

    def refund(self, subject: str, amount: Money, key: str) -> None:
        commands.refund(subject, amount, f"{subject}:{key}", "随机")

    def promise(self, subject: str) -> None:
        number = Payable.objects.get(subject=subject).number
        commands.start_payment(self.buyer, number, "trade_credit")

    def receive(self, subject: str) -> None:
        commands.note_received(subject)

    def repay(self, amount: Money, method: str) -> None:
        number = commands.repay(self.buyer, self.line.pk, amount)
        started = commands.start_payment(self.buyer, number, method)
        if started.redirect_url:
            bank.act(SandboxTrade.objects.latest("pk").trade_no, "pay")

    def limit(self, amount: Money) -> None:
        draft = commands.LineDraft(amount, "days", 1 + amount.fen % 7)
        commands.change_credit(self.seller, self.line.pk, draft)

    def freeze(self, on: bool) -> None:
        if on:
            commands.freeze_credit(self.seller, self.line.pk, "随机")
        else:
            commands.unfreeze_credit(self.seller, self.line.pk)

    def days(self, days: int) -> None:
        deadlines.run_due(clock.now() + timedelta(days=days))

    def withdraw(self, amount: Money) -> None:
        commands.withdraw(self.seller, amount)

    def transfer(self, subject: str, amount: Money, payer: str, delivery: Delivery) -> None:
        """To the account of an order's pair; the remark names the order of every other one."""
        payable = Payable.objects.get(subject=subject)
        assert payable.payer_id is not None
        account = open_account(payable.payer_id, payable.payee_id)
        remark = payable.number if amount.fen % 200 else ""
        order = Transfer(payer, "6222", "云汀商业银行", account.number, amount, remark)
        transfers.make(order, delivery)

    def deliver_held(self) -> None:
        transfers.deliver_held()

    def tell_line_again(self, pick: int) -> None:
        if line := self._pick(SandboxLine.objects, pick):
            transfers.send(line.pk)

    def assign(self, pick: int, subject: str, amount: Money) -> None:
        if line := self._pick(BankLine.objects.filter(left_fen__gt=0), pick):
            number = Payable.objects.get(subject=subject).number
            left = Money(line.left_fen)
            desk.assign_transfer(OPERATOR, line.number, {number: min(amount, left)}, left)

    def send_line_back(self, pick: int) -> None:
        if line := self._pick(BankLine.objects.filter(left_fen__gt=0), pick):
            desk.return_transfer(OPERATOR, line.number, "随机", Money(line.left_fen))

    def join(self) -> None:
        start = commands.join_buyer_protection(self.seller)
        if start.payable_number:
            commands.start_payment(self.seller, start.payable_number, "gateway")

    def leave(self) -> None:
        commands.leave_buyer_protection(self.seller)

    def settle_accounts_with_the_bank(self) -> None:
        """Every delayed notice comes, and the bank is asked about every payment."""
        deadlines.run_due(clock.now() + timedelta(days=2))
        transfers.deliver_held()
        for payment in Payment.objects.all():
            commands.refresh_payment(payment.number)

    def _pick(self, rows: Any, pick: int) -> Any:
        found = list(rows.order_by("pk"))
        return found[pick % len(found)] if found else None


def assert_sound() -> None:
    assert ledger.check() == []
    assert not Account.objects.filter(balance_fen__lt=0).exists()
    for row in Payable.objects.all():
        assert row.refunded_fen <= row.settled_fen <= row.amount_fen
        assert row.released_fen <= row.settled_fen
    for line in CreditLine.objects.all():
        assert line.used_fen <= line.limit_fen + line.over_fen
        open_ = line.items.aggregate(fen=Sum("open_fen", default=0))["fen"]
        assert line.used_fen == open_
    assert queries.reconciliation(OPERATOR).difference >= Money(0)


@pytest.mark.django_db
@settings(
    max_examples=examples(40),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.lists(steps, min_size=4, max_size=18), st.booleans())
def test_the_books_are_sound_after_every_step(
    monkeypatch: pytest.MonkeyPatch,
    buyer: Company,
    seller: Company,
    sequence: list[tuple[Any, ...]],
    fee_returned: bool,
) -> None:
    with transaction.atomic():
        other = Company.objects.create(name="晨光", login="chenguang", created_at=clock.now())
        Company.objects.update(verified_name=F("name"))
        market = Market(buyer, seller, other)
        monkeypatch.setitem(market_settings.MARKET, "instant_fee_returned", fee_returned)
        for verb, *arguments in sequence:
            step: Callable[..., None] = getattr(market, verb)
            with suppress(DomainError), transaction.atomic():
                step(*arguments)
            assert_sound()
        market.settle_accounts_with_the_bank()
        assert_sound()
        assert queries.reconciliation(OPERATOR).agrees
        transaction.set_rollback(True)
