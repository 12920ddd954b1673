"""The private channel by REST: posts, groups, their prices, audiences, quick listings."""

from __future__ import annotations

import pytest

from tests.api.client import App
from tests.api.market import SmallMarket, small_market


@pytest.fixture
def market(db: None) -> SmallMarket:
    return small_market()


def test_a_seller_runs_its_channel_and_a_customer_follows_it(market: SmallMarket) -> None:
    seller, buyer = App(market.token), App(market.buyer_token)
    seller.post(f"/relationships/{market.relationship}/grant")
    group = seller.post("/customer-groups", {"name": "老客户"}, expect=201)["id"]
    members = {"relationship_ids": [market.relationship]}
    assert seller.post(f"/customer-groups/{group}/members", members) == {"moved": 1}
    sku = market.trading.skus[0]
    tiers = [{"min_quantity": 1, "price": "0.3000"}]
    wanted = {"skus": [{"sku_id": sku, "tiers": tiers}]}
    assert seller.put(f"/customer-groups/{group}/prices", wanted) == {"changed": 1}
    (kept,) = seller.get(f"/customer-groups/{group}/prices")["items"]
    assert (kept["sku_id"], kept["tiers"][0]["price"]) == (sku, "0.3000")

    quick = seller.post("/goods/quick", {"title": "热镀锌螺母", "price": "0.5"}, expect=201)
    audience = f"/goods/{quick['id']}/audience"
    assert seller.put(audience, {"group_ids": [group]}) == {"group_ids": [group]}
    draft = {"words": "到货", "offer_ids": [quick["id"]], "group_ids": [group]}
    post = seller.post("/posts", draft, expect=201)["id"]

    (read,) = buyer.get("/posts")["items"]
    assert (read["words"], [card["id"] for card in read["goods"]]) == ("到货", [quick["id"]])
    assert (read["groups"], read["readers"]) == ([], 0)  # its seller's business
    buyer.post(f"/posts/{post}/read")
    assert len(seller.get(f"/posts/{post}/readers")["items"]) == 1
    buyer.call("GET", f"/posts/{post}/readers", expect=404)
    buyer.call("GET", f"/customer-groups/{group}/prices", expect=404)

    seller.post(f"/posts/{post}/recall")
    buyer.call("GET", f"/posts/{post}", expect=404)


def test_an_order_says_that_it_was_placed_in_the_channel(market: SmallMarket) -> None:
    seller, buyer = App(market.token), App(market.buyer_token)
    lines = [{"sku_id": market.trading.skus[0], "quantity": 100}]
    order = {"lines": lines, "address_id": market.trading.address.pk, "shown_total": "35.00"}

    def channel() -> str:
        (number,) = buyer.post("/orders", order | {"in_channel": True}, expect=201)["numbers"]
        return str(buyer.get(f"/orders/{number}")["channel"])

    assert channel() == "public"  # saying so is not enough: they are not related
    seller.post(f"/relationships/{market.relationship}/grant")
    assert channel() == "private"
