"""The buyer's orders: lists with filters, one order with what can be done, refunds to their end."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from pifa.kernel import clock
from pifa.kernel.actors import Role
from pifa.parties import commands as parties
from pifa.parties import queries as companies
from pifa.trade import commands
from pifa.trade.models import Order, RefundCase
from tests.build import buying
from tests.build.buying import Market
from tests.catalog.market import sku_ids
from tests.plugins.clock import MarketClock


def text(response: Any) -> str:
    return str(response.content.decode())


@pytest.fixture
def number(market: Market) -> str:
    """An unpaid order."""
    return buying.order(market, [(sku_ids(market.bags)[0], 500)])


@pytest.fixture
def paid(market: Market, number: str) -> str:
    buying.pay(market, number)
    return number


@pytest.fixture
def shipped(market: Market, paid: str) -> str:
    commands.ship(market.seller, paid, "顺达快递", "SD1")
    return paid


def status(number: str) -> str:
    return Order.objects.get(number=number).status


def test_home_says_what_waits(buyer: Client, number: str) -> None:
    page = text(buyer.get("/buyer/"))
    assert number in page
    assert "待付款" in page


def test_a_list_by_tab_words_and_days(buyer: Client, market: Market, number: str) -> None:
    assert number in text(buyer.get("/buyer/orders/?tab=awaiting_payment"))
    assert number not in text(buyer.get("/buyer/orders/?tab=in_refund"))
    assert number in text(buyer.get("/buyer/orders/", {"q": "快递袋"}))
    assert "没有符合条件的订单" in text(buyer.get("/buyer/orders/", {"q": "轴承"}))
    today = clock.today().isoformat()
    assert number in text(buyer.get("/buyer/orders/", {"since": today, "until": today}))
    assert "没有符合条件的订单" in text(buyer.get("/buyer/orders/", {"since": "2099-01-01"}))


@pytest.mark.parametrize(
    "query", ["tab=nonsense", "since=yesterday", "q=%00", "cursor=", "tab=all&since=0000-00-00"]
)
def test_senseless_filters_are_answered(buyer: Client, number: str, query: str) -> None:
    response = buyer.get(f"/buyer/orders/?{query}")
    assert response.status_code == 200
    assert number in text(response)


def test_a_cursor_of_another_list_is_refused(buyer: Client, number: str) -> None:
    response = buyer.get("/buyer/orders/?cursor=abc")
    assert response.status_code == 422
    assert "翻页标记无效" in text(response)


def test_orders_come_in_pages(buyer: Client, market: Market) -> None:
    numbers = [buying.order(market, [(sku_ids(market.bags)[0], 100)]) for _ in range(21)]
    first = text(buyer.get("/buyer/orders/"))
    assert numbers[-1] in first
    assert numbers[0] not in first
    cursor = first.split("cursor=")[1].split('"')[0]
    assert numbers[0] in text(buyer.get(f"/buyer/orders/?cursor={cursor}"))


def test_the_list_costs_the_same_for_many_orders(
    buyer: Client, market: Market, django_assert_max_num_queries: Callable[[int], Any]
) -> None:
    for _ in range(12):
        buying.order(market, [(sku_ids(market.bags)[0], 100)])
    buyer.get("/buyer/orders/")
    with django_assert_max_num_queries(20):
        buyer.get("/buyer/orders/")


def test_an_order_costs_a_bounded_number_of_statements(
    buyer: Client, shipped: str, django_assert_max_num_queries: Callable[[int], Any]
) -> None:
    buyer.get(f"/buyer/orders/{shipped}/")
    with django_assert_max_num_queries(34):
        buyer.get(f"/buyer/orders/{shipped}/")


def test_cancel_gives_the_reason(buyer: Client, number: str) -> None:
    page = text(buyer.get(f"/buyer/orders/{number}/"))
    assert "取消订单" in page
    assert "确认收货</button>" not in page
    answer = buyer.post(
        f"/buyer/orders/{number}/", {"act": "cancel", "reason": "型号选错"}, follow=True
    )
    assert status(number) == "closed"
    assert "型号选错" in text(answer)
    # Again, from a tab that was left open: told, and nothing changes.
    again = buyer.post(f"/buyer/orders/{number}/", {"act": "cancel"})
    assert again.status_code == 422
    assert "不能进行“取消订单”" in text(again)


def test_part_of_the_money_back_before_shipment(buyer: Client, market: Market, paid: str) -> None:
    url = f"/buyer/orders/{paid}/refund/"
    assert "退货退款" not in text(buyer.get(url))
    for amount in ("0", "-1", "60.01", "1e9", "abc", "0.001", ""):
        response = buyer.post(url, {"kind": "money", "amount": amount, "reason": "少发"})
        assert response.status_code == 422, amount
    assert not RefundCase.objects.exists()
    buyer.post(url, {"kind": "money", "amount": "10.50", "reason": "少要一些"})
    case = RefundCase.objects.get()
    assert case.asked_fen == 1050
    page = text(buyer.get(f"/buyer/orders/{paid}/"))
    assert "等待卖家处理" in page
    commands.answer_refund(market.seller, case.number, True)
    page = text(buyer.get(f"/buyer/orders/{paid}/"))
    assert "担保款原路退回买家" in page
    assert "¥10.50" in page
    assert status(paid) == "awaiting_shipment"


def test_goods_go_back_and_a_refusal_goes_before_the_market(
    buyer: Client, market: Market, shipped: str, market_clock: MarketClock
) -> None:
    url = f"/buyer/orders/{shipped}/"
    buyer.post(f"{url}refund/", {"kind": "return", "amount": "60.00", "reason": "有破损"})
    case = RefundCase.objects.get()
    commands.answer_refund(market.seller, case.number, True)
    assert "请在" in text(buyer.get(url))
    empty = buyer.post(url, {"act": "send_return", "refund": case.number, "tracking_no": ""})
    assert empty.status_code == 422
    buyer.post(url, {"act": "send_return", "refund": case.number, "tracking_no": "顺达 SD2"})
    case.refresh_from_db()
    assert case.state == "returned"
    assert case.return_tracking_no == "顺达 SD2"
    commands.answer_refund(market.seller, case.number, False, "收到的不是原货")
    assert "收到的不是原货" in text(buyer.get(url))
    buyer.post(url, {"act": "open_dispute", "refund": case.number, "statement": "就是原货"})
    assert "平台介入中" in text(buyer.get(url))
    assert "预计" in text(buyer.get(url))
    market_clock.forward(days=8)
    assert "已逾期，平台正优先处理" in text(buyer.get(url))
    buyer.post(url, {"act": "withdraw", "refund": case.number})
    assert status(shipped) == "awaiting_receipt"


def test_received_and_reviewed(buyer: Client, shipped: str) -> None:
    buyer.post(f"/buyer/orders/{shipped}/", {"act": "confirm_receipt"})
    assert status(shipped) == "awaiting_review"
    bad = buyer.post(f"/buyer/orders/{shipped}/review/", {"stars": "6", "body": "好"})
    assert bad.status_code == 422
    assert "好</textarea>" in text(bad)
    buyer.post(f"/buyer/orders/{shipped}/review/", {"stars": "4", "body": "好"})
    assert status(shipped) == "completed"
    assert "4 星" in text(buyer.get(f"/buyer/orders/{shipped}/"))


def test_who_only_reads_the_books_sees_no_buttons(market: Market, shipped: str) -> None:
    member = parties.add_member(
        market.buyer,
        person_name="会计",
        username="books",
        password=None,
        email="",
        mobile="13700137000",
        roles=[Role.FINANCE],
    )
    client = Client()
    client.force_login(member.user, "django.contrib.auth.backends.ModelBackend")
    page = text(client.get(f"/buyer/orders/{shipped}/"))
    assert "确认收货</button>" not in page
    refused = client.post(f"/buyer/orders/{shipped}/", {"act": "confirm_receipt"})
    assert refused.status_code == 403
    assert status(shipped) == "awaiting_receipt"
    assert companies.actor_for(member).roles == {Role.FINANCE}


def test_a_seller_does_not_meet_its_sale_here(market: Market, number: str) -> None:
    client = Client()
    client.force_login(buying.user_of(market.seller), "django.contrib.auth.backends.ModelBackend")
    assert client.get(f"/buyer/orders/{number}/").status_code == 404


def test_asking_the_bank_books_what_a_forged_notice_lost(
    buyer: Client, market: Market, number: str
) -> None:
    from pifa.finance import queries as finance
    from pifa.finance.commands import start_payment
    from pifa.finance.sandbox import bank

    payable = finance.payable(f"order:{number}")
    assert payable
    begun = start_payment(market.buyer, payable.number, "gateway")
    bank.act(begun.redirect_url.split("/")[-2], "wrong_signature")
    assert status(number) == "awaiting_payment"
    assert "我已付款，查询到账" in text(buyer.get(f"/buyer/orders/{number}/"))
    answer = buyer.post(f"/pay/ask/{number}/", follow=True)
    assert "已经入账" in text(answer)
    assert status(number) == "awaiting_shipment"


def test_attempts_to_pay_are_told_first_until_it_is_paid(
    buyer: Client, market: Market, number: str
) -> None:
    buying.pay(market, number, "fail")
    page = text(buyer.get(f"/buyer/orders/{number}/"))
    assert page.index("没有完成的付款") < page.index("货品")
    buying.pay(market, number)
    page = text(buyer.get(f"/buyer/orders/{number}/"))
    assert page.index("这笔订单的钱") < page.index("没有完成的付款 (1)")
