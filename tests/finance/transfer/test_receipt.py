"""A receipt names the parties that an invoice names, and says what was paid."""

from __future__ import annotations

import pytest

from pifa.finance import commands
from pifa.finance.methods.corporate_transfer import desk
from pifa.finance.methods.corporate_transfer.receipt import as_pdf, receipt, rows
from pifa.finance.models import BankMatch, Payable
from pifa.kernel.actors import Actor
from pifa.kernel.errors import NotFound
from pifa.kernel.money import Money
from pifa.parties.models import Company
from tests.finance.conftest import actor_of
from tests.finance.transfer.conftest import BUYER_NAME, SELLER_NAME, Owe, Send, line_of

pytestmark = pytest.mark.django_db


def test_parties_amounts_and_numbers(owe: Owe, send: Send, account: str, purchaser: Actor) -> None:
    owe("order:2603020000000001", 1005)
    sent = send(1005, "货款")
    said = receipt(purchaser, BankMatch.objects.get().payment.number)
    told = dict(rows(said))
    assert (told["付款方"], told["收款方"]) == (BUYER_NAME, SELLER_NAME)
    assert told["金额"] == "人民币 ¥1,005.00"
    assert told["金额（大写）"] == "壹仟零伍元整"
    assert account in told["收款账号"]
    assert told["银行流水号"] == sent.line_no
    assert "2603020000000001" in told["用途"]
    assert "付款户名" not in told
    assert "已退回" not in told
    page = as_pdf(said)
    assert page.startswith(b"%PDF-")
    assert page == as_pdf(said)
    commands.refund("order:2603020000000001", Money(5_00), "f1", "")
    assert dict(rows(receipt(purchaser, said.number)))["已退回"] == "¥5.00"


def test_money_from_another_name_says_whose_it_was(owe: Owe, send: Send, operator: Actor) -> None:
    owe("order:1", 100)
    line = line_of(send(100, name="顺达财务部"))
    number = Payable.objects.get().number
    desk.assign_transfer(operator, line.number, {number: Money(100_00)}, Money(100_00))
    told = dict(rows(receipt(operator, BankMatch.objects.get().payment.number)))
    assert (told["付款方"], told["付款户名"]) == (BUYER_NAME, "顺达财务部")


def test_strangers_have_none(owe: Owe, send: Send, purchaser: Actor, db: None) -> None:
    owe("order:1", 100)
    send(100)
    other = Company.objects.create(
        name="晨光", login="other", created_at=BankMatch.objects.get().at
    )
    with pytest.raises(NotFound):
        receipt(actor_of(other), BankMatch.objects.get().payment.number)
    with pytest.raises(NotFound):
        receipt(purchaser, "P0")
