"""Every page of the buyer's centre, on a phone and on a desk: nothing overflows, axe finds nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from django.db.models import F

from pifa.benefits.labels import COLLECTION_CODE
from pifa.finance import commands as finance
from pifa.finance import queries
from pifa.finance.methods.corporate_transfer.queries import instructions
from pifa.finance.sandbox import transfers
from pifa.finance.sandbox.transfers import Transfer
from pifa.kernel.money import Money
from pifa.messages import commands as messages
from pifa.parties.models import Company, User
from pifa.trade import commands
from tests.build import buying
from tests.build.buying import Market
from tests.catalog.market import sku_ids
from tests.finance.conftest import grant
from tests.plugins.clock import MarketClock

if TYPE_CHECKING:
    from playwright.sync_api import Page


@pytest.fixture
def market(transactional_db: None) -> Market:
    return buying.small_market()


def _paths(market: Market) -> list[str]:
    """The centre's pages, with orders in several states and some talk behind them."""
    bag = sku_ids(market.bags)[0]
    unpaid, shipped, refused = (buying.order(market, [(bag, 500)]) for _ in range(3))
    for number in (shipped, refused):
        buying.pay(market, number)
        commands.ship(market.seller, number, "顺达快递", "SD20260328001")
    case = commands.ask_refund(market.buyer, refused, "money", Money(1000), "少了一箱")
    commands.answer_refund(market.seller, case, False, "发货时点过数")
    said = messages.say(
        market.buyer,
        market.buyer.company_id or 0,
        market.seller.company_id or 0,
        f"order:{shipped}",
        f"订单 {shipped}",
        "什么时候能到？",
    )
    grant(market.buyer.company_id or 0, COLLECTION_CODE)
    transfer = _transfer(market, unpaid)
    finance.renew_collection_code(market.buyer)
    return [
        "/buyer/",
        "/buyer/collection/",
        "/buyer/transfers/",
        transfer,
        "/sandbox/bank/",
        "/buyer/balance/",
        "/buyer/standing/",
        "/buyer/orders/",
        f"/buyer/orders/{unpaid}/",
        f"/buyer/orders/{shipped}/",
        f"/buyer/orders/{shipped}/refund/",
        f"/buyer/orders/{refused}/",
        "/buyer/addresses/",
        "/buyer/addresses/new/",
        "/buyer/adviser/",
        "/buyer/suppliers/",
        "/buyer/messages/",
        f"/buyer/messages/{said.thread_id}/",
        "/buyer/notices/",
        "/buyer/notices/preferences/",
        "/buyer/statement/",
        "/buyer/company/",
        "/buyer/company/verification/",
        "/buyer/company/members/",
        "/buyer/company/tokens/",
    ]


def _transfer(market: Market, number: str) -> str:
    """The page by which an order is paid by transfer, after one from another name came."""
    Company.objects.update(verified_name=F("name"))
    payable = queries.payable(f"order:{number}")
    assert payable is not None
    begun = finance.start_payment(market.buyer, payable.number, "transfer")
    told = instructions(market.buyer, begun.payment_number)
    transfers.make(
        Transfer("晨光贸易", "6222", "云汀商业银行", told.account_no, told.amount, told.remark)
    )
    return begun.redirect_url


@pytest.mark.parametrize("device", ["phone", "desktop"])
def test_every_page_is_in_order(
    device: str,
    request: pytest.FixtureRequest,
    market: Market,
    axe: Callable[[Page], None],
    sign_in: Callable[[Page, User], None],
) -> None:
    page: Page = request.getfixturevalue(device)
    sign_in(page, market.user)
    for place, path in enumerate(_paths(market)):
        page.goto(path)
        assert page.locator("h1").count() == 1, path
        assert page.locator(".btn-main:visible").count() <= 2, path
        too_wide = page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        assert too_wide <= 0, path
        # What axe finds seldom comes with the width, and it takes longest.
        if device == "phone" or place % 3 == 0:
            axe(page)


@pytest.mark.parametrize("device", ["phone", "desktop"])
def test_usual_goods_go_onto_the_list(
    device: str,
    request: pytest.FixtureRequest,
    market: Market,
    market_clock: MarketClock,
    axe: Callable[[Page], None],
    sign_in: Callable[[Page, User], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    bag = sku_ids(market.bags)[0]
    for _ in range(2):
        buying.pay(market, buying.order(market, [(bag, 500)]))
        market_clock.forward(days=9)
    monkeypatch.setattr("pifa.web.buyer.adviser.levels_of", lambda ids: dict.fromkeys(ids, "L"))
    page: Page = request.getfixturevalue(device)
    sign_in(page, market.user)
    page.goto("/buyer/adviser/")
    page.get_by_text("买过 2 次").click()
    page.get_by_role("table", name="每次付的价").wait_for()
    axe(page)
    page.get_by_role("button", name="加入进货单").click()
    page.get_by_text("进货单里有 500个").first.wait_for()
    too_wide = page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    assert too_wide <= 0
    axe(page)


@pytest.mark.parametrize("device", ["phone", "desktop"])
def test_the_storefronts_other_pages_are_in_order(
    device: str, request: pytest.FixtureRequest, market: Market, axe: Callable[[Page], None]
) -> None:
    page: Page = request.getfixturevalue(device)
    shop = f"/shop/shop-{market.seller.company_id}/"
    for path in ("/categories/", "/search/?q=螺栓", "/search/?q=没有", shop, "/login/", "/join/"):
        page.goto(path)
        axe(page)


def test_two_hundred_skus_react_at_once(
    desktop: Page, market: Market, axe: Callable[[Page], None]
) -> None:
    from tests.catalog import market as goods

    offer = goods.offer(
        buying.company_of(market.seller),
        stock=[1000] * 200,
        breaks=((10, "3.50"), (100, "3.10")),
        moq=10,
    )
    first, *_, last = sku_ids(offer)
    page = desktop
    page.goto(f"/offer/{offer.pk}/")
    assert page.locator(".skus input[type=number]").count() == 200
    page.locator(f"#sku_{first}").fill("60")
    page.locator(f"#sku_{last}").fill("40")
    page.locator(f"#sku_{last}").blur()
    page.locator("#sum").get_by_text("¥310.00").first.wait_for()
    row = page.locator(".skus tr", has=page.locator(f"#sku_{last}"))
    assert row.locator(".sku-price").inner_text() == "¥3.10"
    assert page.locator(f"#amount-{last}").inner_text() == "¥124.00"
    axe(page)
