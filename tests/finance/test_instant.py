"""Instant payout: the seller has the money at once, the buyer gets his back whatever becomes of it."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.conf import settings
from django.db import transaction
from hypothesis import HealthCheck, given
from hypothesis import settings as trials
from hypothesis import strategies as st

from pifa.benefits.commands import sync
from pifa.benefits.labels import INSTANT_PAYOUT
from pifa.benefits.rules import Held, Terms
from pifa.finance import commands, queries, rules
from pifa.finance.commands import NewPayable
from pifa.finance.errors import BenefitNotHeld, PayeeCannotRefund, ProtectionStillNeeded
from pifa.finance.models import InstantPayout, Payable, SandboxTrade
from pifa.finance.sandbox import bank
from pifa.kernel import clock
from pifa.kernel.actors import Actor, Role
from pifa.kernel.errors import Forbidden
from pifa.kernel.events import deliver
from pifa.kernel.money import Money, total
from pifa.ledger import queries as ledger
from pifa.ledger.commands import transfer
from pifa.ledger.models import Account, Posting
from pifa.ledger.rules import AccountKind, Leg, Purse
from pifa.messages.models import Notice
from pifa.parties.models import Company
from tests.finance.conftest import (
    Begin,
    Press,
    actor_of,
    grant_instant_payout,
    take_instant_payout,
)
from tests.plugins.examples import examples

pytestmark = pytest.mark.django_db


@pytest.fixture
def instant(seller: Company, seller_finance: Actor) -> None:
    """The seller may and wants to have its money at once, for 0.12 %."""
    grant_instant_payout(seller.pk)
    commands.switch_instant_payout(seller_finance, True)


@pytest.fixture
def paid(instant: None, order: str, begin: Begin, press: Press) -> str:
    """The order of ¥100.00, paid, and paid out at once."""
    press(begin(order), "pay")
    assert commands.pay_out_at_once(order) == Money(100_00)
    return order


def of(seller: Company, kind: AccountKind) -> Money:
    return ledger.balance(seller.pk, kind)


def test_the_money_is_the_sellers_at_once_less_the_fee(paid: str, seller: Company) -> None:
    assert of(seller, AccountKind.BALANCE) == Money(99_88)
    assert of(seller, AccountKind.ESCROW) == Money(0)
    assert ledger.balance(None, AccountKind.FEES) == Money(12)
    assert [entry.words for entry in ledger.entries(paid)] == [
        "买家付款，进入平台担保",
        "极速到账：货款提前结算到卖家余额",
        "极速到账手续费",
    ]
    view = queries.payable(paid)
    assert view is not None
    assert view.released == Money(100_00)


def test_nothing_is_paid_out_twice(paid: str, seller: Company) -> None:
    assert commands.pay_out_at_once(paid) == Money(0)
    assert commands.release(paid, paid) == Money(0)
    assert of(seller, AccountKind.BALANCE) == Money(99_88)
    assert InstantPayout.objects.get().ended_at is not None


@pytest.mark.parametrize("missing", ["grant", "switch"])
def test_who_may_not_or_wants_not_waits_for_the_receipt(
    missing: str,
    instant: None,
    order: str,
    seller: Company,
    seller_finance: Actor,
    begin: Begin,
    press: Press,
) -> None:
    if missing == "grant":
        take_instant_payout(seller.pk)
    else:
        commands.switch_instant_payout(seller_finance, False)
    press(begin(order), "pay")
    assert commands.pay_out_at_once(order) == Money(0)
    assert ledger.held(order) == Money(100_00)


def test_terms_that_cannot_be_read_hold_up_no_payment(
    instant: None, order: str, seller: Company, begin: Begin, press: Press
) -> None:
    held = Held(seller.pk, INSTANT_PAYOUT)
    sync("test:medal", clock.today(), {held: Terms({"fee_rate": "free"})}, [seller.pk])
    press(begin(order), "pay")
    assert commands.pay_out_at_once(order) == Money(0)
    assert ledger.held(order) == Money(100_00)


def test_losing_the_grant_touches_later_orders_only(paid: str, seller: Company) -> None:
    take_instant_payout(seller.pk)
    refunded = commands.refund(paid, Money(100_00), "f1", "质量问题")
    assert (refunded.balance, refunded.debt) == (Money(99_88), Money(12))


def test_switching_needs_the_grant_and_the_finance_role(
    seller: Company, seller_finance: Actor, operator: Actor
) -> None:
    with pytest.raises(BenefitNotHeld, match="极速到账"):
        commands.switch_instant_payout(seller_finance, True)
    grant_instant_payout(seller.pk)
    for outsider in (actor_of(seller, Role.CLERK), operator):
        with pytest.raises(Forbidden):
            commands.switch_instant_payout(outsider, True)
    commands.switch_instant_payout(seller_finance, True)
    view = queries.instant_payout(seller.pk)
    assert (view.granted, view.on, view.rate) == (True, True, Decimal("0.0012"))
    take_instant_payout(seller.pk)
    commands.switch_instant_payout(seller_finance, False)
    assert not queries.instant_payout(seller.pk).on


def test_what_the_seller_lacks_is_laid_out_and_owed(
    paid: str, seller: Company, seller_finance: Actor
) -> None:
    commands.withdraw(seller_finance, Money(90_00))
    refunded = commands.refund(paid, Money(40_00), "f1", "少发")
    assert (refunded.balance, refunded.debt) == (Money(9_88), Money(30_12))
    assert of(seller, AccountKind.CLAWBACK) == Money(30_12)
    assert SandboxTrade.objects.get().refunded_fen == 40_00
    commands.refund(paid, Money(60_00), "f2", "全退")
    assert of(seller, AccountKind.CLAWBACK) == Money(90_12)
    assert ledger.entries(paid)[-1].words == "平台先行垫付，退款给买家"
    deliver()
    told = Notice.objects.filter(company=seller, kind="debt_incurred").latest("pk")
    assert (told.params["amount_fen"], told.params["debt_fen"]) == (60_00, 90_12)


def test_the_deposit_pays_before_a_debt_arises(
    paid: str, seller: Company, seller_finance: Actor
) -> None:
    start = commands.join_buyer_protection(seller_finance)
    assert start.payable_number is not None
    payment = commands.start_payment(seller_finance, start.payable_number, "gateway")
    bank.act(payment.redirect_url.rstrip("/").rpartition("/")[2], "pay")
    commands.withdraw(seller_finance, Money(99_88))
    refunded = commands.refund(paid, Money(100_00), "f1", "全退")
    assert (refunded.balance, refunded.deposit, refunded.debt) == (
        Money(0),
        Money(100_00),
        Money(0),
    )


def test_later_income_pays_the_debt_first(
    paid: str,
    buyer: Company,
    seller: Company,
    seller_finance: Actor,
    begin: Begin,
    press: Press,
) -> None:
    commands.withdraw(seller_finance, Money(99_88))
    commands.refund(paid, Money(100_00), "f1", "全退")
    commands.switch_instant_payout(seller_finance, False)
    for number, (left, balance) in enumerate([(40_00, 0), (0, 20_00)], start=2):
        subject = f"order:{number}"
        commands.open_payables([NewPayable(subject, buyer.pk, seller.pk, 60_00, "螺母")])
        press(begin(subject), "pay")
        commands.release(subject, subject)
        assert of(seller, AccountKind.CLAWBACK) == Money(left)
        assert of(seller, AccountKind.BALANCE) == Money(balance)
    deliver()
    told = Notice.objects.filter(company=seller, kind="debt_paid").order_by("pk")
    assert [notice.params["left_fen"] for notice in told] == [40_00, 0]


def test_an_ordinary_order_is_never_lent_for(
    order: str, seller: Company, seller_finance: Actor, begin: Begin, press: Press
) -> None:
    press(begin(order), "pay")
    commands.release(order, order)
    commands.withdraw(seller_finance, Money(100_00))
    grant_instant_payout(seller.pk)
    commands.switch_instant_payout(seller_finance, True)
    with pytest.raises(PayeeCannotRefund):
        commands.refund(order, Money(1), "f1", "")


def test_the_fee_goes_back_with_refunds_where_the_market_does_so(
    paid: str, seller: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(settings.MARKET, "instant_fee_returned", True)
    refunded = commands.refund(paid, Money(50_00), "f1", "")
    assert refunded.balance == Money(50_00)
    assert of(seller, AccountKind.BALANCE) == Money(49_94)
    refunded = commands.refund(paid, Money(50_00), "f2", "")
    assert (refunded.balance, refunded.debt) == (Money(50_00), Money(0))
    assert of(seller, AccountKind.BALANCE) == Money(0)
    assert ledger.balance(None, AccountKind.FEES) == Money(0)
    assert InstantPayout.objects.get().fee_returned_fen == 12


def test_a_seller_cannot_leave_protection_with_money_it_had_early(
    paid: str, seller: Company, seller_finance: Actor
) -> None:
    transfer(
        "topup",
        "deposit",
        [
            Leg(
                Purse(AccountKind.GATEWAY),
                Purse(AccountKind.BALANCE, seller.pk),
                Money(2000_00),
                "",
            )
        ],
    )
    assert commands.join_buyer_protection(seller_finance).joined
    commands.refund(paid, Money(30_00), "f1", "")
    with pytest.raises(ProtectionStillNeeded) as refused:
        commands.leave_buyer_protection(seller_finance)
    assert refused.value.figures == {"held": Money(70_00)}
    commands.release(paid, paid)
    assert commands.leave_buyer_protection(seller_finance) == Money(1000_00)


def test_what_comes_back_of_its_own_purchase_pays_what_a_company_owes(
    paid: str, buyer: Company, seller: Company, seller_finance: Actor
) -> None:
    (number,) = commands.open_payables(
        [NewPayable("order:2", seller.pk, buyer.pk, 30_00, "包装箱")]
    )
    commands.start_payment(seller_finance, number, "balance")
    commands.withdraw(seller_finance, Money(69_88))
    commands.refund(paid, Money(20_00), "f1", "")
    assert of(seller, AccountKind.CLAWBACK) == Money(20_00)
    commands.refund("order:2", Money(12_00), "f2", "")
    assert of(seller, AccountKind.CLAWBACK) == Money(8_00)
    commands.refund("order:2", Money(18_00), "f3", "")
    assert of(seller, AccountKind.CLAWBACK) == Money(0)
    assert of(seller, AccountKind.BALANCE) == Money(10_00)


@pytest.mark.cooked_books
@pytest.mark.parametrize(
    ("cook", "code"),
    [
        (lambda: InstantPayout.objects.update(fee_fen=11), "instant"),
        (lambda: InstantPayout.objects.all().delete(), "instant"),
        (lambda: Account.objects.filter(kind="clawback").update(balance_fen=1), "balance"),
    ],
)
def test_the_check_finds_cooked_payouts(
    paid: str, seller: Company, seller_finance: Actor, cook: object, code: str
) -> None:
    commands.withdraw(seller_finance, Money(99_88))
    commands.refund(paid, Money(1_00), "f1", "")
    assert ledger.check() == []
    assert callable(cook)
    cook()
    assert code in {row.code for row in ledger.check()}


@pytest.mark.cooked_books
def test_the_check_finds_income_that_did_not_pay_the_debt(
    paid: str, seller: Company, seller_finance: Actor
) -> None:
    commands.withdraw(seller_finance, Money(99_88))
    commands.refund(paid, Money(1_00), "f1", "")
    gift = Leg(Purse(AccountKind.GATEWAY), Purse(AccountKind.BALANCE, seller.pk), Money(5), "gift")
    transfer("gift", "deposit", [gift])
    assert [row.what for row in ledger.check()] == ["balance of a company that owes"]


fen = st.integers(1, 10**7)


@given(fen, st.decimals(0, "0.9999", places=4), st.lists(st.integers(0, 10**6), max_size=6))
def test_fees_go_back_in_parts_as_in_one_sum(
    amount_fen: int, rate: Decimal, weights: list[int]
) -> None:
    amount = Money(amount_fen)
    fee = rules.instant_fee(amount, rate)
    assert Money(0) <= fee <= amount
    assert abs(Decimal(fee.fen) - amount_fen * rate) <= Decimal("0.5")
    shares = amount.split([1, *weights])
    before, back = Money(0), []
    for share in shares:
        part = rules.fee_back(fee, amount, before, share)
        assert Money(0) <= part <= share
        back.append(part)
        before += share
    assert total(back) == fee


@trials(
    max_examples=examples(15),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    amount_fen=st.integers(1, 10**6),
    rate=st.sampled_from(["0", "0.0012", "0.05", "0.999"]),
    weights=st.lists(st.integers(0, 100), min_size=1, max_size=5),
    withdrawn=st.lists(st.integers(0, 100), min_size=5, max_size=5),
    fee_returned=st.booleans(),
)
def test_the_buyer_always_gets_his_money_and_no_fen_is_lost(
    buyer: Company,
    seller: Company,
    purchaser: Actor,
    seller_finance: Actor,
    monkeypatch: pytest.MonkeyPatch,
    amount_fen: int,
    rate: str,
    weights: list[int],
    withdrawn: list[int],
    fee_returned: bool,
) -> None:
    monkeypatch.setitem(settings.MARKET, "instant_fee_returned", fee_returned)
    with transaction.atomic():
        grant_instant_payout(seller.pk, rate)
        commands.switch_instant_payout(seller_finance, True)
        new = NewPayable("order:7", buyer.pk, seller.pk, amount_fen, "货品")
        (number,) = commands.open_payables([new])
        payment = commands.start_payment(purchaser, number, "gateway")
        bank.act(payment.redirect_url.rstrip("/").rpartition("/")[2], "pay")
        commands.pay_out_at_once("order:7")
        parts = [part for part in Money(amount_fen).split([1, *weights]) if part]
        for at, part in enumerate(parts):
            share = of(seller, AccountKind.BALANCE).fen * withdrawn[at % 5] // 100
            if share:
                commands.withdraw(seller_finance, Money(share))
            if at == 1:
                commands.release("order:7", "order:7")
            assert commands.refund("order:7", part, f"f{at}", "").amount == part
            assert ledger.check() == []
        assert SandboxTrade.objects.get(payment_number=payment.payment_number).refunded_fen == (
            amount_fen
        )
        assert Payable.objects.get(subject="order:7").refunded_fen == amount_fen
        out = total(Money(n) for n in _withdrawn(seller))
        fee = ledger.balance(None, AccountKind.FEES)
        owed, left = of(seller, AccountKind.CLAWBACK), of(seller, AccountKind.BALANCE)
        assert owed - left == out + fee
        if fee_returned:
            assert fee == Money(0)
        transaction.set_rollback(True)


def _withdrawn(seller: Company) -> list[int]:
    rows = Posting.objects.filter(transfer__kind="withdrawal", debit__owner=seller)
    return list(rows.values_list("amount_fen", flat=True))
