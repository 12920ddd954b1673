"""Who sees which goods, in how many statements, and in which order."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from pytest_django import DjangoAssertNumQueries

from pifa.catalog import commands, queries
from pifa.catalog.models import Offer, OfferPicture, Picture, Sku
from pifa.catalog.queries.browse import words_of
from pifa.kernel.actors import SYSTEM, Actor
from pifa.kernel.errors import NotFound
from pifa.kernel.money import UnitPrice
from pifa.kernel.paging import BadCursor
from pifa.parties.models import Company
from tests.catalog import market

pytestmark = pytest.mark.django_db

HIDDEN = ("draft", "in_review", "rejected", "taken_down", "offline")


def titles(page: queries.OfferPage) -> list[str]:
    return [card.title for card in page.items]


def picture(of: Offer, name: str) -> None:
    stored = Picture.objects.create(
        company=of.seller, file=f"pictures/{name}", sha256=name, width=800, height=600
    )
    OfferPicture.objects.create(offer=of, picture=stored, position=of.pictures.count())


class TestWhoSeesWhat:
    @pytest.fixture
    def seller(self) -> Company:
        return market.seller()

    def viewers(self, seller: Company) -> dict[str, Actor | None]:
        friend, asked, stranger = market.company(), market.company(), market.company()
        market.relate(seller, friend)
        market.relate(seller, asked, "requested")
        market.relate(market.seller(), stranger)
        return {
            "visitor": None,
            "stranger": market.actor(stranger),
            "asked": market.actor(asked),
            "friend": market.actor(friend),
            "seller": market.actor(seller),
            "operator": market.operator(),
            "market": SYSTEM,
        }

    def seen_by(self, offer: Offer, viewers: dict[str, Actor | None]) -> set[str]:
        """Who sees the offer, by its page; lists and hints must agree on what is online."""
        found = set()
        for name, viewer in viewers.items():
            listed = offer.pk in [card.id for card in queries.browse(viewer=viewer).items]
            try:
                assert queries.offer_page(offer.pk, viewer).id == offer.pk
                found.add(name)
            except NotFound:
                assert not listed
            if offer.state == "online":
                assert listed is (name in found), name
        return found

    def test_public_goods_are_for_everybody(self, seller: Company) -> None:
        viewers = self.viewers(seller)
        assert self.seen_by(market.offer(seller), viewers) == set(viewers)

    def test_private_goods_are_for_granted_buyers(self, seller: Company) -> None:
        offer = market.offer(seller, visibility="private")
        insiders = {"friend", "seller", "operator", "market"}
        assert self.seen_by(offer, self.viewers(seller)) == insiders

    @pytest.mark.parametrize("state", HIDDEN)
    def test_what_is_not_on_sale_is_its_sellers(self, seller: Company, state: str) -> None:
        offer = market.offer(seller, state=state)
        assert self.seen_by(offer, self.viewers(seller)) == {"seller", "operator", "market"}

    def test_a_checkout_knows_what_went_offline_but_no_secrets(self, seller: Company) -> None:
        viewers = self.viewers(seller)
        known = {
            (state, visibility): market.sku_ids(
                market.offer(seller, state=state, visibility=visibility)
            )[0]
            for state in ("online", *HIDDEN)
            for visibility in ("public", "private")
        }
        once_sold = ("online", "offline", "taken_down")

        def reached(name: str) -> set[tuple[str, str]]:
            found = queries.checkout_goods(list(known.values()), viewers[name]).skus
            return {key for key, sku in known.items() if sku in found}

        public = {(state, "public") for state in once_sold}
        assert reached("visitor") == reached("stranger") == reached("asked") == public
        assert reached("friend") == public | {(state, "private") for state in once_sold}
        assert reached("seller") == set(known)

    def test_hints_and_cards_keep_secrets_too(self, seller: Company) -> None:
        offer = market.offer(seller, visibility="private")
        viewers = self.viewers(seller)
        for name, viewer in viewers.items():
            insider = name in {"friend", "seller", "operator", "market"}
            assert (offer.pk in queries.price_hint([offer.pk], viewer)) is insider
            assert (offer.pk in queries.offer_cards([offer.pk], viewer)) is insider


class TestOfferPage:
    def test_it_has_what_the_page_shows(
        self, django_assert_max_num_queries: DjangoAssertNumQueries
    ) -> None:
        seller = market.seller("海平五金厂")
        top = market.category("五金、工具", slug="tools")
        category = market.category("紧固件", parent=top, slug="fasteners")
        offer = market.offer(
            seller,
            stock=[100, 50, 7],
            moq=100,
            multiple=30,
            category=category,
            title_en="Hex bolt",
            attributes=[["材质", "304"]],
            freight_template=market.freight_template(seller),
        )
        picture(offer, "a.png")
        picture(offer, "b.png")
        first, second, third = market.sku_ids(offer)
        Sku.objects.filter(pk=third).update(active=False)
        commands.reserve({first: 40})
        queries.categories()
        with django_assert_max_num_queries(5):
            page = queries.offer_page(offer.pk, None)
        assert [sku.id for sku in page.skus] == [first, second]
        assert [sku.available for sku in page.skus] == [60, 50]
        assert page.smallest_order == 120
        assert [str(hint) for _, hint in page.price_ranges] == ["¥0.35", "¥0.31"]
        assert page.break_quantities == (1, 1000)
        assert [node.slug for node in page.trail] == ["tools", "fasteners"]
        assert [item.url for item in page.pictures] == [
            "/media/pictures/a.png",
            "/media/pictures/b.png",
        ]
        assert page.freight is not None
        assert len(page.freight.zones) == 2
        assert (page.seller.name, page.attributes) == ("海平五金厂", (("材质", "304"),))
        assert str(page.priced({first: 60, second: 60}).goods) == "¥42.00"
        own = queries.offer_page(offer.pk, market.actor(seller))
        assert [sku.id for sku in own.skus] == [first, second, third]

    def test_titles_follow_the_reader(self) -> None:
        offer = market.offer(market.seller(), title="螺栓", title_en="Bolt")
        page = queries.offer_page(offer.pk, None)
        assert page.shown_title == "螺栓"
        with translation.override("en"):
            assert page.shown_title == "Bolt"


class TestBrowsing:
    def test_a_category_holds_what_is_below_it(self) -> None:
        seller = market.seller()
        top = market.category("五金、工具", slug="tools")
        below = market.category("紧固件", parent=top, slug="fasteners")
        other = market.category("童装", slug="kids")
        for category, title in ((top, "工具箱"), (below, "螺栓"), (other, "T恤")):
            market.offer(seller, category=category, title=title)
        assert sorted(titles(queries.browse("tools"))) == ["工具箱", "螺栓"]
        assert titles(queries.browse(below.pk)) == ["螺栓"]
        page = queries.browse("fasteners")
        assert [node.name for node in page.trail] == ["五金、工具", "紧固件"]
        with pytest.raises(NotFound):
            queries.browse("no-such-category")

    @pytest.mark.parametrize(
        ("q", "found"),
        [
            ("不锈钢螺栓", True),
            ("螺栓 m8", True),
            ("304", True),
            ("HEX bolt", True),
            ("M8X30", True),
            ("M8*30 304", True),
            ("螺母", False),
            ("螺栓不锈钢", False),
            ("100%", False),
            ("_", True),
            ("", True),
            ("'; DROP TABLE", False),
        ],
    )
    def test_words_of_the_title_are_found_wherever_they_stand(self, q: str, found: bool) -> None:
        market.offer(
            market.seller(), title="304不锈钢外六角螺栓 M8×30", title_en="Stainless hex bolt"
        )
        assert bool(queries.browse(q=q).items) is found, words_of(q)

    def test_sorting(self) -> None:
        seller = market.seller()
        for title, price, sold in (("a", "0.2", 5), ("b", "0.1", 9), ("c", "0.3", 1)):
            market.offer(seller, title=title, breaks=[(1, price)], sold_quantity=sold)
        orders = {sort: "".join(titles(queries.browse(sort=sort))) for sort in queries.SORTS}
        assert orders == {
            "best": "bac",
            "sold": "bac",
            "new": "cba",
            "price_up": "bac",
            "price_down": "cab",
        }
        assert "".join(titles(queries.browse(sort="nonsense"))) == "bac"

    @pytest.mark.parametrize("sort", queries.SORTS)
    def test_pages_and_cursors_walk_over_everything_once(self, sort: str) -> None:
        seller = market.seller()
        for number in range(7):
            market.offer(seller, breaks=[(1, f"0.{1 + number % 3}")], sold_quantity=number % 2)
        whole = [card.id for card in queries.browse(sort=sort).items]
        by_page = [
            card.id
            for page in (1, 2, 3)
            for card in queries.browse(sort=sort, page=page, size=3).items
        ]
        by_cursor: list[int] = []
        page = queries.browse(sort=sort, size=3)
        by_cursor += [card.id for card in page.items]
        while page.next_cursor:
            page = queries.browse(sort=sort, size=3, cursor=page.next_cursor)
            by_cursor += [card.id for card in page.items]
        assert whole == by_page == by_cursor
        assert len(set(whole)) == 7

    def test_pages_out_of_range_are_the_nearest(self) -> None:
        for _ in range(3):
            market.offer(market.seller())
        assert queries.browse(page=99, size=2).page == 2
        assert queries.browse(page=-1, size=2).page == 1
        assert (queries.browse(q="没有").items, queries.browse(q="没有").pages) == ([], 1)

    @pytest.mark.parametrize("cursor", ["x", "bnVsbA", "WzEsMl0", "WyJzb2xkIiwgOTk5OTk5OTldCg"])
    def test_cursors_of_other_lists_are_refused(self, cursor: str) -> None:
        with pytest.raises(BadCursor):
            queries.browse(cursor=cursor)

    def test_lists_cost_the_same_however_long(self) -> None:
        seller = market.seller()
        market.category("别的", slug="other")
        costs = []
        for _ in range(2):
            for _ in range(10):
                picture(offer := market.offer(seller), f"{offer_name()}.png")
                assert offer.pk
            queries.categories()
            with CaptureQueriesContext(
                connection,
            ) as captured:
                queries.browse(category=Offer.objects.values_list("category", flat=True)[0])
            costs.append(len(captured) - 1)
        assert costs == [2, 2]

    def test_a_shop_shows_its_own(self) -> None:
        seller, other = market.seller(), market.seller()
        market.offer(seller, title="自家")
        market.offer(other, title="别家")
        page = queries.shop_page(f"shop-{seller.pk}")
        assert (page.shop.company_id, titles(page.offers)) == (seller.pk, ["自家"])
        with pytest.raises(NotFound):
            queries.shop_page("nowhere")


def offer_name() -> str:
    return f"p{Picture.objects.count()}"


class TestCategories:
    def test_the_tree_is_read_once(self, django_assert_num_queries: DjangoAssertNumQueries) -> None:
        top = market.category("五金、工具", slug="tools")
        market.category("紧固件", parent=top, slug="fasteners")
        with django_assert_num_queries(1):
            tree = queries.categories()
            queries.categories()
        assert [node.slug for node in tree.top] == ["tools"]
        assert tree.ids_within("tools") == [node.id for node in tree.find("tools").walk()]
        market.category("轴承", parent=top, slug="bearings")
        assert "bearings" in queries.categories().by_slug

    @pytest.mark.parametrize(
        ("text", "slugs"),
        [
            ("fasteners", ["fasteners"]),
            ("紧固件", ["fasteners"]),
            ("五金、工具/紧固件", ["fasteners"]),
            ("五金、工具 > 紧固件", ["fasteners"]),
            ("其他", ["a-other", "b-other"]),
            ("童装/其他", ["b-other"]),
            ("没有", []),
            ("童装/紧固件", []),
        ],
    )
    def test_a_category_is_found_by_what_a_person_writes(self, text: str, slugs: list[str]) -> None:
        tools = market.category("五金、工具", slug="tools")
        kids = market.category("童装", slug="kids")
        market.category("紧固件", parent=tools, slug="fasteners")
        market.category("其他", parent=tools, slug="a-other")
        market.category("其他", parent=kids, slug="b-other")
        assert [node.slug for node in queries.categories().by_name(text)] == slugs


class TestSellersList:
    def test_tabs_filters_and_sums(
        self, django_assert_max_num_queries: DjangoAssertNumQueries
    ) -> None:
        seller = market.seller()
        bolts = market.offer(seller, stock=[10, 0], title="螺栓", code="LS-1")
        market.offer(seller, stock=[5], title="螺母", code="LM-1", state="draft")
        market.offer(market.seller(), title="别家的")
        commands.reserve({market.sku_ids(bolts)[0]: 4})
        actor = market.actor(seller)
        with django_assert_max_num_queries(4):
            page = queries.goods(actor)
        assert (page.total, page.counts) == (2, {"online": 1, "draft": 1})
        row = next(row for row in page.items if row.code == "LS-1")
        assert (row.sku_count, row.stock, row.reserved, row.sold_out_skus) == (2, 10, 4, 1)
        assert row.verbs == ("take_offline", "revise")
        for filters, codes in (
            ({"state": "draft"}, ["LM-1"]),
            ({"q": "螺母"}, ["LM-1"]),
            ({"q": "ls-1"}, ["LS-1"]),
            ({"q": "LS-1-1"}, ["LS-1"]),
            ({"sold_out": True}, ["LS-1"]),
            ({"visibility": "private"}, []),
        ):
            assert [row.code for row in queries.goods(actor, **filters).items] == codes

    def test_the_grid_holds_own_skus_only(self) -> None:
        seller = market.seller()
        own, other = market.offer(seller, stock=[1, 2]), market.offer(market.seller())
        grid = queries.sku_grid(market.actor(seller), [own.pk, other.pk])
        assert [row.sku_id for row in grid] == market.sku_ids(own)
        assert grid[0].tiers[1].price == UnitPrice.yuan("0.31")
