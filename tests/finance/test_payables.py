"""Payables are opened in bulk, paid by registered methods, at a bank that refuses nonsense."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection

from pifa.finance import commands, queries
from pifa.finance.commands import NewPayable, PaymentStart
from pifa.finance.errors import MethodNotOffered
from pifa.finance.methods import registry
from pifa.finance.methods.gateway.method import GatewayMethod
from pifa.finance.methods.protocol import Due
from pifa.finance.models import Payable, SandboxTrade
from pifa.finance.sandbox import bank, trades
from pifa.kernel.actors import Actor
from pifa.kernel.errors import InvalidInput, NotFound
from pifa.kernel.money import Money
from pifa.ledger import queries as ledger
from pifa.parties.models import Company
from tests.finance.conftest import Begin

pytestmark = pytest.mark.django_db


def trade_of(payment: PaymentStart) -> SandboxTrade:
    return SandboxTrade.objects.get(payment_number=payment.payment_number)


@pytest.mark.parametrize("fen", [0, -1, 10**15 + 1])
def test_impossible_amounts(order: str, buyer: Company, seller: Company, fen: int) -> None:
    with pytest.raises(InvalidInput):
        commands.change_amount(order, Money(fen))
    with pytest.raises(InvalidInput):
        commands.open_payables([NewPayable("order:2", buyer.pk, seller.pk, fen, "")])


def test_a_new_method_needs_nothing_but_its_registration(
    order: str, purchaser: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    class OnlyForRegulars(GatewayMethod):
        code = "regulars"
        label = "熟客支付"

        def offered(self, due: Due, payer_id: int | None) -> str | None:
            return f"只限熟客，本单 {due.amount}"

    monkeypatch.setattr(registry, "METHODS", dict(registry.METHODS))
    registry.register(OnlyForRegulars())
    number = Payable.objects.get().number
    choices = {choice.code: choice for choice in queries.methods_for(purchaser, number)}
    assert choices["gateway"].offered
    assert choices["regulars"].why_not == "只限熟客，本单 ¥100.00"
    with pytest.raises(MethodNotOffered, match="只限熟客"):
        commands.start_payment(purchaser, number, "regulars")
    with pytest.raises(InvalidInput):
        commands.start_payment(purchaser, number, "shells")


def test_payables_of_a_checkout_open_in_a_statement_or_two(
    buyer: Company, seller: Company, django_assert_num_queries: object
) -> None:
    wanted = [NewPayable(f"order:{n}", buyer.pk, seller.pk, n, "x") for n in range(1, 21)]
    assert callable(django_assert_num_queries)
    with django_assert_num_queries(1 if connection.vendor == "postgresql" else 2):
        numbers = commands.open_payables(wanted)
    rows = Payable.objects.order_by("pk")
    assert list(rows.values_list("number", flat=True)) == numbers
    assert [row.stages.get().amount_fen for row in rows] == list(range(1, 21))
    assert commands.open_payables([]) == []
    assert ledger.check() == []


def test_the_bank_shows_its_trade_and_refuses_nonsense(order: str, begin: Begin) -> None:
    trade_no = trade_of(begin(order)).trade_no
    view = bank.view(trade_no)
    assert (view.title, view.amount, len(view.actions)) == ("螺栓 M8", Money(100_00), 7)
    with pytest.raises(InvalidInput):
        bank.act(trade_no, "rob")
    with pytest.raises(InvalidInput):
        bank.act(trade_no, "delay", timedelta(0))
    with pytest.raises(NotFound):
        bank.view("SB0")
    bank.act(trade_no, "pay")
    view = bank.view(trade_no)
    assert view.actions == []
    assert [notice.answer for notice in view.notices] == ["settled"]


def test_an_unpaid_attempt_stays_undecided(order: str, begin: Begin) -> None:
    started = begin(order)
    assert commands.refresh_payment(started.payment_number) is None
    with pytest.raises(NotFound):
        commands.refresh_payment("P0")
    assert trades.progress("P0").outcome == "closed"
