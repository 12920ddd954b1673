"""Rulings in the console: who finds them, who gives them, and what both sides then read."""

from __future__ import annotations

import pytest
from django.urls import reverse

from pifa.integrity import commands
from pifa.integrity.models import Ruling, RulingInForce
from pifa.trade.models import Order
from pifa.web.operator import roles
from tests.trade.market import Trading, trading
from tests.web.operator.staff import staff
from tests.web.operator.test_console import disputed
from tests.web.seller.conftest import body, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def market() -> Trading:
    return trading()


@pytest.fixture
def order(market: Trading) -> Order:
    return market.paid()


def place(order: Order) -> str:
    return reverse("admin:order_ruling", args=[order.number])


def test_an_arbiter_rules_and_takes_back(market: Trading, order: Order) -> None:
    client = staff(roles.ARBITER)
    assert 'role="alert"' in body(client.post(place(order), {"reason": ""}))
    assert not Ruling.objects.exists()
    assert "已裁定" in body(client.post(place(order), {"reason": "空包物流"}, follow=True))
    assert RulingInForce.objects.get().order == order
    assert order.number in body(client.get(reverse("admin:rulings")))
    commands.answer_ruling(market.selling, order.number, "有签收单")
    assert "有签收单" in body(client.get(place(order)))
    assert "已撤销" in body(client.post(place(order), {"reason": "申诉成立"}, follow=True))
    assert not RulingInForce.objects.exists()
    assert order.number not in body(client.get(reverse("admin:rulings")))
    listed = client.get(reverse("admin:rulings"), {"state": "taken_back", "q": order.number})
    assert "空包物流" in body(listed)


def test_a_reviewer_reads_but_does_not_rule(order: Order) -> None:
    client = staff(roles.REVIEWER)
    assert "裁定为虚假交易" not in body(client.get(place(order)))
    assert client.post(place(order), {"reason": "空包物流"}).status_code == 403
    assert not Ruling.objects.exists()


def test_a_member_does_not_get_in(market: Trading, order: Order) -> None:
    client = signed_in(market.selling)
    assert client.get(place(order)).status_code == 302
    assert client.get(reverse("admin:rulings")).status_code == 302


def test_it_is_reached_from_the_list_of_orders_and_from_a_dispute() -> None:
    _market, dispute = disputed()
    client = staff()
    number = dispute.case.order.number
    link = reverse("admin:order_ruling", args=[number])
    assert link in body(client.get(reverse("admin:trade_order_changelist")))
    assert link in body(client.get(reverse("admin:queue_dispute", args=[dispute.pk])))
    english = client.get(link, headers={"accept-language": "en"})
    assert "Rule as brushing" in body(english)


def test_both_sides_read_it_and_the_seller_answers_once(market: Trading, order: Order) -> None:
    seller, buyer = signed_in(market.selling), signed_in(market.buying)
    sold, bought = f"/seller/orders/{order.number}/", f"/buyer/orders/{order.number}/"
    assert "虚假交易" not in body(seller.get(sold))
    commands.rule_brushing(market.operator, order.number, "空包物流")
    for client, page in ((seller, sold), (buyer, bought)):
        shown = body(client.get(page))
        assert "平台裁定为虚假交易" in shown
        assert "空包物流" in shown
    assert "申诉" not in body(buyer.get(bought))
    empty = seller.post(sold, {"act": "answer_ruling", "words": ""})
    assert empty.status_code == 422
    answered = seller.post(sold, {"act": "answer_ruling", "words": "有签收单"}, follow=True)
    assert "有签收单" in body(answered)
    again = seller.post(sold, {"act": "answer_ruling", "words": "再说"})
    assert again.status_code == 422
    assert "有签收单" not in body(buyer.get(bought))
