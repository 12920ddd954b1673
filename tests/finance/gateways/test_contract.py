"""What the market relies on, the same for every gateway: the sandbox's two and the real ones."""

from __future__ import annotations

import pytest

from pifa.finance import commands, queries
from pifa.finance.models import GatewayNotice, Payment
from pifa.kernel.actors import SYSTEM, Actor
from pifa.kernel.money import Money
from pifa.ledger import queries as ledger
from pifa.ledger.rules import AccountKind
from pifa.parties.models import Company
from tests.finance.gateways.conftest import BeginBy, Side, settle_calls

pytestmark = pytest.mark.django_db


def test_paid_and_told_is_held_for_the_order(side: Side, begin_by: BeginBy, order: str) -> None:
    number = begin_by(side, order)
    side.pay(number)
    assert side.notice(number) == "settled"
    assert ledger.held(order) == Money(100_00)
    assert queries.payment(number).state == "succeeded"
    assert side.refunded(number) == 0


def test_a_notice_may_come_again(side: Side, begin_by: BeginBy, order: str) -> None:
    number = begin_by(side, order)
    side.pay(number)
    assert side.notice(number) == "settled"
    # Another notice of the same money: known by its receipt.
    side.notice(number)
    assert {row.verdict for row in GatewayNotice.objects.all()} <= {"settled", "repeated"}
    assert ledger.held(order) == Money(100_00)
    settle_calls()
    assert side.refunded(number) == 0


def test_a_forged_notice_posts_nothing(side: Side, begin_by: BeginBy, order: str) -> None:
    number = begin_by(side, order)
    side.pay(number)
    assert side.notice(number, forged=True) == "bad_signature"
    assert ledger.held(order) == Money(0)
    assert side.notice(number) == "settled"  # the genuine one is not kept out by it


def test_a_wrong_amount_waits_for_an_operator(
    side: Side, begin_by: BeginBy, order: str, operator: Actor
) -> None:
    number = begin_by(side, order)
    side.pay(number)
    assert side.notice(number, wrong_amount=True) == "wrong_amount"
    assert ledger.held(order) == Money(0)
    assert [row.payment_number for row in queries.flagged_notices(operator)] == [number]


def test_an_unknown_payment_waits_for_an_operator(
    side: Side, begin_by: BeginBy, order: str, operator: Actor
) -> None:
    number = begin_by(side, order)
    side.pay(number)
    assert side.notice(number, of="P999") == "unknown_payment"
    assert len(queries.flagged_notices(operator)) == 1


def test_asking_makes_up_for_a_notice_that_never_came(
    side: Side, begin_by: BeginBy, order: str
) -> None:
    number = begin_by(side, order)
    assert commands.refresh_payment(number) is None
    side.pay(number)
    assert commands.refresh_payment(number) == "settled"
    assert commands.refresh_payment(number) == "repeated"
    assert side.notice(number) == "repeated"  # it comes after all
    assert ledger.held(order) == Money(100_00)


def test_paid_by_two_attempts_the_second_goes_back(
    side: Side, begin_by: BeginBy, order: str, buyer: Company
) -> None:
    first, second = begin_by(side, order), begin_by(side, order)
    side.pay(first)
    side.pay(second)
    assert side.notice(first) == "settled"
    assert side.notice(second) == "returned"
    settle_calls()
    assert (side.refunded(first), side.refunded(second)) == (0, 100_00)
    assert ledger.held(order) == Money(100_00)
    assert ledger.balance(buyer.pk, AccountKind.BALANCE) == Money(0)


def test_what_is_paid_closes_the_other_attempts(side: Side, begin_by: BeginBy, order: str) -> None:
    first, second = begin_by(side, order), begin_by(side, order)
    side.pay(first)
    side.notice(first)
    settle_calls()
    assert side.is_closed(second)
    assert not side.is_closed(first)


def test_a_closed_order_is_closed_there_too(side: Side, begin_by: BeginBy, order: str) -> None:
    number = begin_by(side, order)
    commands.close_payable(order)
    settle_calls()
    assert side.is_closed(number)
    assert Payment.objects.get(number=number).state == "failed"


def test_a_closed_order_that_is_paid_after_all_goes_back_by_itself(
    side: Side, begin_by: BeginBy, order: str
) -> None:
    number = begin_by(side, order)
    side.pay(number)
    commands.close_payable(order)
    assert side.notice(number) == "returned"
    settle_calls()
    assert side.refunded(number) == 100_00
    assert not side.is_closed(number)  # a paid trade stays paid
    assert Payment.objects.get(number=number).state == "returned"


def test_refunds_in_parts_each_once(side: Side, begin_by: BeginBy, order: str) -> None:
    number = begin_by(side, order)
    side.pay(number)
    side.notice(number)
    for key, fen in (("a", 30_00), ("b", 20_01), ("a", 30_00)):
        commands.refund(order, Money(fen), key, "少了两盒")
        settle_calls()
    assert side.refunded(number) == 50_01
    assert ledger.held(order) == Money(49_99)
    commands.refund(order, Money(49_99), "c", "")
    settle_calls()
    assert side.refunded(number) == 100_00


def test_every_gateway_pays_a_part_of_the_same_order(
    order: str, purchaser: Actor, sides: list[Side], begin_by: BeginBy
) -> None:
    """WHY-7: whichever method is there pays the same order, part by part."""
    view = queries.payable(order)
    assert view is not None
    fen = (40_00, 25_00, 20_00, 15_00)
    commands.split_payment(purchaser, view.number, [Money(part) for part in fen])
    offered = [row.code for row in queries.methods_for(purchaser, view.number) if row.offered]
    assert offered[:4] == [side.method for side in sides]
    for side in sides:
        number = begin_by(side, order)
        side.pay(number)
        assert side.notice(number) == "settled"
    assert ledger.held(order) == Money(100_00)
    assert queries.reconciliation(SYSTEM).agrees
    commands.refund(order, Money(100_00), "all", "")
    settle_calls()
    back = {row.number: row.amount.fen for row in queries.payments(order)}
    by = {row.method: row.number for row in queries.payments(order)}
    assert {side.method: side.refunded(by[side.method]) for side in sides} == {
        method: back[number] for method, number in by.items()
    }
