"""Return-freight insurance on pages of both sides and the console, and by the API."""

from __future__ import annotations

import pytest
from django.test import Client

from pifa.finance import commands as finance
from pifa.finance.models import FreightPolicy
from pifa.kernel import events
from pifa.kernel.money import Money
from pifa.parties import commands as parties
from pifa.parties.models import User
from pifa.trade.models import Order
from tests.api.client import App
from tests.finance.withdrawals.conftest import fund
from tests.trade.market import Trading
from tests.trade.test_freight_insurance import send_back
from tests.web.seller.conftest import body

PAGE = "/seller/freight-insurance/"


@pytest.fixture
def insured(trading: Trading) -> Order:
    """A shipped order whose seller gives the insurance."""
    fund(trading.seller, trading.buying, Money(10_00))
    finance.give_freight_insurance(trading.selling, True)
    order = trading.shipped()
    events.deliver()
    return order


def test_the_switch_of_the_seller(trading: Trading, owner: Client, clerk: Client) -> None:
    page = body(owner.get(PAGE))
    assert "保费 ¥0.45，保额 ¥12.00" in page
    assert "保费 ¥0.94，保额 ¥25.00" in page  # 25.00 × 3 % × 1.25 of the dearest mainland province
    assert clerk.get(PAGE).status_code == 403
    page = body(owner.post(PAGE, {"on": "1"}, follow=True))
    assert "已开启" in page
    assert "余额不够付保费" in page
    page = body(owner.post(PAGE, {"on": "0"}, follow=True))
    assert "之后付款的订单不再投保" in page
    assert owner.get(PAGE).context["gift"].on is False


def test_an_order_says_it_in_plain_words(
    trading: Trading, insured: Order, owner: Client, buyer: Client
) -> None:
    number = FreightPolicy.objects.get().number
    bought = body(buyer.get(f"/buyer/orders/{insured.number}/"))
    assert "退货运费 ¥12.00 自动赔付到买家余额" in bought
    assert "卖家赠送" in bought
    assert "预计退货率" not in bought  # how a premium was made is its payer's to read
    sold = body(owner.get(f"/seller/orders/{insured.number}/"))
    assert "预计退货率 3.00%；退货运费 ¥12.00，保费 ¥0.45" in sold
    assert "运费险保费 <strong>¥0.45</strong>" in sold
    assert number in sold
    assert insured.number in body(owner.get(PAGE))
    send_back(trading, insured)
    bought = body(buyer.get(f"/buyer/orders/{insured.number}/"))
    assert "货已退回，退货运费 ¥12.00 已赔付到买家余额" in bought
    assert "运费险赔付退货运费，进入买家余额 <strong>¥12.00</strong>" in bought
    listed = body(buyer.get("/buyer/freight-insurance/"))
    assert insured.number in listed
    assert "已赔付" in listed


def test_operators_see_premiums_against_payouts(trading: Trading, insured: Order) -> None:
    staff = Client()
    staff.force_login(User.objects.create_superuser("boss", password="x"))
    page = body(staff.get("/console/freight-insurance/"))
    assert "¥0.45" in page
    send_back(trading, insured)
    page = body(staff.get("/console/freight-insurance/"))
    assert "¥12.00 (1)" in page
    assert "2666.7%" in page


def test_the_api(trading: Trading, insured: Order) -> None:
    selling = App(parties.issue_token(trading.selling, "ERP"))
    buying = App(parties.issue_token(trading.buying, "ERP"))
    offered = selling.get("/company/freight-insurance")
    assert (offered["on"], offered["usual"]["premium"]) == (True, "0.44")
    selling.call("PUT", "/company/freight-insurance", {"on": False}, expect=204)
    assert selling.get("/company/freight-insurance")["on"] is False
    (row,) = buying.get("/freight-policies?side=buyer")["items"]
    assert (row["covers"], row["by_buyer"], row["insured"]) == (insured.number, False, "12.00")
    assert buying.get("/freight-policies?side=seller")["items"] == []
    (row,) = selling.get("/freight-policies?side=seller")["items"]
    assert row["state"] == "active"
    order = buying.get(f"/orders/{insured.number}")
    assert (order["freight_policy"]["number"], order["freight_policy"]["paid"]) == (
        row["number"],
        "0.00",
    )
    assert selling.get("/company/freight-insurance/sums")["premiums"] == "0.45"
