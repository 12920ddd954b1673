"""What a group pays stands wherever a price is shown or charged; others see nothing of it."""

from __future__ import annotations

import pytest
from pytest_django import DjangoAssertNumQueries

from pifa.catalog import commands, queries
from pifa.catalog.models import GroupPrice, Offer
from pifa.catalog.problems import Unacceptable
from pifa.catalog.rules import Tier
from pifa.kernel.actors import Actor
from pifa.kernel.errors import InvalidInput, NotFound
from pifa.kernel.money import Money, UnitPrice
from pifa.parties.models import Company
from pifa.relationships import commands as relationships
from pifa.relationships.errors import GroupInUse
from pifa.relationships.models import CustomerGroup, Relationship
from tests.catalog import market

pytestmark = pytest.mark.django_db


@pytest.fixture
def seller() -> Company:
    return market.seller()


@pytest.fixture
def keeper(seller: Company) -> Actor:
    return market.actor(seller)


@pytest.fixture
def group(keeper: Actor) -> CustomerGroup:
    return relationships.save_group(keeper, "老客户")


def customer(seller: Company, group: CustomerGroup | None, state: str = "granted") -> Actor:
    """A buyer of that seller, in a group."""
    buyer = market.company()
    Relationship.objects.create(
        seller=seller,
        buyer=buyer,
        name=buyer.name,
        state=state,
        group=group,
        since=buyer.created_at,
        changed_at=buyer.created_at,
    )
    return market.actor(buyer)


def tiers(*breaks: tuple[int, str]) -> tuple[Tier, ...]:
    return tuple(Tier(quantity, UnitPrice.yuan(price)) for quantity, price in breaks)


def test_the_customer_pays_it_and_nobody_else(
    seller: Company, keeper: Actor, group: CustomerGroup
) -> None:
    offer = market.offer(seller, stock=[5000, 5000], breaks=[(1, "0.35"), (1000, "0.31")])
    first, second = market.sku_ids(offer)
    commands.set_group_prices(keeper, group.pk, {first: tiers((1, "0.30"), (500, "0.28"))})
    old, new = customer(seller, group), customer(seller, None)
    wanted = {first: 400, second: 600}

    def goods(viewer: Actor | None) -> Money:
        found = queries.checkout_goods([first, second], viewer).price(wanted)[offer.pk].goods
        assert found == queries.offer_page(offer.pk, viewer).priced(wanted).goods
        return found

    assert goods(old) == Money(400 * 28 + 600 * 31)
    for other in (new, customer(seller, group, "revoked"), market.actor(market.company()), None):
        assert goods(other) == Money(1000 * 31)
    assert goods(keeper) == Money(1000 * 31)


def test_lists_and_pages_show_the_readers_own_range(
    seller: Company, keeper: Actor, group: CustomerGroup
) -> None:
    offer = market.offer(seller, stock=[100, 100], breaks=[(1, "0.35"), (1000, "0.31")])
    first, _ = market.sku_ids(offer)
    commands.set_group_prices(keeper, group.pk, {first: tiers((1, "0.2"))})
    old, stranger = customer(seller, group), market.actor(market.company())
    for viewer, low in ((old, "0.2"), (stranger, "0.31"), (None, "0.31")):
        shown = UnitPrice.yuan(low)
        assert queries.offer_page(offer.pk, viewer).price.low == shown
        assert queries.offer_cards([offer.pk], viewer)[offer.pk].price.low == shown
        assert queries.price_hint([offer.pk], viewer)[offer.pk].low == shown
        assert queries.browse(viewer=viewer).items[0].price.low == shown
    ranges = queries.offer_page(offer.pk, old).price_ranges
    assert [(quantity, str(hint)) for quantity, hint in ranges] == [
        (1, str(queries.PriceHint(UnitPrice.yuan("0.2"), UnitPrice.yuan("0.35")))),
        (1000, str(queries.PriceHint(UnitPrice.yuan("0.2"), UnitPrice.yuan("0.31")))),
    ]


def test_a_checkouts_goods_cost_no_statement_more(
    seller: Company,
    keeper: Actor,
    group: CustomerGroup,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    offer = market.offer(seller, stock=[100])
    (sku,) = market.sku_ids(offer)
    commands.set_group_prices(keeper, group.pk, {sku: tiers((1, "0.2"))})
    buyer = customer(seller, group)
    with django_assert_num_queries(1):
        goods = queries.checkout_goods([sku], buyer)
    assert goods.price({sku: 10})[offer.pk].goods == Money(2_00)


def test_prices_are_replaced_and_taken_back(
    seller: Company, keeper: Actor, group: CustomerGroup
) -> None:
    offer = market.offer(seller)
    (sku,) = market.sku_ids(offer)
    commands.set_group_prices(keeper, group.pk, {sku: tiers((1, "0.3"), (10, "0.2"))})
    commands.set_group_prices(keeper, group.pk, {sku: tiers((1, "0.25"))})
    assert list(GroupPrice.objects.values_list("min_quantity", "price_e4")) == [(1, 2500)]
    commands.set_group_prices(keeper, group.pk, {sku: ()})
    assert not GroupPrice.objects.exists()


def test_breaks_that_cannot_stand_change_nothing(
    seller: Company, keeper: Actor, group: CustomerGroup
) -> None:
    offer = market.offer(seller, stock=[10, 10], moq=5)
    first, second = market.sku_ids(offer)
    for wrong in (tiers((6, "0.3")), tiers((1, "0.3"), (1, "0.2")), tiers((1, "0"))):
        with pytest.raises(Unacceptable):
            commands.set_group_prices(keeper, group.pk, {first: tiers((1, "0.3")), second: wrong})
    assert not GroupPrice.objects.exists()


def test_another_companys_group_or_goods_are_not_found(
    seller: Company, keeper: Actor, group: CustomerGroup
) -> None:
    other = market.seller()
    offer, theirs = market.offer(seller), market.offer(other)
    (sku,), (their_sku,) = market.sku_ids(offer), market.sku_ids(theirs)
    for who, of, prices in (
        (market.actor(other), group.pk, {their_sku: tiers((1, "0.3"))}),
        (keeper, group.pk, {sku: tiers((1, "0.3")), their_sku: tiers((1, "0.3"))}),
        (keeper, 10**30, {sku: tiers((1, "0.3"))}),
    ):
        with pytest.raises(NotFound):
            commands.set_group_prices(who, of, prices)
    private = market.offer(seller, visibility="private")
    with pytest.raises(NotFound):
        commands.set_audience(market.actor(other), private.pk, [])
    assert not GroupPrice.objects.exists()


class TestAudience:
    def test_only_the_groups_that_it_is_meant_for_see_it(
        self, seller: Company, keeper: Actor, group: CustomerGroup
    ) -> None:
        offer = market.offer(seller, visibility="private")
        (sku,) = market.sku_ids(offer)
        meant, other = customer(seller, group), customer(seller, None)
        revoked = customer(seller, group, "revoked")

        def sees(viewer: Actor | None) -> set[bool]:
            cards = bool(queries.offer_cards([offer.pk], viewer))
            listed = bool(queries.browse(viewer=viewer).items)
            goods = not queries.checkout_goods([sku], viewer).missing([sku])
            try:
                page = bool(queries.offer_page(offer.pk, viewer))
            except NotFound:
                page = False
            return {cards, listed, goods, page}

        assert sees(meant) == sees(other) == {True}
        assert sees(revoked) == sees(None) == {False}
        commands.set_audience(keeper, offer.pk, [group.pk])
        assert sees(meant) == sees(keeper) == {True}
        assert sees(other) == sees(revoked) == sees(None) == {False}
        commands.set_audience(keeper, offer.pk, [])
        assert sees(other) == {True}

    def test_a_public_offer_has_no_audience(
        self, seller: Company, keeper: Actor, group: CustomerGroup
    ) -> None:
        offer = market.offer(seller)
        with pytest.raises(InvalidInput):
            commands.set_audience(keeper, offer.pk, [group.pk])
        assert Offer.objects.get().audience.count() == 0

    def test_a_group_that_goods_are_meant_for_is_not_deleted(
        self, seller: Company, keeper: Actor, group: CustomerGroup
    ) -> None:
        offer = market.offer(seller, visibility="private")
        commands.set_audience(keeper, offer.pk, [group.pk])
        with pytest.raises(GroupInUse):
            relationships.delete_group(keeper, group.pk)
        commands.set_audience(keeper, offer.pk, [])
        relationships.delete_group(keeper, group.pk)
        assert not CustomerGroup.objects.exists()
