"""Whatever buyers, sellers, operators, the bank and the clock do in whatever order over several
orders and every way to pay: after each step the books are sound, and what the bank says twice
counts once.

Random sequences of commands; each is rolled back, so that they do not see each other.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as market_settings
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pifa.catalog.models import OfferStagedPlan
from pifa.finance import commands as finance
from pifa.finance import queries as books
from pifa.finance.models import (
    Bill,
    CreditItem,
    CreditLine,
    FreightPolicy,
    Payable,
    Payment,
    SandboxCarrierWord,
    SandboxLine,
    SandboxNotice,
    SandboxWord,
    SecuredAccount,
    SecuredReceivable,
    TrustItem,
)
from pifa.finance.sandbox import bank, bill_book, carrier, financing, transfers
from pifa.kernel import clock
from pifa.kernel.money import Money
from pifa.trade import commands as trade
from pifa.trade.models import Order, OrderInvitation, RefundCase, StagedOrder
from tests.plugins.examples import examples
from tests.trade.whole.bills import told_bills
from tests.trade.whole.orders import Market
from tests.trade.whole.proofs import ENDED, assert_sound, nothing_changes
from tests.trade.whole.steps import openings, steps
from tests.trade.whole.world import BARE

SMALL = {"50000.00": "60.00", "500000.00": "90.00", "20000.00": "30.00"}
"""The rulebook's figures of withdrawals, as small as the world's sums."""


@pytest.fixture
def world(db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Market:
    shutil.copytree(market_settings.RULEBOOKS, tmp_path / "books")
    (book,) = (tmp_path / "books" / "withdrawal").iterdir()
    text = book.read_text(encoding="utf-8")
    for figure, small in SMALL.items():
        text = text.replace(f'"{figure}"', f'"{small}"')
    book.write_text(text, encoding="utf-8")
    monkeypatch.setattr(market_settings, "RULEBOOKS", tmp_path / "books")
    return Market()


@settings(
    max_examples=examples(8),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    first=openings,
    sequence=st.lists(steps, min_size=10, max_size=24),
    keeper=st.sampled_from(["seller", "buyer"]),
    at_once=st.booleans(),
    fee_returned=st.booleans(),
)
def test_all_is_sound_after_every_step(
    monkeypatch: pytest.MonkeyPatch,
    world: Market,
    first: list[tuple[str, int]],
    sequence: list[tuple[Any, ...]],
    keeper: str,
    at_once: bool,
    fee_returned: bool,
) -> None:
    monkeypatch.setitem(market_settings.MARKET, "instant_fee_returned", fee_returned)
    world.now = clock.now()
    with transaction.atomic():
        StagedOrder.objects.update(keeper=keeper)
        OfferStagedPlan.objects.update(keeper=keeper)
        for seller in (world.maker, world.dealer):
            finance.switch_instant_payout(world.owner[seller.pk], at_once)
        world.begin(first)
        play(world, sequence)
        transaction.set_rollback(True)


def play(world: Market, sequence: list[tuple[Any, ...]]) -> None:
    """Do the steps, and prove all after each; then let everything come to its end."""
    told = Told()
    for verb, *arguments in sequence:
        with clock.frozen(world.now):
            getattr(world, verb)(*arguments)
        with clock.frozen(world.now):
            assert_sound(world)
            told.again()
    settle_up(world)


class Told:
    """What the bank has told so far: of each word the repeat must change nothing."""

    def __init__(self) -> None:
        self.notices = set(_told_notices())
        self.lines = set(_told_lines())
        self.words = set(_told_words())
        self.reports = set(_told_reports())
        self.bills = told_bills()

    def again(self) -> None:
        """Everything that was just told is told again."""
        notices, lines, words = set(_told_notices()), set(_told_lines()), set(_told_words())
        new_notices, new_lines = notices - self.notices, lines - self.lines
        reports = set(_told_reports())
        new_words, new_reports = words - self.words, reports - self.reports
        self.notices, self.lines, self.words, self.reports = notices, lines, words, reports
        new_bills = told_bills() - self.bills
        self.bills |= new_bills
        if new_notices or new_lines or new_words or new_reports or new_bills:
            with nothing_changes():
                for pk in sorted(new_notices, reverse=True):
                    bank.send(pk)
                for pk in sorted(new_lines, reverse=True):
                    transfers.send(pk)
                for pk in sorted(new_words, reverse=True):
                    financing.send(pk)
                for pk in sorted(new_reports, reverse=True):
                    carrier.send(pk)
                for pk in sorted(new_bills, reverse=True):
                    bill_book.send(pk)


def _told_words() -> Any:
    return SandboxWord.objects.exclude(sent_at=None).values_list("pk", flat=True)


def _told_notices() -> Any:
    return SandboxNotice.objects.exclude(sent_at=None).values_list("pk", flat=True)


def _told_lines() -> Any:
    return SandboxLine.objects.exclude(sent_at=None).values_list("pk", flat=True)


def _told_reports() -> Any:
    return SandboxCarrierWord.objects.exclude(sent_at=None).values_list("pk", flat=True)


def settle_up(world: Market) -> None:
    """All that is late comes, and the bank is asked about every payment: both books agree. Then
    all debts are paid and time goes by: no order waits for anybody."""
    with clock.frozen(world.now):
        world.end_of_mandates()
        world.wait(48)
    with clock.frozen(world.now):
        world.deliver_held()
        world.bring_in()
        for payment in Payment.objects.all():
            finance.refresh_payment(payment.number)
        assert_sound(world)
        assert books.reconciliation(world.operator).agrees
        end_what_needs_somebody(world)
    with clock.frozen(world.now):
        world.wait(24 * 150)
    with clock.frozen(world.now):
        world.end_of_carriers()
        world.end_of_bills()
        repay_all(world)
        world.hear()
        assert_sound(world)
        assert not FreightPolicy.objects.filter(state="active").exists()
        assert {order.status for order in Order.objects.all()} <= set(ENDED)
        assert not OrderInvitation.objects.filter(state__in=["open", "confirmed"]).exists()
        assert not CreditItem.objects.filter(open_fen__gt=0).exists()
        # The financier has paid whatever buyers did; these have repaid all that was received.
        assert not SecuredReceivable.objects.filter(claim_fen__gt=0).exists()
        assert not SecuredReceivable.objects.filter(owed_fen__gt=0).exists()
        assert not TrustItem.objects.filter(claim_fen__gt=0).exists()
        assert not TrustItem.objects.filter(debt_fen__gt=0).exists()
        assert not Bill.objects.filter(owed_fen__gt=0).exists()
        waiting = Payable.objects.filter(state="open").exclude(subject__startswith="deposit:")
        assert set(waiting.values_list("subject", flat=True)) <= set(BARE)


def end_what_needs_somebody(world: Market) -> None:
    """Sellers have enough to pay refunds, disputes are ruled, what is owed by now is repaid."""
    for company in world.companies:
        world.collect(company, Money(10_000_00))
    world.end_of_carriers()
    world.end_of_bills()
    for subject in BARE:
        finance.note_received(subject)
    for case in RefundCase.objects.filter(state="disputed"):
        trade.rule_dispute(world.operator, case.number, "seller", "随机")
    repay_all(world)


def repay_all(world: Market) -> None:
    """Every buyer pays all that it owes and was due."""
    for line in CreditLine.objects.filter(items__open_fen__gt=0).distinct():
        due = line.items.filter(open_fen__gt=0, due_on__isnull=False)
        if due.exists():
            number = finance.repay(world.owner[line.buyer_id], line.pk)
            finance.start_payment(world.owner[line.buyer_id], number, "balance")
    for account in SecuredAccount.objects.filter(receivables__owed_fen__gt=0).distinct():
        actor = world.owner[account.buyer_id]
        if account.receivables.filter(owed_fen__gt=0, due_on__isnull=False).exists():
            finance.start_payment(actor, finance.repay_secured(actor), "balance")
    world.repay_banks()
