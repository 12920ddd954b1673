"""The customers (`WHY-*`) who buy by a link that the seller sends: nothing to search, nothing to join.

Their page begins at the link, as a phone opens it from a chat or from the QR code on a card.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import pytest

from pifa.finance import queries as finance
from pifa.kernel import clock
from pifa.kernel.money import Money
from pifa.ledger import queries as books
from pifa.trade.models import Order
from pifa.trade.quotes.terms import QuoteTerms
from pifa.trade.staged.commands import finish_production
from pifa.trade.staged.progress import note_progress
from tests.build import reasons
from tests.build.customer import Customer, settled
from tests.plugins.clock import MarketClock
from tests.trade import market
from tests.trade.invitations import market as invitations
from tests.trade.market import Trading
from tests.web.test_staged_pages import picture

if TYPE_CHECKING:
    from playwright.sync_api import Page, Route

    from tests.plugins.browser import Complaints
    from tools.gateway_emulator.server import Emulator

TOTAL = Money(537_50)


@pytest.fixture
def trading(transactional_db: None) -> Trading:
    return market.trading()


@pytest.fixture
def customer(trading: Trading, phone: Page, axe: Callable[[Page], None]) -> Customer:
    """Somebody whom the market does not know."""
    return Customer(phone, axe, trading)


def opens_link(customer: Customer, **said: Any) -> None:
    """The seller has filled the order in; the customer opens what it sent and types where to."""
    row = invitations.invited(customer.trading, **said)
    customer.phone.goto(f"/i/{invitations.token(customer.trading, row)}/")
    customer.reads("不用注册", "定制挂钩", "¥537.50")
    customer.looks()
    for label, typed in (
        ("收货人", "李师傅"),
        ("手机", "13900001234"),
        ("城市、区县", "义乌市"),
        ("详细地址", "工业路 2 号"),
    ):
        customer.phone.get_by_label(label).fill(typed)
    customer.phone.get_by_label("省份").select_option("33")


def waits_for_receipt(
    customer: Customer, market_clock: MarketClock, order: Order, status: str = "completed"
) -> None:
    """The parcel comes; a guest need do nothing: receipt is taken as confirmed in its time."""
    order = reasons.ship(customer.trading, order)
    customer.phone.reload()
    customer.reads(f"SD{order.pk:08}")
    customer.looks()
    assert reasons.seller_has(customer.trading) == Money(0)
    reasons.wait_until(market_clock, clock.now() + timedelta(days=60))
    settled(customer.trading, order, status)
    assert reasons.seller_has(customer.trading) == Money(order.total_fen)


def test_why_1_i_have_no_alipay_and_cannot_place_orders_online(
    customer: Customer, market_clock: MarketClock
) -> None:
    """“没有支付宝，不会网上下单。” Seller-initiated order: the customer scans a code, says where the
    goods go and pays; no account, no password."""
    opens_link(customer)
    customer.phone.get_by_role("button", name="确认并付款").click()
    customer.reads("¥537.50")
    customer.pays_at_the_bank()
    customer.reads("下单成功", "已付款 ¥537.50，由平台担保")
    customer.looks()
    order = Order.objects.get()
    assert (order.status, order.channel) == ("awaiting_shipment", "invitation")
    waits_for_receipt(customer, market_clock, order)


def test_why_2_it_is_tedious_and_i_want_to_pay_by_wechat(
    customer: Customer,
    market_clock: MarketClock,
    emulator: Emulator,
    complaints: Complaints,
    settings: Any,
    live_server: Any,
) -> None:
    """“太麻烦，想用微信付。” WeChat Pay on the invitation page: one button opens WeChat, and back in
    the market the order is paid."""
    settings.SITE_URL, settings.SANDBOX_GATEWAY = live_server.url, False
    phone = customer.phone
    complaints.forgive(r"wx\.example")

    def in_wechat(route: Route) -> None:
        """WeChat: the payer pays, the market is told, and WeChat leads back."""
        asked = parse_qs(urlsplit(route.request.url).query)
        emulator.pay("wechat", asked["prepay_id"][0])
        route.fulfill(status=302, headers={"Location": asked["redirect_url"][0]})

    phone.route("https://wx.example/**", in_wechat)
    opens_link(customer)
    phone.get_by_role("radio", name="微信支付").check()
    phone.get_by_role("button", name="确认并付款").click()
    customer.reads("用微信支付付款", "¥537.50")
    customer.looks()
    phone.get_by_role("link", name="打开微信付款").click()
    customer.reads("下单成功")
    customer.looks()
    order = Order.objects.get()
    (payment,) = finance.payments(order.subject)
    assert (payment.method, payment.state, payment.amount) == ("wechat", "succeeded", TOTAL)
    assert emulator.wechat.trades[payment.number].fen == TOTAL.fen
    waits_for_receipt(customer, market_clock, order)


def test_why_4_i_want_to_inspect_the_works_before_i_pay(
    customer: Customer, market_clock: MarketClock
) -> None:
    """“要先看厂再付款。” The seller makes the order after the visit, paid in stages: a deposit now, the
    balance by the same link when the goods are made and seen."""
    terms = QuoteTerms("staged", deposit_percent=30, production_days=10)
    trading = customer.trading
    opens_link(customer, terms=terms)
    customer.reads("¥161.25")
    customer.phone.get_by_role("button", name="确认并付款").click()
    customer.reads("¥161.25")
    customer.pays_at_the_bank()
    customer.reads("下单成功", "货做好后还是用这个链接付尾款", "生产中")
    customer.looks()
    order = Order.objects.get()
    assert (order.status, order.paid_fen) == ("in_production", 161_25)
    note_progress(trading.selling, order.number, 60, "可以来看", [picture().read()])
    finish_production(trading.selling, order.number)
    customer.phone.reload()
    customer.reads("货已做好，等您付尾款", "¥376.25")
    customer.looks()
    customer.phone.get_by_role("button", name="付尾款").click()
    customer.pays_at_the_bank()
    customer.reads("已付款 ¥376.25，由平台担保")
    order = trading.order(order.number)
    assert (order.status, order.paid_fen) == ("awaiting_shipment", TOTAL.fen)
    assert books.check() == []
    waits_for_receipt(customer, market_clock, order)
