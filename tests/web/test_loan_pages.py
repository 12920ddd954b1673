"""Loans on pages: what no loan is, what is too much, drawn by the password, repaid with what there is."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client

from pifa.finance.loans.models import Loan
from pifa.finance.models import PartnerAccount
from pifa.finance.sandbox import deposits
from pifa.kernel import clock, deadlines
from pifa.kernel.actors import Actor
from pifa.kernel.money import Money
from tests.finance.bank.conftest import PAYMENT, fund, open_account, verify
from tests.finance.loans.conftest import BEGIN, at, spend
from tests.plugins.clock import MarketClock
from tests.trade.market import trading
from tests.web.seller.conftest import body, signed_in

PAGE = "/buyer/loans/"


@pytest.fixture
def owner(db: None, market_clock: MarketClock) -> Actor:
    """A company that may borrow ¥100,000.00, with an account at the bank."""
    market_clock.set(at(BEGIN))
    made = trading()
    verify(made.buyer)
    for day in range(1, 11):
        spend(made.buyer, 3_000, BEGIN - timedelta(days=day))
    open_account(made.buying)
    return made.buying


@pytest.fixture
def client(owner: Actor) -> Client:
    return signed_in(owner)


def calculated(client: Client, amount: str) -> str:
    wish = {"amount": amount, "months": "12", "method": "equal-principal", "basis": "30/360"}
    return body(client.get(PAGE, wish))


@pytest.mark.parametrize("amount", ["0", "-5", "999.99", "1000000.01", "99999999999999"])
def test_what_no_loan_is_is_said_with_what_one_may_be(client: Client, amount: str) -> None:
    page = calculated(client, amount)
    assert "贷款金额须在 ¥1,000.00 到 ¥1,000,000.00 之间" in page
    assert "申请这笔贷款" not in page


def test_more_than_is_free_is_reckoned_and_not_applied_for(client: Client) -> None:
    page = calculated(client, "100000.01")
    assert "现在最多可借 ¥100,000.00" in page
    assert "申请这笔贷款" not in page
    assert "申请这笔贷款" in calculated(client, "100000")


def test_repaid_with_what_there_is_and_told_so(
    client: Client, owner: Actor, market_clock: MarketClock
) -> None:
    form = {"amount": "12000", "months": "12", "method": "equal-principal", "basis": "30/360"}
    address = client.post(PAGE, form)["Location"]
    drawn = body(client.post(address, {"act": "draw", "password": PAYMENT}, follow=True))
    assert "已放款到网商银行账户" in drawn
    account = PartnerAccount.objects.get(company=owner.company_id)
    deposits.pay(account.number, Money(12_000_00), "P-spent")
    late = clock.start_of_day(date(2026, 5, 3)) + timedelta(hours=12)
    deadlines.run_due(late)
    market_clock.set(late)
    assert Loan.objects.get().state == "overdue"
    page = body(client.post(address, {"act": "due"}, follow=True))
    assert "没有余额，没有扣款。请先转入 ¥1,1" in page
    fund(account, 500_00)
    page = body(client.post(address, {"act": "due"}, follow=True))
    assert "已扣账户里的余额，还差" in page
    fund(account, 1_000_00)
    page = body(client.post(address, {"act": "due"}, follow=True))
    assert "到期款已还清" in page


def test_what_was_tried_early_need_not_be_typed_again(client: Client) -> None:
    form = {"amount": "12000", "months": "12", "method": "interest-only", "basis": "30/360"}
    address = client.post(PAGE, form)["Location"]
    client.post(address, {"act": "draw", "password": PAYMENT})
    assert 'name="part-amount" value="2000"' in body(client.get(address, {"early": "2000"}))
