"""Quotes by the API: from the question to the order, as two programs see it."""

from __future__ import annotations

import io
from typing import Any

import pytest
from PIL import Image

from pifa.parties import commands as parties
from tests.api.client import App
from tests.api.market import SmallMarket, small_market
from tests.catalog import market as goods
from tests.trade.quotes.market import BOLTS, another_seller, ask, quote_of

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
    insurance = buyer.get(f"/quotes/{quote['number']}/freight-insurance")
    assert insurance == {"premium": "0.45", "insured": "12.00", "given": False}
    taken = {"revision": 1, "message": "请装箱", "premium": insurance["premium"]}
    order = buyer.post(f"/quotes/{quote['number']}/accept", taken, expect=201)["number"]
    assert buyer.post(f"/quotes/{quote['number']}/accept", taken)["number"] == order
    made = seller.get(f"/orders/{order}")
    assert (made["total"], made["lines"][0]["price"]) == ("443.75", "0.2875")
    assert (made["lead_days"], made["ship_by"]) == (3, None)
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


ANSWER = {
    "prices": [{"position": 1, "price": "0.2875"}],
    "freight": "12.50",
    "lead_days": 3,
    "valid_until": LATER,
}


@pytest.mark.parametrize(
    ("figures", "deposit"),
    [({"deposit": "100.00"}, "100.00"), ({"deposit_percent": 30}, "133.13")],
)
def test_staged_terms_ask_a_deposit_by_amount_or_share(
    market: SmallMarket, figures: dict[str, object], deposit: str
) -> None:
    buyer, seller = App(market.buyer_token), App(market.token)
    quote = quote_of(market.rfq, market.trading.selling).number
    terms = {"way": "staged", "production_days": 20, **figures}
    seen = seller.put(f"/quotes/{quote}/answer", {**ANSWER, "terms": terms})
    given = seen["quotes"][0]["answer"]
    assert given["deposit"] == deposit
    assert given["terms"]["deposit"] == figures.get("deposit")
    order = buyer.post(f"/quotes/{quote}/accept", {"revision": 1}, expect=201)["number"]
    stages = buyer.get(f"/orders/{order}/stages")["stages"]
    assert stages[0]["amount"] == deposit


def test_a_line_has_one_price(market: SmallMarket) -> None:
    seller = App(market.token)
    quote = quote_of(market.rfq, market.trading.selling).number
    twice = [{"position": 1, "price": "1"}, {"position": 1, "price": "2"}]
    told = seller.put(f"/quotes/{quote}/answer", {**ANSWER, "prices": twice}, expect=422)
    assert told["errors"][0]["field"] == "prices"
    assert seller.get(f"/quotes/{quote}")["quotes"][0]["answer"] is None


def test_a_picture_goes_with_the_question_until_somebody_answers(market: SmallMarket) -> None:
    buyer, seller = App(market.buyer_token), App(market.token)
    stranger = App(parties.issue_token(another_seller(market.trading), "别家"))
    rfq, quote = market.rfq, quote_of(market.rfq, market.trading.selling).number
    buyer.call("GET", f"/quote-requests/{rfq}/picture", expect=404)
    for size in ((20, 10), (30, 10)):
        sent = attach(buyer, rfq, size)
        assert sent.status_code == 204
    for app, path in ((buyer, f"/quote-requests/{rfq}"), (seller, f"/quotes/{quote}")):
        assert app.get(path)["has_picture"]
        shown = app.respond("GET", f"{path}/picture")
        assert shown["Content-Type"] == "image/png"
        assert Image.open(io.BytesIO(shown.content)).size == (30, 10)
        stranger.call("GET", f"{path}/picture", expect=404)
    assert attach(stranger, rfq, (9, 9)).status_code == 404
    assert attach(seller, rfq, (9, 9)).status_code == 404
    seller.put(f"/quotes/{quote}/answer", ANSWER)
    late = attach(buyer, rfq, (9, 9))
    assert (late.status_code, late.json()["code"]) == (409, "quotes.answered_already")


def attach(app: App, rfq: str, size: tuple[int, int]) -> Any:
    """Send a picture to a request."""
    file = io.BytesIO()
    Image.new("RGB", size, "red").save(file, "PNG")
    file.seek(0)
    file.name = "sketch.png"
    return app.client.post(
        f"/api/v1/quote-requests/{rfq}/picture",
        {"picture": file},
        headers={"Authorization": f"Bearer {app.token}"},
    )


def test_a_buyer_reads_whom_it_may_ask(market: SmallMarket) -> None:
    other = another_seller(market.trading)
    goods.seller()
    found = App(market.buyer_token).get("/quote-requests/sellers")["items"]
    assert other.company_id in {row["id"] for row in found}
    assert all(row["name"] for row in found)
    for row in found:
        ask(market.trading, [BOLTS], seller_ids=[row["id"]])


def test_goods_that_are_not_there_are_told(market: SmallMarket) -> None:
    # A wrong number would else be passed over, and its seller not asked.
    seller_id = another_seller(market.trading).company_id
    asked = {
        "lines": [{"title": "垫圈", "unit": "件", "quantity": 100}],
        "address_id": market.trading.address.pk,
        "answers_until": DAY,
        "seller_ids": [seller_id],
        "offer_ids": [99_999_999],
    }
    told = App(market.buyer_token).post("/quote-requests", asked, expect=409)
    assert (told["code"], told["figures"]["offer_id"]) == ("trade.not_for_sale", 99_999_999)
