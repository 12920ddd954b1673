"""A seller's shop and its freight templates."""

from __future__ import annotations

import pytest

from pifa.catalog import commands, queries
from pifa.catalog.errors import (
    ShopExists,
    TemplateInUse,
)
from pifa.catalog.models import ProhibitedWord, Shop
from pifa.catalog.problems import Unacceptable
from pifa.catalog.rules import FreightZoneTerms
from pifa.kernel.actors import Actor, Role
from pifa.kernel.errors import Forbidden, NotFound
from pifa.kernel.money import Money
from pifa.parties.models import Company
from tests.catalog import market

pytestmark = pytest.mark.django_db


@pytest.fixture
def seller() -> Actor:
    return market.actor(market.seller())


class TestShops:
    def test_the_main_category_decides_medals_and_department(self) -> None:
        company = market.company()
        top = market.category("五金、工具")
        below = market.category("紧固件", parent=top)
        shop = commands.open_shop(market.actor(company), " 海平 紧固件 ", below.pk)
        assert (shop.name, shop.main_category_id) == ("海平 紧固件", top.pk)
        info = queries.shop_info(company.pk)
        assert (info.medal_system, info.department) == ("non_consumer", "non_consumer")
        company.refresh_from_db()
        assert company.is_seller
        with pytest.raises(ShopExists):
            commands.open_shop(market.actor(company), "再来一家", top.pk)

    def test_only_owners_open_shops_and_names_are_checked(self) -> None:
        ProhibitedWord.objects.create(word="枪支", reason="危险品")
        company, top = market.company(), market.category()
        with pytest.raises(Forbidden):
            commands.open_shop(market.actor(company, Role.CLERK), "店", top.pk)
        for name in ("", "枪支专卖", "店" * 61):
            with pytest.raises(Unacceptable):
                commands.open_shop(market.actor(company), name, top.pk)
        assert not Shop.objects.exists()

    def test_a_shop_says_what_its_seller_says(self, seller: Actor) -> None:
        commands.change_shop(seller, name="新名字", announcement="五一放假三天")
        shop = queries.own_shop(seller)
        assert shop is not None
        assert (shop.name, shop.announcement) == ("新名字", "五一放假三天")


class TestFreightTemplates:
    ZONES = (
        FreightZoneTerms(frozenset({"33", "31"}), 1000, Money(600), 1000, Money(100)),
        FreightZoneTerms(frozenset(), 1000, Money(1200), 500, Money(500)),
    )

    def test_it_is_read_as_it_was_saved_and_replaced_as_a_whole(self, seller: Actor) -> None:
        key = commands.save_freight_template(seller, "快递", "weight", self.ZONES)
        (read,) = queries.freight_templates(seller)
        assert (read.template_id, read.name, read.basis, read.zones) == (
            key,
            "快递",
            "weight",
            self.ZONES,
        )
        commands.save_freight_template(seller, "包邮", "free", (), key)
        (read,) = queries.freight_templates(seller)
        assert (read.name, read.basis, read.zones) == ("包邮", "free", ())

    def test_names_are_unique_in_a_shop_and_strangers_have_no_access(self, seller: Actor) -> None:
        key = commands.save_freight_template(seller, "快递", "weight", self.ZONES)
        with pytest.raises(Unacceptable):
            commands.save_freight_template(seller, "快递", "free")
        stranger = market.actor(market.seller())
        with pytest.raises(NotFound):
            commands.save_freight_template(stranger, "偷改", "free", (), key)
        with pytest.raises(NotFound):
            commands.delete_freight_template(stranger, key)

    def test_a_template_in_use_stays(self, seller: Actor) -> None:
        key = commands.save_freight_template(seller, "快递", "weight", self.ZONES)
        market.offer(Company.objects.get(pk=seller.company_id or 0), freight_template_id=key)
        with pytest.raises(TemplateInUse) as refused:
            commands.delete_freight_template(seller, key)
        assert refused.value.figures["count"] == 1
