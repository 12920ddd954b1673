"""Past trade brought in by a program, its rejected rows, the claim of a customer's file."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from pifa.trade.past.commands import import_in_background
from tests.api.client import App
from tests.api.market import SmallMarket, small_market

SHEET = """\
订单编号,买家公司名,买家会员名,货品总价(元),运费(元),涨价或折扣(元),实付款(元),订单状态,订单创建时间,订单付款时间
A1,远达商行,yuanda,100.00,0.00,0.00,100.00,交易成功,2026-01-05 10:00:00,2026-01-05 10:05:00
A2,远达商行,yuanda,50.00,0.00,0.00,50.00,交易成功,2026-01-06 10:00:00,2026-01-06 10:05:00
A3,远达商行,yuanda,很多,0.00,0.00,很多,交易成功,2026-01-07 10:00:00,2026-01-07 10:05:00
"""


@pytest.fixture
def market(db: None) -> SmallMarket:
    return small_market()


def imported(seller: App) -> dict[str, Any]:
    sheet = SimpleUploadedFile("旧订单.csv", SHEET.encode())
    batch = seller.upload("/imports", sheet=sheet, mapping="order-sheet")
    assert batch["state"] == "waiting"
    import_in_background.call(batch["id"])
    done: dict[str, Any] = seller.get(f"/imports/{batch['id']}")
    return done


def test_past_orders_come_in_once_and_the_rest_is_told(market: SmallMarket) -> None:
    seller = App(market.token)
    batch = imported(seller)
    assert (batch["state"], batch["orders_new"], batch["rejected"]) == ("done", 2, 1)
    rejected = seller.respond("GET", f"/imports/{batch['id']}/rejected")
    assert "A3" in b"".join(rejected.streaming_content).decode()  # type: ignore[attr-defined]
    again = imported(seller)
    assert (again["orders_new"], again["orders_known"]) == (0, 2)

    span = {"since": "2026-01-01", "until": "2026-01-31"}
    assert seller.get("/reports/sales", **span)["sales"] == "0.00"
    report = seller.get("/reports/sales", **span, include_declared=True)
    assert (report["sales"], report["orders"], report["repeat_buyers"]) == ("150.00", 2, 1)
    days = seller.get("/reports/sales/daily", **span, include_declared=True)["items"]
    assert {day["day"]: day["sales"] for day in days}["2026-01-06"] == "50.00"
    assert len(days) == 31


def test_a_customer_claims_its_file(market: SmallMarket) -> None:
    seller, buyer = App(market.token), App(market.buyer_token)
    imported(seller)
    (customer,) = seller.get("/customers", state="noted")["items"]
    assert (customer["name"], customer["buyer_id"]) == ("远达商行", None)
    code = seller.post(f"/customers/{customer['id']}/claim-code", expect=201)["code"]
    assert buyer.get("/orders", side="buyer", tab="declared")["items"] == []

    claimed = buyer.post("/claims", {"code": code}, expect=201)
    assert (claimed["side"], claimed["state"]) == ("buyer", "granted")
    assert claimed["external_key"] is None
    seen = buyer.get("/orders", side="buyer", tab="declared")["items"]
    assert {order["external_no"] for order in seen} == {"A1", "A2"}
    buyer.post("/claims", {"code": code}, expect=422)


def test_a_mapping_is_named_or_given_never_a_file_of_the_server(market: SmallMarket) -> None:
    seller = App(market.token)
    names = {mapping["name"] for mapping in seller.get("/imports/mappings")["items"]}
    assert "order-sheet" in names
    headers = {"Authorization": f"Bearer {seller.token}"}
    for wanted, status in (({"mapping": "/etc/passwd"}, 404), ({"mapping_toml": "name = "}, 422)):
        sheet = SimpleUploadedFile("a.csv", SHEET.encode())
        response = seller.client.post(
            "/api/v1/imports", {"sheet": sheet, **wanted}, headers=headers
        )
        assert response.status_code == status, response.content


def test_anothers_import_does_not_exist(market: SmallMarket) -> None:
    batch = imported(App(market.token))
    App(market.buyer_token).call("GET", f"/imports/{batch['id']}", expect=404)
    App(market.buyer_token).call("GET", f"/imports/{batch['id']}/rejected", expect=404)
    assert App(market.buyer_token).get("/imports")["items"] == []
