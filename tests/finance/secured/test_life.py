"""One secured order from the promise to the last fen, on both sides, with every refund on the way."""

from __future__ import annotations

from datetime import timedelta

import pytest

from pifa.finance import commands, queries
from pifa.finance.errors import MethodNotOffered, PayeeCannotRefund
from pifa.finance.models import SecuredAccount, SecuredPayout
from pifa.finance.sandbox import financing
from pifa.finance.sandbox.financing import BUYER_LATE, TOO_LARGE
from pifa.finance.sandbox.models import SandboxWord
from pifa.kernel import clock
from pifa.kernel.actors import Actor
from pifa.kernel.money import Money
from pifa.ledger import queries as ledger
from pifa.ledger.rules import AccountKind
from pifa.parties.models import Company
from tests.finance.conftest import grant
from tests.finance.credit.conftest import owner_of
from tests.finance.secured.conftest import (
    DAY,
    noon,
    open_between,
    payable_number,
    payout,
    promise,
    repaid,
    row,
    run_until,
)

pytestmark = pytest.mark.django_db
DUE = DAY + timedelta(days=30)


def balance(company: Company) -> Money:
    return ledger.balance(company.pk, AccountKind.BALANCE)


def received(
    seller: Company, buyer: Company, purchaser: Actor, fen: int = 400_00, limit: str = "1000.00"
) -> None:
    """`order:1` is promised and received on DAY."""
    open_between(seller, buyer, limit)
    promise(purchaser, "order:1", seller, fen)
    commands.note_received("order:1")


def early(seller: Company, subject: str = "order:1") -> None:
    (asked,) = commands.collect_early(owner_of(seller), [subject])
    assert asked.error is None
    run_until(clock.now() + financing.ANSWER_AFTER)


def pay_to_seller(subject: str = "order:1") -> None:
    """What was released by the floor above, were it an order."""
    commands.release(subject, f"{subject}/paid")


def agrees(operator: Actor) -> bool:
    return queries.reconciliation(operator).agrees and ledger.check() == []


def test_the_financier_pays_on_the_due_day_whether_or_not_the_buyer_has(
    seller: Company, buyer: Company, purchaser: Actor, operator: Actor
) -> None:
    with clock.frozen(noon(DAY)):
        received(seller, buyer, purchaser)
    run_until(clock.start_of_day(DUE) - timedelta(seconds=1))
    assert row().claim_fen == 400_00
    run_until(noon(DUE))
    with clock.frozen(noon(DUE)):
        pay_to_seller()
        # 0.12 % of the order, and nothing for paying early.
        assert balance(seller) == Money(400_00 - 48)
        assert ledger.balance(None, AccountKind.FEES) == Money(48)
        assert (row().claim_fen, row().owed_fen) == (0, 400_00)
        assert agrees(operator)
    run_until(noon(DUE + timedelta(days=40)))
    with clock.frozen(noon(DUE + timedelta(days=40))):
        # The buyer is late for weeks: the seller's money stays where it is.
        assert balance(seller) == Money(400_00 - 48)
        assert SecuredAccount.objects.get().overdue_since == DUE
        with pytest.raises(MethodNotOffered) as refused:
            promise(purchaser, "order:2", seller, 1_00)
        assert refused.value.figures["days"] == 40
        repaid(purchaser, commands.repay_secured(purchaser))
        assert SecuredAccount.objects.get().overdue_since is None
        commands.start_payment(purchaser, payable_number("order:2"), "secured")
        assert agrees(operator)


def test_early_collection_costs_its_days_and_comes_at_once(
    seller: Company, buyer: Company, purchaser: Actor, operator: Actor
) -> None:
    with clock.frozen(noon(DAY)):
        received(seller, buyer, purchaser)
    with clock.frozen(noon(DAY + timedelta(days=10))):
        early(seller)
        pay_to_seller()
        # 400.00 × 0.0225 % × 20 days = 1.80; the service 0.48.
        asked = payout()
        assert (asked.days, asked.early_fee_fen, asked.service_fee_fen) == (20, 1_80, 48)
        assert (asked.state, row().early) == ("paid", "succeeded")
        assert balance(seller) == Money(400_00 - 1_80 - 48)
        assert ledger.balance(None, AccountKind.FEES) == Money(48)
        assert row().owed_fen == 400_00
        assert agrees(operator)
    run_until(noon(DUE))
    assert SecuredPayout.objects.count() == 1


@pytest.mark.parametrize(
    ("fen", "late", "why"), [(50_000_01, False, TOO_LARGE), (400_00, True, BUYER_LATE)]
)
def test_the_financier_may_refuse_and_pays_on_the_day_all_the_same(
    seller: Company,
    buyer: Company,
    purchaser: Actor,
    operator: Actor,
    fen: int,
    late: bool,
    why: str,
) -> None:
    begins = DAY + timedelta(days=35 if late else 0)
    with clock.frozen(noon(DAY)):
        open_between(seller, buyer, "100000.00")
        for number in (0, 1):
            promise(purchaser, f"order:{number}", seller, fen if number else 1_00)
        if late:
            commands.note_received("order:0")
    run_until(noon(begins))
    with clock.frozen(noon(begins)):
        commands.note_received("order:1")
        early(seller)
        assert (payout().state, payout().why, row().early) == ("failed", why, "failed")
        assert balance(seller) == Money(0)
    run_until(noon(begins + timedelta(days=30)))
    assert (row().claim_fen, payout().kind, payout().state) == (0, "due", "paid")
    with clock.frozen(noon(begins + timedelta(days=30))):
        assert agrees(operator)


def test_what_cannot_be_collected_early_says_why(
    seller: Company, buyer: Company, purchaser: Actor
) -> None:
    with clock.frozen(noon(DAY)):
        open_between(seller, buyer)
        promise(purchaser, "order:1", seller, 100_00)
        actor = owner_of(seller)
        (asked,) = commands.collect_early(actor, ["order:1"])
        assert "还没有收货" in str(asked.error)
        commands.note_received("order:1")
        first, second = commands.collect_early(actor, ["order:1", "order:9"])
        assert first.payout
        assert second.error is not None
        assert second.error.code == "not_found"
        (again,) = commands.collect_early(actor, ["order:1"])
        assert "已经在申请中" in str(again.error)
        (strange,) = commands.collect_early(owner_of(buyer), ["order:1"])
        assert strange.error is not None
        assert strange.error.code == "not_found"


@pytest.mark.parametrize("before", [0, 150_00, 400_00])
@pytest.mark.parametrize("back", [100_00, 300_00, 400_00])
def test_a_refund_before_the_payout_lowers_the_debt_first(
    seller: Company, buyer: Company, purchaser: Actor, operator: Actor, before: int, back: int
) -> None:
    with clock.frozen(noon(DAY)):
        received(seller, buyer, purchaser)
        if before:
            repaid(purchaser, commands.repay_secured(purchaser, Money(before)))
        commands.refund("order:1", Money(back), "r1", "少发")
        found = row()
        owed = 400_00 - before
        assert found.claim_fen == 400_00 - back
        assert found.owed_fen == owed - min(back, owed)
        assert balance(buyer) == Money(max(0, back - owed))
        assert agrees(operator)


@pytest.mark.parametrize("before", [0, 150_00, 400_00])
@pytest.mark.parametrize("back", [100_00, 300_00, 400_00])
@pytest.mark.parametrize("early_first", [True, False])
def test_a_refund_after_the_payout_is_taken_back_from_the_seller(
    seller: Company,
    buyer: Company,
    purchaser: Actor,
    operator: Actor,
    before: int,
    back: int,
    early_first: bool,
) -> None:
    with clock.frozen(noon(DAY)):
        received(seller, buyer, purchaser)
        if early_first:
            early(seller)
    if not early_first:
        run_until(noon(DUE))
    with clock.frozen(noon(DUE if not early_first else DAY)):
        pay_to_seller()
        fees = payout().early_fee_fen + payout().service_fee_fen
        if before:
            repaid(purchaser, commands.repay_secured(purchaser, Money(before)))
        if back == 400_00:
            # What the fees took has to come from somewhere: nothing moves while it is missing.
            with pytest.raises(PayeeCannotRefund):
                commands.refund("order:1", Money(back), "r1", "")
            other = promise(purchaser, "order:3", seller, 100_00)
            commands.note_received(other)
            early(seller, other)
            commands.release(other, "o")
        income = balance(seller)
        commands.refund("order:1", Money(back), "r1", "少发")
        owed = 400_00 - before
        assert row().owed_fen == owed - min(back, owed)
        assert balance(buyer) == Money(max(0, back - owed))
        assert income - balance(seller) == Money(back)
        assert fees > 0
        assert agrees(operator)


def test_money_for_a_claim_that_changed_goes_back_and_the_rest_comes_on_the_day(
    seller: Company, buyer: Company, purchaser: Actor, operator: Actor
) -> None:
    with clock.frozen(noon(DAY)):
        received(seller, buyer, purchaser)
        commands.collect_early(owner_of(seller), ["order:1"])
        commands.refund("order:1", Money(100_00), "r1", "少发")
        run_until(clock.now() + financing.ANSWER_AFTER)
        assert (payout().state, row().early, row().claim_fen) == ("returned", "failed", 300_00)
        assert balance(seller) == Money(0)
        assert agrees(operator)
    run_until(noon(DUE))
    assert (row().claim_fen, payout().amount_fen) == (0, 300_00)


def test_a_word_counts_once_and_only_if_it_is_signed(
    seller: Company, buyer: Company, purchaser: Actor, operator: Actor
) -> None:
    with clock.frozen(noon(DAY)):
        received(seller, buyer, purchaser)
        commands.collect_early(owner_of(seller), ["order:1"])
        word = SandboxWord.objects.get()
        assert commands.receive_word("sandbox", word.payload, "AAAA") == "bad_signature"
        wrong = word.payload | {"amount_fen": "1"}
        assert commands.receive_word("sandbox", wrong, word.signature) == "bad_signature"
        assert commands.receive_word("sandbox", word.payload, word.signature) == "settled"
        assert financing.send(word.pk) == "repeated"
        assert row().paid_fen == 400_00
        assert agrees(operator)


def test_the_limit_is_the_benefits_and_the_seller_must_be_in(
    seller: Company, buyer: Company, purchaser: Actor
) -> None:
    with clock.frozen(noon(DAY)):
        with pytest.raises(MethodNotOffered, match="卖家没有开通"):
            promise(purchaser, "order:1", seller, 100_00)
        commands.join_secured(owner_of(seller))
        with pytest.raises(MethodNotOffered, match="还没有诚e赊额度"):
            commands.start_payment(purchaser, payable_number("order:1"), "secured")
        grant(buyer.pk, "secured_credit", limit="99.99")
        with pytest.raises(MethodNotOffered, match=r"可用 ¥99\.99"):
            commands.start_payment(purchaser, payable_number("order:1"), "secured")
        grant(buyer.pk, "secured_credit", limit="100.00")
        commands.start_payment(purchaser, payable_number("order:1"), "secured")
        commands.leave_secured(owner_of(seller))
        with pytest.raises(MethodNotOffered, match="卖家没有开通"):
            promise(purchaser, "order:2", seller, 1)
        # What was ordered is collected as before.
        commands.note_received("order:1")
    run_until(noon(DUE))
    assert row().claim_fen == 0
