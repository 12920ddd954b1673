"""Cash on delivery by the API: a seller's terms, what is collected, what the market's staff do."""

from __future__ import annotations

import pytest

from pifa.finance.models import CashBatch, CashItem, Payable
from pifa.finance.sandbox import carrier
from pifa.kernel.actors import Role
from pifa.kernel.money import Money
from pifa.parties import commands as parties
from pifa.trade import commands as trade
from pifa.trade.models import Order
from tests.api.client import App
from tests.api.market import SmallMarket, small_market
from tests.catalog import market as goods

TERMS = {"on": True, "limit": "20000.00", "regions": ["33"]}


@pytest.fixture
def market(db: None) -> SmallMarket:
    return small_market()


def shipped(market: SmallMarket) -> Order:
    """An order to be paid at the door that is on its way."""
    App(market.token).call("PUT", "/cash/terms", TERMS)
    order = market.trading.place(100)
    payable = Payable.objects.get(subject=order.subject).number
    begun = App(market.buyer_token).post(
        f"/payables/{payable}/payments", {"method": "cash_on_delivery"}
    )
    assert begun["redirect_url"] == ""
    trade.ship(market.trading.selling, order.number, "沙箱快运", "T-9")
    return order


def test_from_the_terms_to_the_money(market: SmallMarket) -> None:
    seller, buyer = App(market.token), App(market.buyer_token)
    assert not seller.get("/cash/terms")["on"]
    order = shipped(market)
    assert seller.get("/cash/terms")["regions"] == ["33"]
    total = str(Money(order.total_fen).decimal)
    assert buyer.get(f"/orders/{order.number}")["cash"]["to_collect"] == total
    (item,) = seller.get("/cash/items", state="on_the_way")["items"]
    assert (item["order"], item["to_collect"]) == (order.number, total)
    carrier.act(item["number"], "collect")
    carrier.remit()
    (item,) = seller.get("/cash/items")["items"]
    assert (item["state"], item["remitted"], item["late"]) == ("remitted", total, False)
    assert seller.get("/cash/totals")["remitted"] == total


def test_less_at_the_door_is_found_and_let_go(market: SmallMarket) -> None:
    seller, order = App(market.token), shipped(market)
    carrier.act(CashItem.objects.get().number, "less", Money(3_00))
    (found,) = seller.get("/cash/findings")["items"]
    assert (found["kind"], found["found"]) == ("less_at_door", "3.00")
    path = f"/orders/{order.number}/cash/forgive"
    App(market.buyer_token).call("POST", path, expect=404)
    assert seller.post(path)["amount"] == str(Money(order.total_fen - 3_00).decimal)
    seller.call("POST", path, expect=409)


def test_terms_that_cannot_be_are_refused(market: SmallMarket) -> None:
    seller = App(market.token)
    seller.call("PUT", "/cash/terms", {**TERMS, "limit": "99999999.00"}, expect=422)
    seller.call("PUT", "/cash/terms", {**TERMS, "regions": ["99"]}, expect=422)
    clerk = App(parties.issue_token(goods.actor(market.trading.seller, Role.CLERK), "x"))
    assert not clerk.get("/cash/terms")["on"]
    clerk.call("PUT", "/cash/terms", TERMS, expect=403)
    clerk.call("GET", "/cash/items", expect=403)


def test_the_staff_reconcile_batches(market: SmallMarket) -> None:
    staff = App(market.staff_token)
    shipped(market)
    carrier.act(CashItem.objects.get().number, "collect")
    (debt,) = staff.get("/market/cash/debts")["items"]
    assert debt["parcels"] == 1
    carrier.remit("stranger")
    number = CashBatch.objects.get().number
    assert [row["number"] for row in staff.get("/market/cash/batches")["items"]] == [number]
    lines = staff.get(f"/market/cash/batches/{number}/lines")["items"]
    assert [line["judgement"] for line in lines] == ["matched", "unknown"]
    assert staff.post(f"/market/cash/batches/{number}/recheck")["left"] == "88.00"
    back = staff.post(
        f"/market/cash/batches/{number}/return", {"reason": "查无此单", "left": "88.00"}
    )
    assert (back["left"], back["returned"]) == ("0.00", "88.00")
    (found,) = staff.get("/market/cash/findings")["items"]
    assert staff.post(f"/market/cash/findings/{found['id']}/clear", {"note": "已退"})["items"] == []
    assert len(staff.get("/market/cash/items")["items"]) == 1
    for path in ("items", "findings", "debts", "batches", f"batches/{number}"):
        App(market.token).call("GET", f"/market/cash/{path}", expect=403)
