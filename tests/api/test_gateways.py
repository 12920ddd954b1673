"""Choosing a gateway and its channel by a program, and what it shows its user."""

from __future__ import annotations

import pytest

from pifa.finance.models import Payment
from pifa.parties import commands as parties
from tests.api.client import App
from tests.trade.market import Trading, trading
from tools.gateway_emulator.books import Fault
from tools.gateway_emulator.server import Emulator

pytestmark = pytest.mark.django_db


@pytest.fixture
def market(db: None) -> Trading:
    return trading()


@pytest.fixture
def buyer(market: Trading) -> App:
    return App(parties.issue_token(market.buying, "采购"))


@pytest.fixture
def payable(market: Trading, buyer: App) -> str:
    order = market.place()
    return str(buyer.get(f"/orders/{order.number}")["payable_number"])


def test_what_may_be_chosen(emulator: Emulator, buyer: App, payable: str) -> None:
    items = buyer.get(f"/payables/{payable}/methods")["items"]
    channels = {row["code"]: [one["code"] for one in row["channels"]] for row in items}
    assert channels["alipay"] == ["qr", "page", "phone"]
    assert channels["wechat"] == ["qr", "phone"]
    assert channels["gateway"] == channels["card"] == channels["balance"] == []


def test_a_code_to_scan(emulator: Emulator, buyer: App, payable: str) -> None:
    wanted = {"method": "wechat"}
    begun = buyer.post(f"/payables/{payable}/payments", wanted, key="k1", expect=201)
    again = buyer.post(f"/payables/{payable}/payments", wanted, key="k1", expect=201)
    number = begun["payment_number"]
    assert again["payment_number"] == number
    assert begun["redirect_url"] == f"/pay/at/{number}/"
    emulator.wechat.faults.append(Fault("create", "500", done=True))
    told = buyer.get(f"/payments/{number}/presentation")
    assert (told["qr_text"], told["waits"]) == ("", True)
    assert told["problem"]
    told = buyer.get(f"/payments/{number}/presentation")
    assert told["qr_text"] == f"weixin://wxpay/bizpayurl?pr={number}"
    assert (told["address"], told["problem"], told["channel"]) == ("", "", "qr")
    emulator.wechat.pay(number)
    paid = buyer.post(f"/payments/{number}/refresh", key="k2")
    assert paid["state"] == "succeeded"
    told = buyer.get(f"/payments/{number}/presentation")
    assert (told["state"], told["waits"], told["qr_text"]) == ("succeeded", False, "")


@pytest.mark.parametrize(
    ("method", "channel", "begins"),
    [
        ("alipay", "page", "http://127.0.0.1:"),
        ("alipay", "phone", "http://127.0.0.1:"),
        ("wechat", "phone", "https://wx.example/"),
    ],
)
def test_an_address_to_follow(
    emulator: Emulator, buyer: App, payable: str, method: str, channel: str, begins: str
) -> None:
    wanted = {"method": method, "channel": channel}
    begun = buyer.post(f"/payables/{payable}/payments", wanted, key="k", expect=201)
    told = buyer.get(f"/payments/{begun['payment_number']}/presentation")
    assert told["address"].startswith(begins)
    assert told["qr_text"] == ""


def test_a_channel_that_the_gateway_has_not(emulator: Emulator, buyer: App, payable: str) -> None:
    for channel, status in (("page", 422), ("carrier-pigeon", 400)):
        wanted = {"method": "wechat", "channel": channel}
        buyer.post(f"/payables/{payable}/payments", wanted, key=channel, expect=status)
    assert not Payment.objects.exists()


def test_only_its_payer_is_shown_it(
    emulator: Emulator, market: Trading, buyer: App, payable: str
) -> None:
    wanted = {"method": "wechat"}
    begun = buyer.post(f"/payables/{payable}/payments", wanted, key="k", expect=201)
    path = f"/payments/{begun['payment_number']}/presentation"
    seller = App(parties.issue_token(market.selling, "仓库"))
    assert seller.respond("GET", path).status_code == 404
    assert App().respond("GET", path).status_code == 401
    assert emulator.wechat.asked == []


def test_a_gateway_that_does_not_answer_is_no_fault_of_ours(
    emulator: Emulator, buyer: App, payable: str
) -> None:
    begun = buyer.post(f"/payables/{payable}/payments", {"method": "alipay"}, key="k", expect=201)
    number = begun["payment_number"]
    buyer.get(f"/payments/{number}/presentation")
    emulator.alipay.faults.append(Fault("query", "500"))
    refused = buyer.respond("POST", f"/payments/{number}/refresh", key="k2")
    assert refused.status_code == 503
