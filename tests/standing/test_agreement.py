"""The nightly run over all companies and the single view of one say the same, also ahead."""

from __future__ import annotations

import shutil
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from pifa.kernel.actors import SYSTEM
from pifa.metrics import commands as facts
from pifa.metrics import queries as metrics
from pifa.metrics.facts import Fact
from pifa.parties.models import Company
from pifa.standing import engine, queries
from pifa.standing.books import book_on
from pifa.standing.models import Kind, Profile
from pifa.standing.profiles import FIELDS, ProfileRow
from pifa.standing.rules import full_figures, rate
from tests.metrics.world import COMPANIES, ONE, TODAY, at, lives
from tests.plugins.examples import examples

pytestmark = pytest.mark.django_db

few = settings(
    max_examples=examples(5),
    deadline=None,
    # Each example rates a market several times: to shrink one takes minutes.
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)

profiles = st.fixed_dictionaries(
    {
        "medal_system": st.sampled_from(["", "consumer_1", "consumer_2", "non_consumer"]),
        "member_until": st.sampled_from([None, TODAY - 9 * ONE, TODAY, TODAY + 400 * ONE]),
        "mobile_shop": st.booleans(),
        "tradable_offers": st.integers(0, 2),
        "corporate_transfer": st.booleans(),
        "ka_certified": st.booleans(),
    }
)


def settle(lives: list[Fact], shapes: list[dict[str, Any]]) -> None:
    """Companies with these profiles, to whom these things happened."""
    for company, shape in zip(COMPANIES, shapes, strict=True):
        Company.objects.create(
            pk=company, name=f"企业{company}", login=f"c{company}", created_at=at(TODAY - 500 * ONE)
        )
        Profile.objects.create(company_id=company, since=TODAY - 300 * ONE, is_seller=True, **shape)
    facts.record(lives)
    facts.heal()


@few
@given(
    happened=lives(), shapes=st.lists(profiles, min_size=4, max_size=4), ahead=st.integers(0, 95)
)
def test_the_night_and_the_single_view_agree(
    happened: list[Fact], shapes: list[dict[str, Any]], ahead: int, lake: Path
) -> None:
    shutil.rmtree(lake, ignore_errors=True)
    book = book_on(TODAY)
    with transaction.atomic():
        settle(happened, shapes)
        then = TODAY + ahead * ONE
        night = {row["company_id"]: row for row in engine.rate_all(TODAY, book).rows()}
        later = {
            row["company_id"]: row for row in engine.rate_all(then, book, measured_on=TODAY).rows()
        }
        for company, shape in zip(COMPANIES, shapes, strict=True):
            told = queries.explain(SYSTEM, company, TODAY)
            assert _held(told) == _of_row(night[company]), told.figures
            ahead_of = metrics.figures_ahead(company, TODAY, ahead)
            assert ahead_of[TODAY] == metrics.figures([company], TODAY)[company]
            row = Profile.objects.get(company=company)
            profile = ProfileRow(**{name: getattr(row, name) for name in FIELDS})
            figures = ahead_of[then] | profile.figures(then)
            rated = rate(book, figures, shape["medal_system"])
            assert (
                rated.level.rank if rated.level else -1,
                rated.credit.points,
                rated.medal.rank if rated.medal else 0,
                rated.tier.rank if rated.tier else -1,
            ) == tuple(later[company][name] for name in ("level", "credit_score", "medal", "tier"))
            known = full_figures(book, figures, shape["medal_system"])
            assert known["credit_score"] == rated.credit.points
        transaction.set_rollback(True)


def _held(told: queries.Explained) -> tuple[int, int, int, int]:
    level, medal, tier = (told.story(kind) for kind in (Kind.LEVEL, Kind.MEDAL, Kind.TIER))
    assert level is not None
    return (
        level.held.rank if level.held else -1,
        told.credit.points,
        medal.held.rank if medal and medal.held else 0,
        tier.held.rank if tier and tier.held else -1,
    )


def _of_row(row: dict[str, Any]) -> tuple[int, int, int, int]:
    return row["level"], row["credit_score"], row["medal"], row["tier"]


@settings(few, max_examples=examples(2))
@given(happened=lives(), shapes=st.lists(profiles, min_size=4, max_size=4))
def test_the_day_of_a_change_is_the_first_on_which_it_shows(
    happened: list[Fact], shapes: list[dict[str, Any]], lake: Path
) -> None:
    shutil.rmtree(lake, ignore_errors=True)
    book = book_on(TODAY)
    columns = {Kind.LEVEL.value: "level", Kind.MEDAL.value: "medal", Kind.TIER.value: "tier"}

    @cache
    def rows(day: date) -> dict[int, dict[str, Any]]:
        found = engine.rate_all(day, book, measured_on=TODAY).rows()
        return {row["company_id"]: row for row in found}

    with transaction.atomic():
        settle(happened, shapes)
        for company in COMPANIES:
            for story in queries.explain(SYSTEM, company, TODAY).stories:
                column, change = columns[story.kind], story.change
                now = rows(TODAY)[company][column]
                day = change.day if change else TODAY + 91 * ONE
                before = day - ONE if change else day
                assert rows(before)[company][column] == now
                assert change is None or rows(change.day)[company][column] != now
        transaction.set_rollback(True)
