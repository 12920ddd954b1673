"""Invoices and approvals by programs of the buyer's and the seller's."""

from __future__ import annotations

from django.core.files.uploadedfile import SimpleUploadedFile

from pifa.kernel import clock
from pifa.kernel.actors import Role
from pifa.parties import commands as parties
from tests.api.client import PREFIX, App
from tests.api.market import small_market
from tests.catalog import market as goods
from tests.trade.invoice_files import pdf
from tests.trade.test_invoice_rules import SPECIAL


def paper(amount: str, serial: int, **more: str | int) -> dict[str, object]:
    file = SimpleUploadedFile("x.exe", pdf(), "application/x-msdownload")
    fields = {"number": f"{serial:020d}", "day": clock.today().isoformat(), "amount": amount}
    return fields | more | {"file": file}


def test_an_invoice_from_the_details_to_the_credit_note(db: None) -> None:
    market = small_market()
    buyer, seller = App(market.buyer_token), App(market.token)
    kept = buyer.post("/invoice-profiles", SPECIAL | {"is_default": True}, expect=201)
    assert [row["id"] for row in buyer.get("/invoice-profiles")["items"]] == [kept["id"]]
    before = buyer.get(f"/orders/{market.order}/invoice")
    assert (before["request"], before["can_ask"]) == (None, True)
    assert [item["code"] for item in before["mismatches"]] == ["seller_unverified"]
    asked = buyer.post(
        "/invoices",
        {"orders": [market.order], "profile_id": kept["id"], "note": "电子票"},
        expect=201,
    )
    number = asked["number"]
    assert (asked["state"], asked["account"], asked["verbs"]) == (
        "waiting",
        SPECIAL["account"],
        ["withdraw"],
    )
    (row,) = seller.get("/invoices", side="seller", tab="waiting")["items"]
    assert (row["number"], row["to_invoice"], row["is_ready"]) == (number, "35.00", True)
    wrong = seller.client.post(
        f"{PREFIX}/invoices/{number}/papers",
        paper("34.99", 1),
        headers={"Authorization": f"Bearer {seller.token}"},
    )
    assert wrong.status_code == 422
    assert wrong.json()["code"] == "trade.invoice_amount_off"
    issued = seller.upload(f"/invoices/{number}/papers", **paper("35.00", 1))
    (blue,) = issued["papers"]
    assert (issued["state"], blue["amount"], blue["format"]) == ("issued", "35.00", "pdf")
    file = buyer.respond("GET", f"/invoices/{number}/papers/{blue['id']}/file")
    assert (file.content, file["Content-Type"]) == (pdf(), "application/pdf")
    assert file["Content-Disposition"].startswith("attachment")
    case = buyer.post(
        f"/orders/{market.order}/refunds", {"kind": "money", "amount": "5.00", "reason": "少发"}
    )["number"]
    seller.post(f"/refunds/{case}/answer", {"accept": True})
    noted = seller.upload(
        f"/invoices/{number}/credit-notes", **paper("5.00", 2, corrects=blue["id"])
    )
    assert [item["amount"] for item in noted["papers"]] == ["35.00", "-5.00"]
    sheet = seller.respond("GET", "/invoices/sheet", kind="csv")
    content = b"".join(sheet.streaming_content)  # type: ignore[attr-defined]
    assert f"{2:020d}" in content.decode("utf-8-sig")


def test_withdrawing_refusing_and_strangers(db: None) -> None:
    market = small_market()
    buyer, seller = App(market.buyer_token), App(market.token)
    details = {"title": "顺达建材行", "tax_no": "91330000MA27XF6Q0D"}
    wanted = {"orders": [market.order], "details": details}
    first = buyer.post("/invoices", wanted, expect=201)["number"]
    stranger = App(parties.issue_token(goods.actor(goods.seller()), "别家"))
    for method, path, body in (
        ("GET", f"/invoices/{first}", None),
        ("POST", f"/invoices/{first}/withdraw", None),
        ("POST", f"/invoices/{first}/refusal", {"reason": "不开"}),
        ("GET", f"/orders/{market.order}/invoice", None),
        ("GET", f"/orders/{market.order}/approvals", None),
        ("POST", f"/orders/{market.order}/approval", {"approve": True, "shown_total": "1.00"}),
        ("PUT", f"/invoice-profiles/{market.profile}", details),
    ):
        stranger.call(method, path, body, expect=404)
    assert buyer.post(f"/invoices/{first}/withdraw")["state"] == "withdrawn"
    second = buyer.post("/invoices", wanted, expect=201)["number"]
    refused = seller.post(f"/invoices/{second}/refusal", {"reason": "抬头不清楚"})
    assert (refused["state"], refused["reason"]) == ("refused", "抬头不清楚")
    buyer.call("POST", "/invoices", {"orders": [market.order]}, expect=422)


def test_an_approval_by_programs(db: None) -> None:
    market = small_market()
    trading = market.trading
    owner = App(market.buyer_token)
    purchaser = goods.actor(trading.buyer, Role.PURCHASER)
    app = App(parties.issue_token(purchaser, "采购"))
    limits = owner.put("/purchase-limits", {"limit": "50.00"})
    assert limits["company_wide"] == "50.00"
    assert limits["members"][0] == {
        "member_id": purchaser.member_id,
        "name": "某人",
        "own": False,
        "limit": "50.00",
    }
    request = {
        "lines": [{"sku_id": trading.skus[0], "quantity": 200}],
        "address_id": trading.address.pk,
        "shown_total": "70.00",
    }
    (number,) = app.post("/orders", request, expect=201)["numbers"]
    payable = app.get(f"/orders/{number}")["payable_number"]
    for client in (app, owner):
        answer = client.respond("POST", f"/payables/{payable}/payments", {"method": "gateway"})
        assert answer.status_code == 409
        assert b"finance.payment_blocked" in answer.content
    methods = app.get(f"/payables/{payable}/methods")["items"]
    assert not any(method["offered"] for method in methods)
    decision = {"approve": True, "shown_total": "70.00", "reason": "照付"}
    app.call("POST", f"/orders/{number}/approval", decision, expect=403)
    app.call("GET", "/purchase-limits", expect=403)
    (row,) = owner.get("/purchase-approvals")["items"]
    assert (row["order_number"], row["state"]) == (number, "waiting")
    stale = decision | {"shown_total": "69.00"}
    owner.call("POST", f"/orders/{number}/approval", stale, expect=409)
    assert owner.post(f"/orders/{number}/approval", decision)["state"] == "approved"
    app.post(f"/payables/{payable}/payments", {"method": "gateway"})
    (done,) = app.get("/purchase-approvals", waiting="false")["items"]
    assert (done["decided_by"], done["reason"]) == ("某人", "照付")
    member = purchaser.member_id
    assert owner.put(f"/purchase-limits/{member}", {"limit": None})["members"][0]["own"]
    owner.delete(f"/purchase-limits/{member}")
    assert owner.put("/purchase-limits", {"limit": None})["company_wide"] is None
