"""The nightly engine over the lake, the single view over the tables, and an account by hand."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pifa.metrics import commands, engine, queries
from pifa.metrics.definitions import METRICS, Leaves, Side
from pifa.metrics.facts import Fact
from pifa.rulebook.rules import Figure, Ratio
from tests.metrics.world import COMPANIES, ONE, TODAY, expected, figures_of, lives

pytestmark = pytest.mark.django_db

few = settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


class _Undo(Exception):
    """Takes back what an example wrote."""


@few
@given(facts=lives(), size=st.integers(1, 9))
def test_lake_tables_and_account_say_the_same(facts: list[Fact], size: int, lake: Path) -> None:
    shutil.rmtree(lake, ignore_errors=True)
    with pytest.raises(_Undo), transaction.atomic():
        for start in range(0, len(facts), size):
            commands.record(facts[start : start + size])
        commands.heal()
        for day in (TODAY, TODAY - 40 * ONE):
            lake_rows = {
                row["company_id"]: figures_of(row) for row in engine.measure(day).to_pylist()
            }
            single = queries.figures(COMPANIES, day)
            for company in COMPANIES:
                account = expected(facts, company, day)
                assert single[company] == account, (company, day)
                nothing = {name: metric.nothing for name, metric in METRICS.items()}
                assert lake_rows.get(company, nothing) == account, (company, day)
        raise _Undo


@few
@given(facts=lives())
def test_days_add_up_to_the_window(facts: list[Fact]) -> None:
    """What daily says leaves with each day is, taken together, the whole figure."""
    with pytest.raises(_Undo), transaction.atomic():
        commands.record(facts)
        for company in COMPANIES:
            whole = queries.figures([company], TODAY)[company]
            for name, metric in METRICS.items():
                if metric.leaves is Leaves.NEVER or metric.window is None:
                    continue
                first = TODAY - metric.window * ONE
                shares = queries.daily(company, metric.side, name, first, TODAY - ONE)
                assert _total(shares.values(), metric.nothing) == whole[name], name
                assert all(first <= day < TODAY for day in shares)
        raise _Undo


def _total(shares: object, nothing: Figure) -> Figure:
    assert isinstance(shares, type({}.values()))
    if isinstance(nothing, Ratio):
        ratios = [share for share in shares if isinstance(share, Ratio)]
        return Ratio(sum(one.num for one in ratios), sum(one.den for one in ratios))
    return sum(shares)


def test_sides_are_told_apart() -> None:
    with pytest.raises(ValueError, match="orders_30d"):
        queries.daily(1, Side.SELLER, "orders_30d", TODAY, TODAY)
