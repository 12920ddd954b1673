"""The seller's desk of invoices: the queue, recording, refusing, credit notes, the sheet."""

from __future__ import annotations

import re

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from pifa.kernel import clock
from pifa.kernel.actors import Role
from pifa.trade.approval.commands import set_limit
from pifa.trade.invoices.commands import ask_invoice
from pifa.trade.models import InvoicePaper, InvoiceRequest
from tests.catalog import market as goods
from tests.trade.invoice_files import pdf
from tests.trade.invoicing import ORDINARY, refund
from tests.trade.market import Trading, yuan
from tests.trade.test_approval import place
from tests.web.seller.conftest import body, signed_in, streamed, worksheet


def asked(trading: Trading) -> str:
    return ask_invoice(trading.buying, [trading.received(100).number], ORDINARY)


def paper(act: str, amount: str, serial: int = 1, data: bytes | None = None, **more: str) -> object:
    file = SimpleUploadedFile("发票.pdf", pdf() if data is None else data, "application/pdf")
    fields = {"number": f"{serial:020d}", "day": clock.today().isoformat(), "amount": amount}
    return {"act": act, "file": file} | fields | more


def test_the_queue_and_an_invoice_recorded_by_hand(trading: Trading, clerk: Client) -> None:
    number = asked(trading)
    queue = body(clerk.get("/seller/invoices/"))
    assert number in queue
    at = f"/seller/invoices/{number}/"
    assert "价税合计必须正好是 ¥35.00" in body(clerk.get(at))
    wrong = clerk.post(at, paper("issue", "34.00"))
    assert wrong.status_code == 422
    assert "金额必须正好是 ¥35.00" in body(wrong)
    assert f"{1:020d}" in body(wrong)
    hostile = clerk.post(at, paper("issue", "35.00", data=b"<html><script>"))
    assert "发票须是 PDF" in body(hostile)
    done = body(clerk.post(at, paper("issue", "35.00"), follow=True))
    assert "发票已登记" in done
    (link,) = re.findall(rf'href="({at}papers/\d+/)"', done)
    assert clerk.get(link).content == pdf()
    assert number not in body(clerk.get("/seller/invoices/"))
    assert number in body(clerk.get("/seller/invoices/?tab=issued&q=" + f"{1:020d}"))


def test_a_refusal_says_why(trading: Trading, clerk: Client) -> None:
    number = asked(trading)
    at = f"/seller/invoices/{number}/"
    assert clerk.post(at, {"act": "refuse", "reason": " "}).status_code == 422
    clerk.post(at, {"act": "refuse", "reason": "抬头不清楚"})
    assert InvoiceRequest.objects.get().state == "refused"
    assert "抬头不清楚" in body(signed_in(trading.buying).get(f"/buyer/invoices/{number}/"))


def test_a_credit_note_after_a_refund(trading: Trading, clerk: Client) -> None:
    order = trading.received(100)
    number = ask_invoice(trading.buying, [order.number], ORDINARY)
    at = f"/seller/invoices/{number}/"
    clerk.post(at, paper("issue", "35.00"))
    refund(trading, order, "5.00")
    assert "退款后需要红冲 ¥5.00" in body(clerk.get(f"/seller/orders/{order.number}/"))
    assert number in body(clerk.get("/seller/invoices/?tab=credit"))
    blue = str(InvoicePaper.objects.get().pk)
    wrong = clerk.post(at, paper("credit", "6.00", 2, corrects=blue))
    assert "金额必须正好是 ¥5.00" in body(wrong)
    done = body(clerk.post(at, paper("credit", "5.00", 2, corrects=blue), follow=True))
    assert "红字发票已登记" in done
    assert "-¥5.00" in done
    assert clerk.post(at, paper("credit", "5.00", 3, corrects="7")).status_code == 422


def test_who_sees_the_desk(trading: Trading) -> None:
    number = asked(trading)
    purchaser = signed_in(goods.actor(trading.seller, Role.PURCHASER))
    stranger = signed_in(goods.actor(goods.seller()))
    assert purchaser.get("/seller/invoices/").status_code == 403
    assert stranger.get(f"/seller/invoices/{number}/").status_code == 404
    trading.buyer.is_seller = True
    trading.buyer.save()
    assert signed_in(trading.buying).get(f"/seller/invoices/{number}/").status_code == 404


def test_the_sheet_of_what_the_desk_shows(trading: Trading, clerk: Client) -> None:
    number = asked(trading)
    answer = clerk.post("/seller/invoices/sheet/?tab=waiting", {"kind": "xlsx"})
    sheet = worksheet(streamed(answer))
    assert [cell.value for cell in sheet[2]][:4] == [
        number,
        "普通发票",
        "顺达建材行",
        ORDINARY["tax_no"],
    ]
    plain = clerk.post("/seller/invoices/sheet/?tab=issued", {"kind": "csv"})
    assert number.encode() not in streamed(plain)


def test_a_seller_is_told_that_a_purchase_waits(trading: Trading, clerk: Client) -> None:
    set_limit(trading.buying, yuan("50.00"))
    (order,) = place(trading, goods.actor(trading.buyer, Role.PURCHASER), (trading.skus[0], 200))
    page = body(clerk.get(f"/seller/orders/{order.number}/"))
    assert "买家企业内部正在审批" in page
    assert "¥50.00" not in page


def test_the_filter_is_cleared_by_an_address(clerk: Client) -> None:
    shown = body(clerk.get("/seller/invoices/", {"q": "nothing like it"}))
    assert 'href="/seller/invoices/?tab=waiting"' in shown
    assert 'href="/seller/invoices/"' in shown.partition("没有符合条件的申请")[2]
