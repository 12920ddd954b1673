"""The rules of trust payment by themselves: a position under random happenings, limits, new tries."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pifa.finance.methods.trust.book import terms
from pifa.finance.methods.trust.rules import Position, Refusal, Standing, Terms, next_try
from pifa.finance.methods.trust.states import TRUST
from pifa.kernel.money import ZERO, Money
from pifa.ledger import rules as postings
from pifa.ledger.rules import AccountKind, Leg

FRIDAY = date(2026, 3, 6)
_amounts = st.integers(1, 1_000_00).map(Money)
_verbs = st.sampled_from(["promise", "waive", "debit", "cover", "give_back", "repay"])
_days = st.dates(date(2026, 1, 1), date(2026, 12, 1))


def test_the_rulebook_has_the_terms() -> None:
    assert terms(date(2026, 3, 2)) == Terms(Money(20_000_00), Money(50_000_00), 3, 9)


@pytest.mark.parametrize(
    "wrong",
    [
        {"per_order": ZERO},
        {"per_order": Money(2), "in_all": Money(1)},
        {"retries": -1},
        {"retries": 31},
        {"hour": 24},
    ],
)
def test_senseless_terms_are_refused(wrong: dict[str, object]) -> None:
    right = {"per_order": Money(1), "in_all": Money(1), "retries": 0, "hour": 0}
    Terms(**right)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=r"order|retries"):
        Terms(**right | wrong)  # type: ignore[arg-type]


@given(st.lists(st.tuples(_verbs, _amounts), max_size=30))
def test_whatever_happens_nobody_gets_or_owes_more_than_was_promised(
    happenings: list[tuple[str, Money]],
) -> None:
    now = Position()
    for verb, amount in happenings:
        before = now
        with suppress(ValueError):
            now = getattr(now, verb)(amount)
        assert now.claim >= ZERO
        assert now.debt >= ZERO
        assert now.kept >= ZERO
        assert now.used == now.claim + now.debt
        # The seller gets what was promised and not refunded, from whomever.
        assert now.claim + now.kept == now.promised - now.waived - now.forgiven - now.returned
        # The buyer's account gets back only what the buyer had paid, and not while it owes.
        assert now.returned <= now.debited + now.repaid
        if now.returned > before.returned:
            assert now.debt == ZERO
        # The bank is out of pocket by what the buyer owes it, and by nothing else.
        assert now.covered - now.repaid - now.forgiven == now.debt


@given(_amounts, _amounts, _amounts)
def test_postings_say_what_the_position_does(paid: Money, repaid: Money, back: Money) -> None:
    """Covered, repaid in part, refunded: RECEIVABLE and FINANCIER end at the debt."""
    repaid, back = min(repaid, paid), min(back, paid)
    now = Position().promise(paid).cover(paid).repay(repaid)
    after = now.give_back(back)
    legs: list[Leg] = [
        *postings.promised("s", 1, 2, paid),
        *postings.financed("s", 2, paid),
        *postings.financier_repaid("s", 1, repaid),
        *postings.refund("s", 2, escrow=back, balance=ZERO, deposit=ZERO),
    ]
    if after.forgiven:
        legs += postings.financier_repaid("s", 1, after.forgiven)
    sums: dict[AccountKind, int] = {}
    for leg in legs:
        sums[leg.debit.kind] = sums.get(leg.debit.kind, 0) + leg.amount.fen
        sums[leg.credit.kind] = sums.get(leg.credit.kind, 0) - leg.amount.fen
    assert sums[AccountKind.RECEIVABLE] == after.debt.fen
    assert sums[AccountKind.FINANCIER] == -after.debt.fen
    assert sums[AccountKind.PROMISED] == 0
    assert sums[AccountKind.ESCROW] == -after.kept.fen


@given(_amounts, _amounts, st.integers(0, 1_000_00).map(Money), st.integers(0, 100).map(Money))
def test_a_refusal_says_which_limit(
    per_order: Money, amount: Money, used: Money, debt: Money
) -> None:
    now = Standing(per_order, per_order + per_order, used, debt)
    refused = now.refusal(amount)
    if debt:
        assert (refused, now.free) == (Refusal.OWING, ZERO)
    elif amount > per_order:
        assert refused is Refusal.ORDER
    else:
        assert (refused is None) == (amount <= now.free)
        assert refused in (None, Refusal.ALL)
    # What an order has already counts with what is added to it.
    assert now.refusal(Money(1), per_order) in (Refusal.OWING, Refusal.ORDER)


@given(_days, st.integers(1, 5), st.integers(0, 4), st.sets(_days, max_size=10))
def test_a_debit_is_tried_on_business_days_so_often_and_then_the_bank_is_called(
    failed_on: date, failed: int, retries: int, closed: set[date]
) -> None:
    day = next_try(failed_on, failed, retries, closed)
    assert (day is None) == (failed > retries)
    if day is not None:
        assert day > failed_on
        assert day.weekday() < 5
        assert day not in closed
        between = [failed_on + timedelta(days=n) for n in range(1, (day - failed_on).days)]
        assert all(one.weekday() >= 5 or one in closed for one in between)


def test_after_a_friday_comes_monday() -> None:
    assert next_try(FRIDAY, 1, 3, ()) == date(2026, 3, 9)
    assert next_try(FRIDAY, 1, 3, {date(2026, 3, 9)}) == date(2026, 3, 10)
    assert next_try(FRIDAY, 4, 3, ()) is None


def test_every_state_can_be_reached_and_left_as_drawn() -> None:
    ends = {"debited", "repaid", "waived"}
    for state in TRUST.states:
        goes = [one for one in TRUST.transitions if state in one.sources]
        assert bool(goes) == (state not in ends)
        assert state == TRUST.initial or any(one.target == state for one in TRUST.transitions)
