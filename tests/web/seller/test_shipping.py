"""Shipping many orders on the page and by a sheet."""

from __future__ import annotations

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from pifa.parties.models import Company
from pifa.trade.models import Order, OrderStatus, Shipment
from tests.catalog import market as goods
from tests.trade.market import Trading
from tests.web.seller.conftest import body, signed_in, streamed, worksheet


def typed(rows: dict[str, tuple[str, str]]) -> dict[str, object]:
    """The form as it comes with these carriers and numbers by order."""
    form: dict[str, object] = {"act": "ship", "order": list(rows)}
    for number, (carrier, tracking_no) in rows.items():
        form |= {f"carrier-{number}": carrier, f"tracking-{number}": tracking_no}
    return form


def sheet(*rows: str, header: str = "订单编号,物流公司,运单号") -> SimpleUploadedFile:
    return SimpleUploadedFile("shipments.csv", "\n".join([header, *rows]).encode("utf-8-sig"))


def test_rows_with_a_number_are_shipped_and_the_others_wait(
    trading: Trading, clerk: Client
) -> None:
    first, second = trading.paid(100), trading.paid(100)
    answer = clerk.post(
        "/seller/orders/ship/",
        typed({first.number: ("顺快递", "A1"), second.number: ("顺快递", "")}),
        follow=True,
    )
    assert trading.order(first.number).status == OrderStatus.AWAITING_RECEIPT
    assert trading.order(second.number).status == OrderStatus.AWAITING_SHIPMENT
    assert Shipment.objects.get().tracking_no == "A1"
    assert "已发货 1 单" in body(answer)
    assert 'value="顺快递"' in body(answer), "the carrier is remembered for what is left"


def test_what_cannot_be_shipped_keeps_what_was_typed_and_says_why(
    trading: Trading, clerk: Client
) -> None:
    good, bad = trading.paid(100), trading.paid(100)
    answer = clerk.post(
        "/seller/orders/ship/",
        typed({good.number: ("顺快递", "A1"), bad.number: ("", "B2")}),
    )
    page = body(answer)
    assert answer.status_code == 422
    assert trading.order(good.number).status == OrderStatus.AWAITING_RECEIPT
    assert trading.order(bad.number).status == OrderStatus.AWAITING_SHIPMENT
    assert 'value="B2"' in page
    assert f"carrier-{good.number}" not in page
    assert "请填写物流公司" in page


def test_an_order_shipped_in_another_tab_is_refused_with_its_state(
    trading: Trading, clerk: Client
) -> None:
    order = trading.shipped(100)
    answer = clerk.post("/seller/orders/ship/", typed({order.number: ("顺快递", "A1")}))
    assert answer.status_code == 422
    assert "待收货" in body(answer)
    assert Shipment.objects.count() == 1


def test_a_stranger_s_order_cannot_be_shipped(trading: Trading) -> None:
    order = trading.paid(100)
    stranger = signed_in(goods.actor(goods.seller("别家五金厂")))
    answer = stranger.post("/seller/orders/ship/", typed({order.number: ("顺快递", "A1")}))
    assert trading.order(order.number).status == OrderStatus.AWAITING_SHIPMENT
    assert "没有找到" in body(answer)
    assert "王小明" not in body(answer)


def test_only_ticked_orders_that_wait_are_on_the_page(trading: Trading, clerk: Client) -> None:
    ticked, other, unpaid = trading.paid(100), trading.paid(100), trading.place(100)
    page = body(clerk.post("/seller/orders/ship/", {"order": [ticked.number, unpaid.number]}))
    assert f"tracking-{ticked.number}" in page
    assert f"tracking-{other.number}" not in page
    assert f"tracking-{unpaid.number}" not in page


def test_shipping_forty_costs_as_many_statements_as_shipping_four(
    trading: Trading, clerk: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    orders = [trading.paid(10) for _ in range(40)]
    form = typed({order.number: ("顺快递", f"N{place}") for place, order in enumerate(orders)})
    with django_assert_max_num_queries(28):
        clerk.post("/seller/orders/ship/", form)
    assert Order.objects.filter(status=OrderStatus.AWAITING_RECEIPT).count() == 40


def test_a_sheet_ships_its_good_rows_and_tells_of_each_bad_one(
    trading: Trading, clerk: Client
) -> None:
    good, waiting, paid = trading.paid(100), trading.paid(100), trading.place(100)
    answer = clerk.post(
        "/seller/orders/ship/sheet/",
        {
            "sheet": sheet(
                f"{good.number},顺快递,A1",
                f"{waiting.number},顺快递,",
                f"{paid.number},顺快递,A3",
                "999,顺快递,A4",
                ",顺快递,A5",
                f"{good.number},=1+1,A6",
            )
        },
    )
    result = answer.context["result"]
    assert result.numbers == (good.number,)
    assert result.skipped == 1
    assert [error.row for error in result.errors] == [4, 5, 6, 7]
    assert "待付款" in str(result.errors[0].reason)
    assert trading.order(waiting.number).status == OrderStatus.AWAITING_SHIPMENT
    page = body(answer)
    assert "已发货 1 单" in page
    assert "没有订单编号" in page


def test_a_sheet_without_its_columns_or_that_is_none_is_refused(
    trading: Trading, clerk: Client
) -> None:
    order = trading.paid(100)
    upload = sheet(f"{order.number},A1", header="订单编号,运单号")
    answer = clerk.post("/seller/orders/ship/sheet/", {"sheet": upload})
    assert answer.status_code == 422
    assert "没有“物流公司”这一列" in body(answer)
    nothing = clerk.post(
        "/seller/orders/ship/sheet/", {"sheet": SimpleUploadedFile("x.xlsx", b"PK\x03\x04junk")}
    )
    assert nothing.status_code == 422
    assert trading.order(order.number).status == OrderStatus.AWAITING_SHIPMENT


def test_the_template_comes_back_filled_in(trading: Trading, clerk: Client) -> None:
    order = trading.paid(100)
    answer = clerk.post("/seller/orders/ship/template/")
    filled = worksheet(streamed(answer))
    rows = [[cell.value for cell in row] for row in filled.rows]
    assert rows[1][0] == order.number
    assert rows[1][4] == "王小明"
    filled["B2"], filled["C2"] = "顺快递", "A1"
    file = io.BytesIO()
    assert filled.parent is not None
    filled.parent.save(file)
    clerk.post(
        "/seller/orders/ship/sheet/", {"sheet": SimpleUploadedFile("s.xlsx", file.getvalue())}
    )
    assert trading.order(order.number).status == OrderStatus.AWAITING_RECEIPT


def test_a_sheet_is_looked_at_before_it_ships(trading: Trading, clerk: Client) -> None:
    good, paid = trading.paid(100), trading.place(100)
    upload = sheet(f"{good.number},顺快递,A1", f"{good.number},顺快递,A2", f"{paid.number},顺,A3")
    answer = clerk.post("/seller/orders/ship/sheet/", {"sheet": upload, "act": "preview"})
    preview = answer.context["preview"]
    assert [(row.row, row.number, row.tracking_no) for row in preview.planned] == [
        (2, good.number, "A1")
    ]
    assert [(error.row, error.field) for error in preview.errors] == [
        (3, "订单编号"),
        (4, "订单编号"),
    ]
    assert all(error.reason and error.remedy for error in preview.errors)
    assert "确认发货 1 单" in body(answer)
    assert trading.order(good.number).status == OrderStatus.AWAITING_SHIPMENT
    done = clerk.post("/seller/orders/ship/sheet/go/")
    assert done.context["result"].numbers == (good.number,)
    assert trading.order(good.number).status == OrderStatus.AWAITING_RECEIPT
    again = clerk.post("/seller/orders/ship/sheet/go/", follow=True)
    assert "请重新上传" in body(again)


def test_an_order_named_twice_across_batches_goes_once(
    trading: Trading, clerk: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pifa.trade.commands.shipment_sheet.MAX_BATCH", 1)
    order = trading.paid(100)
    upload = sheet(f"{order.number},顺快递,A1", f"{order.number},顺快递,A2")
    answer = clerk.post("/seller/orders/ship/sheet/", {"sheet": upload, "act": "preview"})
    assert len(answer.context["preview"].planned) == 1
    assert "前面的行已经发了这个订单" in body(answer)


def test_the_batch_shipped_last_can_be_printed(trading: Trading, clerk: Client) -> None:
    order = trading.paid(100)
    form = typed({order.number: ("顺快递", "A1")})
    page = body(clerk.post("/seller/orders/ship/", form, follow=True))
    assert "上一批发货 1 单" in page
    notes = body(clerk.post("/seller/orders/print/", {"order": [order.number]}))
    assert "<svg" in notes
    assert order.number in notes
    picking = body(clerk.post("/seller/orders/picking/", {"order": [order.number]}))
    assert "拣货单" in picking
    assert order.number[-6:] in picking


def test_express_is_offered_within_one_city_only(trading: Trading, clerk: Client) -> None:
    order = trading.paid(100)
    where = f"/seller/orders/{order.number}/"
    assert "同城速递" not in body(clerk.get("/seller/orders/ship/")).split("data-ship")[0]
    assert "叫同城速递" not in body(clerk.get(where))
    refused = clerk.post(where, {"act": "express"})
    assert refused.status_code == 422
    assert "只送同一个城市" in body(refused)
    Company.objects.filter(pk=trading.seller.pk).update(region="33", city="杭州")
    assert f"TC{order.number}" in body(clerk.get("/seller/orders/ship/"))
    page = body(clerk.post(where, {"act": "express"}, follow=True))
    assert "承诺" in page
    assert f"TC{order.number}" in page
