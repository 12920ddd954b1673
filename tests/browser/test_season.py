"""A seller's way through a season on a phone, with axe: sign up, rehearse, enrol, prove, follow live."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pifa.parties.models import Company, User
from pifa.programme import commands
from pifa.programme.models import Enrolment, Rehearsal
from tests.catalog import market as goods
from tests.plugins.clock import MarketClock
from tests.programme.world import CODE, World, hear
from tests.trade.invoice_files import pdf

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.plugins.browser import Complaints

Axe = Callable[["Page"], None]
SignIn = Callable[["Page", User], None]

pytestmark = pytest.mark.cooked_books


@pytest.fixture
def season(transactional_db: None, market_clock: MarketClock) -> World:
    made = World(market_clock)
    made.publish()
    return made


def test_from_sign_up_to_a_live_dashboard(
    phone: Page,
    season: World,
    axe: Axe,
    sign_in: SignIn,
    complaints: Complaints,
    tmp_path: Path,
) -> None:
    complaints.forgive("422")  # a target below its floor is tried
    seller = season.seller("一家名字相当长的五金工具与紧固件制造有限公司")
    season.at(2, 16)
    sign_in(phone, User.objects.get(pk=goods.actor(seller).user_id or 0))
    _rehearse(phone, season, seller, axe)
    _enrol(phone, axe, tmp_path)
    commands.decide(season.operator, Enrolment.objects.get().pk, approve=True, reason="资质齐全")
    season.at(3, 6)
    hear()
    phone.goto("/seller/programme/")
    today = phone.locator("[data-figure=today]")
    assert "¥0" in today.inner_text()
    axe(phone)
    season.sell(seller, 123_400)
    phone.get_by_text("¥12.3万").first.wait_for(timeout=5_000)
    assert "¥12.3万" in today.inner_text()
    for page in ("benefits", "calendar", "way"):
        phone.goto(f"/seller/programme/{page}/?season={CODE}")
        axe(phone)
        width = phone.evaluate("document.documentElement.scrollWidth")
        assert width <= 390, page


def _rehearse(phone: Page, season: World, seller: Company, axe: Axe) -> None:
    """Sign up, be approved, see what counts and what does not, pass, be led to enrolment."""
    phone.goto("/seller/programme/")
    axe(phone)
    phone.get_by_role("button", name="报名彩排").click()
    phone.get_by_text("等待小二审核").wait_for()
    axe(phone)
    rehearsal = Rehearsal.objects.get()
    commands.decide_rehearsal(season.operator, rehearsal.pk, approve=True)
    season.at(2, 17)
    season.sell(seller, 50_000, 0, method="transfer")
    season.sell(seller, 900, 1, channel="public")
    phone.reload()
    phone.get_by_text("没有计入的订单").wait_for()
    axe(phone)
    for buyer in (1, 2):
        season.sell(seller, 100, buyer)
    phone.get_by_role("link", name="去报名").click(timeout=15_000)  # the open page hears of it


def _enrol(phone: Page, axe: Axe, folder: Path) -> None:
    """Be told of a floor, keep what was typed, enrol, send a paper."""
    phone.get_by_label("月目标").fill("900000")
    phone.get_by_label("大促当日目标").fill("500000")
    phone.get_by_label("公司年营业额").fill("52000000")
    phone.get_by_role("button", name="提交报名").click()
    phone.get_by_text("不得低于 ¥1,000,000.00，还差 ¥100,000.00").first.wait_for()
    assert phone.get_by_label("公司年营业额").input_value() == "52000000"
    axe(phone)
    phone.get_by_label("月目标", exact=True).fill("1000000")
    phone.get_by_role("button", name="提交报名").click()
    phone.get_by_text("还没有证明").wait_for()
    paper = folder / "审计报告.pdf"
    paper.write_bytes(pdf())
    phone.get_by_label("说明").fill("年度审计报告")
    phone.locator("input[type=file]").set_input_files(paper)
    phone.get_by_role("button", name="提交证明").click()
    phone.get_by_role("link", name="审计报告.pdf").wait_for()
    axe(phone)
