"""A purchase from the first look to the review, as people do it: phone, desk, keyboard, no script."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from pifa.parties.models import Address, User
from pifa.trade import commands
from pifa.trade.models import Order, Review
from tests.build import buying
from tests.build.buying import Market
from tests.catalog.market import sku_ids

if TYPE_CHECKING:
    from playwright.sync_api import Page, Route

Axe = Callable[["Page"], None]
SignIn = Callable[["Page", User], None]


@pytest.fixture
def market(transactional_db: None) -> Market:
    return buying.small_market()


@pytest.mark.parametrize("device", ["phone", "desktop"])
def test_from_the_shelf_to_the_review(
    device: str, request: pytest.FixtureRequest, market: Market, axe: Axe, sign_in: SignIn
) -> None:
    page: Page = request.getfixturevalue(device)
    sign_in(page, market.user)
    page.goto("/")
    axe(page)
    page.get_by_role("link", name="304 不锈钢外六角螺栓").first.click()
    _choose_bolts(page, market, axe)
    _check_out(page, axe)
    number = _pay(page, axe)
    commands.ship(market.seller, number, "顺达快递", "SD20260328001")
    _receive_and_review(page, number, axe)
    order = Order.objects.get(number=number)
    assert order.status == "completed"
    assert order.released_fen == order.paid_fen
    assert Review.objects.get(order=order).stars == 5


def _choose_bolts(page: Page, market: Market, axe: Axe) -> None:
    first, second, _sold_out = sku_ids(market.bolts)
    page.locator(f"#sku_{first}").fill("600")
    page.locator(f"#sku_{second}").fill("400")
    page.locator(f"#sku_{second}").blur()
    # 1,000 pieces over both SKUs: the second break; 12 kg to Zhejiang.
    page.locator("#sum").get_by_text("¥338.00").wait_for()
    row = page.locator(".skus tr", has=page.locator(f"#sku_{first}"))
    assert row.locator(".sku-price").inner_text() == "¥0.31"
    page.locator("#sum").get_by_text("再加 9,000件").wait_for()
    axe(page)
    page.get_by_role("button", name="加入进货单").click()
    page.get_by_text("进货单现在有 2 行").wait_for()
    page.goto("/list/")


def _check_out(page: Page, axe: Axe) -> None:
    page.locator("input[type=checkbox][name=pick]").nth(1).uncheck()
    # 600 pieces alone are dearer: the first break.
    page.locator("#purchase-list").get_by_text("¥210.00").first.wait_for()
    page.locator("input[type=checkbox][name=pick]").nth(1).check()
    page.locator("#purchase-list").get_by_text("¥338.00").wait_for()
    axe(page)
    page.get_by_role("button", name="去结算").click()
    page.get_by_role("heading", name="结算").wait_for()
    axe(page)
    page.locator("[name=address][value=new]").check()
    page.locator("#id_new-region").select_option("44")
    page.locator("#checkout-total").get_by_text("¥352.00").wait_for()
    page.locator("[name=address]").first.check()
    page.locator("#checkout-total").get_by_text("¥338.00").wait_for()
    page.get_by_label("给卖家留言").fill("请用纸箱")
    page.get_by_role("button", name="提交订单").click()


def _pay(page: Page, axe: Axe) -> str:
    page.get_by_role("heading", name="付款").wait_for()
    axe(page)
    page.get_by_role("button", name="去付款").click()
    page.get_by_text("仅供演练").wait_for()
    axe(page)
    page.get_by_role("button", name="确认付款").click()
    page.wait_for_url(re.compile("/buyer/orders/"))
    page.get_by_text("买家付款，进入平台担保").first.wait_for()
    axe(page)
    order = Order.objects.get()
    assert order.message == "请用纸箱"
    return order.number


def _receive_and_review(page: Page, number: str, axe: Axe) -> None:
    page.goto(f"/buyer/orders/{number}/")
    page.get_by_text("SD20260328001", exact=True).wait_for()
    page.get_by_role("button", name="确认收货").click()
    page.get_by_role("button", name="确认", exact=True).click()
    page.get_by_text("担保款结算到卖家余额").wait_for()
    page.get_by_role("link", name="去评价").click()
    page.get_by_label("★★★★★").check()
    page.get_by_label("评价内容").fill("牙口干净，数量足。")
    axe(page)
    page.get_by_role("button", name="发表评价").click()
    page.get_by_text("牙口干净，数量足。").wait_for()
    page.goto("/buyer/orders/?tab=all")
    page.get_by_text("交易成功").first.wait_for()
    axe(page)


def test_by_keyboard_alone(desktop: Page, market: Market, sign_in: SignIn) -> None:
    page = desktop
    sign_in(page, market.user)
    page.goto(f"/offer/{market.bags.pk}/")
    (bag,) = sku_ids(market.bags)
    _tab_to(page, f"#sku_{bag}")
    page.keyboard.type("500")
    _tab_to(page, "button[value=order]")
    page.locator("#sum").get_by_text("¥60.00").first.wait_for()
    # What was swapped in meanwhile must not have taken the focus away.
    assert page.evaluate("document.activeElement.value") == "order"
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="结算").wait_for()
    _tab_to(page, "#place")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="付款").wait_for()
    _tab_to(page, "main button.btn-main")
    page.keyboard.press("Enter")
    page.get_by_text("仅供演练").wait_for()
    _tab_to(page, "button[value=pay]")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/buyer/orders/"))
    assert Order.objects.get().status == "awaiting_shipment"


def _tab_to(page: Page, selector: str) -> None:
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    pytest.fail(f"the keyboard does not reach {selector} on {page.url}")


def test_without_script(browse: Callable[..., Page], market: Market, sign_in: SignIn) -> None:
    page = browse(390, 844, java_script_enabled=False)
    sign_in(page, market.user)
    page.goto(f"/offer/{market.bolts.pk}/")
    first, *_ = sku_ids(market.bolts)
    page.locator(f"#sku_{first}").fill("1000")
    page.get_by_role("button", name="算一下").click()
    page.locator("#sum").get_by_text("¥338.00").wait_for()
    page.get_by_role("button", name="加入进货单").click()
    page.goto("/list/")
    page.get_by_role("button", name="增加").click()
    assert page.locator("input[type=number]").input_value() == "1001"
    page.get_by_role("button", name="去结算").click()
    page.locator("[name=address][value=new]").check()
    page.get_by_label("收货人").fill("李四")
    page.get_by_label("手机").fill("13900139000")
    page.locator("#id_new-region").select_option("44")
    page.get_by_label("城市").fill("广州")
    page.get_by_label("详细地址").fill("天河路 1 号")
    page.get_by_role("button", name="更新运费").click()
    assert page.get_by_label("收货人").input_value() == "李四"
    page.get_by_role("button", name="提交订单").click()
    page.get_by_role("button", name="去付款").click()
    page.get_by_role("button", name="确认付款").click()
    page.get_by_text("待发货").first.wait_for()
    assert Order.objects.get().region == "44"


def test_a_price_that_changes_under_the_buyer(
    desktop: Page, market: Market, sign_in: SignIn, axe: Axe, complaints: object
) -> None:
    from pifa.catalog.models import PriceBreak

    page = desktop
    complaints.forgive("409")  # type: ignore[attr-defined]
    sign_in(page, market.user)
    (bag,) = sku_ids(market.bags)
    page.goto(f"/checkout/?line={bag}:500")
    PriceBreak.objects.filter(sku=bag).update(price_e4=1300)
    page.get_by_role("button", name="提交订单").click()
    page.get_by_text("您看到的总额是 ¥60.00，现在是 ¥65.00").wait_for()
    axe(page)
    assert not Order.objects.exists()
    page.get_by_role("button", name="提交订单").click()
    page.get_by_role("heading", name="付款").wait_for()
    assert Order.objects.get().total_fen == 6500


def test_the_button_of_a_long_checkout_is_in_reach_at_once(
    phone: Page, market: Market, sign_in: SignIn
) -> None:
    for place in range(4):
        buying.address(market.buyer, detail=f"工人路{place + 1}号")
    sign_in(phone, market.user)
    phone.goto(f"/checkout/?line={sku_ids(market.bags)[0]}:500")
    reached = phone.get_by_role("button", name="提交订单").evaluate(
        """button => {
            const {left, right, top, bottom} = button.getBoundingClientRect()
            const at = y => document.elementFromPoint((left + right) / 2, y)
            return [top + 2, bottom - 2].every(y => button.contains(at(y)))
        }"""
    )
    assert reached


def test_a_company_without_an_address_types_its_first_at_the_checkout(
    desktop: Page, market: Market, sign_in: SignIn, axe: Axe
) -> None:
    Address.objects.filter(company=market.buyer.company_id).delete()
    sign_in(desktop, market.user)
    desktop.goto(f"/checkout/?line={sku_ids(market.bags)[0]}:500")
    axe(desktop)
    desktop.get_by_label("收货人").fill("李四")
    desktop.get_by_label("手机").fill("13900139000")
    desktop.locator("#id_new-region").select_option("44")
    desktop.get_by_label("城市").fill("广州")
    desktop.get_by_label("详细地址").fill("天河路 1 号")
    desktop.get_by_role("button", name="提交订单").click()
    desktop.get_by_role("heading", name="付款").wait_for()
    assert Order.objects.get().region == "44"


def test_what_is_typed_while_freight_is_added_up_stays(
    desktop: Page, market: Market, sign_in: SignIn
) -> None:
    sign_in(desktop, market.user)
    desktop.goto(f"/checkout/?line={sku_ids(market.bags)[0]}:500")
    held: list[Route] = []
    desktop.route("**/checkout/**", lambda route: held.append(route))
    desktop.locator("[name=address][value=new]").check()
    desktop.get_by_label("给卖家留言").fill("请用纸箱")
    assert [one.request.method for one in held] == ["POST"], "no address of a log holds a name"
    with desktop.expect_response("**/checkout/**"):
        held[0].continue_()
    desktop.locator(".htmx-settling, .htmx-swapping").wait_for(state="detached")
    assert desktop.get_by_label("给卖家留言").input_value() == "请用纸箱"


def test_an_order_on_paper_says_the_day(desktop: Page, market: Market, sign_in: SignIn) -> None:
    number = buying.order(market, [(sku_ids(market.bags)[0], 500)])
    buying.pay(market, number)
    sign_in(desktop, market.user)
    desktop.goto(f"/buyer/orders/{number}/")
    desktop.emulate_media(media="print")
    shown = desktop.locator("main time").first.evaluate(
        "time => [getComputedStyle(time).fontSize, getComputedStyle(time, '::after').content]"
    )
    assert shown[0] == "0px"
    assert re.fullmatch(r'"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d"', shown[1])
