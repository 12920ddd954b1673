"""Operators in the season, in a real browser: readable at both widths, live, many decided at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from django.urls import reverse

from pifa.parties.models import User
from pifa.programme import commands
from pifa.programme.models import Appeal, Enrolment, Freeze, Mark, Membership
from tests.catalog import market as goods
from tests.plugins.clock import MarketClock
from tests.programme.world import CODE, World, verdict

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.cooked_books]

OVERFLOW = """() => [...document.querySelectorAll("main *")].filter(
    one => one.getBoundingClientRect().right > innerWidth + 1 && !one.closest("thead, .sr-only")
).map(one => one.outerHTML.slice(0, 80))"""


@pytest.fixture
def season(transactional_db: None, market_clock: MarketClock) -> World:
    world = World(market_clock)
    world.publish()
    return world


def staff() -> User:
    return User.objects.create(username="staff", is_staff=True, is_superuser=True)


def waiting(season: World, name: str, exception: str = "") -> Enrolment:
    """An enrolment that waits for its reviewer."""
    seller = season.seller(name)
    season.rehearse(seller, 2)
    season.at(2, 20)
    return season.enrol(seller, exception)


@pytest.mark.parametrize(("width", "locale"), [(390, "zh-CN"), (1280, "en-US")])
def test_pages_fit_and_axe_finds_nothing(
    season: World,
    browse: Callable[..., Page],
    sign_in: Callable[[Page, User], None],
    axe: Callable[[Page], None],
    width: int,
    locale: str,
) -> None:
    long = "义乌市恒达金鼎远大精密五金标准件制造（集团）股份有限公司第二分公司"
    application = waiting(season, long, "区域龙头，线下年销 1.2 亿")
    slow, seller = season.member("慢厂"), season.member("冻结厂")
    season.at(3, 16)
    commands.appeal(goods.actor(slow), verdict(slow, "CHECK-15").pk, "少算了一笔")
    commands.mark(season.operator, seller.pk, "inspected", "SGS 报告")
    season.at(3, 28, 13)
    season.sell(slow, 30_000)
    user = staff()
    commands.assign_manager(
        season.operator, list(Membership.objects.values_list("pk", flat=True)), user.pk
    )
    freeze = Freeze.objects.create(
        company=seller,
        kind="missed",
        season=Membership.objects.all()[0].season,
        since="2018-03-01",
        until="2018-06-01",
    )
    assert Mark.objects.exists()
    page = browse(width, 900, locale=locale)
    sign_in(page, user)
    addresses = (
        reverse("admin:war_room", args=[CODE]),
        reverse("admin:programme_member", args=[CODE, slow.pk]),
        reverse("admin:programme_desk") + "?tab=exceptions",
        reverse("admin:programme_enrolment", args=[application.pk]),
        reverse("admin:programme_mine"),
        reverse("admin:programme_assign") + "?manager=all",
        reverse("admin:programme_appeals"),
        reverse("admin:programme_appeal", args=[Appeal.objects.get().pk]),
        reverse("admin:programme_freezes"),
        reverse("admin:programme_freeze", args=[freeze.pk]),
        reverse("admin:programme_marks"),
        reverse("admin:seasons"),
        reverse("admin:season", args=[CODE]),
        reverse("admin:season_dry_run", args=[CODE, "CHECK-PEAK"]),
        reverse("admin:season_publish"),
    )
    for place, address in enumerate(addresses):
        page.goto(address)
        assert page.evaluate(OVERFLOW) == [], address
        # What axe finds seldom comes with the width, and it takes longest.
        if width < 720 or place % 3 == 0:
            axe(page)


def test_the_war_room_follows_a_payment_and_many_are_decided_at_once(
    season: World, desktop: Page, sign_in: Callable[[Page, User], None]
) -> None:
    for name in ("甲厂", "乙厂"):
        waiting(season, name)
    sign_in(desktop, staff())
    desktop.goto(reverse("admin:programme_desk"))
    desktop.get_by_label("全选").check()
    assert desktop.locator("[data-ticked]").inner_text() == "2"
    desktop.get_by_label("同一理由").fill("资质齐全")
    desktop.get_by_role("button", name="处理勾选的").click()
    assert desktop.get_by_text("已通过").count() == 2
    season.at(3, 8)
    seller = Membership.objects.all()[0].company
    desktop.goto(reverse("admin:war_room", args=[CODE]))
    season.sell(seller, 12_300)
    desktop.locator("#war-room").get_by_text("¥1.23万").first.wait_for(timeout=2_000)
