"""Order invitations by the API: made, changed, recalled; what a guest bought is taken over."""

from __future__ import annotations

from typing import Any

import pytest

from pifa.trade.invitations import links
from pifa.trade.models import Order, OrderInvitation
from tests.api.client import App
from tests.api.market import SmallMarket, small_market
from tests.trade.invitations.market import confirm, of, pay

LATER = "2026-03-20"


@pytest.fixture
def market(db: None) -> SmallMarket:
    return small_market()


def said(market: SmallMarket, **fields: Any) -> dict[str, Any]:
    return {
        "lines": [
            {"sku_id": market.trading.skus[0], "quantity": 1000, "price": "0.2755"},
            {"title": "定制挂钩", "unit": "件", "quantity": 20, "price": "12.5"},
        ],
        "freight": "12.00",
        "valid_until": LATER,
    } | fields


def test_an_invitation_from_its_draft_to_its_order(market: SmallMarket) -> None:
    seller = App(market.token)
    made = seller.post("/invitations", said(market, draft=True))
    assert (made["state"], made["total"], made["link"]) == ("draft", "537.50", "")
    number = made["number"]
    sent = seller.post(f"/invitations/{number}/send")
    assert sent["link"].endswith(f"/i/{links.token_of(number, 1)}/")
    changed = seller.put(f"/invitations/{number}", said(market, freight="20.00"))
    assert (changed["revision"], changed["total"]) == (2, "545.50")
    renewed = seller.post(f"/invitations/{number}/renew")
    assert renewed["link"] != sent["link"]
    (row,) = seller.get("/invitations", tab="open")["items"]
    assert (row["number"], row["lines"], row["title"]) == (
        number,
        2,
        made["lines"][0]["title"],
    )
    confirm(market.trading, of(number))
    pay(market.trading, of(number))
    done = seller.get(f"/invitations/{number}")
    order = Order.objects.get()
    assert (done["state"], done["order"], done["link"]) == ("done", order.number, "")
    again = seller.post(f"/orders/{order.number}/invite")
    assert OrderInvitation.objects.get(number=again["number"]).state == "draft"
    seller.post(f"/invitations/{again['number']}/recall")

    buyer = App(market.buyer_token)
    buyer.call("GET", f"/invitations/{number}", expect=404)
    refused = buyer.call("POST", "/orders/claim", {"code": "WRONG"}, expect=422)
    assert refused["code"] == "invitations.code_refused"
    code = links.claim_code_of(number, order.number)
    assert buyer.post("/orders/claim", {"code": code})["orders"] == [order.number]
    assert buyer.get(f"/orders/{order.number}")["number"] == order.number


def test_a_key_makes_one_invitation(market: SmallMarket) -> None:
    seller = App(market.token)
    first = seller.call("POST", "/invitations", said(market), key="one")
    second = seller.call("POST", "/invitations", said(market), key="one")
    assert first == second
    assert OrderInvitation.objects.count() == 1
