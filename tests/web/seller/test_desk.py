"""The order desk: who sees it, finding orders, closing, exporting, printing."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from pifa.kernel import clock
from pifa.kernel.models import AuditEntry
from pifa.kernel.sheets import open_sheet
from pifa.parties.models import Company
from pifa.trade.models import Order, OrderStatus
from pifa.trade.past.mapping import load
from tests.catalog import market as goods
from tests.trade.invitations.market import bought
from tests.trade.market import Trading
from tests.web.seller.conftest import body, signed_in, streamed, worksheet

COLUMNS = [
    "订单编号", "买家公司名", "买家会员名", "卖家公司名", "卖家会员名", "货品总价(元)", "运费(元)",
    "涨价或折扣(元)", "实付款(元)", "订单状态", "订单创建时间", "订单付款时间", "发货方",
    "收货人姓名", "收货地址", "邮编", "联系电话", "联系手机",
]  # fmt: skip


def test_a_visitor_signs_in_and_a_buyer_is_asked_to_open_a_shop(
    trading: Trading, buyer: Client
) -> None:
    assert Client().get("/seller/orders/").headers["Location"].startswith("/login/")
    assert buyer.get("/seller/orders/").headers["Location"] == "/seller/open/"


def test_tabs_count_and_show_their_orders(trading: Trading, clerk: Client) -> None:
    unpaid, paid = trading.place(100), trading.paid(200)
    page = body(clerk.get("/seller/orders/?tab=awaiting_shipment"))
    assert paid.number in page
    assert unpaid.number not in page
    assert "待付款" in page
    everything = body(clerk.get("/seller/orders/"))
    assert unpaid.number in everything
    assert "顺达建材行" in everything


def test_filters_narrow_by_number_title_buyer_and_day(trading: Trading, clerk: Client) -> None:
    order = trading.place(100)
    tomorrow = clock.today() + timedelta(days=1)
    for query in (f"q={order.number[:8]}", "q=螺栓", f"buyer={trading.buyer.login}"):
        assert order.number in body(clerk.get(f"/seller/orders/?{query}"))
    for query in ("q=轴承", "buyer=nobody", f"since={tomorrow}"):
        page = body(clerk.get(f"/seller/orders/?{query}"))
        assert order.number not in page
        assert "没有符合条件的订单" in page


def test_pages_follow_a_cursor(trading: Trading, clerk: Client) -> None:
    numbers = {trading.place(100).number for _ in range(22)}
    first = clerk.get("/seller/orders/")
    cursor = first.context["next"]
    second = clerk.get(f"/seller/orders/?cursor={cursor}")
    shown = {row.number for answer in (first, second) for row, _kind in answer.context["rows"]}
    assert shown == numbers
    assert clerk.get("/seller/orders/?cursor=nonsense").status_code == 422


def test_a_page_of_orders_costs_the_same_for_one_and_for_twenty(
    trading: Trading, clerk: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(20):
        trading.paid(100)
    with django_assert_max_num_queries(12):
        clerk.get("/seller/orders/")


def test_closing_many_says_for_each_that_cannot_be_closed(trading: Trading, clerk: Client) -> None:
    unpaid, paid = trading.place(100), trading.paid(100)
    answer = clerk.post(
        "/seller/orders/close/", {"order": [unpaid.number, paid.number]}, follow=True
    )
    assert trading.order(unpaid.number).status == OrderStatus.CLOSED
    assert trading.order(paid.number).status == OrderStatus.AWAITING_SHIPMENT
    assert "已关闭 1 个订单" in body(answer)
    assert paid.number in body(answer)


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_the_order_sheet_has_exactly_its_columns_and_imports_as_it_is(
    trading: Trading, clerk: Client, kind: str
) -> None:
    order = trading.paid(200)
    other = trading.place(100)
    answer = clerk.post("/seller/orders/export/?tab=awaiting_shipment", {"kind": kind})
    data = streamed(answer)
    with open_sheet(io.BytesIO(data), name=f"orders.{kind}") as sheet:
        table = sheet.table()
        rows = list(table.rows)
        assert table.headers == COLUMNS
        load("order-sheet").bind(table.headers, "orders")
    assert [str(row.cells[0]) for row in rows] == [order.number]
    assert other.number not in {str(row.cells[0]) for row in rows}
    row = dict(zip(COLUMNS, rows[0].cells, strict=True))
    assert float(row["实付款(元)"]) == order.paid_fen / 100  # type: ignore[arg-type]
    assert row["收货人姓名"] == "王小明"
    assert row["订单状态"] == "待发货"


def test_the_order_sheet_in_english_imports_as_well(trading: Trading, clerk: Client) -> None:
    trading.paid(100)
    answer = clerk.post(
        "/seller/orders/export/", {"kind": "csv"}, headers={"accept-language": "en"}
    )
    with open_sheet(io.BytesIO(streamed(answer)), name="orders.csv") as sheet:
        table = sheet.table()
        mapping = load("order-sheet")
        assert len(mapping.bind(table.headers, "orders")) == len(COLUMNS)
        (row,) = table.rows
    assert mapping.statuses[str(row.cells[table.headers.index("Order status")])] == (
        OrderStatus.AWAITING_SHIPMENT
    )


def test_an_export_of_ticked_orders_has_only_them_and_is_kept_in_the_audit_log(
    trading: Trading, clerk: Client
) -> None:
    wanted, _other = trading.paid(100), trading.paid(100)
    answer = clerk.post("/seller/orders/export/", {"order": [wanted.number], "kind": "xlsx"})
    sheet = worksheet(streamed(answer))
    assert [row[0].value for row in sheet.rows][1:] == [wanted.number]
    entry = AuditEntry.objects.get(action="order.export")
    assert entry.company_id == trading.seller.pk
    assert entry.detail["picked"] == 1


def test_a_stranger_s_order_is_in_no_export_and_no_delivery_note(trading: Trading) -> None:
    order = trading.paid(100)
    stranger = signed_in(goods.actor(goods.seller("别家五金厂")))
    answer = stranger.post("/seller/orders/export/", {"order": [order.number], "kind": "csv"})
    assert order.number.encode() not in streamed(answer)
    notes = stranger.post("/seller/orders/print/", {"order": [order.number]}, follow=True)
    assert "王小明" not in body(notes)
    assert not AuditEntry.objects.filter(action="order.print_notes").exists()


def test_delivery_notes_tell_the_packer_what_goes_where(trading: Trading, clerk: Client) -> None:
    order = trading.paid(300)
    page = body(clerk.post("/seller/orders/print/", {"order": [order.number]}))
    for words in (order.number, "王小明", "13812345678", "外六角螺栓", "300 件"):
        assert words in page
    entry = AuditEntry.objects.get(action="order.print_notes")
    assert (entry.company_id, entry.detail["numbers"]) == (trading.seller.pk, [order.number])


def test_roles_decide_what_is_offered(trading: Trading, clerk: Client, bookkeeper: Client) -> None:
    trading.paid(100)
    assert "/seller/orders/ship/" in body(clerk.get("/seller/orders/"))
    assert "/seller/balance/" not in body(clerk.get("/seller/orders/"))
    assert "/seller/orders/ship/" not in body(bookkeeper.get("/seller/orders/"))
    assert bookkeeper.get("/seller/orders/ship/").status_code == 403
    assert clerk.get("/seller/balance/").status_code == 403
    assert bookkeeper.get("/seller/balance/").status_code == 200


def test_filters_live_in_the_address_through_tabs_and_pages(
    trading: Trading, clerk: Client
) -> None:
    for _ in range(22):
        trading.paid(10)
    unpaid = trading.place(10)
    where = "/seller/orders/?method=gateway&channel=public&q=螺栓&tab=all&closed=1"
    first = clerk.get(where)
    assert unpaid.number not in body(first)
    assert first.context["next"]
    for _label, address, _count, _here in first.context["tabs"]:
        for kept in ("method=gateway", "channel=public", "closed=1", "q="):
            assert kept in address
        assert "cursor" not in address
    second = clerk.get(where, {"cursor": first.context["next"]} | first.wsgi_request.GET.dict())
    assert len(second.context["rows"]) == 2
    assert "method=gateway" in second.context["tabs"][0][1]
    assert "cursor" not in second.context["tabs"][0][1]
    assert len(clerk.get(where + "&size=50").context["rows"]) == 22
    assert len(clerk.get(where + "&size=7&method=barter").context["rows"]) == 20


def test_the_desk_costs_the_same_after_a_long_history(
    trading: Trading, clerk: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(60):
        trading.paid(1)
    Order.objects.exclude(pk=Order.objects.latest("pk").pk).update(status=OrderStatus.COMPLETED)
    clerk.get("/seller/orders/")
    for query in ("", "?tab=completed&size=50", "?method=gateway&channel=public", "?q=螺栓"):
        with django_assert_max_num_queries(12):
            clerk.get(f"/seller/orders/{query}")


def test_beyond_nine_hundred_and_ninety_nine_a_tab_says_so(
    trading: Trading, clerk: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(3):
        trading.paid(1)
    for module in ("pifa.trade.queries.counts", "pifa.trade.queries"):
        monkeypatch.setattr(f"{module}.MOST", 2)
    page = body(clerk.get("/seller/orders/"))
    assert '<span class="count">2+</span>' in page
    assert "2+" in body(clerk.get("/seller/"))


def test_a_guest_has_no_login_and_nobody_who_would_read_a_message(
    trading: Trading, clerk: Client
) -> None:
    guest = bought(trading)
    login = Company.objects.get(pk=guest.buyer_id or 0).login
    page = f"/seller/orders/{guest.number}/"
    for address in ("/seller/orders/", page):
        shown = body(clerk.get(address))
        assert guest.number in shown
        assert login not in shown
    assert "联系买家" not in body(clerk.get(page))
    assert "联系买家" in body(clerk.get(f"/seller/orders/{trading.paid(1).number}/"))
