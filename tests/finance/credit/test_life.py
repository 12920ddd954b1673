"""An order on credit: promised, received, on a statement, paid in parts; the books hold throughout."""

from __future__ import annotations

from datetime import date

import pytest

from pifa.finance import commands, queries
from pifa.finance.models import CreditStatement
from pifa.finance.sandbox import bank
from pifa.kernel import clock
from pifa.kernel.actors import Actor
from pifa.kernel.money import Money
from pifa.ledger import queries as ledger
from pifa.ledger.rules import AccountKind
from pifa.parties.models import Company
from tests.finance.credit.conftest import line_of, noon, promise, run_until

pytestmark = pytest.mark.django_db


def repaid(buyer: Actor, payable: str) -> None:
    """Pay a repayment at the bank."""
    start = commands.start_payment(buyer, payable, "gateway")
    bank.act(start.redirect_url.rstrip("/").rpartition("/")[2], "pay")


def test_from_promise_to_the_last_part(seller: Company, buyer: Company, purchaser: Actor) -> None:
    with clock.frozen(noon(date(2026, 3, 1))):
        line = line_of(seller, buyer)
    with clock.frozen(noon(date(2026, 3, 16))):
        for number, fen in ((1, 300_00), (2, 200_00)):
            promise(purchaser, f"order:{number}", seller, fen)
        line.refresh_from_db()
        assert line.used_fen == 500_00
        assert ledger.check() == []
        commands.note_received("order:1")
    with clock.frozen(noon(date(2026, 3, 20))):
        commands.note_received("order:2")
    run_until(date(2026, 3, 28))
    statement = CreditStatement.objects.get()
    assert (statement.period_start, statement.period_end, statement.due_on) == (
        date(2026, 3, 1),
        date(2026, 3, 28),
        date(2026, 3, 28),
    )
    assert statement.amount_fen == 500_00
    with clock.frozen(noon(date(2026, 3, 28))):
        payable = commands.repay(purchaser, line.pk, Money(350_00), statement=statement.number)
        repaid(purchaser, payable)
        assert ledger.held("order:1") == Money(300_00)
        assert ledger.held("order:2") == Money(50_00)
        line.refresh_from_db()
        assert line.used_fen == 150_00
        assert ledger.check() == []
        repaid(purchaser, commands.repay(purchaser, line.pk, statement=statement.number))
        line.refresh_from_db()
        assert line.used_fen == 0
        assert ledger.check() == []
    assert ledger.balance(buyer.pk, AccountKind.BALANCE) == Money(0)
    view = queries.payable("order:2")
    assert view is not None
    assert view.state == "settled"
