"""Grants: what is wanted is held, from when it was, and no two of one source at once."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from pifa.benefits import commands, queries, rules
from pifa.benefits.models import Grant
from pifa.benefits.rules import Held, Terms
from pifa.kernel.models import OutboxEvent
from tests.catalog import market as goods

DAY = date(2026, 3, 2)
NEXT = DAY + timedelta(days=1)

keys = st.builds(Held, st.integers(1, 5), st.sampled_from(["search_boost", "instant_payout"]))
terms = st.builds(
    Terms,
    st.fixed_dictionaries({"boost": st.integers(1, 3)}),
    st.sampled_from(["MEDAL-2", "MEDAL-3"]),
)
grants = st.dictionaries(keys, terms, max_size=8)


@given(grants, grants)
def test_after_the_changes_exactly_the_wanted_is_held(
    held: dict[Held, Terms], wanted: dict[Held, Terms]
) -> None:
    found = rules.changes(held, wanted)
    after = {key: terms for key, terms in held.items() if key not in found.ended}
    assert not set(found.opened) & set(after)
    after |= {key: wanted[key] for key in found.opened}
    assert after == wanted


@given(grants)
def test_what_is_held_already_changes_nothing(held: dict[Held, Terms]) -> None:
    assert rules.changes(held, held) == rules.Changes((), ())


@pytest.mark.django_db
class TestSync:
    def test_a_grant_holds_from_its_day_until_it_is_no_longer_wanted(self) -> None:
        one, other = goods.company().pk, goods.company().pk
        boost = {Held(one, "search_boost"): Terms({"boost": 2}, "MEDAL-2", {"zh": "因勋章 2A"})}
        commands.sync("standing:medal", DAY, boost)
        assert queries.held(one, DAY - timedelta(days=1)) == ()
        (found,) = queries.held(one, DAY + timedelta(days=9))
        assert (found.value, found.since, found.until) == ({"boost": 2}, DAY, None)
        assert queries.held(other, DAY) == ()
        commands.sync("standing:medal", NEXT, {})
        assert queries.grant_of(one, "search_boost", DAY) is not None
        assert queries.grant_of(one, "search_boost", NEXT) is None

    def test_what_stays_keeps_its_day_and_what_changes_begins_anew(self) -> None:
        one = goods.company().pk
        key = Held(one, "instant_payout")
        commands.sync(
            "standing:medal", DAY, {key: Terms({"fee_rate": "0.0012"}, reason={"day": 1})}
        )
        commands.sync(
            "standing:medal", NEXT, {key: Terms({"fee_rate": "0.0012"}, reason={"day": 2})}
        )
        assert Grant.objects.get().since == DAY
        commands.sync("standing:medal", NEXT, {key: Terms({"fee_rate": "0.0010"})})
        found = queries.ever_held(one)
        assert [(row.since, row.until) for row in found] == [(NEXT, None), (DAY, NEXT)]

    def test_sources_and_companies_not_named_are_left_alone(self) -> None:
        one, other = goods.company().pk, goods.company().pk
        both = {Held(one, "recommended"): Terms(), Held(other, "recommended"): Terms()}
        commands.sync("standing:medal", DAY, both)
        commands.sync("operator", DAY, {Held(one, "recommended"): Terms()})
        commands.sync("standing:medal", NEXT, {}, companies=[one])
        assert set(queries.holders("recommended", [one, other], NEXT)) == {one, other}
        assert queries.holders("recommended", [one], NEXT)[one].source == "operator"

    def test_a_day_rated_anew_leaves_no_grant_that_never_held(self) -> None:
        one = goods.company().pk
        commands.sync("standing:medal", NEXT, {Held(one, "recommended"): Terms()})
        commands.sync("standing:medal", DAY, {})
        assert not Grant.objects.exists()

    def test_changes_are_announced_once(self) -> None:
        one = goods.company().pk
        wanted = {Held(one, "recommended"): Terms()}
        commands.sync("standing:medal", DAY, wanted)
        commands.sync("standing:medal", DAY, wanted)
        (event,) = OutboxEvent.objects.filter(name="benefits.changed")
        assert event.payload == {
            "benefit": "recommended",
            "company_ids": [one],
            "day": DAY.isoformat(),
        }

    def test_the_database_itself_refuses_two_open_grants_of_a_source(self) -> None:
        row = {"company_id": goods.company().pk, "benefit": "b", "source": "s", "since": DAY}
        Grant.objects.create(**row)
        with pytest.raises(IntegrityError), transaction.atomic():
            Grant.objects.create(**row)
        with pytest.raises(IntegrityError), transaction.atomic():
            Grant.objects.create(**{**row, "benefit": "c", "until": DAY - timedelta(days=1)})
