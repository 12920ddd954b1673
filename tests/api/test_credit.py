"""Trade credit by the API: granted, used, on a statement, paid in part; strangers see nothing."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from pifa.finance.models import Payable
from pifa.finance.sandbox import bank
from pifa.kernel import clock, deadlines
from pifa.kernel.money import Money
from pifa.parties import commands as parties
from pifa.trade import commands as trade
from tests.api.client import App
from tests.api.market import SmallMarket, small_market
from tests.catalog import market as goods
from tests.finance.credit.conftest import relate

NOON = clock.start_of_day(date(2026, 3, 16)) + timedelta(hours=12)


@pytest.fixture
def market(db: None) -> SmallMarket:
    with clock.frozen(NOON):
        return small_market()


def statement_left(owed: str) -> str:
    """What is owed after ¥10.00 was paid."""
    return str((Money.yuan(owed) - Money(10_00)).decimal)


def grant(market: SmallMarket) -> int:
    trading = market.trading
    relate(trading.seller, trading.buyer)
    terms = {"limit": "10000.00", "terms": "monthly", "number": 28}
    made = App(market.token).post("/credit/lines", {"login": trading.buyer.login, **terms})
    assert made["free"] == "10000.00"
    line_id: int = made["id"]
    return line_id


def test_a_line_from_grant_to_repayment(market: SmallMarket) -> None:
    seller, buyer, trading = App(market.token), App(market.buyer_token), market.trading
    with clock.frozen(NOON):
        line_id = grant(market)
        order = trading.place(1000)
        payable = Payable.objects.get(subject=order.subject).number
        methods = {m["code"]: m for m in buyer.get(f"/payables/{payable}/methods")["items"]}
        assert methods["trade_credit"]["offered"]
        begun = buyer.post(f"/payables/{payable}/payments", {"method": "trade_credit"})
        assert begun["redirect_url"] == ""
        shown = buyer.get(f"/orders/{order.number}")
        assert (shown["promised"], shown["refundable"]) == (shown["total"], shown["total"])
        assert shown["credit"]["due_on"] is None
        trade.ship(trading.selling, order.number, "试验快递", "T1")
        trade.confirm_receipt(trading.buying, order.number)
        assert buyer.get(f"/orders/{order.number}")["credit"]["due_on"] == "2026-03-28"
        assert buyer.get("/credit/due")["items"] == []
    deadlines.run_due(clock.start_of_day(date(2026, 3, 28)) + timedelta(hours=1))
    with clock.frozen(clock.start_of_day(date(2026, 3, 28)) + timedelta(hours=2)):
        (due,) = buyer.get("/credit/due")["items"]
        statement = buyer.get(f"/credit/statements/{due['statement']}")
        assert (statement["period_start"], statement["last_day"], statement["due_on"]) == (
            "2026-03-16",
            "2026-03-27",
            "2026-03-28",
        )
        (item,) = seller.get(f"/credit/statements/{due['statement']}/items")["items"]
        assert item["number"] == order.number
        path = f"/credit/lines/{line_id}/repayments"
        buyer.call("POST", path, {"amount": "99999.00"}, expect=422)
        asked = {"amount": "10.00", "statement": due["statement"]}
        repayment = buyer.post(path, asked)
        begun = buyer.post(
            f"/payables/{repayment['payable_number']}/payments", {"method": "gateway"}
        )
        bank.act(begun["redirect_url"].rstrip("/").rpartition("/")[2], "pay")
        paid = buyer.get(f"/credit/repayments/{repayment['number']}")
        assert paid["laid_out"] == [{"number": order.number, "amount": "10.00"}]
        (row,) = seller.get("/credit/ageing")["items"]
        assert row["buckets"]["not_due"] == row["owed"] == statement_left(due["open"])
        history = seller.get(f"/credit/lines/{line_id}/history")["items"]
        assert [change["what"] for change in history] == ["grant"]


def test_chosen_with_the_order(market: SmallMarket) -> None:
    buyer, trading = App(market.buyer_token), market.trading
    line_id = grant(market)
    seller_id = str(trading.seller.pk)

    def preview(quantity: int) -> dict[str, Any]:
        lines = [{"sku_id": trading.skus[0], "quantity": quantity}]
        found = buyer.post("/checkout", {"lines": lines, "region": "33"}, expect=200)
        asked = {"address_id": trading.address.pk, "shown_total": found["total"]}
        ways = {seller_id: "trade_credit"}
        return {**found, "order": {"lines": lines, "ways": ways, **asked}}

    (way,) = preview(100)["sellers"][0]["ways"]
    assert (way["code"], way["offered"]) == ("trade_credit", True)
    assert way["figures"] == {"limit": "10000.00", "used": "0.00", "free": "10000.00"}
    lowered = {"limit": "5.00", "terms": "monthly", "number": 28}
    App(market.token).put(f"/credit/lines/{line_id}", lowered)
    found = preview(100)
    (way,) = found["sellers"][0]["ways"]
    assert (way["offered"], way["figures"]["needed"]) == (False, found["total"])
    refused = buyer.call("POST", "/orders", found["order"], expect=409)
    assert refused["code"] == "trade.way_not_agreed"
    assert (refused["figures"]["free"], refused["figures"]["needed"]) == ("5.00", found["total"])
    assert buyer.get("/orders?side=buyer")["items"] == []
    (number,) = buyer.post("/orders", preview(1)["order"])["numbers"]
    order = buyer.get(f"/orders/{number}")
    assert (order["status"], order["promised"]) == ("awaiting_shipment", order["total"])


def test_the_seller_changes_and_freezes(market: SmallMarket) -> None:
    seller, buyer = App(market.token), App(market.buyer_token)
    line_id = grant(market)
    path = f"/credit/lines/{line_id}"
    changed = seller.put(path, {"limit": "5.00", "terms": "days", "number": 30})
    assert (changed["limit"], changed["terms"], changed["number"]) == ("5.00", "days", 30)
    seller.call("PUT", path, {"limit": "5.00", "terms": "monthly", "number": 32}, expect=422)
    assert seller.post(f"{path}/freeze", {"reason": "对账"}, expect=200)["state"] == "frozen"
    seller.call("POST", f"{path}/freeze", {"reason": "对账"}, expect=409)
    assert buyer.get(path)["frozen_reason"] == "对账"
    assert seller.post(f"{path}/unfreeze", expect=200)["state"] == "open"
    buyer.call("PUT", path, {"limit": "5.00", "terms": "days", "number": 30}, expect=404)


def test_a_stranger_sees_no_line(market: SmallMarket) -> None:
    line_id = grant(market)
    stranger = App(parties.issue_token(goods.actor(goods.company("路人")), "x"))
    for path in ("", "/items", "/history", "/statements", "/repayments"):
        stranger.call("GET", f"/credit/lines/{line_id}{path}", expect=404)
    stranger.call("POST", f"/credit/lines/{line_id}/repayments", {}, expect=404)
    assert stranger.get("/credit/lines")["items"] == []
