"""Deposit, production and balance in a real browser, on a phone and at a desk, with axe."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from pifa.parties.models import User
from pifa.trade.models import Order
from pifa.trade.staged.progress import note_progress
from tests.parties.people import user_of
from tests.trade.market import Trading
from tests.trade.staged_market import finished, pay, staged_trading
from tests.web.test_staged_pages import picture

if TYPE_CHECKING:
    from playwright.sync_api import Page

Axe = Callable[["Page"], None]
SignIn = Callable[["Page", User], None]


@pytest.fixture
def trading(transactional_db: None) -> Trading:
    return staged_trading()


@pytest.mark.parametrize("device", ["phone", "desktop"])
def test_a_buyer_pays_in_stages_and_parts(
    device: str, request: pytest.FixtureRequest, trading: Trading, axe: Axe, sign_in: SignIn
) -> None:
    page: Page = request.getfixturevalue(device)
    sign_in(page, user_of(trading.buying))
    page.goto(f"/checkout/?line={trading.skus[0]}:100")
    page.get_by_text("先付定金 ¥10.50").wait_for()
    axe(page)
    page.locator("#place").click()
    page.get_by_text("分几笔付这 ¥10.50").click()
    amounts = page.locator("input[name=amount]")
    amounts.nth(0).fill("4")
    page.get_by_text("还差 ¥6.50").wait_for()
    amounts.nth(1).fill("6.50")
    page.get_by_text("合计正好").wait_for()
    axe(page)
    page.get_by_role("button", name="按这些金额分笔").click()
    page.get_by_role("link", name="定金 2/2 ¥6.50").wait_for()
    axe(page)
    for _part in range(2):
        _pay(page)
    page.get_by_text("卖家生产中").wait_for()
    order = Order.objects.get()
    note_progress(trading.selling, order.number, 40, "备料完成", [picture().read()])
    page.reload()
    page.get_by_text("备料完成").wait_for()
    axe(page)
    finished(trading, order)
    page.reload()
    page.get_by_role("link", name="付尾款", exact=True).click()
    axe(page)
    _pay(page)
    page.get_by_text("等卖家发货").wait_for()
    assert Order.objects.get().status == "awaiting_shipment"


@pytest.mark.parametrize("device", ["phone", "desktop"])
def test_a_seller_tells_of_production_and_finishes_it(
    device: str, request: pytest.FixtureRequest, trading: Trading, axe: Axe, sign_in: SignIn
) -> None:
    order = pay(trading, trading.place(100))
    page: Page = request.getfixturevalue(device)
    sign_in(page, user_of(trading.selling))
    page.goto(f"/seller/orders/{order.number}/")
    page.get_by_label("说明").fill("备料完成")
    axe(page)
    page.get_by_role("button", name="发布进度").click()
    page.get_by_text("进度已发布").wait_for()
    page.get_by_role("button", name="完成生产").click()
    page.get_by_role("button", name="确认", exact=True).click()
    page.get_by_text("已完成生产，买家会收到通知。").wait_for()
    axe(page)
    page.goto(f"/seller/offers/{trading.offer.pk}/")
    axe(page)


def _pay(page: Page) -> None:
    page.get_by_role("button", name="去付款").click()
    page.get_by_role("button", name="确认付款").click()
