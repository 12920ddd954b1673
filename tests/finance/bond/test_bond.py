"""A bond from taking it to its end: the deposit, the claim path, recourse, deadlines."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings

from pifa.finance import commands, queries
from pifa.finance.commands import NewPayable
from pifa.finance.errors import NotJoined, PayeeCannotRefund
from pifa.finance.insurance.bond import queries as told
from pifa.finance.insurance.bond.errors import AlreadyBonded, BondOwes, NotBonded
from pifa.finance.models import BondPolicy, SandboxPolicy
from pifa.finance.sandbox import books
from pifa.kernel import clock, deadlines
from pifa.kernel.actors import Actor, Role
from pifa.kernel.errors import Forbidden
from pifa.kernel.events import deliver
from pifa.kernel.models import Deadline
from pifa.kernel.money import Money
from pifa.ledger import queries as ledger
from pifa.ledger.errors import InsufficientBalance
from pifa.ledger.rules import AccountKind
from pifa.messages.models import Notice
from pifa.parties.models import Company
from tests.finance.conftest import Begin, Press, actor_of, grant_instant_payout
from tests.finance.test_races import race
from tests.finance.withdrawals.conftest import fund
from tests.plugins.clock import MarketClock

pytestmark = pytest.mark.django_db


def on(seller: Company, kind: AccountKind) -> Money:
    return ledger.balance(seller.pk, kind)


@pytest.fixture
def joined(seller: Company, purchaser: Actor, seller_finance: Actor) -> Company:
    """In protection with a deposit of ¥1,000.00 and nothing on the balance."""
    fund(seller, purchaser, Money(1_000_00))
    assert commands.join_buyer_protection(seller_finance).joined
    return seller


@pytest.fixture
def bonded(joined: Company, seller_finance: Actor) -> Company:
    """It has a bond, and took what was released out to its bank."""
    commands.take_bond(seller_finance)
    commands.withdraw(seller_finance, Money(970_00))
    return joined


def released(order: str, begin: Begin, press: Press) -> str:
    """An order of ¥100.00 that was paid and released."""
    press(begin(order), "pay")
    commands.release(order, "r1")
    return order


def test_the_deposit_is_released_and_pays_the_premium(
    joined: Company, seller_finance: Actor, operator: Actor
) -> None:
    number = commands.take_bond(seller_finance)
    assert on(joined, AccountKind.DEPOSIT) == Money(0)
    assert on(joined, AccountKind.BALANCE) == Money(970_00)
    view = told.bond(seller_finance)
    assert view.current is not None
    assert (view.current.number, view.current.cover) == (number, Money(1_000_00))
    assert (view.premium, view.insurer) == (Money(30_00), "沙箱保险公司")
    protection = queries.protection(joined.pk)
    assert (protection.joined, protection.missing, protection.covered) == (
        True,
        Money(0),
        Money(1_000_00),
    )
    assert books.balance("8800000000000005") == Money(30_00)
    assert queries.reconciliation(operator).agrees
    assert commands.join_buyer_protection(seller_finance).joined
    with pytest.raises(AlreadyBonded):
        commands.take_bond(seller_finance)


def test_who_may_and_when(seller: Company, seller_finance: Actor) -> None:
    with pytest.raises(NotJoined):
        commands.take_bond(seller_finance)
    with pytest.raises(NotBonded):
        commands.give_bond_up(seller_finance)
    with pytest.raises(NotBonded):
        commands.renew_bond_by_itself(seller_finance, True)
    clerk = actor_of(seller, Role.CLERK)
    for verb in (commands.take_bond, commands.give_bond_up, told.bond):
        with pytest.raises(Forbidden):
            verb(clerk)
    with pytest.raises(Forbidden):
        told.bonds_of_market(seller_finance)


def test_the_insurer_pays_where_the_deposit_would_have(
    bonded: Company, order: str, begin: Begin, press: Press, seller_finance: Actor, operator: Actor
) -> None:
    released(order, begin, press)
    commands.withdraw(seller_finance, Money(60_00))
    refunded = commands.refund(order, Money(100_00), "f1", "质量问题")
    assert (refunded.balance, refunded.deposit, refunded.debt) == (
        Money(100_00),
        Money(0),
        Money(0),
    )
    assert on(bonded, AccountKind.BALANCE) == Money(0)
    assert on(bonded, AccountKind.RECOURSE) == Money(60_00)
    assert BondPolicy.objects.get().claimed_fen == SandboxPolicy.objects.get().claimed_fen == 60_00
    assert commands.refund(order, Money(100_00), "f1", "质量问题").amount == Money(0)
    assert queries.reconciliation(operator).agrees
    sums = told.bond_sums(operator)
    assert (sums.premiums, sums.claims, sums.owed) == (Money(30_00), Money(60_00), Money(60_00))
    deliver()
    (notice,) = Notice.objects.filter(kind="bond_claimed")
    assert (notice.params["amount_fen"], notice.params["debt_fen"]) == (60_00, 60_00)


def test_later_income_pays_the_insurer_back(
    bonded: Company, order: str, begin: Begin, press: Press, purchaser: Actor,
    seller_finance: Actor, operator: Actor,
) -> None:  # fmt: skip
    released(order, begin, press)
    commands.withdraw(seller_finance, Money(100_00))
    commands.refund(order, Money(100_00), "f1", "")
    with pytest.raises(InsufficientBalance):
        commands.give_bond_up(seller_finance)
    fund(bonded, purchaser, Money(30_00))
    assert on(bonded, AccountKind.RECOURSE) == Money(70_00)
    assert on(bonded, AccountKind.BALANCE) == Money(0)
    fund(bonded, purchaser, Money(120_00))
    assert on(bonded, AccountKind.RECOURSE) == Money(0)
    assert on(bonded, AccountKind.BALANCE) == Money(50_00)
    assert queries.reconciliation(operator).agrees
    assert told.bond_sums(operator).owed == Money(0)
    # Cover that was used is used, though it was paid back.
    assert BondPolicy.objects.get().claimed_fen == 100_00


def test_beyond_the_cover_a_refund_is_refused_whole(
    bonded: Company, buyer: Company, begin: Begin, press: Press, seller_finance: Actor
) -> None:
    subject = "order:5"
    commands.open_payables([NewPayable(subject, buyer.pk, bonded.pk, 1_500_00, "货")])
    press(begin(subject), "pay")
    commands.release(subject, "r5")
    commands.withdraw(seller_finance, Money(1_500_00))
    with pytest.raises(PayeeCannotRefund) as refused:
        commands.refund(subject, Money(1_000_01), "f5", "")
    assert refused.value.figures["missing"] == Money(1)
    assert on(bonded, AccountKind.RECOURSE) == Money(0)
    assert BondPolicy.objects.get().claimed_fen == 0
    commands.refund(subject, Money(1_000_00), "f6", "")
    assert on(bonded, AccountKind.RECOURSE) == Money(1_000_00)


def test_what_was_paid_out_at_once_is_covered_before_the_market_lends(
    bonded: Company, order: str, begin: Begin, press: Press, seller_finance: Actor
) -> None:
    grant_instant_payout(bonded.pk)
    commands.switch_instant_payout(seller_finance, True)
    press(begin(order), "pay")
    paid = commands.pay_out_at_once(order)
    commands.withdraw(seller_finance, paid - Money(12))
    refunded = commands.refund(order, Money(100_00), "f1", "")
    assert (refunded.balance, refunded.debt) == (Money(100_00), Money(0))
    assert on(bonded, AccountKind.RECOURSE) == Money(100_00)
    assert on(bonded, AccountKind.CLAWBACK) == Money(0)


def test_with_debts_there_is_no_new_bond(
    bonded: Company, order: str, begin: Begin, press: Press, seller_finance: Actor
) -> None:
    released(order, begin, press)
    commands.withdraw(seller_finance, Money(100_00))
    commands.refund(order, Money(100_00), "f1", "")
    BondPolicy.objects.update(state="refrozen", ended_at=clock.now())
    with pytest.raises(BondOwes) as refused:
        commands.take_bond(seller_finance)
    assert refused.value.figures["owed"] == Money(100_00)


def test_back_to_the_deposit(bonded: Company, purchaser: Actor, seller_finance: Actor) -> None:
    with pytest.raises(InsufficientBalance):
        commands.give_bond_up(seller_finance)
    fund(bonded, purchaser, Money(1_200_00))
    assert commands.give_bond_up(seller_finance) == Money(1_000_00)
    assert on(bonded, AccountKind.DEPOSIT) == Money(1_000_00)
    assert on(bonded, AccountKind.BALANCE) == Money(200_00)
    protection = queries.protection(bonded.pk)
    assert (protection.joined, protection.missing) == (True, Money(0))
    assert not Deadline.objects.filter(done_at=None, kind__startswith="bond").exists()


def test_who_leaves_protection_has_no_bond_any_more(bonded: Company, seller_finance: Actor) -> None:
    assert commands.leave_buyer_protection(seller_finance) == Money(0)
    assert BondPolicy.objects.get().state == "left"
    assert not queries.protection(bonded.pk).joined


def over(market_clock: MarketClock) -> None:
    """The term is over."""
    until = BondPolicy.objects.get(state="active").until
    market_clock.forward(days=(until - clock.today()).days)
    deadlines.run_due(clock.now())
    deliver()


def test_it_is_renewed_by_itself(
    bonded: Company, purchaser: Actor, market_clock: MarketClock, operator: Actor
) -> None:
    fund(bonded, purchaser, Money(50_00))
    first = BondPolicy.objects.get()
    market_clock.forward(days=365 - 15)
    deadlines.run_due(clock.now())
    deliver()
    (soon,) = Notice.objects.filter(kind="bond_ends_soon")
    assert (soon.params["renews"], soon.params["premium_fen"]) == (True, 30_00)
    over(market_clock)
    first.refresh_from_db()
    following = BondPolicy.objects.get(state="active")
    assert (first.state, following.since) == ("renewed", first.until)
    assert following.until == first.until + timedelta(days=365)
    assert on(bonded, AccountKind.BALANCE) == Money(20_00)
    assert Notice.objects.get(kind="bond_ended").params["outcome"] == "renewed"
    assert queries.reconciliation(operator).agrees


def test_else_the_deposit_is_frozen_again(
    bonded: Company, purchaser: Actor, seller_finance: Actor, market_clock: MarketClock
) -> None:
    fund(bonded, purchaser, Money(1_050_00))
    commands.renew_bond_by_itself(seller_finance, False)
    over(market_clock)
    assert BondPolicy.objects.get().state == "refrozen"
    assert on(bonded, AccountKind.DEPOSIT) == Money(1_000_00)
    assert on(bonded, AccountKind.BALANCE) == Money(50_00)
    assert queries.protection(bonded.pk).joined


def test_else_the_seller_leaves_protection_and_is_told(
    bonded: Company, market_clock: MarketClock
) -> None:
    over(market_clock)
    assert BondPolicy.objects.get().state == "lapsed"
    assert not queries.protection(bonded.pk).joined
    assert Notice.objects.get(kind="bond_ended").params["outcome"] == "lapsed"


def test_a_deposit_that_is_larger_than_the_cover_stays_in_part(
    joined: Company,
    purchaser: Actor,
    seller_finance: Actor,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    fund(joined, purchaser, Money(19_000_00))
    monkeypatch.setitem(settings.MARKET, "protection_deposit_fen", 20_000_00)
    assert commands.join_buyer_protection(seller_finance).joined
    commands.take_bond(seller_finance)
    assert on(joined, AccountKind.DEPOSIT) == Money(4_000_00)
    assert on(joined, AccountKind.BALANCE) == Money(16_000_00 - 480_00)
    assert queries.protection(joined.pk).missing == Money(0)


@pytest.mark.cooked_books
def test_cooked_bonds_are_found(bonded: Company) -> None:
    BondPolicy.objects.update(premium_fen=1, claimed_fen=5)
    SandboxPolicy.objects.update(claimed_fen=7)
    found = {row.what for row in ledger.check()}
    assert {"bond.premium_fen", "bond.claimed_fen", "the insurer's own book"} <= found


@pytest.mark.django_db(transaction=True)
def test_refunds_at_once_use_the_cover_once(
    bonded: Company, buyer: Company, begin: Begin, press: Press, seller_finance: Actor,
    purchaser: Actor, operator: Actor,
) -> None:  # fmt: skip
    subjects = [f"order:{number}" for number in range(20, 24)]
    commands.open_payables(
        [NewPayable(subject, buyer.pk, bonded.pk, 400_00, "货") for subject in subjects]
    )
    for subject in subjects:
        press(begin(subject), "pay")
        commands.release(subject, subject)
    commands.withdraw(seller_finance, Money(1_600_00))
    results = race(
        *[lambda s=s: commands.refund(s, Money(400_00), f"f{s}", "") for s in subjects],
        lambda: fund(bonded, purchaser, Money(50_00)),
        lambda: commands.give_bond_up(seller_finance),
    )
    refused = sum(isinstance(result, PayeeCannotRefund) for result in results)
    assert refused == 2
    assert BondPolicy.objects.get().claimed_fen <= 1_000_00
    assert queries.reconciliation(operator).agrees
    assert ledger.check() == []
