"""An order's page: what it tells, what its seller can do, and what a refusal keeps."""

from __future__ import annotations

from django.test import Client
from pytest_django import DjangoAssertNumQueries

from pifa.kernel.money import Money
from pifa.trade import commands
from pifa.trade.models import Order, OrderStatus, RefundCase, RefundState
from tests.catalog import market as goods
from tests.trade.market import Trading
from tests.web.seller.conftest import body, signed_in


def act(client: Client, order: Order, name: str, **fields: str) -> str:
    """Post one act of the order's page and return the page that follows."""
    return body(
        client.post(f"/seller/orders/{order.number}/", {"act": name, **fields}, follow=True)
    )


def asked(trading: Trading, kind: str = "money") -> tuple[Order, str]:
    """A shipped order on which the buyer asks ¥10.00 back."""
    order = trading.shipped(100)
    return order, commands.ask_refund(trading.buying, order.number, kind, Money(1000), "少发了")


def test_the_money_of_an_order_is_told_as_entries_in_plain_words(
    trading: Trading, clerk: Client
) -> None:
    order = trading.received(100)
    page = body(clerk.get(f"/seller/orders/{order.number}/"))
    for words in ("买家付款，进入平台担保", "¥35.00", "试验快递", "王小明", "确认收货"):
        assert words in page


def test_a_stranger_s_order_and_one_s_own_purchase_are_not_found(
    trading: Trading, clerk: Client
) -> None:
    order = trading.paid(100)
    stranger = signed_in(goods.actor(goods.seller("别家五金厂")))
    assert stranger.get(f"/seller/orders/{order.number}/").status_code == 404
    assert clerk.get("/seller/orders/2600000000000000/").status_code == 404
    trading.buyer.is_seller = True
    trading.buyer.save()
    assert signed_in(trading.buying).get(f"/seller/orders/{order.number}/").status_code == 404


def test_a_new_price_is_kept_with_its_reason(trading: Trading, clerk: Client) -> None:
    order = trading.place(100)
    page = act(clerk, order, "adjust_price", new_total="30.5", reason="老客户")
    assert trading.order(order.number).total_fen == 3050
    assert "¥30.50" in page
    assert "老客户" in page


def test_a_bad_price_says_why_and_keeps_what_was_typed(trading: Trading, clerk: Client) -> None:
    order = trading.place(100)
    for typed, words in (("12.345", "最多两位小数"), ("0", "大于 ¥0.00"), ("abc", "请填写金额")):
        answer = clerk.post(
            f"/seller/orders/{order.number}/",
            {"act": "adjust_price", "new_total": typed, "reason": "抹零"},
        )
        assert answer.status_code == 422
        assert words in body(answer)
        assert f'value="{typed}"' in body(answer)
        assert 'value="抹零"' in body(answer)
    assert trading.order(order.number).total_fen == order.total_fen


def test_an_unpaid_order_is_closed_and_a_paid_one_is_not(trading: Trading, clerk: Client) -> None:
    unpaid, paid = trading.place(100), trading.paid(100)
    assert "交易关闭" in act(clerk, unpaid, "close", reason="缺货")
    assert "缺货" in body(clerk.get(f"/seller/orders/{unpaid.number}/"))
    assert "不能进行" in act(clerk, paid, "close", reason="缺货")
    assert trading.order(paid.number).status == OrderStatus.AWAITING_SHIPMENT


def test_one_order_is_shipped_from_its_page(trading: Trading, clerk: Client) -> None:
    order = trading.paid(100)
    act(clerk, order, "ship", carrier="顺快递", tracking_no="Z9")
    assert trading.order(order.number).status == OrderStatus.AWAITING_RECEIPT


def test_a_note_is_the_seller_s_own(trading: Trading, clerk: Client) -> None:
    order = trading.paid(100)
    assert "要开发票" in act(clerk, order, "note", note="要开发票")
    assert trading.order(order.number).seller_note == "要开发票"


def test_agreeing_to_a_refund_pays_it_back(trading: Trading, bookkeeper: Client) -> None:
    order, case = asked(trading)
    page = body(bookkeeper.get(f"/seller/orders/{order.number}/"))
    assert "少发了" in page
    assert "自动同意" in page
    act(bookkeeper, order, "accept", refund=case)
    assert RefundCase.objects.get(number=case).state == RefundState.PAID
    assert trading.order(order.number).refunded_fen == 1000


def test_refusing_needs_a_reason(trading: Trading, clerk: Client) -> None:
    order, case = asked(trading)
    assert "请填写拒绝原因" in act(clerk, order, "refuse", refund=case, answer="")
    assert RefundCase.objects.get(number=case).state == RefundState.ASKED
    act(clerk, order, "refuse", refund=case, answer="数量无误")
    assert RefundCase.objects.get(number=case).state == RefundState.REFUSED


def test_a_return_is_agreed_to_awaited_and_paid_back(trading: Trading, clerk: Client) -> None:
    order, case = asked(trading, "return")
    act(clerk, order, "accept", refund=case)
    commands.send_return(trading.buying, case, "R77")
    assert "R77" in body(clerk.get(f"/seller/orders/{order.number}/"))
    act(clerk, order, "confirm_return", refund=case)
    assert RefundCase.objects.get(number=case).state == RefundState.PAID


def test_a_dispute_takes_the_seller_s_statement(trading: Trading, clerk: Client) -> None:
    order, case = asked(trading)
    commands.answer_refund(trading.selling, case, False, "数量无误")
    commands.open_dispute(trading.buying, case, "少了一箱")
    page = body(clerk.get(f"/seller/orders/{order.number}/"))
    assert "少了一箱" in page
    assert "裁决预计" in page
    assert "发货时称过重" in act(
        clerk, order, "answer_dispute", refund=case, statement="发货时称过重"
    )


def test_the_page_says_until_when_an_order_may_be_shipped(trading: Trading, clerk: Client) -> None:
    order = trading.paid(100)
    assert "4月1日 09:00</time> 还没有发货" in body(clerk.get(f"/seller/orders/{order.number}/"))


def test_a_review_is_answered_once(trading: Trading, clerk: Client) -> None:
    order = trading.received(100)
    commands.write_review(trading.buying, order.number, 2, "包装破了")
    assert "包装破了" in body(clerk.get(f"/seller/orders/{order.number}/"))
    assert "下次加固" in act(clerk, order, "answer_review", answer="下次加固")
    assert "只能回复一次" in act(clerk, order, "answer_review", answer="再说一次")


def test_a_case_of_another_order_cannot_be_answered_through_one_s_own(
    trading: Trading,
) -> None:
    _order, case = asked(trading)
    other = goods.seller("别家五金厂")
    stranger = signed_in(goods.actor(other))
    answer = stranger.post(f"/seller/orders/{_order.number}/", {"act": "accept", "refund": case})
    assert answer.status_code == 404
    assert RefundCase.objects.get(number=case).state == RefundState.ASKED


def test_a_bookkeeper_reads_but_does_not_ship(trading: Trading, bookkeeper: Client) -> None:
    order = trading.paid(100)
    assert "运单号" not in body(bookkeeper.get(f"/seller/orders/{order.number}/"))
    answer = bookkeeper.post(
        f"/seller/orders/{order.number}/", {"act": "ship", "carrier": "顺", "tracking_no": "1"}
    )
    assert answer.status_code == 403
    assert trading.order(order.number).status == OrderStatus.AWAITING_SHIPMENT


def test_a_page_of_an_order_costs_a_fixed_number_of_statements(
    trading: Trading, clerk: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    order, _case = asked(trading)
    with django_assert_max_num_queries(28):
        clerk.get(f"/seller/orders/{order.number}/")


def test_refunds_stand_in_a_list_until_they_end(trading: Trading, clerk: Client) -> None:
    order, case = asked(trading)
    assert order.number in body(clerk.get("/seller/refunds/"))
    act(clerk, order, "accept", refund=case)
    assert order.number not in body(clerk.get("/seller/refunds/"))
    assert order.number in body(clerk.get("/seller/refunds/?tab=ended"))
