"""The rules of secured credit by themselves: fees, days, and a position under random happenings."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pifa.finance.methods.secured import rules
from pifa.finance.methods.secured.book import rates
from pifa.finance.methods.secured.rules import Fees, Position, Rates
from pifa.kernel.money import ZERO, Money, total

DAY = date(2026, 3, 2)
_amounts = st.integers(1, 1_000_00).map(Money)
_verbs = st.sampled_from(["promise", "waive", "claw_back", "pay_out", "repay"])
_fees = st.builds(Fees, st.integers(0, 500).map(Money), st.integers(0, 500).map(Money))


def test_the_figures_of_the_deck() -> None:
    found = rates(DAY)
    assert found == Rates(Decimal("0.0012"), Decimal("0.000225"), 30, 365)
    # ¥10,000.00 collected 20 days early: 10,000 × 0.0225 % × 20.
    assert rules.early_fee(Money(10_000_00), found.early_rate, 20) == Money(45_00)
    # What the deck's seller is due, 46.94, is the fee of 39,116.67.
    assert rules.service_fee(Money(39_116_67), found.service_rate) == Money(46_94)


@pytest.mark.parametrize(
    "wrong",
    [
        {"service_rate": Decimal(1)},
        {"early_rate": Decimal("-0.1")},
        {"early_rate": Decimal("0.04")},
        {"term_days": 0},
        {"term_days": 181},
        {"valid_days": 0},
    ],
)
def test_senseless_rates_are_refused(wrong: dict[str, object]) -> None:
    right = {
        "service_rate": Decimal("0.0012"),
        "early_rate": Decimal("0.000225"),
        "term_days": 30,
        "valid_days": 365,
    }
    Rates(**right)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=r"days|shares|nothing"):
        Rates(**right | wrong)  # type: ignore[arg-type]


@given(_amounts, st.integers(0, 30))
def test_fees_rise_with_the_days_and_leave_something(amount: Money, days: int) -> None:
    rate = Decimal("0.000225")
    fee = rules.early_fee(amount, rate, days)
    assert fee <= rules.early_fee(amount, rate, days + 1)
    assert abs(fee.fen - amount.fen * rate * days) <= Decimal("0.5")
    assert fee + rules.service_fee(amount, Decimal("0.0012")) <= amount


@given(st.integers(1, 60), st.integers(-5, 90))
def test_days_early_count_down_to_the_due_day(term: int, after: int) -> None:
    due = rules.due_day(DAY, term)
    assert rules.days_early(due, DAY + timedelta(days=after)) == max(0, term - after)


@given(_fees, st.lists(_amounts, max_size=8))
def test_parts_of_a_payout_bear_the_fees_together(fees: Fees, parts: list[Money]) -> None:
    taken, service = ZERO, ZERO
    for part in parts:
        share = fees.of_part(taken, part)
        assert ZERO <= share.total <= part
        taken, service = taken + share.total, service + share.service
    assert taken == min(fees.total, total(parts))
    # The market's fee comes first.
    assert service == min(fees.service, total(parts))


@given(st.lists(st.tuples(_verbs, _amounts), max_size=30))
def test_whatever_happens_claim_debt_and_outlay_add_up(story: list[tuple[str, Money]]) -> None:
    now = Position()
    for verb, amount in story:
        before = now
        with suppress(ValueError):
            now = getattr(now, verb)(amount)
        refunded = now.waived + now.clawed
        assert now.claim >= ZERO
        assert now.owed >= ZERO
        assert now.clawed <= now.paid
        assert now.returned <= now.repaid
        # What the buyer owes is what the financier is out of pocket and has still to pay.
        assert now.outlay + now.claim == now.owed
        # Each refund lowers the debt before any money comes back to the buyer.
        assert now.forgiven + now.returned == refunded
        if now.returned > before.returned:
            assert now.owed == ZERO
        # What the buyer does never touches the seller.
        if verb == "repay":
            assert (now.claim, now.paid, now.clawed) == (before.claim, before.paid, before.clawed)
        # What the financier pays never touches the buyer.
        if verb == "pay_out":
            assert now.owed == before.owed
