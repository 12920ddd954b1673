"""The search boost: ahead under equal conditions, never lifting what sells in another class."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from pifa.benefits import commands as benefits
from pifa.benefits.labels import SEARCH_BOOST
from pifa.benefits.rules import Held, Terms
from pifa.catalog import commands, queries
from pifa.catalog.models import Offer
from pifa.catalog.rules import OfferDraft, SkuDraft, Tier
from pifa.kernel import clock, events
from pifa.kernel.money import UnitPrice
from tests.catalog import market


def grant(seller_id: int, boost: int | None, days: int = 0) -> None:
    """Let a seller hold a boost from some day on (None: no more), and the worker hear of it."""
    wanted = {} if boost is None else {Held(seller_id, SEARCH_BOOST): Terms({"boost": boost})}
    day = clock.today() + timedelta(days=days)
    benefits.sync("standing:medal", day, wanted, companies=[seller_id])
    events.deliver()


def give(seller_id: int, source: str, boosts: dict[str, int]) -> None:
    """Let a seller hold benefits of a source with these boosts from today on, and no others."""
    wanted = {Held(seller_id, code): Terms({"boost": steps}) for code, steps in boosts.items()}
    benefits.sync(source, clock.today(), wanted, companies=[seller_id])
    events.deliver()


def titles(q: str = "", sort: str = "best") -> list[str]:
    return [card.title for card in queries.browse(q=q, sort=sort).items]


@pytest.mark.django_db
class TestBoost:
    def test_under_equal_conditions_the_boosted_comes_first(self) -> None:
        plain, boosted = market.seller(), market.seller()
        one = market.offer(plain, title="螺栓 A")
        other = market.offer(boosted, title="螺栓 B")
        Offer.objects.filter(pk=one.pk).update(sold_quantity=950)
        Offer.objects.filter(pk=other.pk).update(sold_quantity=120)
        assert titles("螺栓") == ["螺栓 A", "螺栓 B"]
        grant(boosted.pk, 3)
        assert titles("螺栓") == ["螺栓 B", "螺栓 A"]
        assert titles("螺栓", "sold") == ["螺栓 A", "螺栓 B"]
        grant(boosted.pk, None)
        assert titles("螺栓") == ["螺栓 A", "螺栓 B"]

    def test_it_lifts_nothing_over_what_sells_ten_times_as_much(self) -> None:
        plain, boosted = market.seller(), market.seller()
        one = market.offer(plain, title="螺栓 A")
        market.offer(boosted, title="螺栓 B")
        Offer.objects.filter(pk=one.pk).update(sold_quantity=1000)
        grant(boosted.pk, 99)
        assert titles("螺栓") == ["螺栓 A", "螺栓 B"]

    def test_it_lifts_nothing_that_does_not_match(self) -> None:
        boosted = market.seller()
        market.offer(boosted, title="轴承")
        market.offer(market.seller(), title="螺栓")
        grant(boosted.pk, 99)
        assert titles("螺栓") == ["螺栓"]

    def test_an_offer_made_later_has_its_sellers_boost(self) -> None:
        seller = market.seller()
        grant(seller.pk, 5)
        one = SkuDraft("M8", (Tier(1, UnitPrice(10_000)),), stock=1)
        draft = OfferDraft("B1", "螺栓", market.category().pk, (one,))
        made = commands.save_offer(market.actor(seller), draft)
        assert Offer.objects.get(pk=made).boost == 5

    def test_boosts_of_several_sources_are_added(self) -> None:
        """BENEFIT-1: the programme's comes on top of the medal's, and goes by itself."""
        seller = market.seller()
        offer = market.offer(seller, title="螺栓 B")

        def boost() -> int:
            return Offer.objects.get(pk=offer.pk).boost

        grant(seller.pk, 3)
        give(seller.pk, "programme", {"programme_boost": 5})
        assert boost() == 8
        give(seller.pk, "programme:tracks", {"track_factory": 2, "courses": 7})
        assert boost() == 10, "what is no boost of the register's is none"
        give(seller.pk, "programme", {"programme_boost": 98})
        assert boost() == 99, "a rank has two digits for it"
        give(seller.pk, "programme", {})
        give(seller.pk, "programme:tracks", {})
        assert boost() == 3

    def test_pages_walk_on_in_the_same_order(self) -> None:
        boosted, plain = market.seller(), market.seller()
        for at in range(7):
            offer = market.offer(boosted if at % 2 else plain, title=f"螺栓 {at}")
            Offer.objects.filter(pk=offer.pk).update(sold_quantity=at * 40)
        grant(boosted.pk, 2)
        whole = titles("螺栓")
        walked: list[str] = []
        cursor = None
        while True:
            page = queries.browse(q="螺栓", size=2, cursor=cursor)
            walked += [card.title for card in page.items]
            cursor = page.next_cursor
            if cursor is None:
                break
        assert walked == whole


class TestRank(TestCase):
    @given(
        st.tuples(st.integers(0, 10**12), st.integers(0, 99)),
        st.tuples(st.integers(0, 10**12), st.integers(0, 99)),
    )
    @settings(max_examples=25)
    def test_the_rank_is_magnitude_then_boost_then_sales(
        self, one: tuple[int, int], other: tuple[int, int]
    ) -> None:
        made = []
        for at, (sold, boost) in enumerate((one, other)):
            offer = market.offer(market.seller(), title=f"{at}")
            Offer.objects.filter(pk=offer.pk).update(sold_quantity=sold, boost=boost)
            offer.refresh_from_db()
            made.append((offer.rank, (len(str(sold)), boost, sold)))
        (rank, place), (other_rank, other_place) = made
        assert (rank < other_rank) == (place < other_place)
        assert (rank == other_rank) == (place == other_place)
