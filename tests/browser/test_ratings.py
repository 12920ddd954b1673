"""The console's pages of ratings and rules in a real browser: readable at both widths, by anybody."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.test import override_settings
from django.urls import reverse

from pifa.parties.models import User
from pifa.standing import commands
from tests.metrics.world import ONE, TODAY, at
from tests.plugins.clock import MarketClock
from tests.standing import market

if TYPE_CHECKING:
    from playwright.sync_api import Page

expect = pytest.importorskip("playwright.sync_api").expect

pytestmark = pytest.mark.django_db(transaction=True)

OVERFLOW = """() => [...document.querySelectorAll("main *")].filter(
    one => one.getBoundingClientRect().right > innerWidth + 1 && !one.closest("thead")
).map(one => one.outerHTML.slice(0, 80))"""


@pytest.fixture
def rated(
    transactional_db: None, market_clock: MarketClock, tmp_path: Path
) -> Iterator[dict[str, str]]:
    """A market with a rated day; the addresses of its pages."""
    market_clock.set(at(TODAY))
    with override_settings(LAKE=tmp_path / "lake"):
        market.settle()
        market.sell(60_000, 3, TODAY - 2 * ONE)
        commands.rate(TODAY)
        yield {
            "ratings": reverse("admin:ratings"),
            "step": reverse("admin:ratings_step", args=["medal", "MEDAL-3"]),
            "standing": reverse("admin:company_standing", args=[market.SELLER]),
            "rulebook": reverse("admin:rulebook"),
        }


@pytest.mark.parametrize("locale", ["zh-CN", "en-US"])
@pytest.mark.parametrize("width", [390, 1280])
def test_pages_fit_and_axe_finds_nothing(
    rated: dict[str, str],
    browse: Callable[..., Page],
    sign_in: Callable[[Page, User], None],
    axe: Callable[[Page], None],
    width: int,
    locale: str,
) -> None:
    page = browse(width, 900, locale=locale)
    sign_in(page, User.objects.create(username="staff", is_staff=True, is_superuser=True))
    for name, address in rated.items():
        page.goto(address)
        assert page.evaluate(OVERFLOW) == [], name
        # What axe finds comes neither with the width nor with the language alone.
        if (width < 720) == (locale == "zh-CN"):
            axe(page)


def test_an_operator_rates_today_and_reads_why(
    rated: dict[str, str], desktop: Page, sign_in: Callable[[Page, User], None]
) -> None:
    sign_in(desktop, User.objects.create(username="staff", is_staff=True, is_superuser=True))
    desktop.goto(rated["ratings"])
    desktop.get_by_role("button", name="立即评定").click()
    expect(desktop.get_by_text(f"{TODAY} 的结果与已有的一致")).to_be_visible()
    desktop.get_by_role("link", name="3A", exact=True).click()
    desktop.get_by_role("link", name=f"企业{market.SELLER}", exact=True).click()
    expect(desktop.get_by_role("heading", name="升到 4A 的条件")).to_be_visible()
    expect(desktop.get_by_text("还差 ¥140,000.00")).to_be_visible()
