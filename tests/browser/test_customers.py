"""A keeper at work in a real browser: whom to call, customer files, groups with prices, posts."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

import pytest

from pifa.catalog.models import GroupPrice
from pifa.crm import commands as crm
from pifa.crm.models import CustomerFile, FileMerge
from pifa.kernel import clock, events
from pifa.kernel.actors import Role
from pifa.parties.models import User
from pifa.relationships import commands as relationships
from tests.catalog import market as goods
from tests.crm.people import file_of
from tests.trade import market

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.django_db(transaction=True)

OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
SignIn = Callable[["Page", User], None]
Axe = Callable[["Page"], None]


@pytest.fixture
def trading(transactional_db: None) -> market.Trading:
    return market.trading()


def walk(pages: Iterable[Page], axe: Axe, *paths: str) -> None:
    """Axe finds nothing on any, and nothing hangs over the right edge."""
    for page in pages:
        for path in paths:
            page.goto(path)
            axe(page)
            assert page.evaluate(OVERFLOW) == 0, page.url


def test_a_keeper_calls_merges_and_parts(
    trading: market.Trading, phone: Page, desktop: Page, sign_in: SignIn, axe: Axe
) -> None:
    trading.paid()
    events.deliver()
    bought = CustomerFile.objects.get(buyer=trading.buyer)
    noted = file_of(
        trading.selling,
        "老顺达",
        "K1",
        phone=bought.phone,
        tags=("可上门拜访",),
        next_action="送样册",
        next_day=clock.today(),
    )
    crm.refresh(trading.seller.pk)
    clerk = User.objects.get(pk=goods.actor(trading.seller, Role.CLERK).user_id or 0)
    for page in (phone, desktop):
        sign_in(page, clerk)
    paths = ("", "new/", "import/", f"{noted.pk}/", f"{bought.pk}/edit/", "duplicates/")
    walk((phone, desktop), axe, "/seller/followups/", *(f"/seller/files/{path}" for path in paths))

    phone.goto("/seller/followups/")
    line = phone.locator(".followup", has_text="老顺达").first
    assert line.get_by_text("今天：送样册").is_visible()
    line.get_by_role("button", name="完成").click()
    phone.get_by_text("老顺达 的跟进已完成").wait_for()

    desktop.goto("/seller/files/duplicates/")
    desktop.get_by_role("button", name="合并").click()
    desktop.get_by_text("可在档案里撤销").wait_for()
    assert FileMerge.objects.get().kept == bought
    walk((desktop,), axe, f"/seller/files/{bought.pk}/")
    desktop.get_by_role("button", name="撤销").click()
    desktop.get_by_role("button", name="确认", exact=True).click()
    desktop.get_by_text("合并已撤销").wait_for()
    noted.refresh_from_db()
    assert noted.merged_into is None


def test_a_group_gets_its_prices_by_sheet(
    trading: market.Trading, phone: Page, desktop: Page, sign_in: SignIn, axe: Axe
) -> None:
    group = relationships.save_group(trading.selling, "老客户").pk
    asked = relationships.request(trading.buying, trading.seller.pk)
    relationships.grant(trading.selling, asked.pk)
    for page in (phone, desktop):
        sign_in(page, User.objects.get(pk=trading.selling.user_id or 0))
    prices = f"/seller/groups/{group}/prices/"
    goods_page = f"/seller/offers/{trading.offer.pk}/audience/"
    walk(
        (phone,),
        axe,
        *("/seller/groups/", f"/seller/groups/{group}/", f"{prices}import/", goods_page),
        *("/seller/offers/quick/", "/seller/posts/new/", "/seller/customers/"),
    )
    walk((desktop,), axe, f"{prices}?q={trading.offer.code}")
    sku = trading.offer.skus.order_by("pk").first()
    assert sku
    sheet = (
        f"货号,SKU编码,这组的价格\n{trading.offer.code},{sku.code},0.3\n{trading.offer.code},x,1\n"
    )
    desktop.goto(f"{prices}import/")
    desktop.set_input_files(
        "#id_sheet", {"name": "价格.csv", "mimeType": "text/csv", "buffer": sheet.encode()}
    )
    desktop.get_by_role("button", name="上传并预览").click()
    desktop.get_by_text("请从导出的价格表里复制这两项").wait_for()
    axe(desktop)
    desktop.get_by_role("button", name="确认导入").click()
    desktop.get_by_role("heading", name="导入结果").wait_for()
    assert list(GroupPrice.objects.values_list("sku", "price_e4")) == [(sku.pk, 3000)]
