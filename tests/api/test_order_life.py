"""An order from sign-up to review, by a program of the buyer's and one of the seller's."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from pifa.finance.sandbox import bank
from pifa.finance.sandbox.bank import BankAction
from tests.api.client import App
from tests.api.market import operator_token
from tests.catalog.market import category
from tests.trade.market import trade_of

PASSWORD = "long-enough-7"
ADDRESS = {
    "consignee": "王小明",
    "region": "33",
    "city": "杭州市",
    "detail": "试验路 1 号",
    "mobile": "13812345678",
}


@pytest.fixture
def operator(db: None) -> App:
    return App(operator_token())


def signed_up(name: str, login: str) -> App:
    """A company that signed up, with a token for its owner's app."""
    App().post(
        "/sign-up",
        {
            "company_name": name,
            "login": login,
            "person_name": "周晨",
            "username": login,
            "password": PASSWORD,
            "email": f"{login}@example.com",
            "mobile": "13812345678",
            "region": "33",
            "city": "温岭市",
        },
        expect=201,
    )
    signed_in = App().post(
        "/tokens",
        {"username": login, "password": PASSWORD, "app_name": "仓库"},
        expect=201,
    )
    return App(signed_in["token"])


def picture() -> SimpleUploadedFile:
    file = io.BytesIO()
    Image.new("RGB", (40, 30), "navy").save(file, "PNG")
    return SimpleUploadedFile("bolt.png", file.getvalue(), "image/png")


def opened_shop(seller: App, operator: App) -> dict[str, Any]:
    """A shop with one offer of two SKUs that an operator let onto the market."""
    seller.post(
        "/company/shop", {"name": "永固紧固件", "main_category_id": category().pk}, expect=201
    )
    uploaded = seller.upload("/pictures", picture=picture())
    template = seller.post(
        "/freight-templates",
        {
            "name": "按件",
            "basis": "pieces",
            "zones": [
                {
                    "first_units": 100,
                    "first": "8.00",
                    "step_units": 100,
                    "step": "2.50",
                }
            ],
        },
    )
    tiers = [{"min_quantity": 1, "price": "0.0350"}, {"min_quantity": 1000, "price": "0.0315"}]
    offer: dict[str, Any] = seller.post(
        "/goods",
        {
            "title": "304不锈钢外六角螺栓",
            "category_id": category().pk,
            "moq": 100,
            "freight_template_id": template["template_id"],
            "picture_ids": [uploaded["picture_id"]],
            "skus": [
                {"code": "M8-30", "spec": [["尺寸", "M8×30"]], "tiers": tiers, "stock": 5000},
                {"code": "M8-40", "spec": [["尺寸", "M8×40"]], "tiers": tiers, "stock": 5000},
            ],
        },
        expect=201,
    )
    assert offer["state"] == "draft"
    seller.post("/goods/submit", {"offer_ids": [offer["id"]]})
    (waiting,) = operator.get("/operator/offers")["items"]
    assert (waiting["id"], waiting["seller"]) == (offer["id"], "永固紧固件厂")
    operator.post(
        f"/operator/offers/{offer['id']}/verdict",
        {"approve": True, "seen": waiting["changed_at"]},
    )
    return offer


def placed(buyer: App, offer: dict[str, Any], *, quantity: int = 1000) -> str:
    """An order of two SKUs, at the total that the preview shows."""
    address = buyer.post("/addresses", ADDRESS, expect=201)
    first, second = offer["skus"]
    lines = [
        {"sku_id": first["id"], "quantity": quantity // 2},
        {"sku_id": second["id"], "quantity": quantity - quantity // 2},
    ]
    preview = buyer.post("/checkout", {"lines": lines, "region": "33"})
    assert preview["can_be_ordered"]
    order = buyer.post(
        "/orders",
        {"lines": lines, "address_id": address["id"], "shown_total": preview["total"]},
        expect=201,
    )
    number: str = order["numbers"][0]
    return number


def paid(buyer: App, number: str, action: BankAction = BankAction.PAY) -> None:
    """Pay an order at the sandbox bank, where `redirect_url` leads."""
    payable = buyer.get(f"/orders/{number}")["payable_number"]
    offered = [m for m in buyer.get(f"/payables/{payable}/methods")["items"] if m["offered"]]
    assert [method["code"] for method in offered] == ["gateway", "card"]
    method = offered[0]
    start = buyer.post(f"/payables/{payable}/payments", {"method": method["code"]}, expect=201)
    assert "/sandbox/pay/" in start["redirect_url"]
    bank.act(trade_of(start["payment_number"]), action)
    assert buyer.get(f"/payments/{start['payment_number']}")["state"] == "succeeded"


def test_an_order_lives_from_sign_up_to_review(operator: App) -> None:
    seller = signed_up("永固紧固件厂", "yonggu")
    buyer = signed_up("顺达建材行", "shunda")
    offer = opened_shop(seller, operator)

    # Anybody finds it; the quote counts both SKUs together and knows the freight.
    (found,) = App().get("/offers", q="外六角")["items"]
    assert found["price"] == {"low": "0.0315", "high": "0.0350"}
    quote = App().post(
        f"/offers/{offer['id']}/quote",
        {
            "lines": [
                {"sku_id": offer["skus"][0]["id"], "quantity": 999},
                {"sku_id": offer["skus"][1]["id"], "quantity": 1},
            ],
            "region": "11",
        },
    )
    assert [line["amount"] for line in quote["lines"]] == ["31.47", "0.03"]
    assert (quote["goods"], quote["freight"]) == ("31.50", "30.50")

    number = placed(buyer, offer)
    assert buyer.get(f"/orders/{number}")["total"] == "62.00"
    cheaper = seller.post(f"/orders/{number}/price", {"new_total": "60.00", "reason": "老客户"})
    assert (cheaper["adjustment"], cheaper["total"]) == ("-2.00", "60.00")

    paid(buyer, number)
    assert seller.get("/orders/counts", side="seller")["awaiting_shipment"] == 1
    assert seller.get(f"/orders/{number}")["held"] == "60.00"

    shipped = seller.post(
        "/orders/ship",
        {
            "orders": [
                {"number": number, "carrier": "试验快递", "tracking_no": "T1"},
                {"number": "260302nosuch", "carrier": "试验快递", "tracking_no": "T2"},
            ]
        },
    )
    assert [row["done"] for row in shipped["items"]] == [True, False]
    assert shipped["items"][1]["problem"]["code"] == "not_found"

    received = buyer.post(f"/orders/{number}/receipt")
    assert (received["status"], received["held"]) == ("awaiting_review", "0.00")
    assert seller.get("/balances") == {"escrow": "0.00", "balance": "60.00", "deposit": "0.00"}

    buyer.post(f"/orders/{number}/review", {"stars": 5, "body": "包装结实"})
    done = seller.post(f"/orders/{number}/review/answer", {"answer": "谢谢惠顾"})
    assert done["status"] == "completed"
    assert [event["action"] for event in done["timeline"]] == [
        "order.place",
        "order.adjust_price",
        "order.pay",
        "order.ship",
        "order.confirm_receipt",
        "order.write_review",
        "order.answer_review",
    ]
    (review,) = App().get(f"/offers/{offer['id']}/reviews")["items"]
    assert (review["stars"], review["answer"]) == (5, "谢谢惠顾")

    statement = seller.get("/statements/balance")
    assert (statement["closing"], statement["items"][0]["incoming"]) == ("60.00", "60.00")
    report = seller.get("/reports/sales", since="2026-03-01", until="2026-03-31")
    assert (report["sales"], report["orders"], report["buyers"]) == ("60.00", 1, 1)


def test_a_payment_whose_notice_is_late_is_asked_for(operator: App) -> None:
    seller = signed_up("永固紧固件厂", "yonggu")
    buyer = signed_up("顺达建材行", "shunda")
    number = placed(buyer, opened_shop(seller, operator))
    payable = buyer.get(f"/orders/{number}")["payable_number"]
    start = buyer.post(f"/payables/{payable}/payments", {"method": "gateway"})
    payment = f"/payments/{start['payment_number']}"
    assert buyer.post(f"{payment}/refresh")["settled_at"] is None

    bank.act(trade_of(start["payment_number"]), BankAction.DELAY)
    assert buyer.get(f"/orders/{number}")["status"] == "awaiting_payment"
    assert buyer.post(f"{payment}/refresh")["settled_at"] is not None
    assert buyer.get(f"/orders/{number}")["status"] == "awaiting_shipment"


def test_a_refund_goes_through_a_dispute_to_an_operators_verdict(operator: App) -> None:
    seller = signed_up("永固紧固件厂", "yonggu")
    buyer = signed_up("顺达建材行", "shunda")
    number = placed(buyer, opened_shop(seller, operator))
    paid(buyer, number)
    seller.post(f"/orders/{number}/ship", {"carrier": "试验快递", "tracking_no": "T1"})

    case = buyer.post(
        f"/orders/{number}/refunds",
        {"kind": "money", "amount": "20.00", "reason": "少发"},
        expect=201,
    )
    refund = f"/refunds/{case['number']}"
    (listed,) = seller.get("/refunds")["items"]
    assert (listed["number"], listed["order_number"], listed["asked"]) == (
        case["number"],
        number,
        "20.00",
    )
    assert seller.post(f"{refund}/answer", {"accept": False, "answer": "已发足"})["state"] == (
        "refused"
    )
    buyer.post(f"{refund}/dispute", {"statement": "有开箱照片"})
    seller.put(f"{refund}/dispute/answer", {"statement": "有出库称重"})
    (dispute,) = operator.get("/operator/disputes")["items"]
    assert (dispute["refund"], dispute["seller_statement"]) == (case["number"], "有出库称重")
    assert (dispute["is_overdue"], dispute["days_open"]) == (False, 0)
    assert buyer.get(refund)["dispute"]["expected_by"] == dispute["expected_by"]

    operator.post(
        f"/operator/disputes/{case['number']}/verdict",
        {"verdict": "partly", "amount": "12.50", "reason": "少发部分"},
    )
    ruled = buyer.get(refund)
    assert (ruled["state"], ruled["granted"], ruled["dispute"]["verdict"]) == (
        "paid",
        "12.50",
        "partly",
    )
    order = buyer.get(f"/orders/{number}")
    assert (order["status"], order["refunded"]) == ("awaiting_receipt", "12.50")


def test_bought_from_the_purchase_list(operator: App) -> None:
    seller = signed_up("永固紧固件厂", "yonggu")
    buyer = signed_up("顺达建材行", "shunda")
    offer = opened_shop(seller, operator)
    sku_id = offer["skus"][0]["id"]
    buyer.post("/purchase-list", {"lines": [{"sku_id": sku_id, "quantity": 60}]})

    listed = buyer.get("/purchase-list", region="33")
    (line,) = listed["sellers"][0]["lines"]
    (problem,) = listed["sellers"][0]["problems"]
    assert (problem["code"], problem["figures"]["moq"]) == ("catalog.below_moq", 100)

    buyer.put(f"/purchase-list/{line['line_id']}", {"quantity": 200})
    listed = buyer.post("/checkout", {"line_ids": [line["line_id"]], "region": "33"})
    address = buyer.post("/addresses", ADDRESS)
    request = {
        "lines": [{"sku_id": sku_id, "quantity": 200}],
        "address_id": address["id"],
        "shown_total": listed["total"],
        "messages": {str(listed["sellers"][0]["seller_id"]): "请打托"},
        "invoice": {"title": "顺达建材行", "tax_no": "91330000MA27XF6Q0D"},
        "from_list": True,
    }
    (number,) = buyer.post("/orders", request)["numbers"]
    order = seller.get(f"/orders/{number}")
    assert (order["message"], order["invoice"]["title"]) == ("请打托", "顺达建材行")
    assert order["delivery"]["consignee"] == "王小明"
    assert buyer.get("/purchase-list")["sellers"] == []


def test_both_talk_about_the_order(operator: App) -> None:
    seller = signed_up("永固紧固件厂", "yonggu")
    buyer = signed_up("顺达建材行", "shunda")
    number = placed(buyer, opened_shop(seller, operator))

    said = buyer.post(f"/orders/{number}/messages", {"body": "什么时候发货？"}, expect=201)
    (thread,) = seller.get("/threads", side="seller")["items"]
    assert (thread["id"], thread["unread"]) == (said["thread_id"], 1)
    seller.post(f"/threads/{thread['id']}/messages", {"body": "明天"})
    seller.post(f"/threads/{thread['id']}/read")
    words = [message["body"] for message in buyer.get(f"/threads/{thread['id']}")["messages"]]
    assert words == ["什么时候发货？", "明天"]
    assert seller.get("/threads")["items"][0]["unread"] == 0
