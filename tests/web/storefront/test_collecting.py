"""Paying by a company's code as anybody does, and the company's own page of it."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from pifa.benefits.labels import COLLECTION_CODE
from pifa.finance import queries
from pifa.finance.models import Collection
from pifa.kernel.actors import Role
from pifa.kernel.money import Money
from pifa.ledger.queries import balance
from pifa.ledger.rules import AccountKind
from tests.catalog import market as goods
from tests.finance.conftest import grant, open_payee, take_grants
from tests.trade.market import Trading, trading
from tests.web.seller.conftest import body, signed_in


@pytest.fixture
def market(db: None) -> Trading:
    return trading()


@pytest.fixture
def owner(market: Trading) -> Client:
    grant(market.buyer.pk, COLLECTION_CODE)
    return signed_in(market.buying)


@pytest.fixture
def address(market: Trading, owner: Client) -> str:
    owner.post("/buyer/collection/", {"act": "renew"})
    return f"/collect/{queries.collection_code(market.buyer.pk).token}/"


def bank_page(client: Client, address: str, **form: str) -> str:
    answer = client.post(address, form)
    assert answer.status_code == 302, body(answer)
    return str(answer.headers["Location"])


def test_anybody_pays_without_signing_in(market: Trading, owner: Client, address: str) -> None:
    visitor = Client()
    page = visitor.get(address)
    assert market.buyer.name in body(page)
    assert page.headers["X-Robots-Tag"] == "noindex"
    assert market.buyer.login not in body(page)
    bank = bank_page(visitor, address, amount="88.00", note="三箱苹果")
    done = visitor.post(bank, {"action": "pay"}, follow=True)
    assert "付款成功" in body(done)
    assert balance(market.buyer.pk, AccountKind.BALANCE) == Money(88_00)
    listed = body(owner.get("/buyer/collection/"))
    assert "三箱苹果" in listed
    assert "¥88.00" in listed
    assert "¥88.00" in body(owner.get("/buyer/balance/"))


def test_the_company_sends_back_what_came(market: Trading, owner: Client, address: str) -> None:
    visitor = Client()
    bank = bank_page(visitor, address, amount="88.00")
    visitor.post(bank, {"action": "pay"})
    page = re.search(r"/buyer/collection/\w+/refund/", body(owner.get("/buyer/collection/")))
    assert page is not None
    form = owner.get(page[0]).context["form"]
    assert form.initial["amount"] == Money(88_00)
    wrong = owner.post(page[0], {"amount": "88.01", "key": "k"})
    assert wrong.status_code == 422
    for _twice in range(2):
        owner.post(page[0], {"amount": "80.00", "key": "k"})
    assert balance(market.buyer.pk, AccountKind.BALANCE) == Money(8_00)
    assert "已退 ¥80.00" in body(owner.get("/buyer/collection/"))
    owner.post(page[0], {"amount": "8.00", "key": "l"})
    assert "已全部退还" in body(owner.get(page[0]))
    assert "/refund/" not in body(owner.get("/buyer/collection/"))
    stranger = signed_in(goods.actor(goods.seller()))
    assert stranger.get(page[0].replace("buyer", "seller")).status_code == 404


def test_how_it_went_is_shown_to_who_paid_only(market: Trading, address: str) -> None:
    visitor = Client()
    bank = bank_page(visitor, address, amount="88.00")
    failed = visitor.post(bank, {"action": "fail"}, follow=True)
    assert "银行拒绝了付款" in body(failed)
    back = failed.redirect_chain[-1][0]
    assert Client().get(back).status_code == 302
    stranger = signed_in(goods.actor(goods.seller()))
    assert stranger.get(back).status_code == 404


@pytest.mark.parametrize(
    ("amount", "words"), [("", "必填"), ("1.234", "两位"), ("60000", "50,000")]
)
def test_a_wrong_amount_is_told_beside_the_field(address: str, amount: str, words: str) -> None:
    answer = Client().post(address, {"amount": amount, "note": "保留"})
    assert answer.status_code == 422
    assert words in body(answer)
    assert "保留" in body(answer)
    assert not Collection.objects.exists()


def test_a_dead_or_guessed_code_is_not_found(market: Trading, owner: Client, address: str) -> None:
    assert Client().get("/collect/guess/").status_code == 404
    owner.post("/buyer/collection/", {"act": "renew"})
    assert Client().get(address).status_code == 404
    assert Client().post(address, {"amount": "1"}).status_code == 404


def test_a_code_without_the_benefit_says_that_it_rests(
    market: Trading, owner: Client, address: str
) -> None:
    take_grants(market.buyer.pk)
    assert "暂停收款" in body(Client().get(address))
    assert Client().post(address, {"amount": "1"}).status_code == 422
    assert "暂停收款" in body(owner.get("/buyer/collection/"))


def test_too_many_tries_are_refused(address: str) -> None:
    visitor = Client()
    for _try in range(10):
        bank_page(visitor, address, amount="1")
    assert "太频繁" in body(visitor.post(address, {"amount": "1"}))


def test_the_code_is_a_drawing_to_print(market: Trading, owner: Client, address: str) -> None:
    drawing = owner.get("/buyer/collection/code.svg")
    assert drawing.headers["Content-Type"] == "image/svg+xml"
    assert re.match(r"<svg [^>]*viewBox", body(drawing))
    assert re.search(r'fill="#fff(fff)?"|fill="white"', body(drawing)), "readable on dark pages"
    sheet = body(owner.get("/buyer/collection/print/"))
    assert "/buyer/collection/code.svg" in sheet
    assert address in sheet
    purchaser = signed_in(goods.actor(market.buyer, Role.PURCHASER))
    for page in ("", "print/", "code.svg"):
        assert purchaser.get(f"/buyer/collection/{page}").status_code == 403


def test_a_seller_has_it_in_its_own_centre_in_english(market: Trading) -> None:
    grant(market.seller.pk, COLLECTION_CODE)
    client = signed_in(market.selling)
    client.cookies["django_language"] = "en"
    assert "Collection code" in body(client.get("/seller/collection/"))
    client.post("/seller/collection/", {"act": "renew"})
    assert "svg" in body(client.get("/seller/collection/"))
    client.post("/seller/collection/", {"act": "close"})
    assert client.get("/seller/collection/print/").status_code == 404


def test_a_buyer_takes_what_it_collected_to_its_bank(
    market: Trading, owner: Client, address: str
) -> None:
    visitor = Client()
    visitor.post(bank_page(visitor, address, amount="88.00"), {"action": "pay"})
    form = {"account": str(open_payee(market.buyer.pk)), "key": "k"}
    refused = owner.post("/buyer/withdrawals/", form | {"amount": "99"})
    assert refused.status_code == 422
    for _sent_twice in range(2):
        owner.post("/buyer/withdrawals/", form | {"amount": "80"})
    assert balance(market.buyer.pk, AccountKind.BALANCE) == Money(8_00)
    purchaser = signed_in(goods.actor(market.buyer, Role.PURCHASER))
    assert purchaser.get("/buyer/withdrawals/").status_code == 403
