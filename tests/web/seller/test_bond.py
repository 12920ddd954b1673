"""The seller's page of its bond, the console's, and the API."""

from __future__ import annotations

import pytest
from django.test import Client

from pifa.finance import commands
from pifa.kernel.money import Money
from pifa.parties import commands as parties
from pifa.parties.models import User
from tests.api.client import App
from tests.finance.withdrawals.conftest import fund
from tests.trade.market import Trading
from tests.web.seller.conftest import body

PAGE = "/seller/bond/"


@pytest.fixture
def protected(trading: Trading) -> Trading:
    fund(trading.seller, trading.buying, Money(1_000_00))
    assert commands.join_buyer_protection(trading.selling).joined
    return trading


def test_taking_it_and_going_back(protected: Trading, owner: Client, clerk: Client) -> None:
    page = body(owner.get(PAGE))
    assert "每年保费 ¥30.00（保额 ¥1,000.00 的 3.00%）" in page
    assert clerk.get(PAGE).status_code == 403
    page = body(owner.post(PAGE, {"verb": "take"}, follow=True))
    assert "保证金回到余额" in page
    assert "关闭自动续保" in page
    assert "打开自动续保" in body(owner.post(PAGE, {"verb": "no_renewal"}, follow=True))
    assert "履约保证金险保额 ¥1,000.00" in body(owner.get("/seller/checklist/"))
    page = body(owner.post(PAGE, {"verb": "give_up"}, follow=True))
    assert "余额" in page
    assert owner.get(PAGE).context["bond"].current is not None  # the balance is too small
    fund(protected.seller, protected.buying, Money(100_00))
    owner.post(PAGE, {"verb": "give_up"})
    assert owner.get(PAGE).context["bond"].current is None
    owner.post(PAGE, {"verb": "nothing"})


def test_operators_see_premiums_against_claims(protected: Trading) -> None:
    commands.take_bond(protected.selling)
    staff = Client()
    staff.force_login(User.objects.create_superuser("boss", password="x"))
    assert "¥30.00" in body(staff.get("/console/bonds/"))
    assert staff.get("/console/withdrawals/").status_code == 200


def test_the_api_takes_it(protected: Trading) -> None:
    app = App(parties.issue_token(protected.selling, "ERP"))
    offered = app.get("/company/bond")
    assert (offered["premium"], offered["cover"], offered["current"]) == ("30.00", "1000.00", None)
    number = app.post("/company/bond", expect=201)["number"]
    assert app.call("POST", "/company/bond", expect=409)["code"] == "finance.already_bonded"
    app.call("PUT", "/company/bond/renewal", {"on": False}, expect=204)
    current = app.get("/company/bond")["current"]
    assert (current["number"], current["renews"], current["left"]) == (number, False, "1000.00")
    assert app.get("/company/protection")["covered"] == "1000.00"
    short = app.call("DELETE", "/company/bond", expect=409)
    assert short["code"] == "ledger.insufficient_balance"
