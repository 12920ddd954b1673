"""What is promised goes only the ways that its table draws, whatever happens to it."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from datetime import date, timedelta

import pytest

from pifa.finance import commands, queries
from pifa.finance.methods.trade_credit.states import PROMISE, ItemState, state_of
from pifa.finance.models import CreditItem
from pifa.kernel import clock
from pifa.kernel.actors import Actor
from pifa.kernel.money import Money
from pifa.kernel.states import SAME
from pifa.parties.models import Company
from tests.finance.credit.conftest import line_of, noon, owner_of, promise, run_until
from tests.finance.credit.test_life import repaid

pytestmark = pytest.mark.django_db
MARCH = date(2026, 3, 1)
Step = Callable[[], object]


def now(day: date) -> str:
    return state_of(CreditItem.objects.get(), day).value


def ways(source: str) -> set[str]:
    """Where the table lets a promise go from a state."""
    rows = [item for item in PROMISE.transitions if source in item.sources]
    return {source if item.target == SAME else str(item.target) for item in rows}


@pytest.mark.parametrize(
    ("terms", "number", "expected"),
    [
        ("monthly", 28, ["promised", "running", "on_statement", "overdue", "overdue", "paid"]),
        ("days", 5, ["promised", "running", "overdue", "overdue", "overdue", "paid"]),
    ],
)
def test_from_the_order_to_the_last_fen(
    seller: Company, buyer: Company, purchaser: Actor, terms: str, number: int, expected: list[str]
) -> None:
    with clock.frozen(noon(MARCH)):
        line = line_of(seller, buyer, terms=terms, number=number)
        promise(purchaser, "order:1", seller, 300_00)
    seen = [now(MARCH)]
    with clock.frozen(noon(MARCH + timedelta(days=1))):
        commands.note_received("order:1")
    seen.append(now(MARCH + timedelta(days=1)))
    for day in (date(2026, 3, 28), date(2026, 3, 29)):
        run_until(day)
        seen.append(now(day))
    with clock.frozen(noon(date(2026, 3, 29))):
        for amount in (100_00, 200_00):
            repaid(purchaser, commands.repay(purchaser, line.pk, Money(amount)))
            seen.append(now(date(2026, 3, 29)))
    assert seen == expected
    for before, after in itertools.pairwise(seen):
        assert after in ways(before)


def test_a_refund_waives_it_and_what_was_repaid_counts_as_paid(
    seller: Company, buyer: Company, purchaser: Actor
) -> None:
    with clock.frozen(noon(MARCH)):
        line = line_of(seller, buyer)
        for number in (1, 2):
            promise(purchaser, f"order:{number}", seller, 300_00)
        repaid(purchaser, commands.repay(purchaser, line.pk, Money(100_00), subjects=["order:1"]))
        for number, fen in ((1, 200_00), (2, 300_00)):
            commands.refund(f"order:{number}", Money(fen), f"f{number}", "")
        states = [state_of(item, MARCH) for item in CreditItem.objects.order_by("pk")]
    assert states == [ItemState.PAID, ItemState.WAIVED]
    assert {"paid", "waived"} <= ways("promised")


def test_both_sides_read_it(seller: Company, buyer: Company, purchaser: Actor) -> None:
    line = line_of(seller, buyer)
    promise(purchaser, "order:1", seller, 300_00)
    for actor in (owner_of(buyer), owner_of(seller)):
        (row,) = queries.credit_items(actor, line.pk).items
        assert (row.state, row.state_label) == ("promised", "已约定，未收货")
