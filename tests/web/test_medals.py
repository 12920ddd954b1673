"""The medal and the level where a buyer and a seller meet: tiles, offers, shops, orders."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from pifa.kernel import clock
from pifa.standing.models import Kind, Standing
from tests.build import standing
from tests.catalog import market as goods
from tests.trade import market
from tests.trade.market import Trading
from tests.web.seller.conftest import body, signed_in


@pytest.fixture
def trading(db: None) -> Trading:
    return market.trading()


def test_buyers_and_sellers_see_each_others_step(trading: Trading) -> None:
    standing.held(trading.seller, Kind.MEDAL, (20, "MEDAL-3", 3))
    standing.held(trading.buyer, Kind.LEVEL, (3, "LEVEL-3", 3))
    number = trading.paid(100).number
    assert '<span class="tag tag-line">L3</span>' in body(
        signed_in(trading.selling).get(f"/seller/orders/{number}/")
    )
    buyer = signed_in(trading.buying)
    shop = f"/shop/shop-{trading.seller.pk}/"
    for path in (f"/buyer/orders/{number}/", f"/offer/{trading.offer.pk}/", shop, "/search/"):
        assert "交易勋章 3A" in body(buyer.get(path)), path
    Standing.objects.create(
        company=trading.seller, kind=Kind.MEDAL, code="", rank=0, since=clock.today()
    )
    assert "交易勋章 3A" not in body(buyer.get(shop))


def test_a_page_of_tiles_asks_once_for_medals(trading: Trading, client: Client) -> None:
    for number in range(5):
        seller = goods.seller(f"第{number}家")
        goods.offer(seller)
        standing.held(seller, Kind.MEDAL, (3, f"MEDAL-{1 + number % 5}", 1 + number % 5))
    for path in ("/", "/search/", f"/shop/shop-{trading.seller.pk}/"):
        with CaptureQueriesContext(connection) as captured:
            client.get(path)
        assert len([row for row in captured if "standing_standing" in row["sql"]]) == 1, path
