"""Secured credit on pages: joined and left, collected early by ticks, repaid; staff see who is late."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from pifa.finance import commands as finance
from pifa.finance.models import SandboxTrade, SecuredReceivable, SecuredService
from pifa.finance.sandbox import bank, financing
from pifa.kernel import clock, deadlines
from pifa.trade import commands
from pifa.trade.models import Order
from tests.finance.conftest import grant
from tests.trade.market import Trading, trading
from tests.web.operator.staff import staff
from tests.web.seller.conftest import body, signed_in
from tools.gateway_emulator.server import Emulator

NOON = clock.start_of_day(date(2026, 3, 16)) + timedelta(hours=12)
LATE = NOON + timedelta(days=32)


@pytest.fixture
def market(db: None) -> Trading:
    with clock.frozen(NOON):
        found = trading()
        grant(found.buyer.pk, "secured_credit", limit="10000.00")
        return found


def ordered(market: Trading, many: int = 1) -> list[Order]:
    """Orders on secured credit, received."""
    orders = []
    for _order in range(many):
        request = market.request([(market.skus[0], 100)], ways={market.seller.pk: "secured"})
        (number,) = commands.place_orders(market.buying, request)
        commands.ship(market.selling, number, "试验快递", "T1")
        commands.confirm_receipt(market.buying, number)
        orders.append(market.order(number))
    return orders


def test_the_seller_joins_collects_early_and_leaves(market: Trading) -> None:
    seller = signed_in(market.selling)
    with clock.frozen(NOON):
        assert "开通诚e赊" in body(seller.get("/seller/secured/"))
        assert seller.post("/seller/secured/join/").status_code == 302
        first, second = ordered(market, 2)
        page = body(seller.get("/seller/secured/"))
        assert "截止 2027-03-16 前有效" in page
        assert "0.0225%" in page
        for tab in ("已逾期", "提前收款申请中", "提前收款成功", "提前收款失败", "到期待收款"):
            assert tab in page
        ticked = {"order": [first.number]}
        assert seller.post("/seller/secured/early/", ticked).status_code == 302
        page = body(seller.get("/seller/secured/?tab=requested"))
        assert first.number in page
        assert second.number not in page
        again = body(seller.post("/seller/secured/early/", ticked, follow=True))
        assert "已经在申请中" in again
        deadlines.run_due(NOON + financing.ANSWER_AFTER)
        assert first.number in body(seller.get("/seller/secured/?tab=succeeded"))
        assert second.number in body(seller.get("/seller/secured/?tab=due"))
        assert seller.post("/seller/secured/leave/").status_code == 302
        assert SecuredService.objects.get().left_at is not None
        assert "开通诚e赊" in body(seller.get("/seller/secured/"))


def test_the_buyer_chooses_it_and_repays_in_part(market: Trading) -> None:
    buyer = signed_in(market.buying)
    with clock.frozen(NOON):
        finance.join_secured(market.selling)
        (order,) = ordered(market)
        page = body(buyer.get("/buyer/secured/"))
        assert "10,000.00" in page
        assert "2026-04-15" in page
        assert "顶级采购商" in page
        shown = body(buyer.get(f"/buyer/orders/{order.number}/"))
        assert "诚e赊待还（2026-04-15 前还清）" in shown
        answer = buyer.post("/buyer/secured/repay/", {"amount": "1.00"})
        begun = buyer.post(answer.headers["Location"], {"method": "gateway"})
        assert begun.status_code == 302
        bank.act(SandboxTrade.objects.get().trade_no, "pay")
        paid = body(buyer.get(answer.headers["Location"]))
        assert "还款已到账" in paid
        assert order.number in paid
        assert SecuredReceivable.objects.get().repaid_fen == 1_00
        too_large = buyer.post("/buyer/secured/repay/", {"amount": "99999"}, follow=True)
        assert "不超过待还的" in body(too_large)


def test_it_is_repaid_by_every_way_that_moves_money(market: Trading, emulator: Emulator) -> None:
    buyer = signed_in(market.buying)
    with clock.frozen(NOON):
        finance.join_secured(market.selling)
        ordered(market)
        page = buyer.post("/buyer/secured/repay/", {"amount": "1.00"}).headers["Location"]
        shown = body(buyer.get(page))
        assert 'value="wechat"' in shown
        assert "货到付款" not in shown
        begun = buyer.post(page, {"method": "wechat"}, headers={"User-Agent": "A Mobile"})
        at_wechat = body(buyer.get(begun.headers["Location"]))
        assert "wx.example" in at_wechat, "on a phone WeChat is opened, not scanned"
        assert f'href="{page}"' in at_wechat, "another way is chosen there"


def test_the_checkout_offers_it(market: Trading) -> None:
    buyer = signed_in(market.buying)
    with clock.frozen(NOON):
        checkout = f"/checkout/?line={market.skus[0]}:100"
        assert "诚e赊" not in body(buyer.get(checkout))
        finance.join_secured(market.selling)
        page = body(buyer.get(checkout))
        assert "可用 ¥10,000.00，收货后 30 天内还清" in page


def test_staff_see_who_is_late(market: Trading) -> None:
    with clock.frozen(NOON):
        finance.join_secured(market.selling)
        (order,) = ordered(market)
    deadlines.run_due(LATE)
    with clock.frozen(LATE):
        operator = staff()
        page = body(operator.get("/console/secured/?tab=overdue"))
        assert market.buyer.name in page
        assert order.number in page
        assert "逾期买家" in page
        found = body(operator.get(f"/console/secured/?q={order.number}"))
        assert order.number in found
        assert order.number not in body(operator.get("/console/secured/?q=没有这个"))
