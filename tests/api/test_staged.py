"""Staged and split payment by programs of both sides."""

from __future__ import annotations

import pytest

from pifa.finance.sandbox import bank
from pifa.finance.sandbox.bank import BankAction
from pifa.parties import commands as parties
from tests.api.client import App
from tests.api.test_order_life import picture
from tests.catalog import market as goods
from tests.trade.market import Trading, trade_of
from tests.trade.staged_market import staged_trading

pytestmark = pytest.mark.django_db


@pytest.fixture
def trading(db: None) -> Trading:
    return staged_trading()


@pytest.fixture
def buyer(trading: Trading) -> App:
    return App(parties.issue_token(trading.buying, "采购"))


@pytest.fixture
def seller(trading: Trading) -> App:
    return App(parties.issue_token(trading.selling, "仓库"))


def pay(buyer: App, payable: str, part: int | None = None) -> None:
    wanted = {"method": "gateway"} | ({} if part is None else {"part": part})
    begun = buyer.post(f"/payables/{payable}/payments", wanted, expect=201)
    bank.act(trade_of(begun["payment_number"]), BankAction.PAY)


def test_from_the_plan_to_the_balance(trading: Trading, buyer: App, seller: App) -> None:
    offer = buyer.get(f"/offers/{trading.offer.pk}")
    assert offer["staged"] == {
        "deposit_bp": 3000,
        "deposit": None,
        "production_days": 10,
        "balance_days": 5,
        "keeper": "seller",
    }
    lines = [{"sku_id": trading.skus[0], "quantity": 100}]
    (part,) = buyer.post("/checkout", {"lines": lines, "region": "33"})["sellers"]
    assert (part["deposit"], part["balance"]) == ("10.50", "24.50")
    placed = buyer.post(
        "/orders",
        {"lines": lines, "address_id": trading.address.pk, "shown_total": "35.00"},
        expect=201,
    )
    number = placed["numbers"][0]
    payable = buyer.get(f"/orders/{number}")["payable_number"]

    split = buyer.put(f"/payables/{payable}/parts", {"amounts": ["4.00", "6.50"]})
    told = [(row["position"], row["amount"], row["payable_now"]) for row in split["stages"]]
    assert told == [(0, "4.00", True), (1, "6.50", True), (2, "24.50", False)]
    methods = buyer.get(f"/payables/{payable}/methods", part=1)["items"]
    why_not = {method["code"]: method["why_not"] for method in methods}
    assert why_not["balance"] == "余额 ¥0.00，还差 ¥6.50。"
    pay(buyer, payable, part=1)
    pay(buyer, payable)

    assert seller.get("/orders", side="seller", tab="in_production")["items"][0]["number"] == number
    seller.upload(
        f"/orders/{number}/production", percent="40", text="备料完成", pictures=[picture()]
    )
    production = buyer.get(f"/orders/{number}/stages")["production"]
    assert (production["percent"], production["may_cancel"]) == (40, False)
    (note,) = production["notes"]
    address = f"/orders/{number}/production/pictures/{note['picture_ids'][0]}"
    assert buyer.respond("GET", address)["Content-Type"] == "image/png"
    stranger = App(parties.issue_token(goods.actor(goods.company("别家")), "别家"))
    assert stranger.respond("GET", address).status_code == 404
    buyer.post(f"/orders/{number}/production/leave", expect=409)

    told = seller.post(f"/orders/{number}/production/finish")
    assert [row["state"] for row in told["stages"]] == ["paid", "paid", "now"]
    coming = buyer.get(f"/orders/{number}")["coming"]
    assert coming[0]["words"] == "还没有付清尾款，订单关闭，定金归卖家"
    pay(buyer, payable)
    assert buyer.get(f"/orders/{number}")["status"] == "awaiting_shipment"
    refund = {"kind": "money", "amount": "10.50", "reason": "少做", "purpose": "deposit"}
    case = buyer.post(f"/orders/{number}/refunds", refund, expect=201)
    assert case["purpose"] == "deposit"


def test_parts_that_do_not_add_up_are_refused(trading: Trading, buyer: App) -> None:
    order = trading.place(100)
    payable = buyer.get(f"/orders/{order.number}")["payable_number"]
    problem = buyer.call(
        "PUT", f"/payables/{payable}/parts", {"amounts": ["4.00", "6.00"]}, expect=422
    )
    assert "须等于待付的 ¥10.50" in problem["detail"]


def test_a_seller_keeps_its_plan_and_cancels(trading: Trading, buyer: App, seller: App) -> None:
    assert seller.get("/staged-plan")["plan"] is None
    plan = {"deposit": "500.00", "production_days": 20, "keeper": "buyer"}
    kept = seller.put("/staged-plan", {"plan": plan})["plan"]
    assert (kept["deposit"], kept["deposit_bp"], kept["balance_days"]) == ("500.00", None, 7)
    wrong = {"plan": plan | {"deposit_bp": 3000}}
    seller.call("PUT", "/staged-plan", wrong, expect=422)
    assert seller.put("/staged-plan", {"plan": None})["plan"] is None

    order = trading.place(100)
    pay(buyer, buyer.get(f"/orders/{order.number}")["payable_number"])
    seller.post(f"/orders/{order.number}/production/cancel", {"reason": "设备故障"})
    assert buyer.get(f"/orders/{order.number}")["refunded"] == "10.50"
