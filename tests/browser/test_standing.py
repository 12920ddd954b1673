"""Where a company stands, with everything on it: on a phone and a desk, light and dark."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from pifa.benefits import commands as benefits
from pifa.benefits.rules import Held, Terms
from pifa.kernel import clock
from pifa.parties.models import User
from pifa.standing.models import Kind
from tests.build import standing
from tests.trade import market

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.django_db(transaction=True)

OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture
def trading(transactional_db: None) -> market.Trading:
    found = market.trading()
    standing.just_under_4a(found.seller)
    standing.level_2(found.buyer)
    standing.held(found.seller, Kind.MEDAL, (60, "MEDAL-2", 2), (20, "MEDAL-3", 3))
    standing.held(found.seller, Kind.TIER, (60, "TIER-PROSPECT", 1))
    standing.held(found.buyer, Kind.LEVEL, (60, "LEVEL-0", 0), (2, "LEVEL-2", 2))
    standing.held(found.buyer, Kind.CREDIT, (60, "0", 0), (2, "2", 2))
    terms = Terms({"boost": 3}, "BENEFIT-SEARCH-BOOST", {"zh": "交易勋章 3A", "en": "3A"})
    benefits.sync("standing", clock.today(), {Held(found.seller.pk, "search_boost"): terms})
    return found


@pytest.mark.parametrize("device", ["phone", "desktop"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_both_pages_and_their_cards_are_in_order(
    device: str,
    scheme: str,
    request: pytest.FixtureRequest,
    trading: market.Trading,
    axe: Callable[[Page], None],
    sign_in: Callable[[Page, User], None],
) -> None:
    page: Page = request.getfixturevalue(device)
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    for side, actor in (("seller", trading.selling), ("buyer", trading.buying)):
        page.context.clear_cookies()
        sign_in(page, User.objects.get(pk=actor.user_id or 0))
        for path in (f"/{side}/standing/", f"/{side}/"):
            page.goto(path)
            assert page.evaluate(OVERFLOW) <= 0, path
            axe(page)
        page.goto(f"/{side}/standing/")
        # A rule's name leads to its line among all rules, which opens.
        page.locator('a[href^="#rule-"]').first.click()
        page.locator("#rules tr:target").wait_for()
        page.evaluate("document.querySelectorAll('main details').forEach(d => d.open = true)")
        assert page.evaluate(OVERFLOW) <= 0
        axe(page)
