"""One order under a mandate from the promise to the last fen: the bank pays, fails, is late, wrong;
refunds at every point; what is then owed to the bank."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from pifa.finance import commands, queries
from pifa.finance.errors import MethodNotOffered
from pifa.finance.methods.trust.errors import TrustNothingOwed, TrustRepaymentTooLarge
from pifa.finance.models import GatewayNotice, SandboxWord, TrustAccount, TrustCall
from pifa.finance.sandbox import financing
from pifa.kernel import clock
from pifa.kernel.actors import Actor
from pifa.kernel.money import Money
from pifa.ledger import queries as ledger
from pifa.ledger.rules import AccountKind
from pifa.parties.models import Company
from tests.finance.trust.conftest import (
    MONDAY,
    agrees,
    balance,
    calls,
    fund,
    item,
    noon,
    on_account,
    open_bank,
    payable_number,
    play,
    promise,
    repaid,
    run_until,
    sign,
)

pytestmark = pytest.mark.django_db
FRIDAY = MONDAY + timedelta(days=4)


@pytest.fixture
def signed(buyer: Company) -> Company:
    """The buyer with a mandate, and ¥500.00 on its account."""
    with clock.frozen(noon(MONDAY)):
        open_bank(buyer)
        fund(buyer, Money(500_00))
        sign(buyer)
    return buyer


def received(actor: Actor, seller: Company, fen: int = 400_00, subject: str = "order:1") -> None:
    """An order is promised and received now; the bank answers as it is played."""
    promise(actor, subject, seller, fen)
    commands.note_received(subject)
    run_until(clock.now())


def paid_out(subject: str = "order:1") -> None:
    """What is released by the floor above, were it an order."""
    commands.release(subject, f"{subject}/paid")


def test_the_account_is_debited_after_receipt(
    seller: Company, signed: Company, purchaser: Actor, operator: Actor
) -> None:
    with clock.frozen(noon(MONDAY)):
        promise(purchaser, "order:1", seller, 400_00)
        assert on_account(signed) == Money(500_00)
        assert ledger.balance(signed.pk, AccountKind.RECEIVABLE) == Money(400_00)
        commands.note_received("order:1")
        run_until(clock.now())
        paid_out()
        assert on_account(signed) == Money(100_00)
        assert balance(seller) == Money(400_00)
        assert calls() == [("debit", "paid")]
        account = TrustAccount.objects.get()
        assert (account.used_fen, account.debt_fen) == (0, 0)
        assert agrees(operator)


def test_a_debit_that_fails_is_tried_again_on_business_days_and_then_succeeds(
    seller: Company, signed: Company, purchaser: Actor, operator: Actor
) -> None:
    with clock.frozen(noon(FRIDAY)):
        received(purchaser, seller, 600_00)
        assert (item().failed, item().try_on) == (1, date(2026, 3, 9))
        assert on_account(signed) == Money(500_00)
        assert agrees(operator)
    run_until(clock.start_of_day(date(2026, 3, 9)) + timedelta(hours=8, minutes=59))
    assert len(calls()) == 1
    run_until(noon(date(2026, 3, 9)))
    assert (item().failed, item().try_on) == (2, date(2026, 3, 10))
    with clock.frozen(noon(date(2026, 3, 9))):
        fund(signed, Money(100_00))
    run_until(noon(date(2026, 3, 10)))
    assert calls() == [("debit", "failed")] * 2 + [("debit", "paid")]
    with clock.frozen(noon(date(2026, 3, 10))):
        assert (item().claim_fen, item().failed, item().try_on) == (0, 0, None)
        assert on_account(signed) == Money(0)
        assert agrees(operator)


def test_days_on_which_banks_are_closed_are_no_business_days(
    seller: Company, signed: Company, purchaser: Actor, settings: object
) -> None:
    settings.MARKET_BANK_HOLIDAYS = ("2026-03-09",)  # type: ignore[attr-defined]
    with clock.frozen(noon(FRIDAY)):
        received(purchaser, seller, 600_00)
        assert item().try_on == date(2026, 3, 10)


def covered(seller: Company, purchaser: Actor, fen: int = 600_00) -> date:
    """Four debits failed, and the bank kept its promise; the day."""
    with clock.frozen(noon(MONDAY)):
        received(purchaser, seller, fen)
    run_until(noon(MONDAY + timedelta(days=3)))
    return MONDAY + timedelta(days=3)


def test_after_the_last_try_the_bank_pays_and_the_buyer_owes_it(
    seller: Company, signed: Company, purchaser: Actor, operator: Actor
) -> None:
    day = covered(seller, purchaser)
    with clock.frozen(noon(day)):
        paid_out()
        assert calls() == [("debit", "failed")] * 4 + [("cover", "paid")]
        assert balance(seller) == Money(600_00)
        assert on_account(signed) == Money(500_00)
        assert ledger.balance(signed.pk, AccountKind.RECEIVABLE) == Money(600_00)
        assert TrustAccount.objects.get().debt_fen == 600_00
        assert agrees(operator)
        with pytest.raises(MethodNotOffered, match=r"银行已代付 ¥600\.00"):
            promise(purchaser, "order:2", seller, 1_00)
        with pytest.raises(TrustRepaymentTooLarge):
            commands.repay_trust(purchaser, "order:1", Money(600_01))
        repaid(purchaser, commands.repay_trust(purchaser, "order:1", Money(250_00)))
        assert (item().debt_fen, TrustAccount.objects.get().debt_fen) == (350_00, 350_00)
        assert agrees(operator)
        with pytest.raises(MethodNotOffered):
            commands.start_payment(purchaser, payable_number("order:2"), "trust_payment")
        repaid(purchaser, commands.repay_trust(purchaser, "order:1"))
        assert TrustAccount.objects.get().used_fen == 0
        commands.start_payment(purchaser, payable_number("order:2"), "trust_payment")
        with pytest.raises(TrustNothingOwed):
            commands.repay_trust(purchaser, "order:1")
        assert agrees(operator)


def test_two_repayments_of_one_debt_leave_the_second_on_the_balance(
    seller: Company, signed: Company, purchaser: Actor, operator: Actor
) -> None:
    with clock.frozen(noon(covered(seller, purchaser))):
        begun = [commands.repay_trust(purchaser, "order:1") for _tab in range(2)]
        for number in begun:
            repaid(purchaser, number)
        assert balance(signed) == Money(600_00)
        assert TrustAccount.objects.get().debt_fen == 0
        assert agrees(operator)


@pytest.mark.parametrize("back", [100_00, 400_00])
@pytest.mark.parametrize("received_before", [True, False])
def test_a_refund_before_the_debit_lowers_it(
    seller: Company,
    signed: Company,
    purchaser: Actor,
    operator: Actor,
    back: int,
    received_before: bool,
) -> None:
    with clock.frozen(noon(MONDAY)):
        promise(purchaser, "order:1", seller, 400_00)
        if received_before:
            commands.note_received("order:1")
        commands.refund("order:1", Money(back), "r1", "少发")
        if not received_before:
            commands.note_received("order:1")
        run_until(clock.now())
        assert on_account(signed) == Money(500_00 - (400_00 - back))
        assert TrustAccount.objects.get().used_fen == 0
        assert calls() == ([("debit", "paid")] if back < 400_00 else [])
        assert agrees(operator)


@pytest.mark.parametrize("back", [100_00, 400_00])
def test_a_refund_after_the_debit_goes_back_to_the_account(
    seller: Company, signed: Company, purchaser: Actor, operator: Actor, back: int
) -> None:
    with clock.frozen(noon(MONDAY)):
        received(purchaser, seller)
        paid_out()
        commands.refund("order:1", Money(back), "r1", "少发")
        assert on_account(signed) == Money(100_00 + back)
        assert balance(seller) == Money(400_00 - back)
        assert balance(signed) == Money(0)
        assert agrees(operator)


@pytest.mark.parametrize("before", [0, 250_00, 600_00])
@pytest.mark.parametrize("back", [100_00, 450_00, 600_00])
def test_a_refund_of_what_the_bank_paid_lowers_the_debt_first(
    seller: Company, signed: Company, purchaser: Actor, operator: Actor, before: int, back: int
) -> None:
    with clock.frozen(noon(covered(seller, purchaser))):
        paid_out()
        if before:
            repaid(purchaser, commands.repay_trust(purchaser, "order:1", Money(before)))
        commands.refund("order:1", Money(back), "r1", "少发")
        owed = 600_00 - before
        assert item().debt_fen == owed - min(back, owed)
        assert on_account(signed) == Money(500_00 + max(0, back - owed))
        assert balance(seller) == Money(600_00 - back)
        assert agrees(operator)


@pytest.mark.parametrize("back", [150_00, 400_00])
def test_money_for_an_order_that_changed_goes_back_and_the_rest_is_debited(
    seller: Company, signed: Company, purchaser: Actor, operator: Actor, back: int
) -> None:
    play("late")
    with clock.frozen(noon(MONDAY)):
        received(purchaser, seller)
        assert calls() == [("debit", "asked")]
        assert on_account(signed) == Money(100_00)
        commands.refund("order:1", Money(back), "r1", "少发")
        play("funds")
    run_until(noon(MONDAY + timedelta(days=1)))
    with clock.frozen(noon(MONDAY + timedelta(days=1))):
        rest = [("debit", "paid")] if back < 400_00 else []
        assert calls() == [("debit", "returned"), *rest]
        assert on_account(signed) == Money(500_00 - (400_00 - back))
        assert agrees(operator)


@pytest.mark.parametrize("how", ["late", "twice", "amount", "signature"])
def test_however_the_bank_tells_it_counts_once(
    seller: Company, signed: Company, purchaser: Actor, operator: Actor, how: str
) -> None:
    play(how)
    with clock.frozen(noon(MONDAY)):
        received(purchaser, seller)
    run_until(noon(MONDAY + timedelta(days=2)))
    with clock.frozen(noon(MONDAY + timedelta(days=2))):
        assert calls() == [("debit", "paid")]
        assert item().debited_fen == 400_00
        heard = list(GatewayNotice.objects.order_by("pk").values_list("verdict", flat=True))
        wrong = {"amount": ["wrong_amount"], "signature": ["bad_signature"]}
        assert heard == [*wrong.get(how, []), "settled"]
        for word in SandboxWord.objects.filter(number=TrustCall.objects.get().number):
            assert financing.send(word.pk) == "repeated"
        assert agrees(operator)


def test_a_word_is_believed_only_if_it_is_signed_and_only_of_its_own_bank(
    seller: Company, signed: Company, purchaser: Actor
) -> None:
    play("late")
    with clock.frozen(noon(MONDAY)):
        received(purchaser, seller)
        word = SandboxWord.objects.get()
        assert commands.receive_word("trust", word.payload, "AAAA") == "bad_signature"
        less = word.payload | {"amount_fen": "1"}
        assert commands.receive_word("trust", less, word.signature) == "bad_signature"
        assert commands.receive_word("sandbox", word.payload, word.signature) == "unknown_payment"
        assert calls() == [("debit", "asked")]
        assert commands.receive_word("trust", word.payload, word.signature) == "settled"


def test_a_bank_that_refuses_is_called_on_its_promise_all_the_same(
    seller: Company, signed: Company, purchaser: Actor
) -> None:
    play("refuse")
    covered(seller, purchaser, 10_00)
    assert calls()[-1] == ("cover", "paid")
    assert queries.trust_item("order:1").calls[0].why == "银行没有扣款"  # type: ignore[union-attr]


def test_what_is_owed_is_counted_day_by_day(
    seller: Company, signed: Company, purchaser: Actor
) -> None:
    from pifa.kernel.models import OutboxEvent

    day = covered(seller, purchaser)
    run_until(noon(day + timedelta(days=3)))
    rows = OutboxEvent.objects.filter(name="trust.owing_day").order_by("pk")
    days = [(row.payload["days"], row.payload["remind"]) for row in rows]
    assert days == [(1, True), (2, False), (3, True)]
    with clock.frozen(noon(day + timedelta(days=3))):
        repaid(purchaser, commands.repay_trust(purchaser, "order:1"))
    run_until(noon(day + timedelta(days=9)))
    assert OutboxEvent.objects.filter(name="trust.owing_day").count() == 3
