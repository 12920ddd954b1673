"""The purchase adviser's page: what to do first, what is due, and onto the list by one button."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import pytest
from django.test import Client

from pifa.catalog.models import Offer, Sku
from pifa.kernel.actors import Role
from pifa.trade.models import PurchaseLine
from tests.build import buying
from tests.build.buying import Market
from tests.catalog import market as goods
from tests.plugins.clock import MarketClock

PAGE = "/buyer/adviser/"


def text(response: Any) -> str:
    return str(response.content.decode())


@pytest.fixture
def bag(market: Market, market_clock: MarketClock) -> int:
    """A SKU bought twice, ten days apart; 500 pieces each time."""
    sku_id = goods.sku_ids(market.bags)[0]
    for days in (10, 8):
        buying.pay(market, buying.order(market, [(sku_id, 500)]))
        market_clock.forward(days=days)
    return sku_id


def test_it_says_what_to_do_first(buyer: Client, market: Market) -> None:
    page = text(buyer.get(PAGE))
    assert "先下第一单" in page
    buying.pay(market, buying.order(market, [(goods.sku_ids(market.bags)[0], 500)]))
    page = text(buyer.get(PAGE))
    assert "从以前的订单再买一次" in page
    assert 'href="/buyer/orders/"' in page


def test_what_is_due_goes_onto_the_list_by_one_button(
    buyer: Client, market: Market, bag: int, market_clock: MarketClock
) -> None:
    page = text(buyer.get(PAGE))
    assert "还有 2 天" in page
    assert "和上次一样" in page
    market_clock.forward(days=5)
    page = text(buyer.get(PAGE))
    assert "已过 3 天" in page
    form = re.search(r'name="sku" value="(\d+)"><input[^>]*name="quantity" value="(\d+)"', page)
    assert form
    assert (int(form[1]), int(form[2])) == (bag, 500)
    page = text(buyer.post(PAGE, {"sku": form[1], "quantity": form[2]}, follow=True))
    assert "已加入进货单" in page
    assert "进货单里有 500个" in page
    assert 'name="sku"' not in page
    assert PurchaseLine.objects.get().quantity == 500


@pytest.mark.parametrize(
    "form", [{}, {"sku": "x", "quantity": "1"}, {"sku": "99999", "quantity": "1"}]
)
def test_what_is_no_goods_is_refused(buyer: Client, market: Market, form: dict[str, str]) -> None:
    assert buyer.post(PAGE, form).status_code in (404, 409, 422)
    assert not PurchaseLine.objects.exists()


def test_prices_are_told_as_they_rose_and_what_is_gone_has_no_button(
    buyer: Client, market: Market, bag: int
) -> None:
    Sku.objects.get(pk=bag).breaks.update(price_e4=1500)
    page = text(buyer.get(PAGE))
    assert "比上次贵 ¥0.03" in page
    assert "¥0.15" in page
    Sku.objects.filter(pk=bag).update(stock=200, reserved=0)
    page = text(buyer.get(PAGE))
    assert "只剩 200个" in page
    assert 'name="sku"' in page
    Offer.objects.filter(pk=market.bags.pk).update(state="offline")
    page = text(buyer.get(PAGE))
    assert "现在不卖了" in page
    assert 'name="sku"' not in page


def test_peers_stand_there_only_where_levels_are_known(
    buyer: Client, market: Market, bag: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "同等级买家" not in text(buyer.get(PAGE))

    def levels(ids: Iterable[int]) -> dict[int, str]:
        return dict.fromkeys(ids, "LEVEL-2")

    monkeypatch.setattr("pifa.web.buyer.adviser.levels_of", levels)
    page = text(buyer.get(PAGE))
    assert "同等级买家付的价" in page
    assert "不足五家，不显示" in page


def test_who_does_not_buy_reads_only(market: Market, bag: int) -> None:
    keeper = Client()
    actor = goods.actor(buying.company_of(market.buyer), Role.FINANCE)
    keeper.force_login(buying.user_of(actor), "django.contrib.auth.backends.ModelBackend")
    page = text(keeper.get(PAGE))
    assert "常买的货" in page
    assert 'name="sku"' not in page
    assert keeper.post(PAGE, {"sku": bag, "quantity": 100}).status_code == 403


def test_with_goods_it_speaks_english(
    buyer: Client, market: Market, bag: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pifa.web.buyer.adviser.levels_of", lambda ids: dict.fromkeys(ids, "L"))
    page = text(buyer.get(PAGE, headers={"Accept-Language": "en"}))
    main = page.split("<main", 1)[1].split("</main>", 1)[0]
    for name in (market.bags.title, "海棠五金厂", "M8×30", "尺寸"):
        main = main.replace(name, "")
    assert not re.findall(r"[\u4e00-\u9fff]+", main)
