"""First-order protection in the console and on the buyer's page."""

from __future__ import annotations

import pytest
from django.urls import reverse

from pifa.benefits.labels import FIRST_ORDER_PROTECTION
from pifa.integrity.commands import rule_brushing
from pifa.kernel.money import Money
from pifa.ledger.queries import balance
from pifa.ledger.rules import AccountKind
from pifa.trade import commands as trade
from pifa.trade.models import FirstOrderClaim, Order
from pifa.web.operator import roles
from tests.finance.conftest import grant
from tests.trade.market import Trading, trading
from tests.web.operator.staff import staff
from tests.web.seller.conftest import body, signed_in

pytestmark = pytest.mark.django_db
QUEUE = "/console/queue/claims/"


@pytest.fixture
def market() -> Trading:
    found = trading()
    grant(found.buyer.pk, FIRST_ORDER_PROTECTION, limit="200.00")
    return found


@pytest.fixture
def order(market: Trading) -> Order:
    """A first order whose refund of ¥50.00 the seller refused."""
    order = market.shipped(1000)
    case = trade.ask_refund(market.buying, order.number, "money", Money(50_00), "少发")
    trade.answer_refund(market.selling, case, accept=False, answer="已发足")
    return order


def claim_on_page(market: Trading, order: Order, **form: str) -> str:
    buyer = signed_in(market.buying)
    sent = {"act": "claim_first_order", "kind": "refused", "amount": "45", "words": "少两箱"} | form
    return body(buyer.post(f"/buyer/orders/{order.number}/", sent, follow=True))


def test_a_buyer_claims_and_an_arbiter_pays(market: Trading, order: Order) -> None:
    buyer = signed_in(market.buying)
    page = f"/buyer/orders/{order.number}/"
    assert "最高 ¥200.00" in body(buyer.get(page))
    assert "首单" not in body(signed_in(market.selling).get(f"/seller/orders/{order.number}/"))
    assert "等待平台审核" in claim_on_page(market, order)
    client = staff(roles.ARBITER)
    assert order.number in body(client.get(QUEUE))
    number = FirstOrderClaim.objects.get().number
    shown = body(client.get(f"{QUEUE}{number}/"))
    for words in ("少两箱", "已发足", "¥45.00"):
        assert words in shown
    client.post(f"{QUEUE}{number}/", {"decision": "approve", "amount": "30", "reason": "按一箱计"})
    assert balance(market.buyer.pk, AccountKind.BALANCE) == Money(30_00)
    assert order.number not in body(client.get(QUEUE))
    assert order.number in body(client.get(QUEUE, {"decided": "1"}))
    told = body(buyer.get(page))
    assert "平台已赔付 ¥30.00" in told
    assert "按一箱计" in told
    assert "¥30.00" in body(buyer.get("/buyer/balance/"))


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"amount": "50.01"}, "¥50.00"),
        ({"words": ""}, "必填"),
        ({"kind": "freight"}, "没有可以申请的损失"),
    ],
)
def test_a_claim_that_cannot_be_keeps_what_was_typed(
    market: Trading, order: Order, form: dict[str, str], words: str
) -> None:
    shown = claim_on_page(market, order, **form)
    assert words in shown
    assert form.get("words", "少两箱") in shown
    assert not FirstOrderClaim.objects.exists()


def test_refusing_needs_a_reason_and_shows_a_ruling(market: Trading, order: Order) -> None:
    claim_on_page(market, order)
    rule_brushing(market.operator, order.number, "空包物流")
    client = staff(roles.ARBITER)
    page = f"{QUEUE}{FirstOrderClaim.objects.get().number}/"
    assert "空包物流" in body(client.get(page))
    assert "请写明不赔付的理由" in body(client.post(page, {"decision": "refuse", "reason": ""}))
    client.post(page, {"decision": "refuse", "reason": "虚假交易"})
    assert FirstOrderClaim.objects.get().state == "refused"
    assert "虚假交易" in body(signed_in(market.buying).get(f"/buyer/orders/{order.number}/"))


def test_the_queue_is_for_arbiters(market: Trading, order: Order) -> None:
    claim_on_page(market, order)
    assert staff(roles.REVIEWER).get(QUEUE).status_code == 403
    assert signed_in(market.buying).get(QUEUE).status_code == 302
    english = staff().get(reverse("admin:queue_claims"), headers={"accept-language": "en"})
    assert "First-order claims" in body(english)
