"""Withdrawals by the API: accounts by password, limits, approval, declared errors."""

from __future__ import annotations

import pytest

from pifa.kernel.actors import Role
from pifa.kernel.money import Money
from pifa.parties import commands as parties
from pifa.parties.models import Company, User
from tests.api.client import App
from tests.api.market import SmallMarket, small_market
from tests.build.buying import PASSWORD
from tests.catalog import market as goods
from tests.finance.conftest import open_payee
from tests.finance.withdrawals.conftest import fund


@pytest.fixture
def market(db: None) -> SmallMarket:
    made = small_market()
    Company.objects.update(verified_name="永固紧固件厂")
    user = User.objects.get(pk=made.trading.selling.user_id or 0)
    user.set_password(PASSWORD)
    user.save()
    return made


def account(**other: str) -> dict[str, str]:
    given = {"number": "6222000011112222", "bank_name": "云汀商业银行", "password": PASSWORD}
    return {**given, **other}


def test_accounts_are_added_by_password(market: SmallMarket) -> None:
    app = App(market.token)
    refused = app.call("POST", "/payee-accounts", account(password="no"), expect=422)
    assert refused["code"] == "session.password_not_right"
    added = app.post("/payee-accounts", account(), expect=201)
    assert app.post("/payee-accounts", account(), expect=201) == added
    (row,) = app.get("/payee-accounts")["items"]
    assert (row["id"], row["masked"], row["at_partner_bank"]) == (added["id"], "**** 2222", False)
    differs = app.call("POST", "/payee-accounts", account(number="622200009999"), expect=409)
    assert differs["code"] == "finance.payee_name_differs"
    for _try in range(9):
        last = app.respond("POST", "/payee-accounts", account(password="no"))
    assert last.status_code == 429
    path = f"/payee-accounts/{added['id']}/remove"
    assert app.call("POST", path, {"password": PASSWORD}, expect=429)["code"] == "session.locked"


def test_a_withdrawal_and_its_second_person(market: SmallMarket) -> None:
    fund(market.trading.seller, market.trading.buying, Money(30_000_00))
    to = open_payee(market.trading.seller.pk, "云汀商业银行")
    app = App(market.token)
    second = App(parties.issue_token(goods.actor(market.trading.seller, Role.FINANCE), "财务"))
    limit = app.get("/withdrawals/limit")
    assert (limit["limit"], limit["left"], limit["fee"]) == ("50000.00", "50000.00", "2.00")
    sent = app.post("/withdrawals", {"amount": "100.00"}, expect=201)
    assert sent["state"] == "sent"
    asked = app.post("/withdrawals", {"amount": "20000.01", "account_id": to}, expect=201)
    assert asked["state"] == "asked"
    path = f"/withdrawals/{asked['number']}"
    own = app.call("POST", f"{path}/approve", expect=409)
    assert own["code"] == "finance.same_person"
    assert second.get(path)["verbs"] == ["approve", "refuse", "cancel"]
    assert second.post(f"{path}/approve")["state"] == "sent"
    over = app.call("POST", "/withdrawals", {"amount": "40000.00"}, expect=409)
    assert over["code"] in ("finance.daily_limit_reached", "ledger.insufficient_balance")
    numbers = [row["number"] for row in app.get("/withdrawals")["items"]]
    assert numbers == [asked["number"], sent["number"]]
    App(market.buyer_token).call("GET", path, expect=404)
    clerk = App(parties.issue_token(goods.actor(market.trading.seller, Role.CLERK), "跟单"))
    clerk.call("GET", "/withdrawals", expect=403)


def test_a_key_withdraws_once(market: SmallMarket) -> None:
    market.trading.received(1_000)
    open_payee(market.trading.seller.pk)
    app = App(market.token)
    once = app.post("/withdrawals", {"amount": "10.00"}, key="k", expect=201)
    assert app.post("/withdrawals", {"amount": "10.00"}, key="k", expect=201) == once
    refused = app.post(f"/withdrawals/{once['number']}/cancel", expect=409)
    assert refused["code"] == "wrong_state"
