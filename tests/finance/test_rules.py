"""How a refund is taken together and spread: nothing is lost, nothing is taken twice."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pifa.finance import rules
from pifa.finance.rules import PaidPart, Unwanted, Verdict
from pifa.kernel.money import Money, total

money = st.integers(0, 10**12).map(Money)


@given(money, money, money, money)
def test_a_refund_is_covered_in_order_and_in_full(
    amount: Money, held: Money, balance: Money, deposit: Money
) -> None:
    taken = rules.refund_sources(amount, held, balance, deposit)
    assert taken.escrow + taken.balance + taken.deposit + taken.missing == amount
    assert Money(0) <= taken.escrow <= held
    assert Money(0) <= taken.balance <= balance
    assert Money(0) <= taken.deposit <= deposit
    if taken.balance:
        assert taken.escrow == held
    if taken.deposit:
        assert taken.balance == balance
    if taken.missing:
        assert taken.deposit == deposit


@given(st.lists(money, max_size=6), st.data())
def test_a_refund_goes_back_by_the_newest_payments_first(
    lefts: list[Money], data: st.DataObject
) -> None:
    payments = [PaidPart(number, left) for number, left in enumerate(lefts)]
    amount = Money(data.draw(st.integers(0, total(lefts).fen)))
    shares = rules.newest_first(amount, payments)
    assert total(share for _payment, share in shares) == amount
    assert all(share.fen > 0 for _payment, share in shares)
    for payment_id, share in shares[:-1]:
        assert share == lefts[payment_id]
    for payment_id, share in shares:
        assert share <= lefts[payment_id]


def test_more_than_was_paid_cannot_be_spread() -> None:
    with pytest.raises(ValueError, match="more to refund"):
        rules.newest_first(Money(3), [PaidPart(1, Money(2))])


@pytest.mark.parametrize(
    ("payable_open", "settled", "asked", "why"),
    [
        (True, False, 100, None),
        (True, True, 100, Unwanted.PAID_ALREADY),
        (False, True, 100, Unwanted.PAID_ALREADY),
        (False, False, 100, Unwanted.CLOSED),
        (True, False, 99, Unwanted.AMOUNT_CHANGED),
    ],
)
def test_what_arriving_money_is_good_for(
    payable_open: bool, settled: bool, asked: int, why: Unwanted | None
) -> None:
    answer = rules.unwanted(
        payable_open=payable_open,
        stage_covered=settled,
        stage_amount=Money(asked),
        amount=Money(100),
    )
    assert answer is why


def test_only_unbelievable_notices_are_refused_and_only_money_unbooked_is_flagged() -> None:
    assert {verdict for verdict in Verdict if verdict.refused} == {
        Verdict.BAD_SIGNATURE,
        Verdict.MALFORMED,
    }
    assert {verdict for verdict in Verdict if verdict.flagged} == {
        Verdict.MALFORMED,
        Verdict.UNKNOWN_PAYMENT,
        Verdict.WRONG_AMOUNT,
        Verdict.WRONG_BILL,
        Verdict.CONTRADICTS,
    }
