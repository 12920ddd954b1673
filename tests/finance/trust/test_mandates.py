"""Who signs and ends a mandate, for which limits, and what that does to what is ordered."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from pifa.finance import commands, queries
from pifa.finance.errors import MethodNotOffered
from pifa.finance.methods.trust.errors import (
    TrustLimitTooLarge,
    TrustNotSigned,
    TrustSigned,
)
from pifa.finance.models import TrustAccount, TrustItem, TrustMandate
from pifa.finance.partner_bank.errors import NoAccount, NotAuthorised
from pifa.kernel import clock
from pifa.kernel.actors import Actor, Role
from pifa.kernel.errors import Forbidden, NotFound
from pifa.kernel.models import AuditEntry
from pifa.kernel.money import Money
from pifa.parties.models import Company
from tests.finance.conftest import actor_of
from tests.finance.credit.conftest import owner_of
from tests.finance.trust.conftest import (
    MONDAY,
    calls,
    fund,
    item,
    noon,
    open_bank,
    payable_number,
    promise,
    run_until,
    sign,
)

pytestmark = pytest.mark.django_db


def test_owner_and_finance_sign_and_end_it_and_others_may_not(
    seller: Company, buyer: Company, purchaser: Actor
) -> None:
    with pytest.raises(NoAccount):
        commands.sign_trust(owner_of(buyer), "x")
    open_bank(buyer)
    for act in (lambda: commands.sign_trust(purchaser, "x"), lambda: commands.end_trust(purchaser)):
        with pytest.raises(Forbidden):
            act()
    with pytest.raises(NotAuthorised):
        commands.sign_trust(owner_of(buyer), "wrong")
    assert not TrustMandate.objects.exists()
    finance = actor_of(buyer, Role.FINANCE)
    sign(buyer, finance)
    with pytest.raises(TrustSigned):
        sign(buyer)
    commands.end_trust(finance)
    with pytest.raises(TrustNotSigned):
        commands.end_trust(finance)
    sign(buyer)
    assert list(TrustMandate.objects.values_list("state", flat=True).order_by("pk")) == [
        "ended",
        "signed",
    ]
    actions = AuditEntry.objects.filter(action__startswith="trust.").order_by("pk")
    assert list(actions.values_list("action", flat=True)) == [
        "trust.signed",
        "trust.ended",
        "trust.signed",
    ]


@pytest.mark.parametrize(
    ("per_order", "in_all"), [(0, 100), (101, 100), (20_000_01, 50_000_00), (1, 50_000_01)]
)
def test_limits_are_above_nothing_and_within_the_rulebooks(
    buyer: Company, per_order: int, in_all: int
) -> None:
    open_bank(buyer)
    with pytest.raises(TrustLimitTooLarge):
        sign(buyer, per_order=Money(per_order), in_all=Money(in_all))


def test_each_limit_refuses_with_its_figures(
    seller: Company, buyer: Company, purchaser: Actor
) -> None:
    with pytest.raises(MethodNotOffered, match="还没有签约"):
        promise(purchaser, "order:0", seller, 1)
    open_bank(buyer)
    sign(buyer, per_order=Money(100_00), in_all=Money(150_00))
    with pytest.raises(MethodNotOffered, match=r"单笔限额 ¥100\.00.*¥100\.01"):
        promise(purchaser, "order:1", seller, 100_01)
    promise(purchaser, "order:2", seller, 100_00)
    with pytest.raises(MethodNotOffered, match=r"已用 ¥100\.00，可用 ¥50\.00"):
        promise(purchaser, "order:3", seller, 50_01)
    promise(purchaser, "order:4", seller, 50_00)
    assert queries.trust_limits(owner_of(buyer)).free == Money(0)


def test_parts_of_one_order_are_one_order_for_its_limit(
    seller: Company, buyer: Company, purchaser: Actor
) -> None:
    open_bank(buyer)
    sign(buyer, per_order=Money(100_00), in_all=Money(500_00))
    with pytest.raises(MethodNotOffered):
        promise(purchaser, "order:1", seller, 120_00)
    number = payable_number("order:1")
    commands.split_payment(purchaser, number, [Money(60_00), Money(60_00)])
    commands.start_payment(purchaser, number, "trust_payment")
    with pytest.raises(MethodNotOffered, match=r"¥120\.00"):
        commands.start_payment(purchaser, number, "trust_payment")


def test_what_was_ordered_is_debited_after_the_mandate_has_ended(
    seller: Company, buyer: Company, purchaser: Actor
) -> None:
    with clock.frozen(noon(MONDAY)):
        open_bank(buyer)
        fund(buyer, Money(100_00))
        sign(buyer)
        promise(purchaser, "order:1", seller, 40_00)
        commands.end_trust(owner_of(buyer))
        with pytest.raises(MethodNotOffered, match="还没有签约"):
            promise(purchaser, "order:2", seller, 1_00)
        commands.note_received("order:1")
        run_until(clock.now())
        assert calls() == [("debit", "paid")]


def test_a_smaller_mandate_leaves_what_was_ordered_over_it(
    seller: Company, buyer: Company, purchaser: Actor
) -> None:
    open_bank(buyer)
    sign(buyer)
    promise(purchaser, "order:1", seller, 400_00)
    commands.end_trust(owner_of(buyer))
    sign(buyer, per_order=Money(500_00), in_all=Money(500_00))
    promise(purchaser, "order:2", seller, 100_00)
    with pytest.raises(MethodNotOffered):
        promise(purchaser, "order:3", seller, 1)
    assert TrustAccount.objects.get().used_fen == 500_00


def test_strangers_see_and_repay_nothing(seller: Company, buyer: Company, purchaser: Actor) -> None:
    open_bank(buyer)
    sign(buyer)
    promise(purchaser, "order:1", seller, 40_00)
    stranger = owner_of(seller)
    assert queries.trust_items(stranger).items == []
    for query in (queries.trust_sums, queries.trust_of_market):
        with pytest.raises(Forbidden):
            query(stranger)
    with pytest.raises(NotFound):
        queries.trust_repayment(stranger, "F1")


@pytest.mark.cooked_books
@pytest.mark.parametrize(
    "wrong",
    [
        {"claim_fen": 39_00},
        {"debt_fen": 1},
        {"waived_fen": -1},
        {"returned_fen": 1},
    ],
)
def test_the_database_keeps_the_sums(
    seller: Company, buyer: Company, purchaser: Actor, wrong: dict[str, int]
) -> None:
    open_bank(buyer)
    sign(buyer)
    promise(purchaser, "order:1", seller, 40_00)
    with pytest.raises(IntegrityError), transaction.atomic():
        TrustItem.objects.filter(pk=item().pk).update(**wrong)
    with pytest.raises(IntegrityError), transaction.atomic():
        TrustAccount.objects.update(used_fen=50_000_01)
    with pytest.raises(IntegrityError), transaction.atomic():
        TrustMandate.objects.update(per_order_fen=50_000_01)
