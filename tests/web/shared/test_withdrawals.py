"""The pages of withdrawals: accounts by password, the limit in words, two people."""

from __future__ import annotations

import pytest
from django.test import Client

from pifa.finance.models import PartnerAccount, PayeeAccount, Withdrawal
from pifa.finance.partner_bank import commands as partner_bank
from pifa.finance.partner_bank.commands import Passwords
from pifa.finance.partner_bank.rules import Identity
from pifa.finance.withdrawals import queries
from pifa.kernel.actors import Actor, Role
from pifa.kernel.money import Money
from pifa.parties.models import Company, User
from tests.build.buying import PASSWORD
from tests.catalog import market as goods
from tests.finance.bank.conftest import LICENCE, PAYMENT, QUERY
from tests.finance.conftest import open_payee
from tests.finance.withdrawals.conftest import fund
from tests.trade.market import Trading
from tests.trade.market import trading as made_trading
from tests.web.seller.conftest import body, signed_in

PAGE, ACCOUNTS = "/seller/withdrawals/", "/seller/withdrawals/accounts/"


@pytest.fixture
def trading(db: None) -> Trading:
    made = made_trading()
    Company.objects.filter(pk=made.seller.pk).update(verified_name="永固紧固件厂")
    return made


@pytest.fixture
def keeper(trading: Trading) -> Actor:
    """A finance person with a password."""
    actor = goods.actor(trading.seller, Role.FINANCE)
    user = User.objects.get(pk=actor.user_id or 0)
    user.set_password(PASSWORD)
    user.save()
    return actor


def account_form(password: str = PASSWORD, number: str = "6222000011112222") -> dict[str, str]:
    return {"number": number, "bank_name": "云汀商业银行", "password": password}


def test_an_account_is_added_by_password(keeper: Actor) -> None:
    client = signed_in(keeper)
    assert client.post(ACCOUNTS, account_form("wrong")).status_code == 422
    assert not PayeeAccount.objects.exists()
    page = body(client.post(ACCOUNTS, account_form(), follow=True))
    assert "收款账户已添加" in page
    assert "**** 2222" in page
    assert "6222000011112222" not in page
    row = PayeeAccount.objects.get()
    remove = f"{ACCOUNTS}{row.pk}/"
    assert "确认删除" in body(client.get(remove))
    assert client.post(remove, {"password": "wrong"}).status_code == 422
    client.post(remove, {"password": PASSWORD})
    assert PayeeAccount.objects.filter(ended_at=None).count() == 0


def test_too_many_wrong_passwords_lock(keeper: Actor) -> None:
    client = signed_in(keeper)
    for _try in range(9):
        answer = client.post(ACCOUNTS, account_form("wrong"))
        assert answer.status_code == 422
    assert "密码输错次数过多" in body(answer)
    assert "密码输错次数过多" in body(client.post(ACCOUNTS, account_form()))
    assert not PayeeAccount.objects.exists()


def test_a_name_that_the_bank_does_not_know_is_told(keeper: Actor) -> None:
    answer = signed_in(keeper).post(ACCOUNTS, account_form(number="622200009999"))
    assert "不在“永固紧固件厂”名下" in body(answer)


def test_two_people_withdraw_much(trading: Trading, keeper: Actor) -> None:
    fund(trading.seller, trading.buying, Money(30_000_00))
    account = open_payee(trading.seller.pk, "云汀商业银行")
    asking, agreeing = signed_in(keeper), signed_in(trading.selling)
    form = {"account": str(account), "amount": "20000.01", "key": "k"}
    assert "等另一位主账号或财务复核" in body(asking.post(PAGE, form, follow=True))
    number = Withdrawal.objects.get().number
    decide = f"{PAGE}{number}/"
    assert "不能自己复核" in body(asking.post(decide, {"verb": "approve"}, follow=True))
    assert "请写明原因" in body(agreeing.post(decide, {"verb": "refuse"}, follow=True))
    page = body(agreeing.post(decide, {"verb": "approve"}, follow=True))
    assert "银行处理中" in page
    assert queries.withdrawal_limit(trading.selling).used.fen == 20_000_01
    assert "今天已用 ¥20,000.01，还剩 ¥29,999.99" in page
    english = Client(headers={"accept-language": "en"})
    english.force_login(User.objects.get(pk=keeper.user_id or 0))
    english.cookies["django_language"] = "en"
    assert "At the bank" in body(english.get(PAGE))


def test_the_account_at_the_partner_bank_is_added_without_its_number(
    trading: Trading, keeper: Actor
) -> None:
    client = signed_in(keeper)
    assert "提现到网商银行账户" not in body(client.get(ACCOUNTS))
    Company.objects.filter(pk=trading.seller.pk).update(licence_no=LICENCE)
    told = Identity(trading.seller.name, LICENCE, "")
    partner_bank.open_account(trading.selling, told, Passwords(QUERY, PAYMENT))
    tail = PartnerAccount.objects.get().number[-4:]
    assert f"尾号 {tail}" in body(client.get(ACCOUNTS))
    wrong = client.post(ACCOUNTS, {"which": "bank", "password": "no"})
    assert wrong.status_code == 422
    assert not PayeeAccount.objects.exists()
    page = body(client.post(ACCOUNTS, {"which": "bank", "password": PASSWORD}, follow=True))
    assert f"**** {tail}" in page
    assert "提现到网商银行账户" not in page


def test_strangers_and_clerks_see_nothing(trading: Trading) -> None:
    clerk = signed_in(goods.actor(trading.seller, Role.CLERK))
    assert clerk.get(PAGE).status_code == 403
    assert clerk.get(ACCOUNTS).status_code == 403
    buyer = signed_in(trading.buying)
    assert buyer.get("/buyer/withdrawals/").status_code == 200


def test_the_bank_sends_it_back_on_its_page(trading: Trading) -> None:
    trading.received(1_000)
    open_payee(trading.seller.pk, "云汀商业银行")
    client = signed_in(trading.selling)
    form = {"account": PayeeAccount.objects.get().pk, "amount": "100", "key": "k"}
    client.post(PAGE, form)
    bank = Client()
    page = body(bank.get("/sandbox/bank/"))
    assert "付给企业的款" in page
    payout = Withdrawal.objects.get()
    number = bank.get("/sandbox/bank/").context["payouts"][0][0].id
    bank.post("/sandbox/bank/", {"payout": number, "act": "back"})
    payout.refresh_from_db()
    assert payout.state == "returned"
    bank.post("/sandbox/bank/", {"payout": "x", "act": "back"})
