"""Trade credit on pages: granted and frozen, in batch by sheet, a statement printed and paid."""

from __future__ import annotations

import io
import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from pifa.finance import commands as finance
from pifa.finance.commands import LineDraft
from pifa.finance.models import CreditLine, CreditStatement, Payable, Repayment, SandboxTrade
from pifa.finance.sandbox import bank
from pifa.kernel import clock, deadlines
from pifa.kernel.actors import Role
from pifa.kernel.money import Money
from pifa.kernel.sheets import write_csv
from pifa.trade import commands
from pifa.trade.models import Order
from tests.catalog import market as goods
from tests.finance.credit.conftest import relate
from tests.trade.market import Trading, trading
from tests.web.seller.conftest import body, signed_in, streamed, worksheet

NOON = clock.start_of_day(date(2026, 3, 16)) + timedelta(hours=12)
SETTLING = clock.start_of_day(date(2026, 3, 28)) + timedelta(hours=2)


@pytest.fixture
def market(db: None) -> Trading:
    with clock.frozen(NOON):
        found = trading()
        relate(found.seller, found.buyer)
        return found


@pytest.fixture
def seller(market: Trading) -> Client:
    return signed_in(market.selling)


@pytest.fixture
def buyer(market: Trading) -> Client:
    return signed_in(market.buying)


@pytest.fixture
def owing(market: Trading) -> CreditLine:
    """Two orders on credit, received; the period is over."""
    with clock.frozen(NOON):
        draft = LineDraft(Money(10_000_00), "monthly", 28)
        line = finance.grant_credit(market.selling, market.buyer.login, draft)
        for _order in range(2):
            order = market.place(100)
            payable = Payable.objects.get(subject=order.subject)
            finance.start_payment(market.buying, payable.number, "trade_credit")
            commands.ship(market.selling, order.number, "试验快递", "T1")
            commands.confirm_receipt(market.buying, order.number)
    deadlines.run_due(SETTLING)
    return line


class TestSeller:
    def test_grants_changes_and_freezes(self, market: Trading, seller: Client) -> None:
        typed = {"login": market.buyer.login, "limit": "5,000", "terms": "monthly", "number": "31"}
        answer = seller.post("/seller/credit/", typed)
        line = CreditLine.objects.get()
        assert answer.headers["Location"] == f"/seller/credit/{line.pk}/"
        assert "每月 31 日结算" in body(seller.get(f"/seller/credit/{line.pk}/"))
        again = seller.post("/seller/credit/", typed)
        assert again.status_code == 422
        assert "已有账期额度" in body(again)
        page = f"/seller/credit/{line.pk}/"
        change = {"act": "change", "limit": "6000", "terms": "days", "number": "45"}
        assert seller.post(page, change).status_code == 302
        said = body(seller.post(page, {**change, "limit": "6100"}, follow=True))
        assert "结算方式不变" in said
        assert "从明天起" not in said.partition("<form")[0]
        seller.post(page, change)
        refused = seller.post(page, {**change, "terms": "monthly"})
        assert refused.status_code == 422
        assert "结算日须为 1 到 31" in body(refused)
        assert seller.post(page, {"act": "freeze", "reason": "对账中"}).status_code == 302
        assert "对账中" in body(seller.get(page))
        assert line.buyer.name in body(seller.get("/seller/credit/?state=frozen&q=顺达"))
        assert seller.post(page, {"act": "unfreeze"}).status_code == 302
        line.refresh_from_db()
        assert (line.limit_fen, line.terms_number, line.frozen_at) == (6_000_00, 45, None)

    def test_brings_lines_in_with_a_preview(self, market: Trading, seller: Client) -> None:
        file = io.BytesIO()
        rows = [(market.buyer.login, "800.00", "按月结算", 10), ("nobody", "1", "按月结算", 1)]
        write_csv(file, ("买家会员名", "额度", "结算方式", "结算日或天数"), rows)
        upload = SimpleUploadedFile("额度.csv", file.getvalue())
        preview = body(seller.post("/seller/credit/import/", {"sheet": upload}))
        assert "还不是您的客户" in preview
        assert not CreditLine.objects.exists()
        assert "导入结果" in body(seller.post("/seller/credit/import/go/"))
        assert CreditLine.objects.get().limit_fen == 800_00
        sheet = worksheet(streamed(seller.get("/seller/credit/sheet/")))
        assert [cell.value for cell in sheet[2]][:4] == [
            market.buyer.login, 800, "按月结算", 10,
        ]  # fmt: skip

    def test_reads_the_ageing(self, owing: CreditLine, seller: Client) -> None:
        with clock.frozen(SETTLING + timedelta(days=40)):
            page = body(seller.get("/seller/credit/ageing/"))
            owed = Money(CreditLine.objects.get().used_fen)
            assert str(owed) in page
            sheet = worksheet(streamed(seller.get("/seller/credit/ageing/sheet/")))
            assert sheet.max_row == 3
            assert "逾期 31–60 天" in [cell.value for cell in sheet[2]]

    def test_only_finance(self, market: Trading, owing: CreditLine) -> None:
        clerk = signed_in(goods.actor(market.seller, Role.CLERK))
        assert clerk.get("/seller/credit/").status_code == 403
        stranger = signed_in(goods.actor(goods.seller("别家")))
        assert stranger.get(f"/seller/credit/{owing.pk}/").status_code == 404


class TestBuyer:
    def test_a_statement_is_printed_kept_and_paid_in_part(
        self, market: Trading, owing: CreditLine, buyer: Client, seller: Client
    ) -> None:
        with clock.frozen(SETTLING):
            statement = CreditStatement.objects.get()
            assert statement.number in body(buyer.get("/buyer/credit/"))
            address = f"/buyer/credit/statements/{statement.number}/"
            page = body(buyer.get(address))
            for figure in ("2026-03-16 00:00:00 – 2026-03-27 23:59:59", "2026-03-28 23:59:59"):
                assert figure in page
            assert "data-print" in page
            for number in Order.objects.values_list("number", flat=True):
                assert number in page
            sheet = worksheet(streamed(buyer.get(address + "sheet/")))
            assert sheet.max_row == 3
            assert body(seller.get(f"/seller/credit/statements/{statement.number}/"))
            too_much = {"statement": statement.number, "amount": "99999"}
            assert (
                "不超过待还的"
                in buyer.post(
                    f"/buyer/credit/{owing.pk}/repay/", too_much, follow=True
                ).content.decode()
            )
            part = {"statement": statement.number, "amount": "10.00"}
            answer = buyer.post(f"/buyer/credit/{owing.pk}/repay/", part)
            repayment = Repayment.objects.get()
            page = reverse("buyer:credit_repayment", args=[repayment.number])
            assert answer.headers["Location"] == page
            assert "在线支付" in body(buyer.get(page))
            assert "账期支付" not in body(buyer.get(page)).partition("<fieldset>")[2]
            assert "/sandbox/pay/" in buyer.post(page, {"method": "gateway"}).headers["Location"]
            bank.act(SandboxTrade.objects.get().trade_no, "pay")
            assert "还款已到账" in body(buyer.get(page))
            owing.refresh_from_db()
            assert owing.used_fen == statement.amount_fen - 10_00

    def test_ticked_orders_are_paid(
        self, market: Trading, owing: CreditLine, buyer: Client
    ) -> None:
        with clock.frozen(SETTLING):
            number = Order.objects.latest("pk").number
            page = body(buyer.get(f"/buyer/credit/{owing.pk}/?which=due"))
            assert f'value="{number}"' in page
            buyer.post(f"/buyer/credit/{owing.pk}/repay/", {"order": number})
            repayment = Repayment.objects.get()
            assert [item.payable.subject for item in repayment.items.all()] == [f"order:{number}"]
            assert streamed(buyer.get(f"/buyer/credit/{owing.pk}/sheet/?kind=csv"))

    def test_the_order_tells_what_is_promised(
        self, market: Trading, owing: CreditLine, buyer: Client, seller: Client
    ) -> None:
        with clock.frozen(SETTLING):
            order = Order.objects.latest("pk")
            for client, side in ((buyer, "buyer"), (seller, "seller")):
                page = body(client.get(f"/{side}/orders/{order.number}/"))
                assert "2026-03-28" in page
                assert "账期" in page
                assert "已结算给卖家" not in page.partition("timeline")[0]

    def test_chosen_in_the_checkout(self, market: Trading, buyer: Client) -> None:
        draft = LineDraft(Money(50_00), "monthly", 28)
        line = finance.grant_credit(market.selling, market.buyer.login, draft)
        way = f"way_{market.seller.pk}"

        def ordered(quantity: int) -> Any:
            goods_line = f"{market.skus[0]}:{quantity}"
            page = body(buyer.get(f"/checkout/?line={goods_line}&{way}=trade_credit"))
            (total,) = re.findall(r'name="shown_total" value="(\d+)"', page)
            sent = {"line": goods_line, "address": market.address.pk, "shown_total": total}
            more = {"invoice-kind": "none", "act": "place", way: "trade_credit"}
            return buyer.post("/checkout/", {**sent, **more}, follow=True)

        page = body(buyer.get(f"/checkout/?line={market.skus[0]}:1&{way}=trade_credit"))
        assert "可用 ¥50.00，每月 28 日结算" in page
        assert "约定以后付" in page
        refused = ordered(1000)
        assert refused.status_code == 409
        assert "账期额度 ¥50.00，已用 ¥0.00，可用 ¥50.00，这笔需要" in body(refused)
        assert not Order.objects.exists()
        page = body(ordered(1))
        order = Order.objects.get()
        assert f"订单 {order.number} 已约定用“账期支付”付款" in page
        assert order.promised_fen == order.total_fen
        line.refresh_from_db()
        assert line.used_fen == order.total_fen

    def test_the_seller_of_what_is_promised_is_not_told_of_money(
        self, market: Trading, seller: Client
    ) -> None:
        draft = LineDraft(Money(10_000_00), "monthly", 28)
        finance.grant_credit(market.selling, market.buyer.login, draft)
        order = market.place(100, ways={market.seller.pk: "trade_credit"})
        commands.ship(market.selling, order.number, "试验快递", "T1")
        page = body(seller.get(f"/seller/orders/{order.number}/"))
        assert "货款已经到账" not in page
        assert "账期从收货起算" in page

    def test_chosen_on_the_pay_page(self, market: Trading, buyer: Client) -> None:
        draft = LineDraft(Money(10_000_00), "monthly", 28)
        finance.grant_credit(market.selling, market.buyer.login, draft)
        order = market.place(100)
        payable = Payable.objects.get(subject=order.subject)
        answer = buyer.post(
            reverse("storefront:pay_start", args=[payable.number]), {"method": "trade_credit"}
        )
        assert answer.headers["Location"] == f"/buyer/orders/{order.number}/"
        assert market.order(order.number).promised_fen == order.total_fen
