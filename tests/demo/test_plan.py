"""The demo market's plan: the same in every process, its steps possible in their order."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from itertools import pairwise

import pytest

from pifa.demo import setting
from pifa.demo.plan.market import MarketPlan, make_plan
from pifa.demo.plan.script import Verb

_PRINT_DIGEST = """
import hashlib, django
django.setup()
from pifa.demo.plan.market import make_plan
plan = make_plan(7, 0.1)
text = repr((plan.sellers, plan.buyers, plan.offers, plan.trade, sorted(plan.relations)))
print(hashlib.sha256(text.encode()).hexdigest())
"""


@pytest.fixture(scope="module")
def plan() -> MarketPlan:
    return make_plan(setting.SEED, 0.1)


def test_a_seed_gives_the_same_plan_in_every_process() -> None:
    digests = set()
    for hash_seed in ("1", "2"):
        environment = {**os.environ, "PYTHONHASHSEED": hash_seed}
        environment["DJANGO_SETTINGS_MODULE"] = "pifa.site.settings"
        command = [sys.executable, "-c", _PRINT_DIGEST]
        run = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
        digests.add(run.stdout.split()[-1])
    assert len(digests) == 1


def test_another_seed_gives_another_plan(plan: MarketPlan) -> None:
    other = make_plan(setting.SEED + 1, 0.1)
    assert [seller.spec.name for seller in other.sellers] != [
        seller.spec.name for seller in plan.sellers
    ]


def test_steps_follow_one_another(plan: MarketPlan) -> None:
    for script in plan.trade.orders:
        moments = [script.placed_at, *(step.at for step in script.steps)]
        assert all(first < second for first, second in pairwise(moments)), script
        assert moments[-1] <= setting.OPENING


def test_orders_are_paid_and_shipped_once(plan: MarketPlan) -> None:
    for script in plan.trade.orders:
        verbs = Counter(step.verb for step in script.steps)
        for verb in (Verb.BANK_PAYS, Verb.SHIP, Verb.RECEIVE, Verb.REVIEW, Verb.RULE):
            assert verbs[verb] <= 1


def test_trade_slackens_at_weekends_and_in_the_spring_festival(plan: MarketPlan) -> None:
    days = Counter(script.placed_at.weekday() for script in plan.trade.orders)
    assert days[6] < days[0] * 0.7
    months = Counter(script.placed_at.month for script in plan.trade.orders)
    assert set(months) >= set(range(1, 7))
    assert months[2] < months[3] * 0.7


def test_buyers_come_back(plan: MarketPlan) -> None:
    pairs = Counter((script.seller, script.buyer) for script in plan.trade.orders)
    assert sum(count > 1 for count in pairs.values()) > len(pairs) / 4
