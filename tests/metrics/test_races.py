"""Many at once, on connections of their own: no fact is doubled, no day closed without one."""

from __future__ import annotations

from functools import partial

import pytest

from pifa.metrics import commands, proving, queries
from pifa.metrics.commands import ClosedDay
from pifa.metrics.facts import FactKind
from pifa.metrics.models import Fact, LakeDay, PairDay
from tests.metrics.test_rulings import of_order
from tests.metrics.world import ONE, TODAY
from tests.trade.test_races import race

pytestmark = pytest.mark.django_db(transaction=True)

YESTERDAY = TODAY - ONE


def test_two_that_close_a_day_close_it_once() -> None:
    commands.record(
        of_order(FactKind.PAID, YESTERDAY, number, amount_fen=100, count=1) for number in range(200)
    )
    results = race([partial(commands.close_day, YESTERDAY) for _ in range(4)])
    assert len(set(results)) == 1, results
    assert isinstance(results[0], ClosedDay)
    assert results[0].rows == 200
    assert LakeDay.objects.count() == 1


def test_facts_that_come_while_a_day_is_closed_are_not_lost() -> None:
    """Each lets the day be read again, or opens it again after it was closed."""

    def come(number: int) -> int:
        return sum(
            commands.record(
                [of_order(FactKind.PAID, YESTERDAY, number * 10 + i, amount_fen=1, count=1)]
            )
            for i in range(10)
        )

    results = race(
        [
            *(partial(come, number) for number in range(4)),
            *[partial(commands.rebuild, YESTERDAY)] * 2,
        ]
    )
    assert results[:4] == [10, 10, 10, 10], results
    assert all(isinstance(result, ClosedDay) for result in results[4:]), results
    commands.heal()
    assert commands.missing_days() == []
    assert LakeDay.objects.get().rows == Fact.objects.count() == 40
    assert queries.figures([1], TODAY)[1]["sales_30d"] == 40
    assert proving.check() == []


def test_the_same_facts_from_two_workers_count_once() -> None:
    facts = [
        of_order(FactKind.PAID, YESTERDAY, number, amount_fen=7, count=1) for number in range(20)
    ]
    results = race([partial(commands.record, facts), partial(commands.record, facts[::-1])])
    assert sorted(int(str(result)) for result in results) == [0, 20]
    assert PairDay.objects.get().paid_fen == 140
