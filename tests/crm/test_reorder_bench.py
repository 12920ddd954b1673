"""The measurement of who is due to reorder: its yardsticks, and its figures on real trade."""

from __future__ import annotations

import json
import os
from datetime import date, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from pifa.bench import reorder as bench
from pifa.bench.reorder import History
from pifa.cli import bench as cli
from pifa.crm.rules import reorder

SHARED = Path(os.environ.get("PIFA_SHARED", "../shared")) / "data" / "online_retail.csv.gz"
ON = date(2011, 9, 1)
needs_data = pytest.mark.skipif(not SHARED.exists(), reason="needs online_retail.csv.gz")


def bought(*ago: int) -> History:
    """A customer that bought so many days before (below zero: after) the first of September."""
    days = sorted(ON - timedelta(days=days) for days in ago)
    return History([(day, 100_00) for day in days], dict.fromkeys(days, 1))


def test_yardsticks_count_those_alike_at_the_edge_by_their_share() -> None:
    score = {1: 9, 2: 5, 3: 5, 4: 5, 5: 1}
    assert bench._by_score(score, 1, {1}) == 1
    assert bench._by_score(score, 3, {1, 2, 5}) == pytest.approx(1 + 2 / 3)
    assert bench._by_score(score, 0, {1}) == 0
    assert bench._by_lot([1, 2, 3, 4], 2, {1, 2}, 4000) == pytest.approx(1, abs=0.05)


def test_a_day_is_measured_by_what_came_after_it() -> None:
    weekly = [bought(*range(3, 150, 7), -4), bought(*range(3, 150, 7))]
    once = [bought(200), bought(180), bought(90, -10)]
    found = bench.measured([*weekly, *once, bought(-3)], ON, 500)

    assert (found["known"], found["came"]) == (5, 2)
    assert (found["named"], found["named_and_came"], found["precision"]) == (2, 1, 0.5)
    assert found["frequency"] == {"came": 1.0, "precision": 0.5, "lift": 1.0}
    assert found["random"]["precision"] == pytest.approx(0.4, abs=0.05)
    assert not found["beats_all"]


@pytest.fixture(scope="module")
def customers() -> list[History]:
    return bench.read_file(SHARED)


@needs_data
class TestOnRealTrade:
    def test_the_constants_are_those_of_july(self, customers: list[History]) -> None:
        assert bench.fitted(customers) == {
            "MEAN": reorder.MEAN,
            "SPREAD": reorder.SPREAD,
            "WEIGHTS": reorder.WEIGHTS,
        }

    @pytest.mark.parametrize("on", bench.DAYS)
    def test_more_came_of_those_named(self, customers: list[History], on: date) -> None:
        found = bench.measured(customers, on, 300)
        assert found["reported"]
        assert found["beats_all"]
        assert found["named"] > 400
        assert found["random"]["lift"] > 2

    def test_on_the_first_of_september(self) -> None:
        answer = CliRunner().invoke(
            cli.group,
            ["reorder", "--json", "--file", str(SHARED), "--on", "2011-09-01", "--draws", "300"],
        )
        (day,) = json.loads(answer.output)["days"]
        assert (day["known"], day["came"]) == (3317, 967)
        assert (day["named"], day["named_and_came"]) == (484, 336)
        assert day["beats_all"]
