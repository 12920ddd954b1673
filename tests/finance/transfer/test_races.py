"""Lines, notices, operators and refunds at the same moment: once each, nothing lost."""

from __future__ import annotations

import pytest

from pifa.finance import commands, queries
from pifa.finance.errors import LineChanged
from pifa.finance.methods.corporate_transfer import desk
from pifa.finance.methods.corporate_transfer.models import BankLine, VirtualAccount
from pifa.finance.models import Payable
from pifa.finance.sandbox import transfers
from pifa.finance.sandbox.models import SandboxEntry, SandboxLine
from pifa.finance.sandbox.transfers import Delivery
from pifa.kernel.actors import Actor
from pifa.kernel.errors import DomainError
from pifa.kernel.money import Money
from pifa.ledger import queries as ledger
from tests.finance.conftest import Begin
from tests.finance.test_races import paid_at_the_bank, race, tell
from tests.finance.transfer.conftest import Owe, Send, line_of, settled

pytestmark = pytest.mark.django_db(transaction=True)


def held_lines() -> list[int]:
    return list(SandboxLine.objects.order_by("pk").values_list("pk", flat=True))


def test_one_line_told_by_eight_at_once(owe: Owe, send: Send, operator: Actor) -> None:
    owe("order:1", 100)
    send(100, delivery=Delivery.HOLD)
    (line_id,) = held_lines()
    answers = race(*[lambda: transfers.send(line_id)] * 8)
    assert sorted(map(str, answers)) == ["repeated"] * 7 + ["settled"]
    assert settled("order:1") == 100
    assert queries.reconciliation(operator).agrees
    assert ledger.check() == []


def test_equal_lines_at_once_all_count(owe: Owe, send: Send, operator: Actor) -> None:
    owe("order:1", 300)
    for _time in range(3):
        send(100, delivery=Delivery.HOLD)
    answers = race(*[lambda pk=pk: transfers.send(pk) for pk in held_lines()])
    assert answers == ["settled"] * 3
    assert BankLine.objects.count() == 3
    left = sum(BankLine.objects.values_list("left_fen", flat=True))
    assert settled("order:1") * 100 + left == 300_00
    assert queries.reconciliation(operator).agrees
    assert ledger.check() == []


def test_a_line_and_a_notice_pay_one_order(
    owe: Owe, send: Send, begin: Begin, operator: Actor
) -> None:
    owe("order:1", 100)
    notice = paid_at_the_bank(begin("order:1"))
    send(100, delivery=Delivery.HOLD)
    (line_id,) = held_lines()
    race(lambda: transfers.send(line_id), *tell(notice))
    assert settled("order:1") == 100
    line = BankLine.objects.get()
    assert (line.state, line.left_fen) in {("matched", 0), ("suspense", 100_00)}
    assert queries.reconciliation(operator).agrees
    assert ledger.check() == []


def test_lines_for_several_meet_notices_for_each(
    owe: Owe, send: Send, begin: Begin, operator: Actor
) -> None:
    """A line pays orders one after the other and never holds one while it waits for the next."""
    subjects = [f"order:{number}" for number in range(1, 5)]
    for subject in subjects:
        owe(subject, 100)
    notices = [paid_at_the_bank(begin(subject)) for subject in reversed(subjects)]
    for _time in range(3):
        send(400, delivery=Delivery.HOLD)
    answers = race(*[lambda pk=pk: transfers.send(pk) for pk in held_lines()], *tell(*notices))
    assert not [answer for answer in answers if isinstance(answer, DomainError)]
    assert [settled(subject) for subject in subjects] == [100] * 4
    assert queries.reconciliation(operator).agrees
    assert ledger.check() == []


def test_two_operators_decide_once(owe: Owe, send: Send, operator: Actor) -> None:
    owe("order:1", 100)
    number = line_of(send(60, name="晨光")).number
    payable = Payable.objects.get().number
    results = race(
        *[
            lambda: (
                desk.assign_transfer(
                    operator, number, {payable: Money(50_00)}, Money(60_00)
                ).left_fen
            )
        ]
        * 3,
        lambda: desk.return_transfer(operator, number, "退", Money(60_00)),
    )
    refused = [result for result in results if isinstance(result, DomainError)]
    assert len(refused) == 3
    line = BankLine.objects.get()
    assert settled("order:1") * 100 + line.left_fen + line.returned_fen == 60_00
    assert SandboxEntry.objects.filter(kind="transfer_back").count() == (line.returned_fen > 0)
    assert all(isinstance(refusal, LineChanged | DomainError) for refusal in refused)
    assert ledger.check() == []


def test_an_account_is_opened_once(owe: Owe, purchaser: Actor, account: str) -> None:
    VirtualAccount.objects.all().delete()
    number = owe("order:1", 100)
    race(*[lambda: commands.start_payment(purchaser, number, "transfer")] * 5)
    assert VirtualAccount.objects.count() == 1


def test_the_same_refund_of_a_transfer_goes_back_once(
    owe: Owe, send: Send, operator: Actor
) -> None:
    owe("order:1", 100)
    send(100)
    race(*[lambda: commands.refund("order:1", Money(40_00), "f1", "").amount] * 4)
    assert SandboxEntry.objects.get(kind="transfer_back").amount_fen == 40_00
    assert queries.reconciliation(operator).agrees
    assert ledger.check() == []
