"""Becoming a seller, the checklist, the shop's own words."""

from __future__ import annotations

import pytest
from django.test import Client

from pifa.catalog.models import Category, Shop
from pifa.finance import queries as finance
from pifa.kernel.actors import Role
from pifa.parties.models import Company
from tests.catalog import market as goods
from tests.trade.market import Trading
from tests.web.seller.conftest import body, signed_in


@pytest.fixture
def category(db: None) -> Category:
    return goods.category("五金、工具")


def test_an_owner_opens_a_shop_and_sees_what_is_left_to_do(category: Category) -> None:
    company = goods.company("新五金厂")
    client = signed_in(goods.actor(company))
    page = body(client.get("/seller/open/"))
    assert "五金、工具" in page
    assert "非消费品" in page, "the medal system and department are told before choosing"
    answer = client.post(
        "/seller/open/",
        {"name": "新五金", "main_category": category.pk, "mobile_open": "on"},
        follow=True,
    )
    assert Shop.objects.get(company=company).main_category == category
    assert Company.objects.get(pk=company.pk).is_seller
    page = body(answer)
    for words in ("企业认证", "无线旺铺", "诚信通", "买家保障", "非消费品"):
        assert words in page


def test_a_shop_needs_a_name_and_a_category_and_an_owner(category: Category) -> None:
    company = goods.company("新五金厂")
    client = signed_in(goods.actor(company))
    answer = client.post("/seller/open/", {"name": "新五金"})
    assert answer.status_code == 422
    assert 'value="新五金"' in body(answer)
    clerk = signed_in(goods.actor(company, Role.CLERK))
    assert "主账号" in body(clerk.get("/seller/open/"))
    clerk.post("/seller/open/", {"name": "新五金", "main_category": category.pk})
    assert not Shop.objects.filter(company=company).exists()


def test_membership_and_protection_are_taken_from_the_checklist(
    trading: Trading, bookkeeper: Client
) -> None:
    assert "诚信通有效期至" in body(
        bookkeeper.post("/seller/checklist/membership/", {"years": "2"}, follow=True)
    )
    for years in ("0", "99", "x", ""):
        bookkeeper.post("/seller/checklist/membership/", {"years": years})
    answer = bookkeeper.post("/seller/checklist/protection/")
    assert not finance.protection(trading.seller.pk).joined
    assert "/sandbox/pay/" in answer.headers["Location"], "what the balance lacks is paid"
    trading.received(10_000)
    bookkeeper.post("/seller/checklist/protection/", follow=True)
    assert finance.protection(trading.seller.pk).joined
    bookkeeper.post("/seller/checklist/protection/leave/")
    assert not finance.protection(trading.seller.pk).joined


def test_a_clerk_cannot_spend_the_company_s_money(trading: Trading, clerk: Client) -> None:
    assert clerk.post("/seller/checklist/membership/", {"years": "1"}).status_code == 403
    assert clerk.post("/seller/checklist/protection/").status_code == 403


def test_the_shop_s_words_are_changed_and_mistakes_kept(trading: Trading, clerk: Client) -> None:
    form = {"name": "永固旗舰店", "introduction": "做螺栓二十年", "announcement": "放假三天"}
    clerk.post("/seller/shop/", form)
    shop = Shop.objects.get(company=trading.seller)
    assert (shop.name, shop.announcement, shop.mobile_open) == ("永固旗舰店", "放假三天", False)
    answer = clerk.post("/seller/shop/", form | {"name": "", "announcement": "开工"})
    assert answer.status_code == 422
    assert 'value="开工"' in body(answer)
