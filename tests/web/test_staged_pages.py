"""Staged and split payment on the pages of both sides, without script."""

from __future__ import annotations

import io
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from pifa.catalog.models import OfferStagedPlan, SellerStagedPlan
from pifa.finance import commands as finance
from pifa.finance import queries as books
from pifa.finance.sandbox.bank import BankAction
from pifa.kernel.actors import SYSTEM, Role
from pifa.kernel.money import Money
from pifa.trade import commands
from pifa.trade.models import Order, ProductionPicture
from pifa.trade.staged import commands as staged
from tests.catalog import market as goods
from tests.finance.test_schedule import put_on_balance
from tests.plugins.clock import MarketClock
from tests.trade.market import Trading
from tests.trade.staged_market import (
    finished,
    pay,
    payable_of,
    staged_trading,
)
from tests.web.seller.conftest import body, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def trading(db: None) -> Trading:
    return staged_trading()


@pytest.fixture
def buyer(trading: Trading) -> Client:
    return signed_in(trading.buying)


@pytest.fixture
def clerk(trading: Trading) -> Client:
    return signed_in(goods.actor(trading.seller, Role.CLERK))


@pytest.fixture
def order(trading: Trading) -> Order:
    return trading.place(100)


def picture(name: str = "a.png") -> SimpleUploadedFile:
    file = io.BytesIO()
    Image.new("RGB", (40, 30), "navy").save(file, "PNG")
    return SimpleUploadedFile(name, file.getvalue(), "image/png")


class TestPaying:
    def test_the_checkout_tells_the_plan_and_both_amounts(
        self, trading: Trading, buyer: Client
    ) -> None:
        page = body(buyer.get(f"/checkout/?line={trading.skus[0]}:100"))
        for words in ("先付定金 ¥10.50", "完成生产后 5 天内付尾款 ¥24.50", "定金归卖家"):
            assert words in page
        assert "定金 30%，10 天内完成生产" in body(buyer.get(f"/offer/{trading.offer.pk}/"))

    def test_the_pay_page_asks_for_the_deposit_and_says_why_not(
        self, buyer: Client, order: Order
    ) -> None:
        page = body(buyer.get(f"/pay/?order={order.number}"))
        assert "¥10.50" in page
        assert "付清定金后付" in page
        assert "余额 ¥0.00，还差 ¥10.50。" in page

    def test_amounts_that_do_not_add_up_are_said_and_kept(
        self, buyer: Client, order: Order
    ) -> None:
        number = payable_of(order).number
        for amounts, said in ((["4", "5"], "须等于待付的 ¥10.50"), (["4", "x"], "不是金额")):
            answer = buyer.post(f"/pay/split/{number}/?order={order.number}", {"amount": amounts})
            assert answer.status_code == 422
            assert said in body(answer)
            assert f'value="{amounts[1]}"' in body(answer)
        assert len(books.stages(order.subject)) == 2

    def test_parts_are_paid_one_by_one_by_different_methods(
        self, trading: Trading, buyer: Client, order: Order
    ) -> None:
        number = payable_of(order).number
        split = {"amount": ["4.00", "6.50", "", "", ""]}
        page = body(buyer.post(f"/pay/split/{number}/?order={order.number}", split, follow=True))
        assert "定金 1/2 ¥4.00" in page
        assert "定金 2/2 ¥6.50" in page
        put_on_balance(trading.buyer, Money(6_50))
        second = body(buyer.get(f"/pay/?order={order.number}&part=1"))
        assert '<strong class="huge money">¥6.50</strong>' in second
        answer = buyer.post(f"/pay/start/{number}/", {"method": "balance", "part": "1"})
        # What is left of the deposit comes next.
        assert answer.headers["Location"].startswith(f"/pay/?order={order.number}")
        order = pay(trading, order)
        assert order.status == "in_production"

    def test_the_checkout_says_why_a_small_order_is_paid_at_once(
        self, trading: Trading, buyer: Client
    ) -> None:
        OfferStagedPlan.objects.update(deposit_bp=None, deposit_fen=500_00)
        page = body(buyer.get(f"/checkout/?line={trading.skus[0]}:100"))
        assert "合计没有超过约定的定金，须一次付清。" in page

    def test_money_of_an_attempt_that_was_given_up_is_found_and_sent_back(
        self, trading: Trading, buyer: Client, order: Order
    ) -> None:
        pay(trading, order, BankAction.WRONG_SIGNATURE)
        order = pay(trading, order)
        assert (order.status, order.paid_fen) == ("in_production", 10_50)
        assert len(books.reconciliation(SYSTEM).entries) == 1
        address = f"/buyer/orders/{order.number}/"
        assert "我已付款，查询到账" in body(buyer.get(address))
        page = body(buyer.post(f"/pay/ask/{order.number}/", follow=True))
        assert "银行说款已付；这笔款不用再付，已原路退回。" in page
        assert "我已付款，查询到账" not in page
        assert books.reconciliation(SYSTEM).agrees
        assert trading.order(order.number).paid_fen == 10_50

    def test_from_the_balance_one_comes_back_to_the_order_with_a_word(
        self, trading: Trading, buyer: Client, order: Order
    ) -> None:
        put_on_balance(trading.buyer, Money(10_50))
        number = payable_of(order).number
        page = body(buyer.post(f"/pay/start/{number}/", {"method": "balance"}, follow=True))
        assert "已付款 ¥10.50，由平台担保。" in page
        assert "卖家生产中" in page

    def test_the_balance_has_its_page_when_the_goods_are_made(
        self, trading: Trading, buyer: Client, order: Order
    ) -> None:
        pay(trading, order)
        assert "提前付尾款" in body(buyer.get(f"/buyer/orders/{order.number}/"))
        finished(trading, order)
        page = body(buyer.get(f"/pay/?order={order.number}"))
        assert "¥24.50" in page
        assert "库存已为您留着" not in page
        pay(trading, order)
        assert buyer.get(f"/pay/?order={order.number}").status_code == 302

    def test_a_stranger_splits_nothing(self, order: Order) -> None:
        stranger = signed_in(goods.actor(goods.company("别家"), Role.OWNER))
        number = payable_of(order).number
        answer = stranger.post(f"/pay/split/{number}/", {"amount": ["1", "9.50"]})
        assert answer.status_code == 404


class TestTheOrderOnBothSides:
    def test_progress_with_pictures_is_seen_by_both_and_by_nobody_else(
        self, trading: Trading, buyer: Client, clerk: Client, order: Order
    ) -> None:
        pay(trading, order)
        page = body(
            clerk.post(
                f"/seller/orders/{order.number}/progress/",
                {"percent": "40", "text": "备料完成", "pictures": [picture(), picture("b.png")]},
                follow=True,
            )
        )
        assert "进度已发布" in page
        assert "备料完成" in page
        pk = ProductionPicture.objects.first().pk  # type: ignore[union-attr]
        address = f"orders/{order.number}/production/{pk}/"
        shown = body(buyer.get(f"/buyer/orders/{order.number}/"))
        assert f"/buyer/{address}" in shown
        assert 'value="40"' in shown
        for client, place in ((buyer, "buyer"), (clerk, "seller")):
            answer = client.get(f"/{place}/{address}")
            assert (answer.status_code, answer["Content-Type"]) == (200, "image/png")
        stranger = signed_in(goods.actor(goods.seller("别家五金厂")))
        assert stranger.get(f"/seller/{address}").status_code == 404
        assert stranger.get(f"/buyer/{address}").status_code == 404
        assert Client().get(f"/buyer/{address}").status_code == 302

    def test_what_is_no_picture_is_refused_and_the_words_stay(
        self, trading: Trading, clerk: Client, order: Order
    ) -> None:
        pay(trading, order)
        bad = SimpleUploadedFile("a.png", b"<script>alert(1)</script>", "image/png")
        answer = clerk.post(
            f"/seller/orders/{order.number}/progress/",
            {"percent": "40", "text": "备料完成", "pictures": [bad]},
        )
        assert answer.status_code == 422
        assert "不是完整的图片" in body(answer)
        assert "备料完成" in body(answer)
        assert not ProductionPicture.objects.exists()

    def test_both_read_what_is_paid_due_and_coming(
        self, trading: Trading, buyer: Client, clerk: Client, order: Order
    ) -> None:
        pay(trading, order)
        finished(trading, order)
        for page in (
            body(buyer.get(f"/buyer/orders/{order.number}/")),
            body(clerk.get(f"/seller/orders/{order.number}/")),
        ):
            for words in (
                "待付尾款",
                "付定金 ¥10.50，由平台担保",
                "在线支付",
                "现在可付",
                "接下来",
                "还没有付清尾款，订单关闭，定金归卖家",
                "逾期未付尾款，订单关闭，定金归卖家。",
            ):
                assert words in page

    def test_the_seller_finishes_and_cancels_on_the_page(
        self, trading: Trading, clerk: Client, order: Order
    ) -> None:
        pay(trading, order)
        address = f"/seller/orders/{order.number}/"
        page = body(clerk.post(address, {"act": "finish_production"}, follow=True))
        assert "已完成生产，买家会收到通知。" in page
        clerk.post(address, {"act": "cancel_production", "reason": "设备故障"})
        assert trading.order(order.number).close_reason == "设备故障"

    def test_the_buyer_leaves_a_late_order_when_the_button_is_there(
        self, trading: Trading, buyer: Client, order: Order, market_clock: MarketClock
    ) -> None:
        pay(trading, order)
        address = f"/buyer/orders/{order.number}/"
        assert "取消订单，全额退款" not in body(buyer.get(address))
        refused = buyer.post(address, {"act": "cancel_late"})
        assert refused.status_code == 422
        assert "还在生产期限内" in body(refused)
        market_clock.forward(days=13)
        assert "取消订单，全额退款" in body(buyer.get(address))
        buyer.post(address, {"act": "cancel_late"})
        assert trading.order(order.number).refunded_fen == 10_50

    def test_a_refund_of_one_stage_is_asked_on_its_page(
        self, trading: Trading, buyer: Client, order: Order
    ) -> None:
        pay(trading, order)
        pay(trading, order)
        address = f"/buyer/orders/{order.number}/refund/"
        page = body(buyer.get(address))
        assert "定金，最多 ¥10.50" in page
        assert "尾款，最多 ¥24.50" in page
        asked = {"kind": "money", "purpose": "deposit", "amount": "10.51", "reason": "少做"}
        assert buyer.post(address, asked).status_code == 422
        buyer.post(address, asked | {"amount": "10.50"})
        assert trading.order(order.number).status == "in_refund"

    def test_an_ordinary_order_is_not_asked_for_a_stage(self, trading: Trading) -> None:
        OfferStagedPlan.objects.all().delete()
        order = trading.paid(100)
        page = body(signed_in(trading.buying).get(f"/buyer/orders/{order.number}/refund/"))
        assert "退哪一笔" not in page

    def test_the_desks_have_tabs_for_such_orders(
        self, trading: Trading, buyer: Client, clerk: Client, order: Order
    ) -> None:
        assert "生产中" not in body(clerk.get("/seller/orders/"))
        pay(trading, order)
        for client, place in ((buyer, "buyer"), (clerk, "seller")):
            page = body(client.get(f"/{place}/orders/?tab=in_production"))
            assert order.number in page
            assert "生产中" in page
        finished(trading, order)
        assert order.number in body(clerk.get("/seller/orders/?tab=awaiting_balance"))
        assert "待付尾款" in body(clerk.get("/seller/"))

    def test_a_part_paid_order_can_still_be_cancelled(
        self, trading: Trading, buyer: Client, order: Order
    ) -> None:
        number = payable_of(order).number
        finance.split_payment(trading.buying, number, [Money(4_00), Money(6_50)])
        pay(trading, order)
        buyer.post(f"/buyer/orders/{order.number}/", {"act": "cancel", "reason": ""})
        assert trading.order(order.number).refunded_fen == 4_00


class TestTheOffer:
    def form(self, trading: Trading, clerk: Client, **fields: str) -> dict[str, str]:
        """The offer's form as the page shows it, with some fields changed."""
        page = body(clerk.get(f"/seller/offers/{trading.offer.pk}/"))
        form: dict[str, str] = {}
        for name, value in re.findall(r'<input[^>]*name="([^"]+)"[^>]*value="([^"]*)"', page):
            if not name.endswith("_gone"):
                form.setdefault(name, value)
        return (
            form
            | {
                "category": str(trading.offer.category_id),
                "scene": "custom",
                "visibility": "public",
                "attributes": "",
                "description": trading.offer.description,
                "freight_template": "",
                "staged-keeper": "seller",
                "act": "save",
            }
            | fields
        )

    def test_a_plan_is_set_and_kept_for_new_offers(self, trading: Trading, clerk: Client) -> None:
        fields = {
            "staged-way": "amount",
            "staged-amount": "500.00",
            "staged-share": "",
            "staged-production_days": "20",
            "staged-balance_days": "3",
            "staged-as_default": "on",
        }
        form = self.form(trading, clerk, **fields)
        answer = clerk.post(f"/seller/offers/{trading.offer.pk}/", form)
        assert answer.status_code == 302, body(answer)
        kept = OfferStagedPlan.objects.get(offer=trading.offer)
        assert (kept.deposit_bp, kept.deposit_fen, kept.production_days) == (None, 500_00, 20)
        assert SellerStagedPlan.objects.get(seller=trading.seller).balance_days == 3
        assert 'value="500.00"' in body(clerk.get("/seller/offers/new/"))

    def test_goods_from_stock_are_paid_at_once(self, trading: Trading, clerk: Client) -> None:
        fields = {"staged-way": "share", "staged-share": "30", "staged-production_days": "5"}
        form = self.form(trading, clerk, scene="stock", **fields)
        answer = clerk.post(f"/seller/offers/{trading.offer.pk}/", form)
        assert answer.status_code == 422
        assert "只有定制加工和预售的货品可以分阶段付款" in body(answer)

    def test_an_order_keeps_its_plan_when_the_offer_s_changes(
        self, trading: Trading, order: Order
    ) -> None:
        OfferStagedPlan.objects.all().delete()
        pay(trading, order)
        staged.finish_production(trading.selling, order.number)
        assert trading.order(order.number).status == "awaiting_balance"
        with pytest.raises(Exception, match="待付尾款"):
            commands.ship(trading.selling, order.number, "试验快递", "T1")
