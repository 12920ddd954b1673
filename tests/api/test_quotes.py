"""Quotes by the API: from the question to the order, as two programs see it."""

from __future__ import annotations

import pytest

from tests.api.client import App
from tests.api.market import SmallMarket, small_market

DAY, LATER = "2026-03-06", "2026-03-20"


@pytest.fixture
def market(db: None) -> SmallMarket:
    return small_market()


def test_from_the_question_to_the_order(market: SmallMarket) -> None:
    buyer, seller = App(market.buyer_token), App(market.token)
    asked = buyer.post(
        "/quote-requests",
        {
            "lines": [
                {"sku_id": market.trading.skus[0], "quantity": 1500, "wanted_price": "0.2800"},
                {"title": "垫圈", "unit": "件", "quantity": 100},
            ],
            "address_id": market.trading.address.pk,
            "answers_until": DAY,
        },
    )
    (row,) = seller.get("/quotes", tab="waiting")["items"]
    assert (row["lines"], row["answers_until"], row["total"]) == (2, DAY, None)
    seen = seller.put(
        f"/quotes/{row['number']}/answer",
        {
            "prices": [{"position": 1, "price": "0.2875"}],
            "freight": "12.50",
            "lead_days": 3,
            "valid_until": LATER,
        },
    )
    assert seen["address_id"] is None
    assert [quote["verbs"] for quote in seen["quotes"]] == [["revise", "withdraw"]]
    (quote,) = buyer.get(f"/quote-requests/{asked['number']}")["quotes"]
    assert quote["answer"]["total"] == "443.75"
    assert quote["answer"]["prices"] == [{"position": 1, "price": "0.2875", "amount": "431.25"}]
    assert quote["answer"]["terms"]["way"] == "full"
    taken = {"revision": 1, "message": "请装箱"}
    order = buyer.post(f"/quotes/{quote['number']}/accept", taken, expect=201)["number"]
    assert buyer.post(f"/quotes/{quote['number']}/accept", taken)["number"] == order
    made = seller.get(f"/orders/{order}")
    assert (made["total"], made["lines"][0]["price"]) == ("443.75", "0.2875")
    assert made["quote"] == {"quote": quote["number"], "request": asked["number"]}
    (listed,) = buyer.get("/quote-requests")["items"]
    assert (listed["state"], listed["order"], listed["answered"]) == ("ordered", order, 1)


def test_every_verb_and_what_is_refused(market: SmallMarket) -> None:
    buyer, seller = App(market.buyer_token), App(market.token)
    quote = market.quote
    told = buyer.post(f"/quotes/{quote}/accept", {"revision": 9}, expect=409)
    assert (told["code"], told["figures"]["total"]) == ("quotes.changed", "443.75")
    seller.post(f"/quotes/{quote}/withdraw", {"reason": "缺料"}, expect=204)
    seller.post(f"/quotes/{quote}/decline", {}, expect=409)
    buyer.post(f"/quotes/{quote}/refuse", {}, expect=409)
    seller.call("GET", f"/quote-requests/{market.rfq}", expect=404)
    buyer.call("GET", f"/quotes/{quote}", expect=404)
    buyer.post(f"/quote-requests/{market.rfq}/close", expect=204)
    assert buyer.get("/quote-requests", tab="waiting")["items"] == []
    assert buyer.get("/quote-requests", tab="ended")["items"][0]["state"] == "closed"
