"""The private channel on phones: a seller posts, its customer reads, orders at its price, pays."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from pifa.catalog import commands as catalog
from pifa.catalog.rules import Tier
from pifa.kernel.money import UnitPrice
from pifa.parties.models import User
from pifa.relationships import commands as relationships
from pifa.trade.models import Order
from tests.build import buying
from tests.build.buying import Market, user_of
from tests.catalog.market import sku_ids

if TYPE_CHECKING:
    from playwright.sync_api import Page

Axe = Callable[["Page"], None]
SignIn = Callable[["Page", User], None]
PHONE = {"is_mobile": True, "has_touch": True}


@pytest.fixture
def market(transactional_db: None) -> Market:
    """The buyer is a customer in a group that pays ¥0.25 for one kind of bolt."""
    made = buying.small_market()
    assert made.seller.company_id is not None
    asked = relationships.request(made.buyer, made.seller.company_id)
    relationships.grant(made.seller, asked.pk)
    group = relationships.save_group(made.seller, "老客户")
    relationships.put_in_group(made.seller, [asked.pk], group.pk)
    prices = {sku_ids(made.bolts)[0]: [Tier(100, UnitPrice.yuan("0.25"))]}
    catalog.set_group_prices(made.seller, group.pk, prices)
    return made


def test_from_the_post_to_the_paid_order(
    market: Market, browse: Callable[..., Page], axe: Axe, sign_in: SignIn
) -> None:
    _post(browse(390, 844, **PHONE), market, axe, sign_in)
    page = browse(390, 844, **PHONE)
    sign_in(page, market.user)
    page.goto("/channel/")
    axe(page)
    page.get_by_role("navigation", name="主要去处").get_by_role("link", name="动态").click()
    page.get_by_text("今天到了一批螺栓").wait_for()
    axe(page)
    page.get_by_role("link", name="打开和转发").click()
    axe(page)
    page.get_by_role("link", name="304 不锈钢外六角螺栓").click()
    first = sku_ids(market.bolts)[0]
    page.locator(f"#sku_{first}").fill("200")
    page.locator(f"#sku_{first}").blur()
    page.locator("#bar-total").get_by_text("200").wait_for()
    axe(page)
    page.get_by_role("button", name="提交订单").click()
    page.wait_for_url("**/pay/?order=*")
    order = Order.objects.get()
    assert (order.channel, order.goods_fen) == ("private", 50_00)
    axe(page)
    assert page.get_by_role("search").count() == 0, "whoever pays in the channel stays in it"
    page.locator("form").get_by_role("button", name="付款").first.click()
    page.get_by_role("button", name="确认付款").click()
    page.wait_for_url(f"**/channel/orders/{order.number}/")
    page.get_by_text("等卖家发货").first.wait_for()
    axe(page)


def _post(page: Page, market: Market, axe: Axe, sign_in: SignIn) -> None:
    sign_in(page, user_of(market.seller))
    page.goto("/seller/posts/new/")
    page.get_by_label("想对客户说什么").fill("今天到了一批螺栓，老客户优先")
    page.get_by_label("304 不锈钢外六角螺栓").check()
    axe(page)
    page.get_by_role("button", name="发布").click()
    page.get_by_text("动态已发布").first.wait_for()
    axe(page)
