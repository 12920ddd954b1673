"""Which bills are right, when they are presented, what they pay."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pifa.finance.methods.acceptance_bill.rules import (
    Bill,
    judge_drawn,
    last_maturity,
    matures_in_time,
    presented_on,
    proceeds,
)
from pifa.finance.methods.acceptance_bill.states import BILL, after
from pifa.finance.rules import Verdict
from pifa.kernel.errors import WrongState
from pifa.kernel.money import Money
from pifa.kernel.states import SAME

ASKED = Bill(
    "bank", "顺达建材行", "永固紧固件厂", Money(100_00), date(2026, 3, 2), date(2026, 6, 1)
)
days = st.dates(date(2025, 1, 1), date(2030, 12, 31))
amounts = st.integers(0, 10_000_00)


@pytest.mark.parametrize(
    ("issued", "last"),
    [
        (date(2026, 3, 2), date(2026, 9, 2)),
        (date(2026, 8, 31), date(2027, 2, 28)),
        (date(2027, 8, 29), date(2028, 2, 29)),
    ],
)
def test_the_last_day_is_that_of_the_month_or_its_end(issued: date, last: date) -> None:
    assert last_maturity(issued, 6) == last


@given(days, st.integers(-10, 200))
def test_a_bill_matures_after_its_issue_and_in_time(issued: date, later: int) -> None:
    day = issued + timedelta(days=later)
    right = matures_in_time(issued, day, 6)
    assert right == (issued < day <= last_maturity(issued, 6))
    assert not right or later <= 184
    assert right or not 0 < later <= 181


@given(days, st.sets(days, max_size=4), st.integers(0, 8))
def test_it_is_presented_on_the_first_business_day(day: date, closed: set[date], run: int) -> None:
    closed |= {day + timedelta(days=at) for at in range(run)}
    on = presented_on(day, closed)
    assert on >= day
    assert on.weekday() < 5
    assert on not in closed
    between = [day + timedelta(days=at) for at in range((on - day).days)]
    assert all(one.weekday() >= 5 or one in closed for one in between)


@given(amounts, amounts)
def test_an_honoured_bill_is_divided_to_the_fen(face: int, owed: int) -> None:
    if owed > face:
        with pytest.raises(ValueError, match="owed of a bill"):
            proceeds(Money(face), Money(owed))
        return
    money = proceeds(Money(face), Money(owed))
    assert money.kept.fen + money.rest.fen == face
    assert money.kept.fen == owed
    assert money.rest.fen >= 0


@given(
    st.fixed_dictionaries(
        {},
        optional={
            "acceptor": st.just("another"),
            "drawer": st.just("别家"),
            "payee": st.just("别家"),
            "amount": st.just(Money(1)),
            "issued_on": st.just(date(2026, 3, 1)),
            "matures_on": st.just(date(2026, 6, 2)),
        },
    ),
    st.booleans(),
)
def test_only_the_bill_that_was_asked_for_is_right(wrong: dict[str, object], used: bool) -> None:
    told = replace(ASKED, **wrong)  # type: ignore[arg-type]
    verdict = judge_drawn(ASKED, told, used_before=used)
    assert (verdict is Verdict.NOTED) == (not wrong and not used)
    assert verdict is Verdict.NOTED or verdict.flagged
    assert (verdict is Verdict.WRONG_AMOUNT) == ("amount" in wrong and not used)


def test_only_an_accepted_bill_is_presented_and_only_a_presented_one_pays() -> None:
    assert BILL.transition("present").sources == ("accepted",)
    assert BILL.transition("honour").sources == ("presented",)
    assert BILL.transition("accept").sources == ("offered",)
    ends = {state for state in BILL.states if not any(state in t.sources for t in BILL.transitions)}
    assert ends == {"honoured", "cleared", "refused", "expired", "withdrawn", "returned", "failed"}
    for state in BILL.states:
        for way in BILL.transitions:
            if state in way.sources:
                assert after(state, way.verb) == (state if way.target == SAME else way.target)
            else:
                with pytest.raises(WrongState):
                    after(state, way.verb)
