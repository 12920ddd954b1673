"""Instant payout, the collection code and first-order protection by the API."""

from __future__ import annotations

import pytest

from pifa.benefits.labels import COLLECTION_CODE, FIRST_ORDER_PROTECTION
from pifa.finance import commands as finance
from pifa.finance.sandbox import bank
from pifa.kernel.actors import Role
from pifa.kernel.money import Money
from pifa.parties import commands as parties
from pifa.trade import commands as trade
from tests.api.client import App
from tests.api.market import SmallMarket, small_market
from tests.catalog import market as goods
from tests.finance.conftest import grant, grant_instant_payout


@pytest.fixture
def market(db: None) -> SmallMarket:
    return small_market()


def test_a_seller_switches_instant_payout(market: SmallMarket) -> None:
    seller, company = App(market.token), market.trading.seller
    off = {"granted": False, "on": False, "rate": None, "early": "0.00", "owed": "0.00"}
    assert seller.get("/instant-payout") == off
    seller.call("PUT", "/instant-payout", {"on": True}, expect=409)
    grant_instant_payout(company.pk)
    assert seller.put("/instant-payout", {"on": True})["rate"] == "0.0012"
    number = market.trading.paid(1000).number
    assert seller.get("/instant-payout")["early"] == "310.00"
    assert seller.get("/balances")["balance"] == "309.63"
    money = seller.get(f"/orders/{number}")["money"]
    assert "极速到账手续费" in str(money)
    assert "手续费" not in str(App(market.buyer_token).get(f"/orders/{number}")["money"])
    clerk = App(parties.issue_token(goods.actor(company, Role.CLERK), "x"))
    clerk.call("PUT", "/instant-payout", {"on": False}, expect=403)


def test_a_company_has_a_code_and_reads_what_came(market: SmallMarket) -> None:
    app, company = App(market.buyer_token), market.trading.buyer
    app.call("POST", "/collection-code", expect=409)
    grant(company.pk, COLLECTION_CODE)
    made = app.post("/collection-code")
    token = made["address"].rstrip("/").rpartition("/")[2]
    begun = finance.start_collection(token, Money(500), "样品", "10.0.0.1")
    bank.act(begun.redirect_url.rstrip("/").rpartition("/")[2], "pay")
    (row,) = app.get("/collections")["items"]
    assert (row["amount"], row["note"]) == ("5.00", "样品")
    path = f"/collections/{row['number']}/refund"
    back = app.post(path, {"amount": "2.00", "reason": "多付"})
    assert (back["refunded"], app.get("/collections")["items"]) == ("2.00", [back])
    app.call("POST", path, {"amount": "3.01"}, expect=409)
    app.call("POST", "/collections/Q1/refund", {"amount": "1.00"}, expect=404)
    assert app.post("/collection-code")["address"] != made["address"]
    app.delete("/collection-code")
    assert app.get("/collection-code")["address"] is None


def test_a_first_order_is_claimed_and_decided(market: SmallMarket) -> None:
    buyer, operator = App(market.buyer_token), App(market.staff_token)
    grant(market.trading.buyer.pk, FIRST_ORDER_PROTECTION, limit="200.00")
    order = market.trading.shipped(1000)
    path = f"/orders/{order.number}/first-order-protection"
    assert buyer.get(path) == {"limit": "200.00", "losses": [], "claim": None}
    case = trade.ask_refund(market.trading.buying, order.number, "money", Money(50_00), "少发")
    trade.answer_refund(market.trading.selling, case, accept=False, answer="已发足")
    (loss,) = buyer.get(path)["losses"]
    assert (loss["kind"], loss["most"]) == ("refused", "50.00")
    App(market.token).call("GET", path, expect=404)
    asked = {"kind": "refused", "amount": "50.00", "words": "少两箱"}
    claim = buyer.post(path, asked)["claim"]
    buyer.call("POST", path, asked, expect=409)
    (row,) = operator.get("/operator/first-order-claims")["items"]
    assert row["number"] == claim["number"]
    decision = f"/operator/first-order-claims/{claim['number']}/decision"
    buyer.call("POST", decision, {"approve": True}, expect=403)
    operator.call("POST", decision, {"approve": False}, expect=422)
    assert operator.post(decision, {"approve": True})["paid"] == "50.00"
    assert buyer.get("/balances")["balance"] == "50.00"
    assert buyer.get(path)["claim"]["state"] == "approved"
