"""The order desk for programs: narrowing, looking at a sheet, picking, parcels."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from pifa.kernel import deadlines, events
from pifa.kernel.actors import Actor
from pifa.parties import commands as parties
from pifa.parties.models import Company
from pifa.trade.models import OrderStatus
from tests.api.client import App
from tests.plugins.clock import MarketClock
from tests.trade.market import Trading
from tests.trade.market import trading as a_market


@pytest.fixture
def trading(db: None) -> Trading:
    return a_market()


def app_of(actor: Actor) -> App:
    return App(parties.issue_token(actor, "仓库"))


def numbers(app: App, query: str) -> list[str]:
    return [row["number"] for row in app.get(f"/orders?side=seller&{query}")["items"]]


def test_the_desk_is_narrowed_by_method_and_channel(trading: Trading) -> None:
    unpaid, paid = trading.place(10), trading.paid(10)
    seller = app_of(trading.selling)
    assert numbers(seller, "method=gateway") == [paid.number]
    assert numbers(seller, "channel=public") == [paid.number, unpaid.number]
    assert numbers(seller, "channel=private") == []
    assert seller.call("GET", "/orders?side=seller&method=barter", expect=422)


def test_a_sheet_is_looked_at_and_goods_are_picked(trading: Trading) -> None:
    good, unpaid = trading.paid(10), trading.place(10)
    seller = app_of(trading.selling)
    text = f"订单编号,物流公司,运单号\n{good.number},顺,A1\n{unpaid.number},顺,A2\n"
    sheet = SimpleUploadedFile("s.csv", text.encode(), "text/csv")
    preview = seller.upload("/orders/shipment-sheet/preview", sheet=sheet)
    assert preview["planned"] == [
        {"row": 2, "number": good.number, "carrier": "顺", "tracking_no": "A1"}
    ]
    (error,) = preview["errors"]
    assert (error["row"], error["field"]) == (3, "订单编号")
    assert error["reason"]
    assert error["remedy"]
    assert trading.order(good.number).status == OrderStatus.AWAITING_SHIPMENT
    picking = seller.get("/orders/picking", number=good.number)
    assert (picking["orders"], picking["pieces"]) == ([good.number], 10)
    assert picking["picks"][0]["orders"] == [{"number": good.number, "quantity": 10}]


def test_an_order_tells_where_its_parcel_is(trading: Trading, market_clock: MarketClock) -> None:
    Company.objects.filter(pk=trading.seller.pk).update(region="33", city="杭州市")
    order = trading.paid(10)
    seller, buyer = app_of(trading.selling), app_of(trading.buying)
    assert buyer.get(f"/orders/{order.number}")["same_city"] is True
    shipped = seller.post(f"/orders/{order.number}/ship", {"carrier": "同城速递"})
    assert shipped["parcels"][0]["tracking_no"] == f"TC{order.number}"
    events.deliver()
    market_clock.forward(hours=4)
    deadlines.run_due()
    told = buyer.get(f"/orders/{order.number}")
    (parcel,) = told["parcels"]
    assert (parcel["state"], told["status"]) == ("delivered", "awaiting_receipt")
    assert parcel["scans"][0]["state"] == "delivered"
    assert parcel["promised_at"]
