"""A factory's people at work in a real browser: shipping by keyboard, goods, sheets, figures."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from pifa.catalog import commands as catalog
from pifa.catalog.models import Offer, PriceBreak, Sku
from pifa.kernel.actors import Actor, Role
from pifa.kernel.money import Money
from pifa.parties.models import User
from pifa.trade import commands
from pifa.trade.models import OrderStatus, Shipment
from tests.catalog import market as goods
from tests.trade import market

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.plugins.browser import Complaints

pytestmark = pytest.mark.django_db(transaction=True)

OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
SignIn = Callable[["Page", User], None]
Axe = Callable[["Page"], None]


@pytest.fixture
def trading(transactional_db: None) -> market.Trading:
    return market.trading()


def person(actor: Actor) -> User:
    """The person behind an actor."""
    return User.objects.get(pk=actor.user_id or 0)


@pytest.fixture
def clerk(trading: market.Trading) -> User:
    return person(goods.actor(trading.seller, Role.CLERK))


@pytest.fixture
def owner(trading: market.Trading) -> User:
    return person(trading.selling)


@pytest.fixture
def refused(complaints: Complaints) -> Complaints:
    """For tests that are refused on purpose: Chromium logs an answer 422 as an error."""
    complaints.forgive("422")
    return complaints


def in_shape(page: Page, axe: Axe) -> None:
    """Axe finds nothing, and nothing hangs over the right edge."""
    axe(page)
    assert page.evaluate(OVERFLOW) == 0, page.url


def picture() -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (120, 120), "teal").save(file, "PNG")
    return file.getvalue()


MOUSE = """
window.__mouse = 0;
for (const kind of ["mousedown", "pointerdown", "touchstart"]) {
  addEventListener(kind, () => { window.__mouse += 1; }, true);
}
"""


def test_forty_orders_go_from_the_desk_to_paper_by_keys_alone(
    trading: market.Trading, clerk: User, desktop: Page, sign_in: SignIn, axe: Axe
) -> None:
    orders = [trading.paid(10 + place) for place in range(40)]
    desktop.add_init_script(MOUSE)
    sign_in(desktop, clerk)
    desktop.goto("/seller/orders/?tab=awaiting_shipment&size=50")
    keys = desktop.keyboard
    assert desktop.locator(".keys").is_visible()
    keys.press("j")
    keys.press("ArrowDown")
    keys.press("x")
    assert desktop.locator("[data-row]:checked").count() == 1
    assert desktop.locator("tr[data-here] [data-row]").input_value() == orders[-2].number
    in_shape(desktop, axe)
    keys.press("a")
    assert desktop.locator("[data-row]:checked").count() == 40
    with desktop.expect_popup() as opened:
        keys.press("l")
    opened.value.get_by_role("heading", name="拣货单").wait_for()
    in_shape(opened.value, axe)
    opened.value.close()
    keys.press("g")
    desktop.get_by_text("已填 0 / 40 单").wait_for()
    in_shape(desktop, axe)
    assert desktop.evaluate("window.__mouse") == 0
    keys.press("Shift+Tab")
    keys.type("顺达快递")
    keys.press("Enter")
    for place in range(40):  # a scanner types the number and ends with Enter
        keys.type(f"SF{place:04d}")
        keys.press("Enter")
    assert desktop.get_by_text("已填 40 / 40 单").count() == 1
    keys.press("Enter")
    desktop.get_by_text("上一批发货 40 单").wait_for()
    with desktop.expect_popup() as opened:
        keys.press("p")
    notes = opened.value
    notes.get_by_text("发货单 40 张").wait_for()
    assert notes.locator(".delivery-note svg").count() == 40
    in_shape(notes, axe)
    assert desktop.evaluate("window.__mouse") == 0
    sent = dict(Shipment.objects.values_list("order__number", "tracking_no"))
    assert sent == {order.number: f"SF{place:04d}" for place, order in enumerate(orders)}
    assert set(Shipment.objects.values_list("carrier", flat=True)) == {"顺达快递"}


def test_a_column_copied_from_a_sheet_fills_downwards(
    trading: market.Trading, clerk: User, desktop: Page, sign_in: SignIn
) -> None:
    for _ in range(3):
        trading.paid(10)
    sign_in(desktop, clerk)
    desktop.context.grant_permissions(["clipboard-read", "clipboard-write"])
    desktop.goto("/seller/orders/ship/")
    desktop.evaluate("navigator.clipboard.writeText('快甲\\tA1\\n快乙\\tA2\\n快甲\\tA3\\n')")
    desktop.keyboard.press("Control+V")
    numbers = desktop.locator("[data-tracking]")
    assert [numbers.nth(place).input_value() for place in range(3)] == ["A1", "A2", "A3"]
    assert desktop.locator("[data-carrier]").nth(1).input_value() == "快乙"


def test_the_desk_and_an_order_hold_on_phone_and_desk(
    trading: market.Trading,
    owner: User,
    phone: Page,
    desktop: Page,
    sign_in: SignIn,
    axe: Axe,
) -> None:
    unpaid, waiting = trading.place(100), trading.paid(100)
    asked = trading.shipped(100)
    commands.ask_refund(trading.buying, asked.number, "money", Money(500), "少发了两件")
    done = trading.received(100)
    commands.write_review(trading.buying, done.number, 2, "包装破了")
    for page in (desktop, phone):
        sign_in(page, owner)
        for path in (
            "/seller/",
            "/seller/orders/",
            "/seller/refunds/",
            "/seller/checklist/",
            "/seller/balance/",
            "/seller/shop/",
            "/seller/orders/ship/sheet/",
            *(f"/seller/orders/{order.number}/" for order in (unpaid, waiting, asked, done)),
        ):
            page.goto(path)
            in_shape(page, axe)


@pytest.mark.usefixtures("refused")
def test_a_price_is_changed_in_a_dialog_and_a_refusal_keeps_it(
    trading: market.Trading, clerk: User, desktop: Page, sign_in: SignIn, axe: Axe
) -> None:
    order = trading.place(100)
    sign_in(desktop, clerk)
    desktop.goto(f"/seller/orders/{order.number}/")
    desktop.get_by_role("link", name="改价").click()
    dialog = desktop.get_by_role("dialog", name="改价")
    dialog.get_by_label("新的应付总额").fill("0")
    dialog.get_by_role("button", name="改价").click()
    desktop.get_by_text("必须大于 ¥0.00").first.wait_for()
    assert desktop.get_by_label("新的应付总额").input_value() == "0"
    in_shape(desktop, axe)
    desktop.get_by_label("新的应付总额").fill("30")
    desktop.get_by_role("button", name="改价").click()
    desktop.get_by_text("价格已改").wait_for()
    assert trading.order(order.number).total_fen == 3000


def test_ticked_unpaid_orders_are_closed_after_a_question(
    trading: market.Trading, clerk: User, desktop: Page, sign_in: SignIn
) -> None:
    order = trading.place(100)
    sign_in(desktop, clerk)
    desktop.goto("/seller/orders/?tab=awaiting_payment")
    desktop.get_by_label(f"选择订单 {order.number}").check()
    desktop.get_by_role("button", name="关闭未付款订单").click()
    desktop.get_by_role("button", name="确认").click()
    desktop.get_by_text("已关闭 1 个订单").wait_for()
    assert trading.order(order.number).status == OrderStatus.CLOSED


def test_a_new_offer_is_typed_reviewed_and_on_sale(
    trading: market.Trading,
    clerk: User,
    desktop: Page,
    phone: Page,
    sign_in: SignIn,
    axe: Axe,
) -> None:
    sign_in(desktop, clerk)
    desktop.goto("/seller/goods/")
    in_shape(desktop, axe)
    desktop.get_by_role("link", name="发布货品").click()
    desktop.get_by_label("标题", exact=True).fill("304不锈钢外六角螺栓 M8")
    desktop.locator("#id_category").select_option(index=1)
    desktop.get_by_label("规格参数").fill("材质：304不锈钢")
    desktop.locator("#pictures").set_input_files(
        {"name": "m8.png", "mimeType": "image/png", "buffer": picture()}
    )
    desktop.get_by_label("维度 1").fill("尺寸")
    desktop.locator("#dim-0-values").fill("M8×30、M8×40")
    desktop.get_by_role("button", name="生成规格表").click()
    desktop.get_by_label("第 2 档起始数量").fill("1000")
    for row, prices in (("M8×30", ("0.35", "0.31")), ("M8×40", ("0.4", "0.355"))):
        for step, price in enumerate(prices, 1):
            desktop.get_by_label(f"{row} 第 {step} 档单价").fill(price)
        desktop.get_by_label(f"{row} 的库存").fill("5000")
    in_shape(desktop, axe)
    desktop.get_by_role("button", name="保存并提交审核").click()
    desktop.get_by_text("货品已提交审核").wait_for()
    offer = Offer.objects.get(title="304不锈钢外六角螺栓 M8")
    assert offer.state == "in_review"
    catalog.review_offer(trading.operator, offer.pk, approve=True)
    desktop.goto("/seller/goods/?state=online")
    assert desktop.get_by_role("link", name=offer.title).count() == 1
    sign_in(phone, clerk)
    for path in (f"/seller/offers/{offer.pk}/", "/seller/goods/", "/seller/offers/new/"):
        phone.goto(path)
        in_shape(phone, axe)


@pytest.mark.usefixtures("refused")
def test_prices_and_stock_are_edited_like_a_sheet(
    trading: market.Trading, clerk: User, desktop: Page, sign_in: SignIn, axe: Axe
) -> None:
    sign_in(desktop, clerk)
    desktop.goto("/seller/goods/")
    desktop.get_by_label(f"选择 {trading.offer.title}").check()
    desktop.get_by_role("button", name="改价改库存").click()
    in_shape(desktop, axe)
    cells = desktop.locator("[data-cell]")
    cells.nth(2).fill("8888")
    cells.nth(2).press("ArrowDown")
    desktop.keyboard.type("-3")
    desktop.get_by_role("button", name="保存全部").click()
    desktop.get_by_text("没有保存任何改动").wait_for()
    assert desktop.locator("[aria-invalid=true]").count() == 1
    assert cells.nth(2).input_value() == "8888"
    in_shape(desktop, axe)
    cells.nth(5).fill("7777")
    desktop.get_by_role("button", name="保存全部").click()
    desktop.get_by_text("已保存").wait_for()
    assert list(Sku.objects.order_by("position").values_list("stock", flat=True)) == [8888, 7777]
    assert PriceBreak.objects.filter(price_e4=3500).count() == 2


def test_four_prices_a_line_stand_within_the_desk(
    trading: market.Trading, clerk: User, desktop: Page, sign_in: SignIn, axe: Axe
) -> None:
    PriceBreak.objects.bulk_create(
        PriceBreak(sku_id=sku, min_quantity=start, price_e4=100)
        for sku in trading.skus
        for start in (10_000, 50_000)
    )
    sign_in(desktop, clerk)
    desktop.goto(f"/seller/goods/grid/?offer={trading.offer.pk}")
    assert desktop.locator("thead th").count() == 8
    in_shape(desktop, axe)


def test_a_long_side_shows_the_present_page(
    trading: market.Trading, owner: User, desktop: Page, sign_in: SignIn
) -> None:
    desktop.set_viewport_size({"width": 1280, "height": 600})
    sign_in(desktop, owner)
    desktop.goto("/seller/company/members/")
    below = desktop.locator(".sidenav a[aria-current]:visible").evaluate(
        "here => here.getBoundingClientRect().bottom - innerHeight"
    )
    assert below <= 0


def test_a_sheet_with_a_bad_row_is_previewed_and_its_good_rows_go_in(
    trading: market.Trading, clerk: User, desktop: Page, sign_in: SignIn, axe: Axe
) -> None:
    text = (
        "货号,标题,类目,SKU 编码,规格,阶梯价,库存\n"
        f"N-1,新螺母,{trading.offer.category.name},N-1-1,尺寸:M6,1:0.2,100\n"
        f"N-2,坏螺母,{trading.offer.category.name},N-2-1,尺寸:M6,1:一块钱,100\n"
    )
    sign_in(desktop, clerk)
    desktop.goto("/seller/goods/bulk/")
    in_shape(desktop, axe)
    desktop.locator("#id_sheet").set_input_files(
        {"name": "goods.csv", "mimeType": "text/csv", "buffer": text.encode()}
    )
    desktop.get_by_role("button", name="上传并预览").click()
    desktop.get_by_text("还没有改动任何货品").wait_for()
    in_shape(desktop, axe)
    assert not Offer.objects.filter(code="N-1").exists()
    desktop.get_by_role("button", name="确认导入").click()
    desktop.get_by_text("新增 1 个货品").wait_for()
    with desktop.expect_download() as download:
        desktop.get_by_role("button", name="下载没有通过的行").click()
    assert "坏螺母" in download.value.path().read_text("utf-8-sig")
    assert Offer.objects.filter(code="N-1").exists()


def test_past_trade_is_matched_and_followed(
    trading: market.Trading, clerk: User, desktop: Page, phone: Page, sign_in: SignIn, axe: Axe
) -> None:
    text = "单据;时间;品;量;价\nA-1;28/03/2025 10:00;螺栓;100;0,35\n"
    sign_in(desktop, clerk)
    desktop.goto("/seller/past/")
    in_shape(desktop, axe)
    desktop.locator("#id_sheet").set_input_files(
        {"name": "book.csv", "mimeType": "text/csv", "buffer": text.encode()}
    )
    desktop.get_by_role("button", name="上传").click()
    for field, header in (
        ("order_no", "单据"),
        ("created_at", "时间"),
        ("description", "品"),
        ("quantity", "量"),
        ("unit_price", "价"),
    ):
        desktop.locator(f"#id_col_{field}").select_option(header)
    desktop.get_by_label("日期写法").select_option("dmy")
    desktop.get_by_label("小数点").select_option(",")
    desktop.get_by_role("button", name="重新读一遍").click()
    desktop.get_by_text("前十行读出来是这样").wait_for()
    in_shape(desktop, axe)
    desktop.get_by_role("button", name="开始导入").click()
    desktop.get_by_text("排队中").wait_for()
    in_shape(desktop, axe)
    sign_in(phone, clerk)
    for path in ("/seller/past/", "/seller/customers/", "/seller/freight/new/"):
        phone.goto(path)
        in_shape(phone, axe)


def test_the_sales_page_reads_on_phone_and_desk_in_both_languages(
    trading: market.Trading,
    owner: User,
    phone: Page,
    browse: Callable[..., Page],
    sign_in: SignIn,
    axe: Axe,
) -> None:
    trading.paid(1000)
    trading.paid(200)
    english = browse(1280, 900, locale="en-US")
    for page, words in ((phone, "销售额"), (english, "Sales")):
        sign_in(page, owner)
        page.goto("/seller/report/")
        assert page.get_by_text(words, exact=True).first.is_visible()
        assert page.get_by_text("¥380.00").count() >= 1
        in_shape(page, axe)
        page.locator(".tabs a").last.click()
        page.get_by_text("100.0%").wait_for()
        assert page.get_by_text(trading.buyer.name, exact=True).is_visible()
        in_shape(page, axe)


def test_a_shop_is_opened_on_a_phone(
    trading: market.Trading, phone: Page, sign_in: SignIn, axe: Axe
) -> None:
    sign_in(phone, person(trading.buying))
    phone.goto("/seller/")
    in_shape(phone, axe)
    phone.get_by_label("店铺名称").fill("顺达五金")
    phone.locator("[name=main_category]").first.check()
    phone.get_by_role("button", name="开店").click()
    phone.get_by_text("店铺已开通").wait_for()
    in_shape(phone, axe)
