"""A seller fills an order in, a customer with a phone and no account confirms and pays it."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from pifa.kernel.actors import Role
from pifa.parties.models import User
from pifa.trade import commands
from pifa.trade.models import Order, OrderInvitation
from tests.catalog import market as goods
from tests.trade import market

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.plugins.browser import Complaints

pytestmark = pytest.mark.django_db(transaction=True)

OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
SignIn = Callable[["Page", User], None]
Axe = Callable[["Page"], None]


def in_shape(page: Page, axe: Axe) -> None:
    """Axe finds nothing, and nothing hangs over the right edge."""
    axe(page)
    assert page.evaluate(OVERFLOW) == 0, page.url


def picture() -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (200, 200), "teal").save(file, "PNG")
    return file.getvalue()


def test_from_the_sellers_desk_to_the_guests_phone_and_back(
    transactional_db: None,
    desktop: Page,
    phone: Page,
    sign_in: SignIn,
    axe: Axe,
    complaints: Complaints,
) -> None:
    complaints.forgive("404")  # a wrong link is tried at the end
    trading = market.trading()
    clerk = goods.actor(trading.seller, Role.CLERK)
    sign_in(desktop, User.objects.get(pk=clerk.user_id or 0))

    desktop.goto("/seller/invitations/")
    in_shape(desktop, axe)
    desktop.locator("main .page-head").get_by_role("link", name="发起订单").click()
    desktop.fill("#q", "M8")
    desktop.get_by_role("button", name="搜索").click()
    desktop.get_by_role("button", name="加入").first.click()
    desktop.get_by_label("数量").first.fill("1000")
    desktop.get_by_role("button", name="按数量取系统价").click()
    desktop.get_by_label("货品名称").fill("定制挂钩")
    desktop.fill("#id_typed-0-unit", "件")
    desktop.fill("#id_typed-0-quantity", "20")
    desktop.fill("#id_typed-0-price", "12.5")
    desktop.set_input_files(
        "#id_typed-0-picture",
        {"name": "hook.png", "mimeType": "image/png", "buffer": picture()},
    )
    desktop.get_by_label("运费（元）").fill("12")
    in_shape(desktop, axe)
    desktop.locator(".form-actions").get_by_role("button", name="预览").click()
    in_shape(desktop, axe)
    desktop.get_by_role("button", name="发起订单").click()
    in_shape(desktop, axe)
    row = OrderInvitation.objects.get()
    assert row.state == "open"
    link = desktop.locator(".invite-link .tabular").inner_text()
    path = link[link.index("/i/") :]
    desktop.goto(f"/seller/invitations/{row.number}/card/?size=a5")
    in_shape(desktop, axe)

    phone.goto(path)
    in_shape(phone, axe)
    phone.get_by_label("收货人").fill("李师傅")
    phone.get_by_label("手机").fill("13900001234")
    phone.get_by_label("省份").select_option("33")
    phone.get_by_label("城市、区县").fill("义乌市")
    phone.get_by_label("详细地址").fill("工业路 2 号")
    phone.get_by_role("button", name="确认并付款").click()
    phone.get_by_role("button", name="确认付款").click()
    phone.wait_for_url(f"**{path}")
    in_shape(phone, axe)
    assert phone.get_by_text("下单成功").is_visible()
    order = Order.objects.get()
    assert (order.status, order.channel) == ("awaiting_shipment", "invitation")

    commands.ship(trading.selling, order.number, "试验快递", "T-7788")
    phone.reload()
    assert phone.get_by_text("T-7788").is_visible()
    phone.goto("/i/nonsense/")
    in_shape(phone, axe)
    assert phone.get_by_text("这个链接打不开订单").is_visible()
