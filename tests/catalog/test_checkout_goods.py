"""What a checkout reads of goods: prices, freight, who may know of them."""

from __future__ import annotations

import pytest
from pytest_django import DjangoAssertNumQueries

from pifa.catalog import queries
from pifa.catalog.models import Sku
from pifa.kernel.errors import NotFound
from pifa.kernel.money import Money
from tests.catalog import market

pytestmark = pytest.mark.django_db


class TestCheckoutGoods:
    def test_two_statements_for_any_number_of_sellers_and_lines(
        self, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        wanted = []
        for _ in range(20):
            seller = market.seller()
            offer = market.offer(
                seller, stock=[100] * 10, freight_template=market.freight_template(seller)
            )
            wanted += market.sku_ids(offer)
        buyer = market.actor(market.company())
        with django_assert_num_queries(2):
            goods = queries.checkout_goods(wanted, buyer)
        assert len(goods.skus) == 200
        assert len(goods.offers) == 20

    def test_it_prices_and_freights_without_another_statement(
        self, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        seller = market.seller()
        fast = market.freight_template(seller)
        bolts = market.offer(
            seller, stock=[5000, 5000], moq=100, freight_template=fast, title="螺栓"
        )
        free = market.offer(seller, stock=[10], breaks=[(1, "9.9")], title="扳手")
        first, second = market.sku_ids(bolts)
        (spanner,) = market.sku_ids(free)
        goods = queries.checkout_goods([first, second, spanner, 10**9])
        quantities = {first: 600, second: 400, spanner: 2}
        with django_assert_num_queries(0):
            priced = goods.price(quantities)
            freight = goods.freight(quantities, "33")
            missing = goods.missing([*quantities, 10**9])
        assert priced[bolts.pk].goods == Money(310_00)
        assert priced[free.pk].goods == Money(19_80)
        assert freight == Money(600 + 11 * 100)
        assert missing == [10**9]
        assert goods.skus[second].spec_text == "M8×40"
        assert goods.offers[bolts.pk].seller_name == seller.name

    def test_ten_thousand_washers_of_a_tenth_of_a_gram_are_sent_as_one_kilogram(self) -> None:
        seller = market.seller()
        washers = market.offer(
            seller, stock=[20_000], freight_template=market.freight_template(seller)
        )
        washers.skus.update(weight_mg=100)
        (washer,) = market.sku_ids(washers)
        goods = queries.checkout_goods([washer])
        assert goods.freight({washer: 10_000}, "33") == Money(600)
        assert goods.freight({washer: 10_001}, "33") == Money(700)

    def test_offline_offers_and_inactive_skus_are_problems_not_gaps(self) -> None:
        offer = market.offer(market.seller(), stock=[10, 10], state="offline")
        first, second = market.sku_ids(offer)
        Sku.objects.filter(pk=second).update(active=False)
        goods = queries.checkout_goods([first, second])
        codes = [problem.code for problem in goods.price({first: 1, second: 1})[offer.pk].problems]
        assert codes == ["catalog.offer_offline", "catalog.sku_inactive"]

    def test_ids_and_words_that_no_row_can_have_find_nothing(self) -> None:
        absurd = [0, -1, 10**30]
        actor = market.actor(market.seller())
        assert queries.checkout_goods(absurd).missing(absurd) == absurd
        assert queries.offer_cards(absurd, None) == {}
        assert queries.price_hint(absurd, None) == {}
        assert queries.sku_grid(actor, absurd) == []
        assert queries.goods(actor, q="\0").items == []
        assert queries.browse(q="\0").items == []
        for offer_id in absurd:
            with pytest.raises(NotFound):
                queries.offer_page(offer_id, actor)
        with pytest.raises(NotFound):
            queries.shop_page("a\0b")

    def test_nothing_asked_for_costs_nothing(
        self, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        with django_assert_num_queries(0):
            assert queries.checkout_goods([]).skus == {}
