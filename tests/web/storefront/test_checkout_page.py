"""Purchase list → checkout → orders → payment, as a browser without script does it."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client

from pifa.catalog.models import PriceBreak
from pifa.finance.models import Payment
from pifa.kernel.actors import Role
from pifa.parties.models import Address
from pifa.trade import commands
from pifa.trade.models import Order, PurchaseLine
from pifa.web.storefront import checkout_form
from tests.build import buying
from tests.build.buying import Market
from tests.catalog.market import sku_ids
from tests.parties.people import hire


def text(response: Any) -> str:
    return str(response.content.decode())


def hidden(page: str) -> dict[str, str]:
    """The hidden fields of the checkout's form that are there once."""
    return dict(re.findall(r'<input type="hidden" name="(shown_total|key)" value="([^"]*)"', page))


def form_of(market: Market, page: str, lines: list[str], **more: str) -> dict[str, Any]:
    book = Address.objects.filter(company=market.buyer.company_id).first()
    return {
        "line": lines,
        "address": str(book.pk) if book else "new",
        "invoice-kind": "none",
        "act": "place",
        **hidden(page),
        **more,
    }


def test_from_the_list_to_a_paid_order(buyer: Client, market: Market) -> None:
    bolt, bag = sku_ids(market.bolts)[0], sku_ids(market.bags)[0]
    commands.put_on_list(market.buyer, [(bolt, 1000), (bag, 500)])
    page = text(buyer.get("/list/"))
    assert "¥310.00" in page
    assert "海棠五金厂" in page
    response = buyer.post("/list/", {"act": "checkout"})
    assert response["Location"].startswith("/checkout/?line=")
    page = text(buyer.get(response["Location"]))
    assert "¥310.00" in page
    lines = [f"{bolt}:1000", f"{bag}:500"]
    data = form_of(market, page, lines, **{"from": "list"})
    seller_id = market.seller.company_id
    data[f"message_{seller_id}"] = "请用纸箱"
    data |= {
        "invoice-kind": "ordinary",
        "invoice-title": "晨光商贸行",
        "invoice-tax_no": "91330782MA2EXAMPLA",
    }
    response = buyer.post("/checkout/", data)
    number = Order.objects.get().number
    assert response["Location"] == f"/pay/?order={number}"
    order = Order.objects.get()
    assert order.message == "请用纸箱"
    assert order.invoice["title"] == "晨光商贸行"
    assert not PurchaseLine.objects.exists()

    page = text(buyer.get(response["Location"]))
    action = re.search(r'action="(/pay/start/[^"]+)"', page)
    assert action
    bank = buyer.post(action[1], {"method": "gateway"})["Location"]
    assert "仅供演练" in text(buyer.get(bank))
    answer = buyer.post(bank, {"action": "pay"}, follow=True)
    assert answer.redirect_chain[-1][0] == f"/buyer/orders/{number}/"
    assert "待发货" in text(answer)
    assert "买家付款，进入平台担保" in text(answer)


def test_a_price_that_changed_is_refused_with_both_totals(buyer: Client, market: Market) -> None:
    (bag,) = sku_ids(market.bags)
    lines = [f"{bag}:500"]
    page = text(buyer.get("/checkout/", {"line": lines}))
    PriceBreak.objects.filter(sku=bag).update(price_e4=1300)
    response = buyer.post("/checkout/", form_of(market, page, lines, **{"invoice-kind": "none"}))
    assert response.status_code == 409
    assert "¥60.00" in text(response)
    assert "¥65.00" in text(response)
    assert not Order.objects.exists()
    again = buyer.post("/checkout/", form_of(market, text(response), lines))
    assert again.status_code == 302
    assert Order.objects.get().total_fen == 6500


@pytest.mark.parametrize("quantity", ["0", "-1", "1000000000000", "abc"])
def test_a_line_that_cannot_be_ordered_leads_back(
    buyer: Client, market: Market, quantity: str
) -> None:
    (bag,) = sku_ids(market.bags)
    response = buyer.get("/checkout/", {"line": f"{bag}:{quantity}"}, follow=True)
    assert response.redirect_chain[-1][0] == "/list/"
    response = buyer.post("/checkout/", {"line": f"{bag}:{quantity}", "act": "place"})
    assert not Order.objects.exists()


@pytest.mark.parametrize(
    ("quantity", "answer"), [(50, "起批量为 100个"), (150, "倍数订购"), (90_000, "可售 50000个")]
)
def test_what_rules_refuse_is_said_and_nothing_is_written(
    buyer: Client, market: Market, quantity: int, answer: str
) -> None:
    (bag,) = sku_ids(market.bags)
    lines = [f"{bag}:{quantity}"]
    page = text(buyer.get("/checkout/", {"line": lines}))
    assert answer in page
    response = buyer.post("/checkout/", form_of(market, page, lines))
    assert response.status_code in (409, 422)
    assert answer in text(response)
    assert not Order.objects.exists()


def test_sent_twice_it_is_ordered_once(buyer: Client, market: Market) -> None:
    (bag,) = sku_ids(market.bags)
    lines = [f"{bag}:500"]
    data = form_of(market, text(buyer.get("/checkout/", {"line": lines})), lines)
    first, second = buyer.post("/checkout/", data), buyer.post("/checkout/", data)
    assert first["Location"] == second["Location"]
    assert Order.objects.count() == 1


def test_with_a_new_address_sent_twice(buyer: Client, market: Market) -> None:
    (bag,) = sku_ids(market.bags)
    lines = [f"{bag}:500"]
    data = form_of(market, text(buyer.get("/checkout/", {"line": lines})), lines, address="new")
    wrong = buyer.post("/checkout/", data | {"new-consignee": "李四"})
    assert wrong.status_code == 422
    assert 'value="李四"' in text(wrong)
    data |= {
        "new-consignee": "李四",
        "new-mobile": "13900139000",
        "new-region": "44",
        "new-city": "广州",
        "new-detail": "天河路 1 号",
    }
    first, second = buyer.post("/checkout/", data), buyer.post("/checkout/", data)
    assert first.status_code == 302
    assert first["Location"] == second["Location"]
    assert Order.objects.get().consignee == "李四"
    assert Address.objects.filter(company=market.buyer.company_id).count() == 2


def test_a_special_invoice_needs_its_details(buyer: Client, market: Market) -> None:
    (bag,) = sku_ids(market.bags)
    lines = [f"{bag}:500"]
    data = form_of(market, text(buyer.get("/checkout/", {"line": lines})), lines)
    response = buyer.post(
        "/checkout/", data | {"invoice-kind": "special", "invoice-title": "某公司"}
    )
    assert response.status_code == 422
    assert "开这种发票需要填写这一项" in text(response)
    assert not Order.objects.exists()


def test_two_tabs_pay_at_once_and_one_settles(buyer: Client, market: Market) -> None:
    (bag,) = sku_ids(market.bags)
    number = buying.order(market, [(bag, 500)])
    page = text(buyer.get("/pay/", {"order": number}))
    action = re.search(r'action="(/pay/start/[^"]+)"', page)
    assert action
    banks = [buyer.post(action[1], {"method": "gateway"})["Location"] for _ in range(2)]
    paid = buyer.post(banks[0], {"action": "pay"}, follow=True)
    assert "待发货" in text(paid)
    # The bank was told to take no second payment; its page says so and leads back.
    late = buyer.post(banks[1], {"action": "pay"}, follow=True)
    assert "不能进行" in text(late)
    states = sorted(Payment.objects.values_list("state", flat=True))
    assert states.count("succeeded") == 1
    (closed,) = Payment.objects.exclude(state="succeeded").values_list("number", flat=True)
    back = text(buyer.get(f"/pay/back/{closed}/", follow=True))
    assert "已由另一笔付款付清，不会重复扣款" in back
    assert "可以再付一次" not in back
    order = Order.objects.get()
    assert order.paid_fen == order.total_fen
    # A third tab that still shows the payment page is told, and sent to the order.
    late = buyer.post(action[1], {"method": "gateway"}, follow=True)
    assert late.redirect_chain[-1][0] == f"/buyer/orders/{number}/"


@pytest.mark.parametrize(
    "path", ["/buyer/orders/{}/", "/buyer/orders/{}/refund/", "/buyer/messages/order/{}/"]
)
def test_another_companys_order_does_not_exist(client: Client, market: Market, path: str) -> None:
    number = buying.order(market, [(sku_ids(market.bags)[0], 500)])
    stranger = buying.company("路过的人")
    client.force_login(buying.user_of(stranger), "django.contrib.auth.backends.ModelBackend")
    assert client.get(path.format(number)).status_code == 404


def test_a_forged_or_senseless_notice_changes_nothing(client: Client, market: Market) -> None:
    number = buying.order(market, [(sku_ids(market.bags)[0], 500)])
    notice = {"notice_id": "1", "payment_number": "P1", "outcome": "paid", "amount_fen": "6000"}
    response = client.post(
        "/gateway/sandbox/notify", notice, "application/json", headers={"X-Gateway-Signature": "x"}
    )
    assert response.status_code == 400
    assert response.json()["verdict"] == "bad_signature"
    assert client.post("/gateway/sandbox/notify", b"{", "application/json").status_code == 400
    assert client.post("/gateway/nobody/notify", {}, "application/json").status_code == 404
    assert Order.objects.get(number=number).status == "awaiting_payment"


def test_messages_to_numbers_that_are_none_are_passed_over() -> None:
    sent = QueryDict(f"message_7=请用纸箱&message_{'9' * 5000}=给谁的&message_x=y")
    assert checkout_form.read(sent, []).messages == {7: "请用纸箱"}


def test_who_may_not_order_is_told_before_typing(
    client: Client, buyer: Client, market: Market
) -> None:
    line = f"/checkout/?line={sku_ids(market.bags)[0]}:500"
    assert 'value="place"' in text(buyer.get(line))
    client.force_login(buying.user_of(hire(market.buyer, Role.CLERK)))
    page = text(client.get(line))
    assert 'value="place"' not in page
    assert "您的角色不能下单" in page
