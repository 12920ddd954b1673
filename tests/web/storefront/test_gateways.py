"""Paying by Alipay, WeChat Pay and card, as a buyer sees it on a computer and on a phone."""

from __future__ import annotations

import re
from datetime import date
from html import unescape
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from pifa.benefits.labels import COLLECTION_CODE
from pifa.finance import queries
from pifa.finance.commands import renew_collection_code
from pifa.finance.models import Payment, SandboxTrade
from pifa.kernel import clock, deadlines
from pifa.kernel.money import Money
from pifa.ledger.queries import balance
from pifa.ledger.rules import AccountKind
from pifa.trade.models import Order
from tests.build import buying
from tests.build.buying import Market
from tests.catalog.market import sku_ids
from tests.finance.conftest import grant
from tests.plugins.clock import MarketClock
from tests.trade.market import trading
from tools.gateway_emulator.books import Fault
from tools.gateway_emulator.server import Emulator

PHONE = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/130 Mobile Safari/537.36"
GOOD, EMPTY, DECLINED = "4242 4242 4242 4242", "4000000000009995", "4000000000000002"


def text(response: Any) -> str:
    return str(response.content.decode())


@pytest.fixture
def order(market: Market) -> str:
    """An order of ¥60.00 that waits to be paid."""
    (bag,) = sku_ids(market.bags)
    return buying.order(market, [(bag, 500)])


def start(buyer: Client, order: str, method: str, **more: str) -> str:
    """Choose a method on the pay page; where it leads."""
    page = text(buyer.get(f"/pay/?order={order}", headers=_headers(more)))
    assert f'value="{method}"' in page
    action = re.search(r'action="(/pay/start/[^"]+)"', page)
    assert action
    wanted = {"method": method} | {n: v for n, v in more.items() if n != "agent"}
    return str(buyer.post(action[1], wanted, headers=_headers(more))["Location"])


def _headers(more: dict[str, str]) -> dict[str, str]:
    return {"User-Agent": more["agent"]} if "agent" in more else {}


def notify(code: str, emulator: Emulator, number: str) -> Any:
    provider = emulator.alipay if code == "alipay" else emulator.wechat
    provider.pay(number)
    body, headers = provider.notice(number)
    content = headers.pop("Content-Type")
    # As it comes from outside: no cookie, no token of a form.
    stranger = Client(enforce_csrf_checks=True)
    return stranger.generic("POST", f"/gateway/{code}/notify", body, content, headers=headers)


@pytest.mark.parametrize(("code", "app"), [("alipay", "支付宝"), ("wechat", "微信")])
def test_on_a_computer_one_scans_and_the_page_goes_on_by_itself(
    emulator: Emulator, buyer: Client, order: str, code: str, app: str
) -> None:
    address = start(buyer, order, code)
    page = text(buyer.get(address))
    assert f"打开{app}“扫一扫”" in page
    assert "data:image/svg+xml" in page
    assert 'hx-trigger="every 3s"' in page
    assert "在手机上打开付款" not in page
    number = Payment.objects.get().number
    assert notify(code, emulator, number).status_code == 200
    asked_again = buyer.get(address, headers={"HX-Request": "true"})
    assert asked_again["HX-Redirect"] == f"/pay/back/{number}/"
    done = buyer.get(address, follow=True)
    assert done.redirect_chain[-1][0] == f"/buyer/orders/{order}/"
    assert Order.objects.get().status == "awaiting_shipment"


@pytest.mark.parametrize(("code", "host"), [("alipay", "/gateway.do?"), ("wechat", "wx.example")])
def test_on_a_phone_one_opens_the_app(
    emulator: Emulator, buyer: Client, order: str, code: str, host: str
) -> None:
    address = start(buyer, order, code, agent=PHONE)
    page = text(buyer.get(address, headers={"User-Agent": PHONE}))
    assert host in page
    assert "data:image/svg+xml" not in page
    assert "在电脑上登录付款" not in page
    assert "扫码付款" in page  # on another phone
    if code == "alipay":
        link = re.search(r'href="(http[^"]+gateway\.do[^"]+)"', page)
        assert link
        emulator.alipay.visit(unescape(link[1]).partition("?")[2])
    notify(code, emulator, Payment.objects.get().number)
    assert Order.objects.get().status == "awaiting_shipment"


def test_alipay_on_the_computer_itself(emulator: Emulator, buyer: Client, order: str) -> None:
    page = text(buyer.get(start(buyer, order, "alipay")))
    assert 'name="channel" value="page"' in page
    page = text(buyer.get(start(buyer, order, "alipay", channel="page")))
    assert "alipay.trade.page.pay" in page


def test_a_channel_that_is_none_is_refused(emulator: Emulator, buyer: Client, order: str) -> None:
    start(buyer, order, "wechat", channel="page")
    assert not Payment.objects.exists()


def test_a_gateway_that_is_away_for_a_while(emulator: Emulator, buyer: Client, order: str) -> None:
    emulator.wechat.faults.append(Fault("create", "500"))
    address = start(buyer, order, "wechat")
    page = text(buyer.get(address))
    assert "暂时连不上微信支付" in page
    assert 'hx-trigger="every 3s"' in page
    assert "扫一扫" in text(buyer.get(address))


def test_a_code_that_nobody_scanned_is_made_anew(
    emulator: Emulator, buyer: Client, order: str, market_clock: MarketClock
) -> None:
    address = start(buyer, order, "wechat")
    buyer.get(address)
    market_clock.forward(minutes=30)
    deadlines.run_due()
    page = text(buyer.get(address))
    assert "付款码已失效" in page
    assert "hx-trigger" not in page
    again = dict(re.findall(r'name="(part|method|channel)" value="([^"]*)"', page))
    assert again == {"part": "0", "method": "wechat", "channel": "qr"}
    action = re.search(r'action="(/pay/start/[^"]+)"', page)
    assert action
    anew = buyer.post(action[1], again)["Location"]
    assert anew != address
    assert "扫一扫" in text(buyer.get(anew))


def test_nobody_else_sees_it(
    emulator: Emulator, buyer: Client, order: str, market: Market, client: Client
) -> None:
    address = start(buyer, order, "wechat")
    assert "/login/" in client.get(address)["Location"]
    stranger = buying.company("别家", username="bieja")
    client.force_login(buying.user_of(stranger), "django.contrib.auth.backends.ModelBackend")
    assert client.get(address).status_code == 404
    client.force_login(buying.user_of(market.seller), "django.contrib.auth.backends.ModelBackend")
    assert client.get(address).status_code == 404
    assert emulator.wechat.asked == []
    # Nor is there such a page for other ways to pay.
    start(buyer, order, "gateway")
    other = Payment.objects.get(method="gateway").number
    assert buyer.get(f"/pay/at/{other}/").status_code == 404


def test_anybody_pays_a_company_by_wechat(emulator: Emulator, db: None) -> None:
    found = trading()
    grant(found.buyer.pk, COLLECTION_CODE)
    renew_collection_code(found.buying)
    page = f"/collect/{queries.collection_code(found.buyer.pk).token}/"
    visitor = Client()
    assert "微信支付" in text(visitor.get(page))
    form = {"amount": "88.00", "method": "wechat"}
    address = visitor.post(page, form)["Location"]
    shown = visitor.get(address)
    assert "扫一扫" in text(shown)
    assert shown["X-Robots-Tag"] == "noindex"
    assert visitor.post(page, form | {"method": "trade_credit"}).status_code == 422
    notify("wechat", emulator, Payment.objects.get().number)
    assert "付款成功" in text(visitor.get(address, follow=True))
    assert balance(found.buyer.pk, AccountKind.BALANCE) == Money(88_00)
    assert Client().get(address).status_code == 302  # to sign in: it was this visitor's


class TestCard:
    """The acquirer's page: what is entered there goes no further."""

    def pay(self, buyer: Client, address: str, number: str, **more: str) -> Any:
        form = {"number": number, "expiry": "12/39", "code": "123"} | more
        return buyer.post(address, form, follow=True)

    def test_a_card_that_is_good(
        self, buyer: Client, order: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        address = start(buyer, order, "card")
        assert address.startswith("/sandbox/card/")
        assert "仅供演练" in text(buyer.get(address))
        done = self.pay(buyer, address, GOOD)
        assert done.redirect_chain[-1][0] == f"/buyer/orders/{order}/"
        assert Order.objects.get().status == "awaiting_shipment"
        assert Payment.objects.get().method == "card"
        call_command("dumpdata")
        kept = capsys.readouterr().out
        assert Payment.objects.get().number in kept
        assert GOOD not in kept
        assert GOOD.replace(" ", "") not in kept

    @pytest.mark.parametrize(
        ("number", "expiry", "words"),
        [
            (DECLINED, "12/39", "发卡行拒绝了这张卡"),
            (EMPTY, "12/39", "这张卡的可用额度不足"),
            (GOOD, "02/26", "这张卡已过有效期"),
        ],
    )
    def test_a_card_that_is_declined_says_why(
        self, buyer: Client, order: str, number: str, expiry: str, words: str
    ) -> None:
        assert clock.today() == date(2026, 3, 2)
        done = self.pay(buyer, start(buyer, order, "card"), number, expiry=expiry)
        assert words in text(done)
        assert Order.objects.get().status == "awaiting_payment"
        # The order is there still, and another card pays it.
        self.pay(buyer, start(buyer, order, "card"), GOOD, expiry="03/26")
        assert Order.objects.get().status == "awaiting_shipment"

    @pytest.mark.parametrize(
        "wrong",
        [
            {"number": "4242 4242 4242 4241"},
            {"number": "1"},
            {"number": "４２４２ 4242 4242 4242"},
            {"expiry": "13/39"},
            {"expiry": "1239"},
            {"expiry": "0½/39"},
            {"code": "12"},
            {"code": "abc"},
            {"number": ""},
        ],
    )
    def test_what_cannot_be_a_card_is_not_tried(
        self, buyer: Client, order: str, wrong: dict[str, str]
    ) -> None:
        address = start(buyer, order, "card")
        form = {"number": GOOD, "expiry": "12/39", "code": "123"} | wrong
        assert buyer.post(address, form).status_code == 422
        assert SandboxTrade.objects.get().state == SandboxTrade.State.OPEN

    def test_paid_once(self, buyer: Client, order: str) -> None:
        address = start(buyer, order, "card")
        self.pay(buyer, address, GOOD)
        assert "这笔交易不能再付" in text(self.pay(buyer, address, GOOD))
        assert SandboxTrade.objects.get().paid_fen == 60_00


def test_asking_a_gateway_that_does_not_answer(
    emulator: Emulator, buyer: Client, order: str
) -> None:
    address = start(buyer, order, "alipay")
    buyer.get(address)
    emulator.alipay.pay(Payment.objects.get().number)
    emulator.alipay.faults.append(Fault("query", "500"))
    asked = buyer.post(f"/pay/ask/{order}/", follow=True)
    assert "暂时连不上支付宝" in text(asked)
    assert "已经入账" in text(buyer.post(f"/pay/ask/{order}/", follow=True))
