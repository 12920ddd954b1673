"""The nightly engine over the lake, the single view over the tables, and an account by hand."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from pifa.metrics import commands, engine, queries
from pifa.metrics.definitions import METRICS, Leaves, Side
from pifa.metrics.facts import Fact
from pifa.rulebook.rules import Figure, Ratio
from tests.metrics.world import COMPANIES, ONE, TODAY, expected, figures_of, lives
from tests.plugins.examples import examples

pytestmark = pytest.mark.django_db

few = settings(
    max_examples=examples(8),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@contextmanager
def undone() -> Iterator[None]:
    """Take back what an example writes."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@few
@given(facts=lives(), size=st.integers(1, 9), ago=st.sampled_from([0, 0, 1, 40]))
def test_lake_tables_and_account_say_the_same(
    facts: list[Fact], size: int, ago: int, lake: Path
) -> None:
    shutil.rmtree(lake, ignore_errors=True)
    day = TODAY - ago * ONE
    with undone():
        for start in range(0, len(facts), size):
            commands.record(facts[start : start + size])
        commands.heal()
        rows = {row["company_id"]: figures_of(row) for row in engine.measure(day).to_pylist()}
        single = queries.figures(COMPANIES, day)
    nothing = {name: metric.nothing for name, metric in METRICS.items()}
    for company in COMPANIES:
        account = expected(facts, company, day)
        assert single[company] == account
        assert rows.get(company, nothing) == account


@few
@given(facts=lives(), company=st.sampled_from(COMPANIES))
def test_days_add_up_to_the_window(facts: list[Fact], company: int) -> None:
    """What daily says leaves with each day is, taken together, the whole figure."""
    summed = {
        name: TODAY - metric.window * ONE
        for name, metric in METRICS.items()
        if metric.leaves is not Leaves.NEVER and metric.window is not None
    }
    with undone():
        commands.record(facts)
        whole = queries.figures([company], TODAY)[company]
        shares = {
            name: queries.daily(company, METRICS[name].side, name, first, TODAY - ONE)
            for name, first in summed.items()
        }
    for name in summed:
        assert _total(shares[name].values(), METRICS[name].nothing) == whole[name]


def _total(shares: Iterable[Figure], nothing: Figure) -> Figure:
    if isinstance(nothing, Ratio):
        ratios = [share for share in shares if isinstance(share, Ratio)]
        return Ratio(sum(one.num for one in ratios), sum(one.den for one in ratios))
    return sum(share for share in shares if isinstance(share, int))


def test_sides_are_told_apart() -> None:
    with pytest.raises(ValueError, match="orders_30d"):
        queries.daily(1, Side.SELLER, "orders_30d", TODAY, TODAY)


def test_figures_cost_four_statements(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    for companies in ([1], range(1, 300)):
        with django_assert_num_queries(4):
            queries.figures(companies, TODAY)
