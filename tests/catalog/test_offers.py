"""Offers are saved, reviewed and sold as the state table says, by those who may."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import transaction
from pytest_django import DjangoAssertNumQueries

from pifa.catalog import commands, queries
from pifa.catalog.errors import (
    ChangedMeanwhile,
    NoShop,
    ReasonNeeded,
    StockBelowReserved,
)
from pifa.catalog.models import Offer, PriceBreak, ProhibitedWord, Sku
from pifa.catalog.problems import Unacceptable
from pifa.catalog.rules import OfferDraft, SkuDraft, Tier
from pifa.catalog.states import OFFER
from pifa.kernel.actors import Actor, Role
from pifa.kernel.errors import Forbidden, NotFound, WrongState
from pifa.kernel.models import AuditEntry, OutboxEvent
from pifa.kernel.money import UnitPrice
from tests.catalog import market
from tests.plugins.clock import MarketClock

pytestmark = pytest.mark.django_db


def tiers(*pairs: tuple[int, str]) -> tuple[Tier, ...]:
    return tuple(Tier(quantity, UnitPrice.yuan(price)) for quantity, price in pairs)


def draft(**fields: object) -> OfferDraft:
    skus = tuple(
        SkuDraft(
            code=f"M8-{size}",
            spec=(("尺寸", f"M8×{size}"),),
            tiers=tiers((100, "0.35"), (1000, "0.31")),
            stock=1000,
            weight_mg=12_000,
        )
        for size in (30, 40)
    )
    values: dict[str, object] = {
        "code": "HH-100",
        "title": "304不锈钢外六角螺栓",
        "category_id": market.category().pk,
        "skus": skus,
        "moq": 100,
        "visibility": "private",
    }
    return OfferDraft(**values | fields)  # type: ignore[arg-type]


def happened(*names: str) -> list[str]:
    found = OutboxEvent.objects.order_by("id").values_list("name", flat=True)
    return [name for name in found if not names or name in names]


def online(seller: Actor, **fields: object) -> tuple[int, OfferDraft]:
    """An offer that went the whole way onto the market, and its draft."""
    made = draft(**fields)
    offer_id = commands.save_offer(seller, made)
    commands.submit_offer(seller, offer_id)
    commands.review_offer(market.operator(), offer_id, approve=True)
    return offer_id, made


def state(offer_id: int) -> str:
    return Offer.objects.get(pk=offer_id).state


@pytest.fixture
def seller() -> Actor:
    return market.actor(market.seller())


class TestSaving:
    def test_what_was_saved_is_what_is_read(self, seller: Actor) -> None:
        made = draft(
            attributes=(("材质", "304"), ("标准", "GB/T 5782")),
            description="第一行\n第二行",
            title_en="Hex bolt",
            scene="custom",
            multiple=50,
        )
        offer_id = commands.save_offer(seller, made)
        stored = queries.own_offer(seller, offer_id)
        assert stored.draft == made
        assert (stored.state, stored.min_price_e4, stored.max_price_e4) == ("draft", 3100, 3500)

    def test_saving_the_same_again_writes_nothing(self, seller: Actor) -> None:
        made = draft()
        offer_id = commands.save_offer(seller, made)
        before = (AuditEntry.objects.count(), OutboxEvent.objects.count())
        commands.save_offer(seller, made, offer_id)
        assert (AuditEntry.objects.count(), OutboxEvent.objects.count()) == before

    def test_the_number_of_statements_does_not_grow_with_skus(
        self, seller: Actor, django_assert_max_num_queries: DjangoAssertNumQueries
    ) -> None:
        one = draft().skus[0]
        many = tuple(replace(one, code=f"S{n}", spec=(("尺寸", f"M8×{n}"),)) for n in range(200))
        made = draft(skus=many)
        with django_assert_max_num_queries(12):
            offer_id = commands.save_offer(seller, made)
        dearer = tuple(replace(sku, tiers=tiers((100, "0.4")), stock=7) for sku in many)
        with django_assert_max_num_queries(18):
            commands.save_offer(seller, replace(made, skus=dearer), offer_id)
        assert PriceBreak.objects.count() == 200
        assert set(Sku.objects.values_list("stock", flat=True)) == {7}

    def test_a_sku_that_is_dropped_stays_inactive_with_its_stock(self, seller: Actor) -> None:
        made = draft()
        offer_id = commands.save_offer(seller, made)
        commands.save_offer(seller, replace(made, skus=made.skus[:1]), offer_id)
        kept, dropped = Sku.objects.filter(offer_id=offer_id).order_by("position")
        assert (kept.active, dropped.active, dropped.stock) == (True, False, 1000)
        commands.save_offer(seller, made, offer_id)
        assert Sku.objects.get(pk=dropped.pk).active

    def test_a_code_can_be_had_once_and_is_given_where_there_is_none(self, seller: Actor) -> None:
        commands.save_offer(seller, draft())
        with pytest.raises(Unacceptable) as refused:
            commands.save_offer(seller, draft())
        assert refused.value.field == "code"
        given = commands.save_offer(seller, draft(code=""))
        assert Offer.objects.get(pk=given).code.startswith("H")
        commands.save_offer(market.actor(market.seller()), draft())

    @pytest.mark.parametrize("field", ["category_id", "freight_template_id", "picture_ids"])
    def test_absurd_ids_and_characters_are_problems_not_faults(
        self, seller: Actor, field: str
    ) -> None:
        value: object = (10**30,) if field == "picture_ids" else 10**30
        with pytest.raises(Unacceptable):
            commands.save_offer(seller, draft(**{field: value}))
        with pytest.raises(Unacceptable):
            commands.save_offer(seller, draft(code="a\0b"))
        with pytest.raises(NotFound):
            commands.save_offer(seller, draft(), 10**30)

    def test_all_problems_are_told_at_once(self, seller: Actor) -> None:
        other = market.actor(market.seller())
        template = commands.save_freight_template(other, "别人的", "free")
        with pytest.raises(Unacceptable) as refused:
            commands.save_offer(
                seller,
                draft(title="", category_id=10**6, freight_template_id=template, moq=0),
            )
        fields = {problem.field for problem in refused.value.problems}
        assert {"title", "moq", "category", "freight_template"} <= fields
        assert not Offer.objects.exists()

    def test_only_owner_and_clerk_of_the_seller_may(self, seller: Actor) -> None:
        company = market.seller()
        offer_id = commands.save_offer(market.actor(company, Role.CLERK), draft())
        for who in (market.actor(company, Role.FINANCE), market.operator()):
            with pytest.raises(Forbidden):
                commands.save_offer(who, draft(code="X"))
        with pytest.raises(NotFound):
            commands.save_offer(seller, draft(), offer_id)
        with pytest.raises(NotFound):
            queries.own_offer(seller, offer_id)

    def test_stock_cannot_go_below_what_orders_hold(self, seller: Actor) -> None:
        made = draft()
        offer_id = commands.save_offer(seller, made)
        (first, _) = market.sku_ids(Offer.objects.get(pk=offer_id))
        commands.reserve({first: 300})
        less = replace(made, skus=(replace(made.skus[0], stock=299), made.skus[1]))
        with pytest.raises(StockBelowReserved) as refused:
            commands.save_offer(seller, less, offer_id)
        assert refused.value.figures["reserved"] == 300
        with pytest.raises(StockBelowReserved):
            commands.set_stock(seller, {first: 299})
        assert commands.set_stock(seller, {first: 300}) == 1


class TestReview:
    def test_from_draft_to_market(self, seller: Actor) -> None:
        offer_id, _ = online(seller)
        offer = Offer.objects.get(pk=offer_id)
        assert offer.state == "online"
        assert offer.online_at is not None
        assert happened() == ["offer.submitted", "offer.published"]

    def test_a_refusal_says_why_and_can_be_mended(self, seller: Actor) -> None:
        made = draft()
        offer_id = commands.save_offer(seller, made)
        commands.submit_offer(seller, offer_id)
        operator = market.operator()
        with pytest.raises(ReasonNeeded):
            commands.review_offer(operator, offer_id, approve=False, reason="  ")
        commands.review_offer(operator, offer_id, approve=False, reason="标题与图片不符")
        assert Offer.objects.get(pk=offer_id).state_reason == "标题与图片不符"
        commands.save_offer(seller, replace(made, title="304外六角螺栓 M8"), offer_id)
        commands.submit_offer(seller, offer_id)
        commands.review_offer(operator, offer_id, approve=True)
        offer = Offer.objects.get(pk=offer_id)
        assert (offer.state, offer.state_reason) == ("online", "")

    def test_what_the_operator_did_not_see_is_not_approved(
        self, seller: Actor, market_clock: MarketClock
    ) -> None:
        made = draft()
        offer_id = commands.save_offer(seller, made)
        commands.submit_offer(seller, offer_id)
        seen = Offer.objects.get(pk=offer_id).changed_at
        market_clock.forward(minutes=1)
        commands.save_offer(seller, replace(made, title="别的东西"), offer_id)
        with pytest.raises(ChangedMeanwhile):
            commands.review_offer(market.operator(), offer_id, approve=True, seen=seen)
        now = seen + timedelta(minutes=1)
        commands.review_offer(market.operator(), offer_id, approve=True, seen=now)

    def test_prohibited_goods_are_not_taken_in(self, seller: Actor) -> None:
        ProhibitedWord.objects.create(word="枪支", reason="危险品")
        offer_id = commands.save_offer(seller, draft(description="仿真枪支"))
        with pytest.raises(Unacceptable) as refused:
            commands.submit_offer(seller, offer_id)
        assert "危险品" in str(refused.value)
        assert state(offer_id) == "draft"

    def test_a_public_offer_without_picture_is_not_taken_in(self, seller: Actor) -> None:
        offer_id = commands.save_offer(seller, draft(visibility="public"))
        with pytest.raises(Unacceptable) as refused:
            commands.submit_offer(seller, offer_id)
        assert refused.value.problems[0].code == "catalog.no_picture"

    def test_without_a_shop_nothing_is_sold(self) -> None:
        trader = market.actor(market.company())
        offer_id = commands.save_offer(trader, draft())
        with pytest.raises(NoShop):
            commands.submit_offer(trader, offer_id)

    def test_only_operators_review_and_take_down(self, seller: Actor) -> None:
        offer_id, _ = online(seller)
        with pytest.raises(Forbidden):
            commands.take_down(seller, offer_id, "我不喜欢")
        with pytest.raises(Forbidden):
            commands.review_offer(seller, offer_id, approve=True)

    def test_taken_down_with_a_reason_and_restored(self, seller: Actor) -> None:
        offer_id, _ = online(seller)
        operator = market.operator()
        commands.take_down(operator, offer_id, "品牌侵权投诉成立")
        assert queries.own_offer(seller, offer_id).state_reason == "品牌侵权投诉成立"
        with pytest.raises(WrongState):
            commands.put_online(seller, offer_id)
        commands.restore(operator, offer_id)
        commands.put_online(seller, offer_id)
        assert state(offer_id) == "online"
        assert happened()[-3:] == ["offer.taken_down", "offer.restored", "offer.published"]


class TestEditsOnSale:
    def test_prices_and_stock_change_at_once(self, seller: Actor) -> None:
        offer_id, made = online(seller)
        cheaper = tuple(replace(sku, tiers=tiers((100, "0.30")), stock=5) for sku in made.skus)
        commands.save_offer(seller, replace(made, skus=cheaper, moq=100, multiple=10), offer_id)
        assert state(offer_id) == "online"
        event = OutboxEvent.objects.get(name="offer.price_changed").payload
        assert (event["old_min_e4"], event["new_min_e4"]) == (3100, 3000)

    @pytest.mark.parametrize("first", ["online", "offline"])
    def test_words_go_back_to_review(self, seller: Actor, first: str) -> None:
        offer_id, made = online(seller)
        if first == "offline":
            commands.take_offline(seller, offer_id)
        commands.save_offer(seller, replace(made, description="全新描述"), offer_id)
        assert state(offer_id) == "in_review"
        withdrawn = ["offer.withdrawn"] if first == "online" else []
        assert happened()[-1 - len(withdrawn) :] == [*withdrawn, "offer.submitted"]

    def test_a_new_sku_is_sold_at_once_but_not_under_a_prohibited_name(self, seller: Actor) -> None:
        ProhibitedWord.objects.create(word="枪支", reason="危险品")
        offer_id, made = online(seller)
        for size, fine in (("M8×50", True), ("枪支款", False)):
            new = replace(made.skus[0], code=size, spec=(("尺寸", size),))
            changed = replace(made, skus=(*made.skus, new))
            if fine:
                commands.save_offer(seller, changed, offer_id)
            else:
                with pytest.raises(Unacceptable):
                    commands.save_offer(seller, changed, offer_id)
        assert state(offer_id) == "online"
        assert Sku.objects.filter(offer_id=offer_id, active=True).count() == 3

    def test_several_go_off_and_on_sale_together_or_not_at_all(self, seller: Actor) -> None:
        first, _ = online(seller)
        second, _ = online(seller, code="HH-2")
        third = commands.save_offer(seller, draft(code="HH-3"))
        with pytest.raises(WrongState):
            commands.take_many_offline(seller, [first, second, third])
        assert state(first) == "online"
        commands.take_many_offline(seller, [first, second])
        commands.put_many_online(seller, [first, second])
        assert (state(first), state(second)) == ("online", "online")

    def test_every_way_is_in_the_audit_log(self, seller: Actor) -> None:
        offer_id, _ = online(seller)
        commands.take_offline(seller, offer_id)
        actions = AuditEntry.objects.filter(subject=f"offer:{offer_id}").order_by("id")
        assert list(actions.values_list("action", "actor_kind")) == [
            ("offer.create", "member"),
            ("offer.submit", "member"),
            ("offer.approve", "operator"),
            ("offer.take_offline", "member"),
        ]


class TestMassEdits:
    def test_prices_of_many_skus_are_set_together(
        self, seller: Actor, django_assert_max_num_queries: DjangoAssertNumQueries
    ) -> None:
        ids = [
            sku
            for code in ("A", "B", "C")
            for sku in market.sku_ids(
                Offer.objects.get(pk=commands.save_offer(seller, draft(code=code)))
            )
        ]
        with django_assert_max_num_queries(16):
            changed = commands.set_prices(seller, dict.fromkeys(ids, tiers((50, "0.2"))))
        assert changed == 3
        assert set(PriceBreak.objects.values_list("min_quantity", "price_e4")) == {(50, 2000)}
        assert set(Offer.objects.values_list("min_price_e4", flat=True)) == {2000}
        assert len(happened("offer.price_changed")) == 3

    def test_breaks_of_one_sku_cannot_leave_the_others(self, seller: Actor) -> None:
        offer_id = commands.save_offer(seller, draft())
        first, _ = market.sku_ids(Offer.objects.get(pk=offer_id))
        with pytest.raises(Unacceptable) as refused:
            commands.set_prices(seller, {first: tiers((50, "0.2"))})
        assert refused.value.problems[0].code == "catalog.tiers_differ"
        commands.set_prices(seller, {first: tiers((100, "0.2"), (1000, "0.1"))})

    def test_nobody_sets_prices_or_stock_of_others(self, seller: Actor) -> None:
        own = market.sku_ids(market.offer(market.seller()))[0]
        with pytest.raises(NotFound):
            commands.set_prices(seller, {own: tiers((1, "0.2"))})
        with pytest.raises(NotFound):
            commands.set_stock(seller, {own: 5})
        assert Sku.objects.get(pk=own).stock == 1000

    def test_stock_is_set_by_one_update(
        self, seller: Actor, django_assert_max_num_queries: DjangoAssertNumQueries
    ) -> None:
        offer_id = commands.save_offer(seller, draft())
        first, second = market.sku_ids(Offer.objects.get(pk=offer_id))
        with transaction.atomic(), django_assert_max_num_queries(4):
            assert commands.set_stock(seller, {first: 7, second: 0}) == 2
        assert dict(Sku.objects.values_list("pk", "stock")) == {first: 7, second: 0}
        for absurd in (-1, 10**12):
            with pytest.raises(Unacceptable):
                commands.set_stock(seller, {first: absurd})


def test_every_state_can_be_reached_and_only_named_parties_act() -> None:
    reached = {OFFER.initial} | {str(item.target) for item in OFFER.transitions}
    assert reached == set(OFFER.states)
    assert {who for item in OFFER.transitions for who in item.by} == {"seller", "operator"}
