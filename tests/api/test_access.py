"""Who may call what: tokens, strangers, roles, staff."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

import pytest
from django.contrib.auth.models import Permission

from pifa.kernel import clock
from pifa.kernel.actors import Role
from pifa.parties import commands as parties
from pifa.parties.models import User
from tests.api.client import App
from tests.api.market import SmallMarket, operator_token, small_market
from tests.build.buying import PASSWORD, company, user_of
from tests.catalog import market as goods
from tests.plugins.clock import MarketClock
from tests.trade.market import pay


@pytest.fixture
def market(db: None) -> SmallMarket:
    return small_market()


@pytest.mark.parametrize(
    "token", [None, "", "pifa_wrong", "nonsense", "pifa_staff_x", "pifa_staff_a:b:c"]
)
def test_without_a_valid_token_the_answer_is_401(market: SmallMarket, token: str | None) -> None:
    response = App(token).respond("GET", "/orders", side="buyer")
    assert response.status_code == 401
    assert response["WWW-Authenticate"].startswith("Bearer")
    assert json.loads(response.content)["code"] == "token.invalid"


def test_what_is_open_to_all_still_refuses_a_wrong_token(market: SmallMarket) -> None:
    assert App().get("/offers")["items"]
    App("pifa_wrong").call("GET", "/offers", expect=401)


def test_a_revoked_token_ends_at_once(market: SmallMarket) -> None:
    app = App(market.token)
    (token,) = app.get("/me/tokens")["items"]
    app.delete(f"/me/tokens/{token['id']}")
    app.call("GET", "/me", expect=401)


def test_a_signed_in_browser_is_nobody_here(market: SmallMarket) -> None:
    app = App()
    app.client.force_login(user_of(market.trading.buying))
    app.call("GET", "/me", expect=401)


def test_strangers_things_do_not_exist(market: SmallMarket) -> None:
    order = market.trading.paid()
    case = App(market.buyer_token).post(
        f"/orders/{order.number}/refunds",
        {"kind": "money", "amount": "1.00", "reason": "少发"},
    )["number"]
    payable = f"/payables/{order_payable(order.number)}"
    payment = App(market.buyer_token).get(f"{payable}/payments")["items"][0]["number"]
    thread = App(market.buyer_token).post(f"/orders/{order.number}/messages", {"body": "在吗"})
    token = App(market.token).get("/me/tokens")["items"][0]["id"]
    stranger = App(parties.issue_token(goods.actor(goods.seller()), "别家"))

    paths = [
        ("GET", f"/orders/{order.number}", None),
        ("POST", f"/orders/{order.number}/receipt", None),
        ("POST", f"/orders/{order.number}/ship", {"carrier": "快递", "tracking_no": "1"}),
        ("POST", f"/orders/{order.number}/cancel", {}),
        ("POST", f"/orders/{order.number}/messages", {"body": "在吗"}),
        ("GET", f"/refunds/{case}", None),
        ("POST", f"/refunds/{case}/answer", {"accept": True}),
        ("POST", f"/refunds/{case}/withdraw", None),
        ("GET", payable, None),
        ("GET", f"{payable}/methods", None),
        ("GET", f"{payable}/payments", None),
        ("POST", f"{payable}/payments", {"method": "gateway"}),
        ("GET", f"/payments/{payment}", None),
        ("GET", f"/threads/{thread['thread_id']}", None),
        ("POST", f"/threads/{thread['thread_id']}/messages", {"body": "在吗"}),
        ("GET", f"/goods/{market.trading.offer.pk}", None),
        ("DELETE", f"/addresses/{market.trading.address.pk}", None),
        ("DELETE", f"/me/tokens/{token}", None),
    ]
    for method, path, body in paths:
        problem = stranger.call(method, path, body, expect=404)
        missing = stranger.call("GET", "/orders/nosuch", expect=404)
        assert problem == missing, path  # not even the words tell it from what never was
    assert stranger.get("/orders", side="buyer")["items"] == []
    assert stranger.get("/notices")["items"] == []


def test_a_private_offer_is_known_to_related_buyers_only(market: SmallMarket) -> None:
    trading = market.trading
    offer = goods.offer(trading.seller, visibility="private")
    buyer, path = App(market.buyer_token), f"/offers/{offer.pk}"
    buyer.call("GET", path, expect=404)

    asked = buyer.post("/relationships", {"company_id": trading.seller.pk}, expect=201)
    assert asked["state"] == "requested"
    App(market.token).post(f"/relationships/{asked['id']}/grant")
    assert buyer.get(path)["visibility"] == "private"
    App().call("GET", path, expect=404)
    assert offer.pk in {item["id"] for item in buyer.get("/offers")["items"]}
    assert offer.pk not in {item["id"] for item in App().get("/offers")["items"]}

    buyer.post(f"/relationships/{asked['id']}/revoke")
    buyer.call("GET", path, expect=404)


def test_a_role_that_is_missing_is_403(market: SmallMarket) -> None:
    keeper = App(parties.issue_token(goods.actor(market.trading.buyer, Role.FINANCE), "账本"))
    lines = [{"sku_id": market.trading.skus[0], "quantity": 100}]
    order = {"lines": lines, "address_id": market.trading.address.pk, "shown_total": "35.00"}
    assert keeper.post("/orders", order, expect=403)["code"] == "forbidden"
    keeper.get("/balances")


def test_wrong_passwords_are_401_and_then_locked(db: None) -> None:
    company("顺达建材行", username="lilei")
    request = {"username": "lilei", "password": "wrong", "app_name": "仓库"}
    statuses = [App().respond("POST", "/tokens", request).status_code for _ in range(9)]
    assert statuses[0] == 401
    assert statuses[-1] == 429
    right = request | {"password": PASSWORD}
    assert App().post("/tokens", right, expect=429)["code"] == "session.locked"


def test_a_token_is_for_the_company_that_was_named(db: None) -> None:
    actor = company("顺达建材行", username="lilei")
    request = {"username": "lilei", "password": PASSWORD, "app_name": "仓库"}
    token = App().post("/tokens", request, expect=201)["token"]
    assert App(token).get("/me")["company_id"] == actor.company_id
    other = goods.company()
    App().post("/tokens", request | {"company_id": other.pk}, expect=403)


class TestStaff:
    """Operators: a token of their own that ends, and the permissions of the console."""

    def test_members_have_no_business_there(self, market: SmallMarket) -> None:
        app = App(market.token)
        for path in ("/operator/offers", "/operator/disputes", "/operator/clock"):
            app.call("GET", path, expect=403)

    def test_only_staff_get_a_staff_token(self, db: None) -> None:
        company("顺达建材行", username="lilei")
        App().post("/staff-tokens", {"username": "lilei", "password": PASSWORD}, expect=403)

    def test_it_ends_by_itself_and_with_the_password(
        self, db: None, market_clock: MarketClock
    ) -> None:
        user = User.objects.create_superuser("staff", password=PASSWORD)
        request = {"username": "staff", "password": PASSWORD}
        app = App(App().post("/staff-tokens", request, expect=201)["token"])
        assert app.get("/me")["kind"] == "operator"
        market_clock.forward(hours=8)
        app.call("GET", "/me", expect=401)

        app = App(App().post("/staff-tokens", request, expect=201)["token"])
        user.set_password("another-one-8")
        user.save()
        app.call("GET", "/me", expect=401)

    def test_a_role_reaches_as_far_as_in_the_console(self, market: SmallMarket) -> None:
        reviewer = User.objects.create_user("reviewer", password=PASSWORD, is_staff=True)
        reviewer.user_permissions.add(Permission.objects.get(codename="change_offer"))
        request = {"username": "reviewer", "password": PASSWORD}
        app = App(App().post("/staff-tokens", request)["token"])
        app.get("/operator/offers")
        app.call("GET", "/operator/disputes", expect=403)
        offer = market.trading.offer.pk
        app.post(f"/operator/offers/{offer}/take-down", {"reason": "夸大宣传"})
        assert App(market.token).get(f"/goods/{offer}")["state_reason"] == "夸大宣传"
        app.post(f"/operator/offers/{offer}/restore")

    def test_an_operator_sees_orders_with_masked_contacts(self, market: SmallMarket) -> None:
        order = market.trading.place()
        seen = App(operator_token()).get(f"/orders/{order.number}")
        assert seen["delivery"]["masked"]
        assert "13812345678" not in str(seen)

    def test_operators_do_not_buy(self, market: SmallMarket) -> None:
        order = market.trading.place()
        pay(market.trading.buying, order.number)
        App(operator_token()).post(f"/orders/{order.number}/receipt", expect=403)

    def test_a_company_is_graded_and_given_points(self, market: SmallMarket) -> None:
        app, seller = App(operator_token()), market.trading.seller.pk
        app.put(f"/operator/companies/{seller}/grade", {"grade": "AAA", "reason": "如实"})
        given = app.post(
            f"/operator/companies/{seller}/penalties", {"points": 2, "reason": "延迟发货"}
        )
        assert App(market.token).get("/company")["integrity_grade"] == "AAA"
        (entry,) = App(market.token).get("/company/penalties")["items"]
        assert (entry["points"], entry["reason"]) == (2, "延迟发货")
        app.post(f"/operator/penalties/{given['id']}/revoke", {"reason": "误判"})
        assert App(market.token).get("/company/penalties")["items"][0]["revoked_at"]


def order_payable(number: str) -> str:
    """The number of an order's payable, which a paid order no longer shows."""
    from pifa.finance.models import Payable

    return Payable.objects.get(subject=f"order:{number}").number


def test_the_person_behind_an_actor_is_known(db: None) -> None:
    actor = company("顺达建材行")
    me = App(parties.issue_token(actor, "仓库")).get("/me")
    assert (me["user_id"], me["roles"]) == (user_of(actor).pk, ["owner"])


@pytest.mark.own_clock
def test_the_clock_says_how_far_it_is_going(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    clock.set_market_clock(clock.now())
    monkeypatch.setattr("pifa.api.v1.operators.MOVE_SECONDS", 0)
    app = App(operator_token())
    to = (clock.now() + timedelta(hours=7)).replace(microsecond=0)
    for told in (app.post("/operator/clock", {"to": to.isoformat()}), app.get("/operator/clock")):
        assert datetime.fromisoformat(told["moving_to"]) == to
