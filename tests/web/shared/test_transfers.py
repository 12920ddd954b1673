"""Transfers on pages: the buyer's way to the bank, the seller's list, the operators' queue."""

from __future__ import annotations

import io
import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import F
from django.test import Client
from django.urls import reverse

from pifa.finance import queries as finance
from pifa.finance.banks import registry as banks
from pifa.finance.models import BankLine, BankMatch, Payable
from pifa.finance.sandbox import keys
from pifa.finance.sandbox.models import SandboxLine
from pifa.kernel.money import Money
from pifa.parties.models import Company
from pifa.web.operator import roles
from tests.trade.market import Trading
from tests.trade.market import trading as new_trading
from tests.web.operator.staff import staff
from tests.web.seller.conftest import body, signed_in, streamed

pytestmark = pytest.mark.django_db
QUEUE = "/console/queue/transfers/"
BANK = "/sandbox/bank/"


@pytest.fixture
def market() -> Trading:
    made = new_trading()
    Company.objects.update(verified_name=F("name"))
    return made


@pytest.fixture
def buyer(market: Trading) -> Client:
    return signed_in(market.buying)


def begun(market: Trading, buyer: Client) -> tuple[str, str]:
    """An order that its buyer wants to pay by transfer: its number, and the page to transfer by."""
    number = market.place().number
    payable = finance.payable(f"order:{number}")
    assert payable is not None
    answer = buyer.post(
        reverse("storefront:pay_start", args=[payable.number]), {"method": "transfer"}
    )
    return number, answer["Location"]


def at_the_bank(buyer: Client, page: str, **typed: str) -> str:
    """The bank's form as the instructions fill it in, with what somebody types over it."""
    payment = page.rstrip("/").rpartition("/")[2]
    form = buyer.get(BANK, {"payment": payment}).context["form"]
    return body(buyer.post(BANK, {**form.initial, "delivery": "now", **typed}, follow=True))


def test_a_buyer_pays_by_transfer_and_has_a_receipt(market: Trading, buyer: Client) -> None:
    number, page = begun(market, buyer)
    told = body(buyer.get(page))
    payable = Payable.objects.get(subject=f"order:{number}")
    for words in (payable.number, str(Money(payable.amount_fen)), market.seller.name, "沙箱银行"):
        assert words in told
    assert "已入账" in at_the_bank(buyer, page)
    assert "已到账" in body(buyer.get(page))
    assert number in body(buyer.get("/buyer/transfers/"))
    seller = signed_in(market.selling)
    assert number in body(seller.get("/seller/transfers/"))
    payment = BankMatch.objects.get().payment.number
    for client, side in ((buyer, "buyer"), (seller, "seller")):
        answer = client.get(f"/{side}/transfers/{payment}/receipt.pdf")
        assert answer["Content-Type"] == "application/pdf"
        assert streamed(answer).startswith(b"%PDF-")
    stranger = signed_in(new_trading().selling)
    assert stranger.get(f"/seller/transfers/{payment}/receipt.pdf").status_code == 404
    assert stranger.get(page).status_code == 404


def test_an_operator_assigns_what_is_not_certain(market: Trading, buyer: Client) -> None:
    number, page = begun(market, buyer)
    at_the_bank(buyer, page, payer_name="晨光贸易")
    assert "户名" in body(buyer.get("/buyer/transfers/"))
    line = BankLine.objects.get()
    client = staff(roles.MANAGER)
    assert line.number in body(client.get(QUEUE))
    shown = body(client.get(f"{QUEUE}{line.number}/"))
    assert number in shown
    assert "附言写了单号" in shown
    payable = Payable.objects.get(subject=f"order:{number}")
    left = str(Money(line.left_fen).decimal)
    share = {"form": "assign", "payable": payable.number, "amount": left, "seen": left}
    refused = body(client.post(f"{QUEUE}{line.number}/", share | {"amount": "x"}, follow=True))
    assert "最多两位小数" in refused
    client.post(f"{QUEUE}{line.number}/", share)
    assert Payable.objects.get(subject=f"order:{number}").state == "settled"
    assert line.number not in body(client.get(QUEUE))
    assert line.number in body(client.get(QUEUE, {"show": "done"}))
    again = body(client.post(f"{QUEUE}{line.number}/", share, follow=True))
    assert "不能" in again


def test_money_that_came_first_is_proposed_for_an_order_that_came_later(
    market: Trading, buyer: Client
) -> None:
    _number, page = begun(market, buyer)
    at_the_bank(buyer, page)
    at_the_bank(buyer, page, remark="")
    client = staff(roles.MANAGER)
    line = BankLine.objects.get(state="suspense")
    assert line.number not in body(client.get(QUEUE, {"show": "explained"}))
    later, later_page = begun(market, buyer)
    for show in ("", "explained"):
        shown = body(client.get(QUEUE, {"show": show}))
        assert line.number in shown
        assert later in shown
    assert "还有转来的款项待核对" in body(buyer.get(later_page))
    assert line.account_no in body(buyer.get("/buyer/transfers/"))
    left = str(Money(line.left_fen).decimal)
    share = {"form": "assign", "payable": later, "amount": left, "seen": left}
    client.post(f"{QUEUE}{line.number}/", share)
    assert Payable.objects.get(subject=f"order:{later}").state == "settled"


def test_an_operator_notes_and_sends_back(market: Trading, buyer: Client) -> None:
    _number, page = begun(market, buyer)
    at_the_bank(buyer, page, account_no="12345")
    line = BankLine.objects.get()
    client, left = staff(roles.MANAGER), str(Money(line.left_fen).decimal)
    path = f"{QUEUE}{line.number}/"
    client.post(path, {"form": "note", "words": "已致电", "seen": left})
    assert "已致电" in body(client.get(path))
    assert client.post(path, {"form": "return", "words": "", "seen": left}).status_code == 200
    client.post(path, {"form": "return", "words": "账号不对", "seen": left})
    assert BankLine.objects.get().state == "returned"
    assert "逐笔一致" in body(client.get("/console/reconciliation/"))


def test_the_queue_is_for_those_who_handle_money(market: Trading) -> None:
    client = staff(roles.REVIEWER)
    for path in (QUEUE, f"{QUEUE}L1/", f"{QUEUE}sheet/", "/console/reconciliation/"):
        assert client.get(path).status_code == 403


def test_what_the_bank_never_told_comes_by_its_statement(market: Trading, buyer: Client) -> None:
    _number, page = begun(market, buyer)
    at_the_bank(buyer, page, delivery="never")
    client = staff(roles.MANAGER)
    assert SandboxLine.objects.get().payload["line_no"] in body(
        client.get("/console/reconciliation/")
    )
    data = streamed(buyer.get(f"{BANK}statement.csv"))

    def upload(act: str) -> str:
        file = SimpleUploadedFile("对账单.csv", io.BytesIO(data).read())
        return body(client.post(f"{QUEUE}sheet/", {"sheet": file, "act": act}))

    assert "新的 1 笔" in upload("preview")
    assert not BankLine.objects.exists()
    assert "新的 1 笔" in upload("bring_in")
    assert BankLine.objects.get().state == "matched"
    assert "新的 0 笔" in upload("bring_in")


def test_the_bank_refuses_holds_and_delivers(market: Trading, buyer: Client) -> None:
    _number, page = begun(market, buyer)
    assert "余额不足" in at_the_bank(buyer, page, delivery="fail")
    at_the_bank(buyer, page, delivery="hold")
    assert not BankLine.objects.exists()
    assert "已入账" in body(buyer.post(BANK, {"deliver": "held"}, follow=True))
    assert BankLine.objects.exists()
    assert buyer.post(BANK, {"payer_name": ""}).status_code == 422


def test_where_no_sandbox_is_on_there_is_no_branch(
    buyer: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(banks, "BANKS", {})
    assert buyer.get(BANK).status_code == 404
    assert buyer.get(f"{BANK}statement.csv").status_code == 404


def test_a_line_comes_through_the_door_of_banks(market: Trading, buyer: Client) -> None:
    _number, page = begun(market, buyer)
    at_the_bank(buyer, page, delivery="hold")
    line = SandboxLine.objects.get()
    anybody = Client()

    def knock(bank: str, signature: str) -> tuple[int, str]:
        answer = anybody.post(
            f"/bank/{bank}/lines",
            json.dumps(line.payload),
            content_type="application/json",
            headers={"X-Gateway-Signature": signature},
        )
        return answer.status_code, json.loads(answer.content)["verdict"]

    assert knock("sandbox", keys.sign({"a": "b"})) == (400, "bad_signature")
    assert knock("nosuch", line.signature) == (404, "unknown_bank")
    assert knock("sandbox", line.signature) == (200, "settled")
    assert knock("sandbox", line.signature) == (200, "repeated")


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_page_in_both_languages(market: Trading, buyer: Client, language: str) -> None:
    _number, page = begun(market, buyer)
    at_the_bank(buyer, page, amount="9999")
    client = staff(roles.MANAGER)
    line = BankLine.objects.get().number
    for who, paths in (
        (buyer, (page, "/buyer/transfers/", BANK)),
        (signed_in(market.selling), ("/seller/transfers/",)),
        (client, (QUEUE, f"{QUEUE}{line}/", f"{QUEUE}sheet/", "/console/reconciliation/")),
    ):
        who.cookies["django_language"] = language
        for path in paths:
            assert who.get(path).status_code == 200, path
