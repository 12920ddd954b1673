"""A seller's goods by a program: drafts, prices and stock in bulk, the goods sheet out and in."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from pifa.catalog.models import Category
from pifa.kernel.sheets import open_sheet
from pifa.parties import commands as parties
from tests.api.client import App
from tests.api.market import SmallMarket, small_market
from tests.catalog import market as goods


@pytest.fixture
def market(db: None) -> SmallMarket:
    return small_market()


@pytest.fixture
def seller(market: SmallMarket) -> App:
    return App(market.token)


def draft(**changes: Any) -> dict[str, Any]:
    sku = {"code": "A-1", "tiers": [{"min_quantity": 1, "price": "2.5"}], "stock": 100}
    category = Category.objects.order_by("pk").first() or goods.category()
    return {"title": "不锈钢螺母", "category_id": category.pk, "skus": [sku]} | changes


def test_an_offer_is_written_read_and_changed(seller: App) -> None:
    offer = seller.post(
        "/goods", draft(code="LM-1", attributes=[["材质", "304"]], multiple=10), expect=201
    )
    assert (offer["code"], offer["unit"], offer["attributes"]) == ("LM-1", "件", [["材质", "304"]])
    assert offer["skus"][0]["tiers"] == [{"min_quantity": 1, "price": "2.5000"}]
    changed = seller.put(f"/goods/{offer['id']}", draft(code="LM-1", title="不锈钢防松螺母"))
    assert changed["title"] == "不锈钢防松螺母"
    assert {item["code"] for item in seller.get("/goods", q="防松")["items"]} == {"LM-1"}
    assert seller.get("/goods", state="draft")["total"] == 1


def test_a_piece_weighs_grams_with_three_decimals(seller: App) -> None:
    def of(weight: object) -> list[dict[str, Any]]:
        tiers = [{"min_quantity": 1, "price": "0.01"}]
        return [{"code": "A-1", "tiers": tiers, "weight_g": weight}]

    offer = seller.post("/goods", draft(skus=of("0.1")), expect=201)
    assert offer["skus"][0]["weight_g"] == "0.100"
    for malformed in (0.1, "0.0001", "-1", "1e3"):
        problem = seller.post("/goods", draft(skus=of(malformed)), expect=400)
        assert problem["errors"][0]["field"] == "skus[0].weight_g"
        assert "最多三位小数" in problem["errors"][0]["detail"]
    problem = seller.post("/goods", draft(skus=of("200000000")), expect=422)
    (error,) = problem["errors"]
    assert (error["field"], error["code"]) == ("weight_g", "catalog.weight_out_of_range")
    assert error["figures"] == {"value": "200000000", "limit": "100000000", "sku": "A-1"}


def test_prices_change_for_all_or_for_none(market: SmallMarket, seller: App) -> None:
    first, second = market.trading.skus
    dearer = [{"min_quantity": 1, "price": "0.40"}, {"min_quantity": 1000, "price": "0.36"}]
    other = [{"min_quantity": 500, "price": "0.40"}]
    problem = seller.put(
        "/goods/prices",
        {"skus": [{"sku_id": first, "tiers": dearer}, {"sku_id": second, "tiers": other}]},
        expect=422,
    )
    assert problem["code"] == "catalog.unacceptable"
    seller.put(
        "/goods/prices", {"skus": [{"sku_id": sku, "tiers": dearer} for sku in (first, second)]}
    )
    grid = seller.get("/goods/skus", offer_ids=[market.trading.offer.pk])["items"]
    assert {sku["tiers"][0]["price"] for sku in grid} == {"0.4000"}


def test_stock_does_not_fall_below_what_orders_have_reserved(
    market: SmallMarket, seller: App
) -> None:
    market.trading.place(100)
    sku = market.trading.skus[0]
    problem = seller.put("/goods/stock", {"skus": [{"sku_id": sku, "stock": 99}]}, expect=409)
    assert (problem["code"], problem["figures"]["reserved"]) == (
        "catalog.stock_below_reserved",
        100,
    )
    assert seller.put("/goods/stock", {"skus": [{"sku_id": sku, "stock": 100}]}) == {"changed": 1}


def test_anothers_sku_cannot_be_priced(market: SmallMarket) -> None:
    stranger = App(market.buyer_token)
    tiers = [{"min_quantity": 1, "price": "0.01"}]
    skus = [{"sku_id": market.trading.skus[0], "tiers": tiers}]
    stranger.put("/goods/prices", {"skus": skus}, expect=404)


def test_goods_go_out_and_come_in_by_the_same_sheet(db: None) -> None:
    seller = App(parties.issue_token(goods.actor(goods.seller()), "仓库"))
    offer = seller.post("/goods", draft(code="LM-1"), expect=201)
    out = seller.respond("GET", "/goods/sheet", kind="csv")
    assert out["Content-Type"].startswith("text/csv")
    content = b"".join(out.streaming_content)  # type: ignore[attr-defined]
    changed = content.replace("螺母".encode(), "垫圈".encode())
    assert changed != content

    preview = seller.upload("/goods/sheet/preview", sheet=SimpleUploadedFile("g.csv", changed))
    assert (preview["changed"], preview["errors"]) == (1, [])
    assert seller.get(f"/goods/{offer['id']}")["title"] == "不锈钢螺母"

    report = seller.upload("/goods/sheet", sheet=SimpleUploadedFile("g.csv", changed))
    assert (report["changed"], report["offers"][0]["code"]) == (1, "LM-1")
    assert seller.get(f"/goods/{offer['id']}")["title"] == "不锈钢垫圈"

    broken = content.replace(b"2.5", b"a lot")
    report = seller.upload("/goods/sheet", sheet=SimpleUploadedFile("g.csv", broken))
    assert (report["refused"], report["changed"]) == (1, 0)
    assert report["errors"][0]["row"] == 2


def test_the_order_sheet_leaves_as_a_workbook(market: SmallMarket, seller: App) -> None:
    order = market.trading.paid()
    answer = seller.respond("GET", "/orders/sheet", kind="xlsx")
    assert "attachment" in answer["Content-Disposition"]
    with open_sheet(io.BytesIO(b"".join(answer.streaming_content))) as sheet:  # type: ignore[attr-defined]
        rows = list(sheet.table().rows)
    assert [str(row.cells[0]) for row in rows] == [order.number]


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.csv", b"\xff\xd8\xff\xe0 a picture"), ("a.xlsx", b"PK\x03\x04 no zip"), ("a.csv", b"x")],
)
def test_a_sheet_that_is_none_is_refused(seller: App, name: str, content: bytes) -> None:
    response = seller.client.post(
        "/api/v1/goods/sheet",
        {"sheet": SimpleUploadedFile(name, content)},
        headers={"Authorization": f"Bearer {seller.token}"},
    )
    assert response.status_code == 422, response.content
    assert response.json()["detail"]


def test_a_picture_that_is_none_is_refused(seller: App) -> None:
    response = seller.client.post(
        "/api/v1/pictures",
        {"picture": SimpleUploadedFile("a.png", b"<svg onload='x'>")},
        headers={"Authorization": f"Bearer {seller.token}"},
    )
    assert (response.status_code, response.json()["code"]) == (422, "picture.unreadable")


def test_freight_templates_are_kept(seller: App) -> None:
    zone = {"regions": ["33"], "first_units": 1, "first": "5.00", "step_units": 1, "step": "1.00"}
    template = {"name": "江浙", "basis": "pieces", "zones": [zone]}
    made = seller.post("/freight-templates", template, expect=201)["template_id"]
    seller.put(f"/freight-templates/{made}", template | {"zones": [zone | {"first": "6.00"}]})
    (kept,) = seller.get("/freight-templates")["items"]
    assert kept["zones"][0]["first"] == "6.00"
    seller.post("/freight-templates", template | {"name": "二", "zones": [zone, zone]}, expect=422)
    seller.delete(f"/freight-templates/{made}")
    assert seller.get("/freight-templates")["items"] == []
