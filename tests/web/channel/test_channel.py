"""The channel on a buyer's phone: whose pages open, what an order on one screen becomes."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from django.test import Client

from pifa.finance.models import Payable
from pifa.kernel.money import Money
from pifa.parties.models import Address, User
from pifa.posts.models import PostReader
from pifa.relationships.models import Relationship
from pifa.trade.models import Order
from tests.catalog import market as goods
from tests.site.private_market import PrivateMarket, private_market
from tests.web.seller.conftest import body, signed_in


@pytest.fixture
def market(db: None) -> PrivateMarket:
    return private_market()


@pytest.fixture
def buyer(market: PrivateMarket) -> Client:
    return signed_in(market.trading.buying)


def typed(page: str, name: str) -> str:
    """The value of a field of a page."""
    found = re.search(rf'name="{name}"[^>]*value="([^"]*)"', page)
    assert found is not None
    return found[1]


def test_a_stranger_is_asked_to_sign_in_and_others_find_nothing(market: PrivateMarket) -> None:
    address = f"/channel/posts/{market.post}/"
    assert Client().get(address).headers["Location"] == f"/login/?next={address}"
    for outsider in (market.other, market.revoked):
        client = signed_in(outsider)
        seller = market.trading.seller.pk
        for path in (
            address,
            f"/channel/sellers/{seller}/",
            f"/channel/goods/{market.secret}/",
            f"/channel/goods/{market.shown}/",
            f"/channel/orders/{market.order}/",
            f"/channel/orders/?seller={seller}",
        ):
            assert client.get(path).status_code == 404, path


def test_who_reads_the_feed_has_read_it(market: PrivateMarket, buyer: Client) -> None:
    assert '<span class="badge">1</span>' in body(buyer.get("/channel/"))
    buyer.get("/channel/updates/")
    assert PostReader.objects.filter(post=market.post).count() == 1
    assert '<span class="badge">1</span>' not in body(buyer.get("/channel/"))


def test_goods_are_ordered_on_their_screen_at_ones_own_price(
    market: PrivateMarket, buyer: Client
) -> None:
    address, sku = f"/channel/goods/{market.shown}/", market.trading.skus[0]
    form: dict[str, Any] = {f"sku_{sku}": "200", "act": "order"}
    first = buyer.post(address, form)
    assert first.status_code == 422  # no total was shown yet
    page = body(first)
    form |= {name: typed(page, name) for name in ("shown_total", "key")}
    assert form["shown_total"] == str(Money.yuan("46.90").fen)
    placed = buyer.post(address, form)
    order = Order.objects.latest("pk")
    assert placed.headers["Location"] == f"/pay/?order={order.number}&in=channel"
    # Whoever pays from the channel stays in it: no search, no categories, and back to the channel.
    paying = body(buyer.get(placed.headers["Location"]))
    assert 'role="search"' not in paying
    assert f"/channel/orders/{order.number}/" in paying
    payable = Payable.objects.get(subject=order.subject)
    begun = buyer.post(f"/pay/start/{payable.number}/", {"method": "nonsense"})
    assert begun.headers["Location"].endswith(
        f"?order={order.number}&in=channel&now={order.number}"
    )
    assert 'role="search"' in body(buyer.get(f"/pay/?order={order.number}"))
    assert (order.channel, order.goods_fen) == ("private", 46_90)  # public goods, in the channel


def test_public_goods_in_the_market_are_no_order_of_the_channel(market: PrivateMarket) -> None:
    assert market.trading.place().channel == "public"


def test_a_first_order_takes_its_address_along(market: PrivateMarket, buyer: Client) -> None:
    Address.objects.all().delete()
    sku = market.trading.skus[0]
    form: dict[str, Any] = {f"sku_{sku}": "10", "act": "order", "address": "new"}
    address = f"/channel/goods/{market.shown}/"
    page = body(buyer.post(address, form))
    form |= {name: typed(page, name) for name in ("shown_total", "key")}
    before = Order.objects.count()
    assert buyer.post(address, form).status_code == 422
    assert Order.objects.count() == before
    where = {"consignee": "李雷", "mobile": "13800000000", "region": "33", "city": "杭州"}
    form |= {f"new-{name}": text for name, text in where.items()} | {"new-detail": "路 1 号"}
    assert buyer.post(address, form).status_code == 302
    assert Order.objects.latest("pk").consignee == "李雷"


def test_orders_with_other_sellers_stay_out(market: PrivateMarket, buyer: Client) -> None:
    Relationship.objects.filter(buyer=market.trading.buyer).update(state="revoked")
    assert market.order not in body(buyer.get("/channel/orders/"))
    assert buyer.get(f"/channel/orders/{market.order}/").status_code == 404
    assert market.order in body(buyer.get("/buyer/orders/"))


def test_a_code_or_a_link_leads_to_asking(market: PrivateMarket) -> None:
    buying = goods.actor(goods.company())
    client = signed_in(buying)
    login = market.trading.seller.login
    for text in (login, f"https://market.example/channel/join/{login}/"):
        asked = client.post("/channel/", {"act": "ask", "code": text})
        assert asked.headers["Location"] == f"/channel/join/{login}/"
    assert client.post("/channel/", {"act": "ask", "code": "nobody-here"}).status_code == 422
    client.post(f"/channel/join/{login}/")
    row = Relationship.objects.get(buyer=buying.company_id)
    assert (row.state, row.requested_by) == ("requested", "buyer")


def test_the_worker_keeps_the_shell_alone(db: None) -> None:
    client = Client()
    worker = body(client.get("/channel/worker.js"))
    found = re.search(r"KEPT = (\[.*\]);", worker)
    assert found is not None
    kept = json.loads(found[1])
    assert all(path.startswith(("/static/", "/channel/offline/")) for path in kept)
    for path in kept:
        assert client.get(path).status_code == 200, path
    told = client.get("/channel/manifest.webmanifest").json()
    assert told["start_url"] == "/channel/"
    assert all(client.get(icon["src"]).status_code == 200 for icon in told["icons"])


def test_the_offline_page_knows_nobody(market: PrivateMarket, buyer: Client) -> None:
    page = body(buyer.get("/channel/offline/"))
    assert market.trading.buyer.name not in page
    user = User.objects.get(memberships__company=market.trading.buyer)
    assert user.username not in page
