"""Last night beside today so far: both as the two explanations say, and the card as the page."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from pifa.kernel import clock
from pifa.kernel.actors import SYSTEM
from pifa.kernel.errors import NotFound
from pifa.metrics import commands as facts
from pifa.metrics import queries as metrics
from pifa.metrics.definitions import METRICS
from pifa.metrics.facts import Fact
from pifa.parties.models import Company
from pifa.standing import queries, wording
from pifa.standing.models import Kind
from tests.build.standing import disputed, just_under_4a, paid
from tests.catalog import market as goods
from tests.metrics.world import COMPANIES, ONE, TODAY, lives
from tests.plugins.examples import examples

pytestmark = pytest.mark.django_db

few = settings(
    max_examples=examples(8),
    deadline=None,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


SOME = (
    tuple(METRICS),
    ("sales_30d", "buyers_30d", "dispute_rate_90d", "disputes_90d"),
    ("last_backend_login", "penalty_points"),
    ("repaid_on_time_90d",),
)


@few
@given(happened=lives(), asked=st.sampled_from(SOME))
def test_what_happened_today_counts_from_tomorrow_on(
    happened: list[Fact], asked: tuple[str, ...], lake: Path
) -> None:
    shutil.rmtree(lake, ignore_errors=True)
    with transaction.atomic():
        facts.record(happened)
        for company in COMPANIES:
            tomorrow = TODAY + ONE
            both = metrics.figures_ahead(company, TODAY, 95, facts_until=tomorrow, names=asked)
            later = metrics.figures_ahead(company, tomorrow, 94)
            whole = metrics.figures_ahead(company, TODAY, 0)
            assert both.pop(TODAY) == _some(whole[TODAY], asked)
            assert both == {day: _some(figures, asked) for day, figures in later.items()}
        transaction.set_rollback(True)


def _some(figures: dict[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    return {name: figures[name] for name in names}


def test_the_outlook_is_both_explanations() -> None:
    seller = goods.seller()
    just_under_4a(seller)
    buyer = goods.company().pk
    facts.record(paid(seller.pk, buyer, clock.today(), 60_000))
    told = queries.outlook(SYSTEM, seller.pk)
    assert told.now.figures == queries.explain(SYSTEM, seller.pk).figures
    tomorrow = queries.explain(SYSTEM, seller.pk, clock.today() + ONE)
    assert told.so_far == tomorrow
    story = told.story(Kind.MEDAL)
    assert story
    assert story.now.held
    assert story.so_far.held
    assert story.now.change
    assert (story.now.held.code, story.so_far.held.code) == ("MEDAL-3", "MEDAL-4")
    assert story.now.change.day == clock.today() + ONE
    assert not story.now.change.falls


def test_what_was_sold_today_puts_a_fall_off() -> None:
    seller = goods.seller()
    just_under_4a(seller)
    before = queries.outlook(SYSTEM, seller.pk).story(Kind.MEDAL)
    facts.record(paid(seller.pk, goods.company().pk, clock.today(), 20_000))
    after = queries.outlook(SYSTEM, seller.pk).story(Kind.MEDAL)
    assert before
    assert before.now.change
    assert after
    assert after.now.change
    assert before.now.change.day == clock.today() + 4 * ONE
    assert after.now.change.day > before.now.change.day


def test_a_glance_says_what_the_page_says(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    seller = goods.seller()
    just_under_4a(seller)
    facts.record([disputed(seller.pk, goods.company().pk, clock.today())])
    told = queries.outlook(SYSTEM, seller.pk)
    for kind, system in ((Kind.MEDAL, "non_consumer"), (Kind.LEVEL, "")):
        with django_assert_num_queries(2):
            seen = queries.glance(SYSTEM, kind, seller, system)
        assert seen == told.story(kind)
    assert queries.glance(SYSTEM, Kind.MEDAL, goods.company()) is None


def test_who_was_never_rated_has_no_history() -> None:
    assert queries.history(goods.company().pk, Kind.MEDAL) == ()


def test_strangers_find_nothing() -> None:
    seller, stranger = goods.seller(), goods.actor(goods.company())
    with pytest.raises(NotFound):
        queries.outlook(stranger, seller.pk)
    with pytest.raises(NotFound):
        queries.glance(stranger, Kind.MEDAL, seller, "non_consumer")


def test_ranks_are_told_by_their_names() -> None:
    seller: Company = goods.seller()
    just_under_4a(seller)
    told = queries.explain(SYSTEM, seller.pk)
    tier = told.story(Kind.TIER)
    assert tier
    said = [wording.condition_words(line) for line in tier.conditions]
    assert "交易勋章 ≥ 2A" in said
    level = told.story(Kind.LEVEL)
    assert level
    assert "信用档 ≥ 偏少" in [wording.condition_words(line) for line in level.conditions]
