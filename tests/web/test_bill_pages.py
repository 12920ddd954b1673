"""Orders by bill on pages: what is held back and why, and the words of their way."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db.models import F

from pifa.finance import commands as finance
from pifa.kernel import clock
from pifa.parties.models import Company
from pifa.trade import commands
from tests.trade import market
from tests.trade.bills.desk import Desk
from tests.web.seller.conftest import body, signed_in


@pytest.fixture
def desk(db: None) -> Desk:
    trading = market.trading()
    ids = [trading.buyer.pk, trading.seller.pk]
    Company.objects.filter(pk__in=ids).update(verified_name=F("name"))
    return Desk(trading)


def test_a_dishonoured_bill_takes_the_form_of_shipment_away_and_says_why(desk: Desk) -> None:
    bill = desk.accepted(matures_on=clock.today() + timedelta(days=1))
    order = desk.order(bill)
    seller, address = signed_in(desk.trading.selling), f"/seller/orders/{order.number}/"
    assert "填写物流" in body(seller.get(address))
    bill = desk.mature(bill, "dishonour")
    page = body(seller.get(address))
    assert "填写物流" not in page
    assert f"承兑汇票 {bill.number} 被拒付，还欠" in page
    assert "承兑汇票被拒付，待另付" in page
    bought = body(signed_in(desk.trading.buying).get(f"/buyer/orders/{order.number}/"))
    assert "您用其他方式付清后，卖家才能发货" in bought
    assert "到期由银行付款" not in bought
    ship = {"act": "ship", "carrier": "试验快递", "tracking_no": "T1"}
    refused = seller.post(address, ship)
    assert refused.status_code == 422
    assert desk.order(bill).status == "awaiting_shipment"
    desk.pay(order)
    assert "填写物流" in body(seller.get(address))
    assert seller.post(address, ship).status_code == 302


def test_an_order_by_bill_is_told_as_one_on_both_pages(desk: Desk) -> None:
    """Nothing of trade credit, before receipt and after it."""
    bill = desk.shipped()
    order = desk.order(bill)
    seller, buyer = signed_in(desk.trading.selling), signed_in(desk.trading.buying)
    page = body(seller.get(f"/seller/orders/{order.number}/"))
    assert "汇票到期兑付后收到货款" in page
    assert "账期从收货起算" not in page
    commands.confirm_receipt(desk.trading.buying, order.number)
    page = body(buyer.get(f"/buyer/orders/{order.number}/"))
    assert "看汇票" in page
    assert "看账期" not in page


def test_an_order_on_secured_credit_is_told_as_one(desk: Desk) -> None:
    from tests.finance.conftest import grant

    finance.join_secured(desk.trading.selling)
    grant(desk.trading.buyer.pk, "secured_credit", limit="100000.00")
    order = desk.trading.place(ways={desk.trading.seller.pk: "secured"})
    seller, buyer = signed_in(desk.trading.selling), signed_in(desk.trading.buying)
    for client, side, words in (
        (seller, "seller", "诚e赊，买家收货后计算付款日"),
        (buyer, "buyer", "使用诚e赊"),
    ):
        page = body(client.get(f"/{side}/orders/{order.number}/"))
        assert words in page
        assert "账期待付" not in page
        assert "使用账期" not in page
