"""Trust payment on pages: signed and ended, chosen, repaid; staff see who owes; the bank is played."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest
from django.test import Client

from pifa.finance import commands as finance
from pifa.finance.models import SandboxMandate, SandboxTrade, SandboxWord, TrustItem, TrustMandate
from pifa.finance.sandbox import bank
from pifa.kernel import clock, deadlines
from pifa.kernel.actors import Role
from pifa.kernel.money import Money
from pifa.trade import commands
from pifa.trade.models import Order
from tests.catalog import market as goods
from tests.finance.trust.conftest import PAYMENT, fund, open_bank, sign
from tests.trade.market import Trading, trading
from tests.web.operator.staff import staff
from tests.web.seller.conftest import body, signed_in

NOON = clock.start_of_day(date(2026, 3, 16)) + timedelta(hours=12)
COVERED = NOON + timedelta(days=3)


@pytest.fixture
def market(db: None) -> Trading:
    with clock.frozen(NOON):
        found = trading()
        open_bank(found.buyer)
        fund(found.buyer, Money(10_000_00))
        return found


def ordered(market: Trading) -> Order:
    """An order on the bank's promise, shipped."""
    request = market.request([(market.skus[0], 100)], ways={market.seller.pk: "trust_payment"})
    (number,) = commands.place_orders(market.buying, request)
    commands.ship(market.selling, number, "试验快递", "T1")
    return market.order(number)


def test_the_owner_signs_and_ends_it_on_the_page(market: Trading) -> None:
    buyer = signed_in(market.buying)
    with clock.frozen(NOON):
        page = body(buyer.get("/buyer/trust/"))
        assert "单笔 ¥20,000.00、合计 ¥50,000.00" in page
        form = {"act": "sign", "per_order": "300.00", "in_all": "900.00", "password": "wrong"}
        refused = buyer.post("/buyer/trust/", form)
        assert refused.status_code == 422
        assert "密码不对" in body(refused)
        assert not TrustMandate.objects.exists()
        too_much = buyer.post("/buyer/trust/", form | {"in_all": "50001", "password": PAYMENT})
        assert "总限额不超过 ¥50,000.00" in body(too_much)
        answer = buyer.post("/buyer/trust/", form | {"password": PAYMENT}, follow=True)
        assert "已签约信任付" in body(answer)
        assert "900.00" in body(answer)
        ended = buyer.post("/buyer/trust/", {"act": "end"}, follow=True)
        assert "已解约" in body(ended)
        assert TrustMandate.objects.get().state == "ended"


def test_a_purchaser_reads_it_and_does_not_sign(market: Trading) -> None:
    purchaser = signed_in(goods.actor(market.buyer, Role.PURCHASER))
    with clock.frozen(NOON):
        page = body(purchaser.get("/buyer/trust/"))
        assert "主账号或财务可以签约" in page
        assert purchaser.post("/buyer/trust/", {"act": "end"}).status_code == 403


def test_checkout_pay_and_order_pages_name_it(market: Trading) -> None:
    buyer, seller = signed_in(market.buying), signed_in(market.selling)
    with clock.frozen(NOON):
        checkout = f"/checkout/?line={market.skus[0]}:100"
        assert "信任付" not in body(buyer.get(checkout))
        placed = market.place(10)
        assert "还没有签约信任付" in body(buyer.get(f"/pay/?order={placed.number}"))
        sign(market.buyer, market.buying)
        assert "可用 ¥50,000.00，单笔最多 ¥20,000.00" in body(buyer.get(checkout))
        order = ordered(market)
        assert "信任付（收货后扣款）" in body(buyer.get(f"/buyer/orders/{order.number}/"))
        assert "确认后由银行付款" in body(seller.get(f"/seller/orders/{order.number}/"))
        SandboxMandate.objects.update(play="refuse")
        commands.confirm_receipt(market.buying, order.number)
        deadlines.run_due(NOON)
        shown = body(buyer.get(f"/buyer/orders/{order.number}/"))
        assert "信任付（2026-03-17 再扣款）" in shown
        assert "看信任付" in shown


def test_what_the_bank_paid_is_repaid_in_part_and_staff_see_the_rest(market: Trading) -> None:
    buyer = signed_in(market.buying)
    with clock.frozen(NOON):
        sign(market.buyer, market.buying)
        order = ordered(market)
        SandboxMandate.objects.update(play="refuse")
        commands.confirm_receipt(market.buying, order.number)
    deadlines.run_due(COVERED)
    with clock.frozen(COVERED):
        page = body(buyer.get("/buyer/trust/?tab=owing"))
        assert order.number in page
        assert "银行已代付" in page
        form = {"order": order.number, "amount": "1.00"}
        answer = buyer.post("/buyer/trust/repay/", form)
        begun = buyer.post(answer.headers["Location"], {"method": "gateway"})
        bank.act(SandboxTrade.objects.get().trade_no, "pay")
        assert begun.status_code == 302
        assert "还款已到账" in body(buyer.get(answer.headers["Location"]))
        assert TrustItem.objects.get().repaid_fen == 1_00
        too_large = buyer.post("/buyer/trust/repay/", form | {"amount": "99999"}, follow=True)
        assert "不超过待还的" in body(too_large)
        operator = staff()
        assert order.number in body(operator.get("/console/trust/?tab=owing"))
        assert order.number not in body(operator.get("/console/trust/?tab=failed"))
        assert order.number not in body(operator.get("/console/trust/?q=没有这个"))


def test_the_bank_is_played_on_its_page_and_believed_by_its_signature_only(
    market: Trading,
) -> None:
    with clock.frozen(NOON):
        mandate = sign(market.buyer, market.buying)
        visitor = Client()
        assert market.buyer.name in body(visitor.get("/sandbox/mandates/"))
        visitor.post("/sandbox/mandates/", {"ref": mandate.ref, "play": "late"})
        visitor.post("/sandbox/mandates/", {"ref": mandate.ref, "play": "nonsense"})
        assert SandboxMandate.objects.get().play == "late"
        order = ordered(market)
        commands.confirm_receipt(market.buying, order.number)
        deadlines.run_due(NOON)
        word = SandboxWord.objects.get()
        assert word.number in body(visitor.get("/sandbox/mandates/"))

        def notify(signature: str) -> int:
            return visitor.post(
                "/financier/trust/notify",
                json.dumps(word.payload),
                content_type="application/json",
                headers={"X-Gateway-Signature": signature},
            ).status_code

        assert notify("AAAA") == 400
        assert TrustItem.objects.get().claim_fen
        assert notify(word.signature) == 200
        assert not TrustItem.objects.get().claim_fen
        assert finance.receive_word("trust", word.payload, word.signature) == "repeated"
