"""What the order desk and an order's page show, to whom."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from pifa.kernel import clock, events
from pifa.kernel.errors import Forbidden, InvalidInput, NotFound
from pifa.kernel.models import AuditEntry
from pifa.kernel.paging import BadCursor
from pifa.messages.models import Notice
from pifa.messages.wording import wording
from pifa.relationships.models import Relationship
from pifa.trade import commands, queries
from pifa.trade.models import Order, OrderLine, OrderStatus
from pifa.trade.queries import Filters
from tests.catalog import market as goods
from tests.plugins.clock import MarketClock
from tests.trade.market import Trading, pay, yuan


def declared(trading: Trading, customer: Relationship, number: str = "D1") -> Order:
    order = Order.objects.create(
        number=number,
        external_no=number,
        seller=trading.seller,
        customer=customer,
        channel="declared",
        provenance="declared",
        status="completed",
        goods_fen=100,
        total_fen=100,
        paid_fen=100,
        placed_at=clock.now(),
    )
    OrderLine.objects.create(
        order=order, position=1, title="旧货", quantity=1, price_e4=10_000, amount_fen=100
    )
    return order


def noted(trading: Trading) -> Relationship:
    return Relationship.objects.create(
        seller=trading.seller,
        name="老王五金",
        external_key="17",
        since=clock.now(),
        changed_at=clock.now(),
    )


def numbers(trading: Trading, side: str, tab: str = "all", **filters: object) -> list[str]:
    actor = trading.buying if side == "buyer" else trading.selling
    page = queries.orders(actor, side, tab, Filters(**filters))  # type: ignore[arg-type]
    return [row.number for row in page.items]


def test_tabs_show_their_states_and_counts(trading: Trading) -> None:
    unpaid, paid, closed = trading.place(10), trading.paid(20), trading.place(30)
    shipped, received = trading.shipped(40), trading.received(50)
    commands.close_order(trading.selling, closed.number)
    old = declared(trading, noted(trading))
    for side in ("buyer", "seller"):
        assert numbers(trading, side) == [
            received.number,
            shipped.number,
            paid.number,
            unpaid.number,
        ]
        assert numbers(trading, side, "awaiting_shipment") == [paid.number]
        assert numbers(trading, side, "closed") == [closed.number]
        assert closed.number in numbers(trading, side, show_closed=True)
    counts = queries.tab_counts(trading.selling, "seller")
    assert counts["all"] == 4
    assert (counts["awaiting_payment"], counts["closed"], counts["declared"]) == (1, 1, 1)
    assert numbers(trading, "seller", "declared") == [old.number]
    assert numbers(trading, "buyer", "declared") == []
    with pytest.raises(InvalidInput):
        queries.orders(trading.buying, "buyer", "everything")
    with pytest.raises(InvalidInput):
        queries.orders(trading.buying, "both")


def test_a_desk_is_narrowed_by_words_login_and_days(
    trading: Trading, market_clock: MarketClock
) -> None:
    first = trading.place(10)
    market_clock.forward(days=1)
    second = trading.place(20)
    day = clock.today()
    assert numbers(trading, "seller", keyword=first.number) == [first.number]
    assert numbers(trading, "seller", keyword="六角螺栓") == [second.number, first.number]
    assert numbers(trading, "seller", keyword="没有的货") == []
    assert numbers(trading, "seller", other_login=trading.buyer.login.upper()) == [
        second.number,
        first.number,
    ]
    assert numbers(trading, "seller", other_login="nobody") == []
    assert numbers(trading, "buyer", other_login=trading.seller.login)
    assert numbers(trading, "seller", since=day) == [second.number]
    assert numbers(trading, "seller", until=date(2026, 3, 2)) == [first.number]


def test_pages_follow_on_without_gap_or_overlap(trading: Trading) -> None:
    placed = [trading.place(1).number for _ in range(5)]
    seen, cursor = [], None
    for _ in range(3):
        page = queries.orders(trading.selling, "seller", cursor=cursor, size=2)
        seen += [row.number for row in page.items]
        cursor = page.next_cursor
        trading.place(1)  # what comes in meanwhile does not shift the pages
    assert seen == placed[::-1]
    assert cursor is None
    for bad in ("x", "WzFd", "WyIyMDI2LTAxLTAxIiwgMV0"):
        with pytest.raises(BadCursor):
            queries.orders(trading.selling, "seller", cursor=bad)


def test_a_list_shows_the_first_lines_and_how_many_there_are(trading: Trading) -> None:
    offer = goods.offer(trading.seller, stock=[100] * 5)
    lines = [(sku_id, 10) for sku_id in goods.sku_ids(offer)]
    commands.place_orders(trading.buying, trading.request(lines))
    (row,) = queries.orders(trading.buying, "buyer").items
    assert (len(row.lines), row.line_count) == (3, 5)
    assert len(queries.order(trading.buying, row.number).lines) == 5


def test_each_reader_sees_its_own_side(trading: Trading) -> None:
    order = trading.paid(100)
    commands.note_seller(trading.selling, order.number, "加急")
    as_seller = queries.order(trading.selling, order.number)
    as_buyer = queries.order(trading.buying, order.number)
    as_operator = queries.order(trading.operator, order.number)
    assert as_seller.order.seller_note == "加急"
    assert as_buyer.order.seller_note == ""
    assert as_seller.order.verbs == ("ship",)
    assert as_buyer.order.verbs == ("ask_refund",)
    assert as_operator.order.verbs == ()
    assert as_seller.delivery.mobile == "13812345678"
    assert as_operator.delivery.masked
    assert as_operator.delivery.mobile == "138****5678"
    assert as_operator.delivery.consignee == "王**"
    assert "试验路" not in as_operator.delivery.address
    with pytest.raises(NotFound):
        queries.order(goods.actor(goods.company()), order.number)
    assert queries.orders(goods.actor(goods.company()), "buyer").items == []
    with pytest.raises(Forbidden):
        queries.orders(trading.buying, "operator")
    assert [row.number for row in queries.orders(trading.operator, "operator").items] == [
        order.number
    ]


def test_a_declared_order_is_a_record_for_its_seller_and_who_claimed_it(trading: Trading) -> None:
    customer = noted(trading)
    order = declared(trading, customer)
    detail = queries.order(trading.selling, order.number)
    assert (detail.order.buyer_name, detail.order.verbs) == ("老王五金", ())
    assert detail.money.entries == ()
    with pytest.raises(NotFound):
        queries.order(trading.buying, order.number)
    with pytest.raises(Exception, match="历史订单"):
        commands.close_order(trading.selling, order.number)
    commands.note_seller(trading.selling, order.number, "老客户")
    Relationship.objects.filter(pk=customer.pk).update(buyer=trading.buyer)
    assert queries.order(trading.buying, order.number).side == "buyer"
    assert numbers(trading, "buyer", "declared") == [order.number]


def test_an_order_tells_its_life_and_its_money_in_words(trading: Trading) -> None:
    order = trading.place(100)
    commands.adjust_price(trading.selling, order.number, yuan("30.00"))
    unpaid = queries.order(trading.buying, order.number)
    assert unpaid.payable_number
    assert unpaid.due_at == clock.now() + timedelta(hours=72)
    pay(trading.buying, order.number)
    commands.ship(trading.selling, order.number, "试验快递", "SF1")
    refund = commands.ask_refund(trading.buying, order.number, "money", yuan("4.00"), "少货")
    commands.answer_refund(trading.selling, refund, accept=True, answer="抱歉")
    commands.confirm_receipt(trading.buying, order.number)
    detail = queries.order(trading.buying, order.number)
    assert [(event.who_label, event.words) for event in detail.timeline] == [
        ("买家", "提交订单，应付 ¥35.00"),
        ("卖家", "应付从 ¥35.00 改为 ¥30.00"),
        ("买家", "付款 ¥30.00，由平台担保"),
        ("卖家", "发货：试验快递 SF1"),
        ("买家", "申请退款 ¥4.00"),
        ("卖家", "同意退款，¥4.00 退回买家"),
        ("买家", "确认收货，¥26.00 结算给卖家"),
    ]
    assert [(entry.words, str(entry.amount)) for entry in detail.money.entries] == [
        ("买家付款，进入平台担保", "¥30.00"),
        ("担保款原路退回买家", "¥4.00"),
        ("担保款结算到卖家余额", "¥26.00"),
    ]
    assert detail.money.held == yuan("0.00")
    assert (detail.payable_number, detail.refundable) == (None, yuan("26.00"))
    (case,) = detail.refunds
    assert (case.state_label, case.granted, case.answer, case.verbs) == (
        "已退款",
        yuan("4.00"),
        "抱歉",
        (),
    )
    found, same = queries.refund(trading.selling, refund)
    assert (found.order.number, same.number) == (order.number, refund)
    with pytest.raises(NotFound):
        queries.refund(goods.actor(goods.company()), refund)


def test_disputes_wait_in_the_operators_queue(trading: Trading) -> None:
    order = trading.shipped(100)
    refund = commands.ask_refund(trading.buying, order.number, "money", yuan("4.00"), "少货")
    commands.answer_refund(trading.selling, refund, accept=False, answer="没有少")
    commands.open_dispute(trading.buying, refund, "有照片")
    (row,) = queries.disputes(trading.operator).items
    assert (row.refund, row.order, row.statement) == (refund, order.number, "有照片")
    with pytest.raises(Forbidden):
        queries.disputes(trading.selling)
    commands.rule_dispute(trading.operator, refund, "seller", "照片不清楚")
    assert queries.disputes(trading.operator).items == []
    assert queries.disputes(trading.operator, waiting=False).items[0].verdict == "seller"


def test_reviews_are_public_under_a_masked_name(trading: Trading) -> None:
    for stars in (5, 4):
        order = trading.received(10)
        commands.write_review(trading.buying, order.number, stars, "不错")
    page = queries.seller_reviews(trading.seller.pk, trading.offer.pk)
    assert [review.stars for review in page.items] == [4, 5]
    assert {review.buyer for review in page.items} == {"顺***行"}
    rating = queries.rating(trading.seller.pk)
    assert (rating.count, rating.stars_e2) == (2, 450)
    assert queries.rating(trading.seller.pk, offer_id=0).count == 0


def test_both_sides_are_told_what_concerns_them(trading: Trading) -> None:
    order = trading.received(100)
    refund = commands.ask_refund(trading.buying, order.number, "money", yuan("4.00"), "少货")
    commands.answer_refund(trading.selling, refund, accept=True)
    commands.write_review(trading.buying, order.number, 4)
    unpaid = trading.place(10)
    commands.adjust_price(trading.selling, unpaid.number, yuan("3.00"))
    commands.cancel_order(trading.buying, unpaid.number)
    events.deliver()
    told = {
        company: list(
            Notice.objects.filter(company=company, subject__startswith="order:")
            .order_by("id")
            .values_list("kind", flat=True)
        )
        for company in (trading.buyer, trading.seller)
    }
    assert told[trading.buyer] == [
        "paid",
        "shipped",
        "received",
        "refund_answered",
        "refund_paid",
        "price_changed",
    ]
    assert told[trading.seller] == [
        "order_placed",
        "paid",
        "received",
        "refund_asked",
        "refund_paid",
        "review_got",
        "order_placed",
        "order_closed",
    ]
    paid = Notice.objects.get(company=trading.seller, kind="paid")
    assert paid.link == f"/seller/orders/{order.number}/"


def test_a_desk_is_narrowed_by_method_and_channel(trading: Trading) -> None:
    unpaid, paid = trading.place(10), trading.paid(20)
    assert numbers(trading, "seller", method="gateway") == [paid.number]
    assert numbers(trading, "seller", method="balance") == []
    assert numbers(trading, "seller", channel="public") == [paid.number, unpaid.number]
    assert numbers(trading, "seller", channel="private") == []
    Order.objects.filter(pk=unpaid.pk).update(channel="private")
    assert numbers(trading, "seller", channel="private") == [unpaid.number]
    assert numbers(trading, "buyer", channel="private", method="gateway") == []
    for wrong in ({"method": "barter"}, {"channel": "pigeon"}):
        with pytest.raises(InvalidInput):
            numbers(trading, "seller", **wrong)


def test_what_stands_beside_the_tabs_is_what_is_counted(
    trading: Trading, monkeypatch: pytest.MonkeyPatch
) -> None:
    trading.place(10), trading.paid(20), trading.shipped(30), trading.received(40)
    commands.close_order(trading.selling, trading.place(50).number)
    declared(trading, noted(trading))
    assert queries.shown_counts(trading.selling) == queries.tab_counts(trading.selling, "seller")
    stranger = goods.actor(goods.company())
    assert not any(queries.shown_counts(stranger).values())
    for _ in range(3):
        trading.paid(1)
    monkeypatch.setattr("pifa.trade.queries.counts.MOST", 2)
    shown = queries.shown_counts(trading.selling)
    assert (shown["awaiting_shipment"], shown["all"], shown["completed"]) == (3, 3, 0)


def test_counting_reads_one_index_and_nothing_beside(trading: Trading) -> None:
    trading.paid(1)
    with CaptureQueriesContext(connection) as captured:
        queries.shown_counts(trading.selling)
    (statement,) = captured.captured_queries
    if connection.vendor != "sqlite":
        return  # a table of one row is not worth an index to PostgreSQL
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {statement['sql']}")
        searched = [row[3] for row in cursor.fetchall() if "trade_order" in row[3]]
    assert len(searched) == len(OrderStatus) + 1
    assert all("COVERING INDEX order_seller_tab" in step for step in searched)


def test_a_picking_list_takes_each_sku_once_by_its_code(trading: Trading) -> None:
    first, second = trading.paid(10), trading.paid(20)
    (both,) = commands.place_orders(
        trading.buying, trading.request([(trading.skus[0], 5), (trading.skus[1], 7)])
    )
    OrderLine.objects.filter(sku=trading.skus[0]).update(code="A-10")
    OrderLine.objects.filter(sku=trading.skus[1]).update(code="A-2")
    closed = trading.place(99)
    commands.close_order(trading.selling, closed.number)
    wanted = [first.number, second.number, both, closed.number, "999"]
    picking = commands.print_picking(trading.selling, wanted)
    assert set(picking.orders) == {first.number, second.number, both}
    assert [(pick.code, pick.quantity) for pick in picking.picks] == [("A-2", 7), ("A-10", 35)]
    assert dict(picking.picks[1].orders) == {first.number: 10, second.number: 20, both: 5}
    assert picking.pieces == 42
    assert AuditEntry.objects.filter(action="order.print_picking").count() == 1
    stranger = goods.actor(goods.seller("别家"))
    assert commands.print_picking(stranger, wanted).orders == ()


def test_the_buyer_is_told_why_a_price_changed(trading: Trading) -> None:
    order = trading.place(100)
    commands.adjust_price(trading.selling, order.number, yuan("39.00"), "加急，走空运")
    commands.adjust_price(trading.selling, order.number, yuan("30.00"))
    events.deliver()
    told = Notice.objects.filter(company=trading.buyer, kind="price_changed").order_by("id")
    said = [wording(row.kind, row.params, "zh-hans").body for row in told]
    assert "原因：加急，走空运" in said[0]
    assert "¥39.00" in said[0]
    assert "原因" not in said[1]
    detail = queries.order(trading.buying, order.number)
    assert [change.reason for change in detail.adjustments] == ["加急，走空运", ""]
