"""What a seller sees and decides of its money."""

from __future__ import annotations

import pytest
from django.test import Client

from pifa.finance import commands as finance
from pifa.finance import queries as money
from pifa.kernel.money import Money
from pifa.trade import commands as trade
from tests.finance.conftest import grant_instant_payout, open_payee, take_instant_payout
from tests.trade.market import Trading
from tests.web.seller.conftest import body

BALANCE, SWITCH = "/seller/balance/", "/seller/balance/instant/"


def test_instant_payout_is_offered_to_who_holds_it(trading: Trading, bookkeeper: Client) -> None:
    assert "开通极速到账" not in body(bookkeeper.get(BALANCE))
    assert "权益" in body(bookkeeper.post(SWITCH, {"on": "1"}, follow=True))
    grant_instant_payout(trading.seller.pk)
    assert "0.12%" in body(bookkeeper.get(BALANCE))
    assert "已开通" in body(bookkeeper.post(SWITCH, {"on": "1"}, follow=True))
    trading.paid(1000)
    assert "¥310.00" in body(bookkeeper.get(BALANCE))
    take_instant_payout(trading.seller.pk)
    assert "目前没有这项权益" in body(bookkeeper.get(BALANCE))
    bookkeeper.post(SWITCH, {"on": "0"})
    assert not money.instant_payout(trading.seller.pk).on


def test_switching_is_for_those_who_handle_the_money(trading: Trading, clerk: Client) -> None:
    grant_instant_payout(trading.seller.pk)
    assert clerk.post(SWITCH, {"on": "1"}).status_code == 403
    assert not money.instant_payout(trading.seller.pk).on


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_order_and_what_is_owed_are_told_in_plain_words(
    trading: Trading, owner: Client, buyer: Client, language: str
) -> None:
    for client in (owner, buyer):
        client.cookies["django_language"] = language
    grant_instant_payout(trading.seller.pk)
    finance.switch_instant_payout(trading.selling, True)
    order = trading.paid(1000)
    fee = {"zh-hans": "极速到账手续费", "en": "Instant payout fee"}[language]
    early = {"zh-hans": "卖家使用极速到账", "en": "The seller uses instant payout"}[language]
    assert fee in body(owner.get(f"/seller/orders/{order.number}/"))
    bought = body(buyer.get(f"/buyer/orders/{order.number}/"))
    assert early in bought
    assert fee not in bought
    open_payee(trading.seller.pk)
    finance.withdraw(trading.selling, Money(30000))
    case = trade.ask_refund(trading.buying, order.number, "money", Money(31000), "不要了")
    trade.answer_refund(trading.selling, case, accept=True)
    laid_out = {"zh-hans": "平台先行垫付", "en": "Laid out by the market"}[language]
    assert laid_out in body(buyer.get(f"/buyer/orders/{order.number}/"))
    assert "¥300.37" in body(owner.get(BALANCE))
    statement = owner.get("/seller/statement/", {"account": "clawback"})
    assert "¥300.37" in body(statement)
