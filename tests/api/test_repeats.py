"""Idempotency keys: the same request again gets the same answer and does nothing."""

from __future__ import annotations

import pytest

from pifa.kernel.models import IdempotencyKey
from pifa.parties.models import Address, ApiToken, Company
from pifa.trade.models import Order
from tests.api.client import App
from tests.api.market import SmallMarket, small_market
from tests.api.test_order_life import ADDRESS, PASSWORD


@pytest.fixture
def market(db: None) -> SmallMarket:
    return small_market()


def test_an_address_added_twice_under_one_key_is_there_once(market: SmallMarket) -> None:
    app = App(market.buyer_token)
    before = Address.objects.count()
    first = app.post("/addresses", ADDRESS, key="k-1", expect=201)
    assert app.post("/addresses", ADDRESS, key="k-1", expect=201) == first
    assert Address.objects.count() == before + 1

    other = app.post("/addresses", ADDRESS | {"city": "宁波市"}, key="k-1", expect=422)
    assert other["code"] == "idempotency_conflict"
    assert Address.objects.count() == before + 1


def test_keys_of_two_members_do_not_meet(market: SmallMarket) -> None:
    App(market.buyer_token).post("/addresses", ADDRESS, key="k-1", expect=201)
    App(market.token).post("/addresses", ADDRESS | {"city": "宁波市"}, key="k-1", expect=201)


def test_a_request_that_failed_leaves_its_key_free(market: SmallMarket) -> None:
    app = App(market.buyer_token)
    app.post("/addresses", ADDRESS | {"mobile": "12"}, key="k-1", expect=422)
    assert not IdempotencyKey.objects.exists()
    app.post("/addresses", ADDRESS, key="k-1", expect=201)


def test_orders_placed_twice_under_one_key_are_the_same_orders(market: SmallMarket) -> None:
    app, trading = App(market.buyer_token), market.trading
    lines = [{"sku_id": trading.skus[0], "quantity": 100}]
    total = app.post("/checkout", {"lines": lines, "region": "33"})["total"]
    request = {"lines": lines, "address_id": trading.address.pk, "shown_total": total}

    placed = app.post("/orders", request, key="one-checkout", expect=201)
    assert app.post("/orders", request, key="one-checkout", expect=201) == placed
    assert Order.objects.count() == 1
    assert trading.stock() == (10_000, 100)

    more = request | {"lines": [{"sku_id": trading.skus[0], "quantity": 101}]}
    assert app.post("/orders", more, key="one-checkout", expect=422)["code"] == (
        "idempotency_conflict"
    )


def test_a_payment_started_twice_under_one_key_is_one_attempt(market: SmallMarket) -> None:
    app = App(market.buyer_token)
    number = market.trading.place().number
    payable = app.get(f"/orders/{number}")["payable_number"]
    path, body = f"/payables/{payable}/payments", {"method": "gateway"}
    first = app.post(path, body, key="pay")
    assert app.post(path, body, key="pay") == first
    assert len(app.get(path)["items"]) == 1


def test_a_secret_is_shown_once_and_not_kept(market: SmallMarket) -> None:
    app = App(market.buyer_token)
    token = app.post("/me/tokens", {"app_name": "看板"}, key="k-1", expect=201)["token"]
    before = ApiToken.objects.count()
    again = app.post("/me/tokens", {"app_name": "看板"}, key="k-1", expect=409)
    assert again["code"] == "idempotency.shown_once"
    assert ApiToken.objects.count() == before
    assert token not in str(list(IdempotencyKey.objects.values()))


def test_a_sign_up_may_be_repeated_and_its_password_is_not_kept(db: None) -> None:
    request = {
        "company_name": "顺达建材行",
        "login": "shunda",
        "person_name": "周晨",
        "username": "shunda",
        "password": PASSWORD,
        "email": "shunda@example.com",
        "mobile": "13812345678",
        "region": "33",
        "city": "温岭市",
    }
    first = App().post("/sign-up", request, key="k-1", expect=201)
    assert App().post("/sign-up", request, key="k-1", expect=201) == first
    assert Company.objects.count() == 1
    assert App().post("/sign-up", request, expect=409)["code"] == "company.login_taken"
    assert PASSWORD not in str(list(IdempotencyKey.objects.values()))


@pytest.mark.parametrize("key", ["", "with space", "k" * 129, "键"])
def test_a_key_that_is_none_is_refused(market: SmallMarket, key: str) -> None:
    answer = App(market.buyer_token).post("/addresses", ADDRESS, key=key, expect=400)
    assert answer["code"] == "idempotency.key"
    assert answer["errors"][0]["field"] == "Idempotency-Key"
