"""Many at once on one line: nothing is overdrawn, nothing paid twice, nobody deadlocks."""

from __future__ import annotations

import pytest

from pifa.finance import commands
from pifa.finance.commands import LineDraft, NewPayable
from pifa.finance.errors import MethodNotOffered
from pifa.finance.methods.trade_credit.errors import CreditOverLimit
from pifa.finance.models import CreditItem, CreditLine, Payment
from pifa.kernel.actors import Actor
from pifa.kernel.errors import DomainError
from pifa.kernel.money import Money
from pifa.ledger import queries as ledger
from pifa.ledger.rules import AccountKind
from pifa.parties.models import Company
from tests.finance.credit.conftest import line_of, owner_of, payable_number, promise
from tests.finance.test_races import paid_at_the_bank, race, tell

pytestmark = pytest.mark.django_db(transaction=True)


def test_sixteen_race_for_the_last_of_a_limit(
    seller: Company, buyer: Company, purchaser: Actor
) -> None:
    line = line_of(seller, buyer, Money(1_000_00))
    subjects = [f"order:{number}" for number in range(16)]
    commands.open_payables(
        [NewPayable(subject, buyer.pk, seller.pk, 300_00, "") for subject in subjects]
    )
    numbers = [payable_number(subject) for subject in subjects]
    results = race(
        *[
            lambda n=n: commands.start_payment(purchaser, n, "trade_credit").payment_number
            for n in numbers
        ]
    )
    won = [result for result in results if isinstance(result, str)]
    lost = [result for result in results if not isinstance(result, str)]
    assert len(won) == 3
    assert all(isinstance(error, CreditOverLimit | MethodNotOffered) for error in lost)
    assert all("100.00" in str(error) for error in lost if isinstance(error, CreditOverLimit))
    line.refresh_from_db()
    assert line.used_fen == 900_00
    assert Payment.objects.filter(state="promised").count() == 3
    assert ledger.check() == []


def test_two_repayments_of_one_debt_pay_it_once(
    seller: Company, buyer: Company, purchaser: Actor
) -> None:
    line = line_of(seller, buyer)
    subjects = [promise(purchaser, f"order:{n}", seller, 200_00) for n in range(4)]
    for subject in subjects:
        commands.note_received(subject)
    begun = [
        commands.start_payment(purchaser, commands.repay(purchaser, line.pk), "gateway")
        for _tab in range(3)
    ]
    verdicts = race(*tell(*[paid_at_the_bank(payment) for payment in begun]))
    assert verdicts == ["settled"] * 3
    line.refresh_from_db()
    assert line.used_fen == 0
    # What came twice and thrice is the buyer's own again.
    assert ledger.balance(buyer.pk, AccountKind.BALANCE) == Money(1_600_00)
    assert ledger.held("order:0") == Money(200_00)
    assert ledger.check() == []


def test_everything_at_once_on_one_line(seller: Company, buyer: Company, purchaser: Actor) -> None:
    line = line_of(seller, buyer, Money(10_000_00))
    owner = owner_of(seller)
    subjects = [promise(purchaser, f"order:{n}", seller, 100_00) for n in range(8)]
    for subject in subjects[:4]:
        commands.note_received(subject)
    commands.open_payables([NewPayable("order:8", buyer.pk, seller.pk, 100_00, "")])
    later = payable_number("order:8")
    begun = commands.start_payment(
        purchaser, commands.repay(purchaser, line.pk, Money(350_00)), "gateway"
    )
    results = race(
        *tell(paid_at_the_bank(begun)),
        lambda: commands.refund(subjects[0], Money(60_00), "f0", "").amount,
        lambda: commands.refund(subjects[1], Money(100_00), "f1", "").amount,
        lambda: commands.refund(subjects[7], Money(100_00), "f7", "").amount,
        lambda: commands.note_received(subjects[4]),
        lambda: commands.note_received(subjects[5]),
        lambda: commands.start_payment(purchaser, later, "trade_credit").payment_number,
        lambda: commands.change_credit(owner, line.pk, LineDraft(Money(500_00), "days", 10)),
        lambda: commands.freeze_credit(owner, line.pk, "对账"),
        lambda: commands.release(subjects[2], "r2"),
    )
    assert results[0] == "settled"
    refused = [result for result in results if isinstance(result, Exception)]
    assert all(isinstance(error, DomainError) for error in refused)
    line = CreditLine.objects.get(pk=line.pk)
    assert line.used_fen == sum(CreditItem.objects.values_list("open_fen", flat=True))
    assert ledger.check() == []
