"""What may be paid at the door, when a carrier has to remit, what a batch is worth."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pifa.finance.methods.cash_on_delivery.rules import (
    Judgement,
    Known,
    Line,
    Offer,
    Refusal,
    business_day_after,
    is_business_day,
    reckon,
    refusal,
    stated,
)
from pifa.kernel.money import ZERO, Money

OFFER = Offer(True, Money(100_00), frozenset({"33", "31"}))
NUMBERS = [f"D{at}" for at in range(5)]

money = st.integers(0, 90_00).map(Money)
positive = st.integers(1, 90_00).map(Money)
lines = st.lists(
    st.builds(
        lambda reference, collected, share: Line(
            reference, collected, Money(collected.fen * share // 100)
        ),
        st.sampled_from([*NUMBERS, "X"]),
        positive,
        st.integers(0, 100),
    ),
    max_size=8,
)
known = st.dictionaries(st.sampled_from(NUMBERS), st.builds(Known, money, st.booleans()))


@pytest.mark.parametrize(
    ("offer", "amount", "region", "purpose", "said"),
    [
        (OFFER, 100_00, "33", "full", None),
        (OFFER, 100_00, "33", "balance", None),
        (OFFER, 100_01, "33", "full", Refusal.LIMIT),
        (OFFER, 1, "44", "full", Refusal.REGION),
        (OFFER, 1, "", "full", Refusal.REGION),
        (OFFER, 1, "33", "deposit", Refusal.DEPOSIT),
        (None, 1, "33", "full", Refusal.OFF),
        (Offer(False, Money(100_00), frozenset({"33"})), 1, "33", "full", Refusal.OFF),
    ],
)
def test_who_may_pay_at_the_door(
    offer: Offer | None, amount: int, region: str, purpose: str, said: Refusal | None
) -> None:
    assert refusal(offer, Money(amount), region, purpose) is said


def test_weekends_and_closed_days_are_no_business_days() -> None:
    thursday, monday = date(2026, 3, 5), date(2026, 3, 9)
    assert business_day_after(thursday, 1, set()) == date(2026, 3, 6)
    assert business_day_after(thursday, 3, set()) == date(2026, 3, 10)
    assert business_day_after(thursday, 3, {monday}) == date(2026, 3, 11)


@given(
    st.dates(date(2024, 1, 1), date(2030, 1, 1)),
    st.integers(0, 15),
    st.sets(st.dates(date(2024, 1, 1), date(2030, 3, 1)), max_size=20),
)
def test_so_many_business_days_lie_between(day: date, days: int, closed: set[date]) -> None:
    ends = business_day_after(day, days, closed)
    between = [day + timedelta(days=at) for at in range(1, (ends - day).days + 1)]
    assert sum(is_business_day(one, closed) for one in between) == days
    assert days == 0 or is_business_day(ends, closed)


@given(positive, lines, known)
def test_no_fen_of_a_batch_is_lost_or_made(
    bank: Money, given_: list[Line], items: dict[str, Known]
) -> None:
    reckoning = reckon(bank, given_, items)
    assert sum(one.net.fen for one in reckoning.judged) + reckoning.left.fen == bank.fen
    assert reckoning.left >= ZERO
    assert [one.line for one in reckoning.judged] == given_
    for number, item in items.items():
        kept = sum(one.kept.fen for one in reckoning.judged if one.line.reference == number)
        assert kept <= (item.with_carrier.fen if item.reported else 0)
    for one in reckoning.judged:
        assert ZERO <= one.fee <= one.kept <= one.line.collected
        if one.judgement in (Judgement.UNKNOWN, Judgement.TWICE, Judgement.NOT_COLLECTED):
            assert not one.kept


@given(st.dictionaries(st.sampled_from(NUMBERS), positive, min_size=1))
def test_a_batch_that_is_right_is_kept_whole(items: dict[str, Money]) -> None:
    given_ = [Line(number, amount, Money(amount.fen // 100)) for number, amount in items.items()]
    known_ = {number: Known(amount, True) for number, amount in items.items()}
    reckoning = reckon(stated(given_), given_, known_)
    assert {one.judgement for one in reckoning.judged} == {Judgement.MATCHED}
    assert reckoning.left == ZERO


@pytest.mark.parametrize(
    ("collected", "reported", "line", "said", "kept"),
    [
        (50_00, True, 50_00, Judgement.MATCHED, 50_00),
        (50_00, True, 49_99, Judgement.SHORT, 49_99),
        (50_00, True, 50_01, Judgement.OVER, 50_00),
        (0, True, 50_00, Judgement.TWICE, 0),
        (50_00, False, 50_00, Judgement.NOT_COLLECTED, 0),
    ],
)
def test_a_line_beside_what_is_known(
    collected: int, reported: bool, line: int, said: Judgement, kept: int
) -> None:
    items = {"D1": Known(Money(collected), reported)}
    (one,) = reckon(Money(90_00), [Line("D1", Money(line), ZERO)], items).judged
    assert (one.judgement, one.kept) == (said, Money(kept))


def test_a_line_that_the_money_does_not_reach_is_found() -> None:
    items = {"D1": Known(Money(10_00), True), "D2": Known(Money(5_00), True)}
    given_ = [Line("D1", Money(10_00), ZERO), Line("D2", Money(5_00), ZERO)]
    reckoning = reckon(Money(9_99), given_, items)
    assert [one.judgement for one in reckoning.judged] == [
        Judgement.UNCOVERED,
        Judgement.MATCHED,
    ]
    assert reckoning.left == Money(4_99)
