"""The gallery in a real browser: axe, both themes and languages, keyboard, and no shift."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Page

FRAMES = ("storefront", "centre", "plain", "404")
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_on_a_desk(
    desktop: Page, axe: Callable[[Page], None], theme: str
) -> None:
    desktop.emulate_media(color_scheme="dark" if theme == "dark" else "light")
    desktop.goto("/design/")
    axe(desktop)
    assert desktop.evaluate(OVERFLOW) == 0


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_on_a_phone_in_english(
    phone: Page, axe: Callable[[Page], None], theme: str
) -> None:
    phone.emulate_media(color_scheme="dark" if theme == "dark" else "light")
    phone.goto("/design/")
    phone.get_by_role("button", name="English").click()
    assert phone.locator("html").get_attribute("lang") == "en"
    axe(phone)
    assert phone.evaluate(OVERFLOW) == 0


@pytest.mark.parametrize("frame", FRAMES)
def test_frames_hold_on_phone_and_desk(
    phone: Page, desktop: Page, axe: Callable[[Page], None], frame: str
) -> None:
    for page in (phone, desktop):
        page.goto(f"/design/frame/{frame}/")
        axe(page)
        assert page.evaluate(OVERFLOW) == 0


def test_rows_become_cards_with_their_headings_on_a_phone(phone: Page) -> None:
    phone.goto("/design/#tables")
    row = phone.locator("#tables tbody tr").first
    first, second = row.locator("td").nth(1), row.locator("td").nth(2)
    assert first.bounding_box()["y"] < second.bounding_box()["y"]  # type: ignore[index]
    heading = first.evaluate("cell => getComputedStyle(cell, '::before').content")
    assert heading == '"订单号"'


def test_the_keyboard_skips_to_the_content_and_sees_where_it_is(desktop: Page) -> None:
    desktop.goto("/design/")
    desktop.keyboard.press("Tab")
    skip = desktop.locator(".skip")
    assert skip.evaluate("link => link === document.activeElement")
    assert skip.bounding_box()["y"] >= 0  # type: ignore[index]
    desktop.keyboard.press("Enter")
    desktop.keyboard.press("Tab")
    width = desktop.evaluate("getComputedStyle(document.activeElement).outlineWidth")
    assert width == "2px"
    assert desktop.evaluate("document.activeElement.closest('main') !== null")


def test_a_dialog_takes_the_focus_and_gives_it_back(desktop: Page) -> None:
    desktop.goto("/design/")
    opener = desktop.get_by_role("link", name="申请退款")
    opener.focus()
    desktop.keyboard.press("Enter")
    dialog = desktop.get_by_role("dialog", name="申请退款")
    dialog.wait_for(state="visible")
    desktop.keyboard.press("Escape")
    dialog.wait_for(state="hidden")
    assert opener.evaluate("link => link === document.activeElement")


def test_a_confirmation_can_be_declined(desktop: Page) -> None:
    desktop.goto("/design/?stay=1")
    close = desktop.locator("form[data-confirm]").get_by_role("button", name="关闭订单")
    close.click()
    question = desktop.locator("#kit-confirm")
    assert "确认关闭这笔订单？" in question.inner_text()
    question.get_by_role("button", name="取消").click()
    assert desktop.url.endswith("?stay=1")
    close.click()
    with desktop.expect_navigation():
        question.get_by_role("button", name="确认").click()
    assert "stay=1" not in desktop.url


def test_a_quantity_jumps_from_none_to_the_minimum_and_back(desktop: Page) -> None:
    desktop.goto("/design/")
    field = desktop.get_by_role("spinbutton", name="M8×30 数量")
    less = desktop.get_by_role("button", name="减少 M8×30 数量")
    more = desktop.get_by_role("button", name="增加 M8×30 数量")
    less.click()
    assert field.input_value() == "0"
    more.click()
    assert field.input_value() == "100"
    more.click()
    assert field.input_value() == "200"


def test_ticking_rows_counts_them(desktop: Page) -> None:
    desktop.goto("/design/#tables")
    desktop.get_by_role("checkbox", name="全选").check()
    assert "已选 4 项" in desktop.locator(".bulkbar-count").inner_text()
    desktop.get_by_role("checkbox", name="选择订单 260302000418").uncheck()
    assert "已选 3 项" in desktop.locator(".bulkbar-count").inner_text()


def test_the_theme_switches_at_once_and_stays(desktop: Page) -> None:
    desktop.goto("/design/")
    before = desktop.evaluate("getComputedStyle(document.body).backgroundColor")
    with desktop.expect_response("**/design/theme/"):
        desktop.get_by_role("button", name="深色").click()
    after = desktop.evaluate("getComputedStyle(document.body).backgroundColor")
    assert after != before
    desktop.reload()
    assert desktop.evaluate("getComputedStyle(document.body).backgroundColor") == after


def test_without_script_everything_is_there(browse: Callable[..., Page]) -> None:
    page = browse(390, 844, java_script_enabled=False)
    page.goto("/design/")
    page.get_by_role("link", name="申请退款").click()
    assert page.locator("#refund").is_visible()
    assert page.get_by_role("spinbutton", name="M8×30 数量").is_visible()
    assert not page.get_by_role("button", name="增加 M8×30 数量").is_visible()
    page.goto("/design/")
    page.get_by_role("button", name="English").click()
    assert page.get_by_role("heading", name="Components", exact=True).is_visible()


def test_nothing_moves_while_the_page_comes_in(desktop: Page) -> None:
    desktop.add_init_script(
        "window.moved = 0; new PerformanceObserver(list => list.getEntries().forEach("
        "entry => { if (!entry.hadRecentInput) window.moved += entry.value; }))"
        ".observe({type: 'layout-shift', buffered: true});"
    )
    desktop.goto("/design/frame/storefront/", wait_until="networkidle")
    assert desktop.evaluate("window.moved") < 0.01
