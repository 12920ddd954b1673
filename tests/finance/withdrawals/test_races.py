"""Withdrawals at the same moment never overdraw the balance nor the day, and one word counts once."""

from __future__ import annotations

import pytest

from pifa.finance import commands, queries
from pifa.finance.models import SandboxPayout, Withdrawal, WithdrawalDay
from pifa.finance.sandbox import payouts
from pifa.kernel.actors import Actor
from pifa.kernel.errors import DomainError
from pifa.kernel.money import Money
from pifa.ledger import queries as ledger
from tests.finance.test_races import race
from tests.finance.withdrawals.conftest import Firm

pytestmark = pytest.mark.django_db(transaction=True)


def refusals(results: list[object]) -> int:
    return sum(isinstance(result, DomainError) for result in results)


def test_the_day_is_not_overdrawn(firm: Firm, operator: Actor) -> None:
    results = race(*[lambda: firm.ask(15_000) for _time in range(6)])
    assert refusals(results) == 3
    assert WithdrawalDay.objects.get().used_fen == 45_000_00
    assert queries.reconciliation(operator).agrees
    assert ledger.check() == []


def test_the_balance_is_not_overdrawn(firm: Firm, operator: Actor) -> None:
    waiting = [firm.ask(300_000, firm.own_bank) for _time in range(5)]
    results = race(*[lambda n=n: commands.approve_withdrawal(firm.agrees, n) for n in waiting])
    assert refusals(results) == 2
    assert firm.balance() == Money(100_000_00)
    assert Withdrawal.objects.filter(state="asked").count() == 2
    assert queries.reconciliation(operator).agrees
    assert ledger.check() == []


def test_one_key_at_once_is_one_withdrawal(firm: Firm) -> None:
    results = race(*[lambda: firm.ask(100, key="k") for _time in range(6)])
    assert refusals(results) == 0
    assert len(set(map(str, results))) == 1
    assert Withdrawal.objects.count() == 1


def test_agreed_refused_and_taken_back_at_once(firm: Firm) -> None:
    number = firm.ask(30_000)
    results = race(
        lambda: commands.approve_withdrawal(firm.agrees, number),
        lambda: commands.refuse_withdrawal(firm.agrees, number, "不行"),
        lambda: commands.cancel_withdrawal(firm.asks, number),
        lambda: commands.approve_withdrawal(firm.agrees, number),
    )
    assert refusals(results) == 3
    assert ledger.check() == []


def test_the_bank_tells_while_more_is_taken_out(firm: Firm, operator: Actor) -> None:
    for _time in range(3):
        firm.ask(10_000)
    ids = list(SandboxPayout.objects.values_list("pk", flat=True))
    race(
        *[lambda pk=pk: payouts.give_back(pk) for pk in ids],
        *[lambda pk=pk: payouts.tell(pk) for pk in ids],
        *[lambda: firm.ask(5_000) for _time in range(3)],
    )
    assert Withdrawal.objects.filter(state="returned").count() == 3
    assert queries.reconciliation(operator).agrees
    assert ledger.check() == []
