"""What the API says when something is refused: problem details, in the reader's language."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from django.test import Client

from tests.api.client import App
from tests.api.market import SmallMarket, small_market


@pytest.fixture
def market(db: None) -> SmallMarket:
    return small_market()


def checkout(market: SmallMarket, quantity: object, total: str = "35.00") -> dict[str, object]:
    return {
        "lines": [{"sku_id": market.trading.skus[0], "quantity": quantity}],
        "address_id": market.trading.address.pk,
        "shown_total": total,
    }


@pytest.mark.parametrize(
    ("language", "title", "words"),
    [
        ("zh", "与当前状态冲突", "您看到的总额是 ¥1.00，现在是 ¥35.00"),
        ("zh-CN,zh;q=0.9", "与当前状态冲突", "您看到的总额是 ¥1.00"),
        ("en", "In conflict with the present state", "¥1.00"),
        ("en-GB", "In conflict with the present state", "¥35.00"),
    ],
)
def test_a_changed_price_is_told_with_both_totals(
    market: SmallMarket, language: str, title: str, words: str
) -> None:
    app = App(market.buyer_token, language)
    response = app.respond("POST", "/orders", checkout(market, 100, "1.00"))
    assert (response.status_code, response["Content-Type"]) == (409, "application/problem+json")
    problem = json.loads(response.content)
    assert problem["type"] == "/api/v1/docs#trade.price_changed"
    assert (problem["title"], problem["status"]) == (title, 409)
    assert words in problem["detail"]
    assert problem["figures"] == {"shown": "1.00", "total": "35.00"}
    assert problem["errors"] == []


@pytest.mark.parametrize("quantity", [0, -5, 10**12, "100", 1.5, True, None])
def test_a_quantity_that_cannot_be_meant_names_its_field(
    market: SmallMarket, quantity: object
) -> None:
    app = App(market.buyer_token)
    problem = app.post("/orders", checkout(market, quantity), expect=400)
    assert problem["code"] == "request.malformed"
    (error,) = problem["errors"]
    assert error["field"] == "lines[0].quantity"
    assert error["detail"] in {"不能小于 1。", "不能大于 100000000。", "须为整数。"}


def test_more_than_there_is_names_the_sku_and_what_is_left(market: SmallMarket) -> None:
    app = App(market.buyer_token, "en")
    problem = app.post("/orders", checkout(market, 10_001), expect=409)
    assert problem["code"] == "catalog.above_stock"
    assert (problem["figures"]["wanted"], problem["figures"]["available"]) == (10_001, 10_000)


def test_every_field_that_is_wrong_is_named_in_both_languages(market: SmallMarket) -> None:
    body = {"lines": [{"sku": 1}], "address_id": "7", "shown_total": 35}
    said = {}
    for language in ("zh", "en"):
        problem = App(market.buyer_token, language).post("/orders", body, expect=400)
        said[language] = {error["field"]: error["detail"] for error in problem["errors"]}
    assert set(said["zh"]) == {
        "lines[0].sku_id",
        "lines[0].quantity",
        "lines[0].sku",
        "address_id",
        "shown_total",
    }
    assert said["zh"]["lines[0].sku_id"] == "必须填写。"
    assert said["en"]["lines[0].sku_id"] == "This is required."
    assert said["zh"].keys() == said["en"].keys()


def test_goods_that_are_not_accepted_say_all_that_is_wrong(market: SmallMarket) -> None:
    tiers = [{"min_quantity": 10, "price": "1"}, {"min_quantity": 5, "price": "2"}]
    offer = {"title": "螺", "category_id": 1, "skus": [{"code": "A", "tiers": tiers}]}
    problem = App(market.token).post("/goods", offer, expect=422)
    fields = {(error["field"], error["figures"].get("sku")) for error in problem["errors"]}
    assert ("title", None) in fields
    assert ("tiers", "A") in fields


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"{", "request.not_json"),
        (b"\xff\xfe", "request.not_json"),
        (b'{"lines": NaN}', "request.not_json"),
        (b"[" * 100_000, "request.not_json"),
        (b'{"app_name": "\\u0000"}', "request.bad_text"),
        (b'{"app_name": "\\ud800"}', "request.bad_text"),
        (b'{"\\udfff": 1}', "request.bad_text"),
    ],
)
def test_a_body_that_cannot_be_read_is_refused(market: SmallMarket, body: bytes, code: str) -> None:
    response = Client().post(
        "/api/v1/me/tokens",
        body,
        content_type="application/json",
        headers={"Authorization": f"Bearer {market.token}"},
    )
    assert response.status_code in (400, 422)
    assert response.json()["code"] == code


def test_an_escaped_backslash_is_no_hidden_character(market: SmallMarket) -> None:
    app = App(market.token)
    app.post("/me/tokens", {"app_name": "\\u0000"}, expect=201)
    assert "\\u0000" in {token["app_name"] for token in app.get("/me/tokens")["items"]}


def test_hidden_characters_in_an_address_are_refused(market: SmallMarket) -> None:
    app = App(market.token)
    assert app.call("GET", "/offers", q="a\x00b", expect=422)["code"] == "request.bad_text"
    assert app.call("GET", "/orders/1%00", expect=404)["code"] == "not_found"


def test_a_body_beyond_the_limit_is_too_large(market: SmallMarket) -> None:
    app = App(market.token)
    problem = app.post("/me/tokens", {"app_name": "x" * 6_000_000}, expect=413)
    assert problem["code"] == "request.too_large"


@pytest.mark.parametrize("path", ["/nowhere", "/orders/", "/goods/abc/def", ""])
def test_an_address_that_leads_nowhere_is_a_problem_too(market: SmallMarket, path: str) -> None:
    response = App(market.token).respond("GET", path)
    assert (response.status_code, response["Content-Type"]) == (404, "application/problem+json")


def test_a_method_that_an_address_has_not_is_told_with_those_it_has(market: SmallMarket) -> None:
    response = App(market.token).respond("DELETE", "/orders")
    assert response.status_code == 405
    assert set(response["Allow"].split(", ")) == {"GET", "POST"}
    assert json.loads(response.content)["code"] == "request.method"


def test_a_list_refuses_a_cursor_that_it_did_not_give(market: SmallMarket) -> None:
    app = App(market.token)
    for path in ("/offers", "/goods", "/notices", "/threads", "/customers"):
        assert app.call("GET", path, cursor="bad", expect=422)["code"] == "cursor.bad"


def test_a_day_that_cannot_be_meant_is_refused(market: SmallMarket) -> None:
    problem = App(market.token).call(
        "GET", "/reports/sales", since="0001-01-01", until="2026-01-01", expect=422
    )
    assert "2000-01-01" in problem["detail"]


def test_a_fault_of_the_server_is_a_problem_without_its_trace(
    market: SmallMarket, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_args: object) -> None:
        raise RuntimeError("a secret of the server")

    monkeypatch.setattr("pifa.trade.queries.orders", broken)
    response = App(market.token).respond("GET", "/orders", side="seller")
    assert (response.status_code, response["Content-Type"]) == (500, "application/problem+json")
    assert b"secret" not in response.content


def test_a_parameter_that_an_endpoint_does_not_have_is_told(market: SmallMarket) -> None:
    # A misspelt filter would else give the whole list.
    app = App(market.token)
    problem = app.call("GET", "/orders", expect=400, side="seller", stauts="closed", keywrd="M6")
    assert problem["code"] == "request.malformed"
    told = [(error["field"], error["code"]) for error in problem["errors"]]
    assert told == [("stauts", "extra_forbidden"), ("keywrd", "extra_forbidden")]
    assert problem["errors"][0]["detail"] == "没有这个字段，请检查拼写。"
    app.call("GET", "/orders", side="seller", tab="closed", keyword="M6", size=5)


def test_no_endpoint_takes_parameters_that_it_does_not_name(market: SmallMarket) -> None:
    app = App(market.token)
    plain = [
        (method.upper(), path.removeprefix("/api/v1"), operation["parameters"])
        for path, operations in app.get("/openapi.json")["paths"].items()
        for method, operation in operations.items()
        if "requestBody" not in operation
    ]
    assert len(plain) > 100
    for method, path, places in plain:
        needed = {
            place["name"]: fitting(place["schema"])
            for place in places
            if place.get("in") == "query" and place["required"]
        }
        for part in re.findall(r"{(\w+)}", path):
            path = path.replace(
                f"{{{part}}}", next(fitting(p["schema"]) for p in places if p.get("name") == part)
            )
        problem = app.call(method, path, expect=400, surprise="1", **needed)
        assert [error["field"] for error in problem["errors"]] == ["surprise"], (method, path)


def fitting(schema: dict[str, Any]) -> str:
    """A value that a parameter may have."""
    if "enum" in schema:
        return str(schema["enum"][0])
    return "2026-01-01" if schema.get("format") == "date" else "11"
