"""Operators say what money in suspense pays, or send it back; once, whoever decides."""

from __future__ import annotations

import pytest

from pifa.finance import queries
from pifa.finance.errors import LineChanged
from pifa.finance.methods.corporate_transfer import desk
from pifa.finance.methods.corporate_transfer.models import BankMatch
from pifa.finance.models import Payable
from pifa.finance.sandbox.models import SandboxEntry
from pifa.kernel.actors import Actor, Role
from pifa.kernel.errors import Forbidden, InvalidInput, NotFound, WrongState
from pifa.kernel.models import OutboxEvent
from pifa.kernel.money import Money
from pifa.ledger import queries as ledger
from pifa.ledger.rules import AccountKind
from pifa.parties.models import Company
from tests.finance.conftest import actor_of
from tests.finance.transfer.conftest import Owe, Send, line_of, settled

pytestmark = pytest.mark.django_db


@pytest.fixture
def doubtful(owe: Owe, send: Send) -> str:
    """¥130.00 from another name, while ¥100.00 and ¥70.00 are owed."""
    owe("order:1", 100)
    owe("order:2", 70)
    return line_of(send(130, name="晨光贸易有限公司")).number


def number_of(subject: str) -> str:
    return Payable.objects.get(subject=subject).number


def test_assigned_in_parts(doubtful: str, operator: Actor) -> None:
    shares = {number_of("order:1"): Money(100_00)}
    line = desk.assign_transfer(operator, doubtful, shares, Money(130_00))
    assert (line.state, line.left_fen) == ("suspense", 30_00)
    line = desk.assign_transfer(
        operator, doubtful, {number_of("order:2"): Money(30_00)}, Money(30_00)
    )
    assert (line.state, line.left_fen) == ("matched", 0)
    assert (settled("order:1"), settled("order:2")) == (100, 30)
    assert set(BankMatch.objects.values_list("user_id", flat=True)) == {1}
    assert ledger.balance(None, AccountKind.SUSPENSE) == Money(0)
    told = OutboxEvent.objects.filter(name="finance.transfer_assigned").order_by("pk")
    assert [row.payload["amount_fen"] for row in told] == [100_00, 30_00]


def test_assigned_to_several_at_once(doubtful: str, operator: Actor) -> None:
    shares = {number_of("order:2"): Money(70_00), number_of("order:1"): Money(60_00)}
    line = desk.assign_transfer(operator, doubtful, shares, Money(130_00))
    assert line.state == "matched"
    assert (settled("order:1"), settled("order:2")) == (60, 70)


def test_sent_back_to_where_it_came_from(doubtful: str, operator: Actor) -> None:
    desk.assign_transfer(operator, doubtful, {number_of("order:1"): Money(100_00)}, Money(130_00))
    desk.return_transfer(operator, doubtful, "付款户名不是贵企业", Money(30_00))
    back = SandboxEntry.objects.get(kind="transfer_back")
    assert (back.credit.holder, back.amount_fen) == ("晨光贸易有限公司", 30_00)
    assert ledger.balance(None, AccountKind.SUSPENSE) == Money(0)
    assert queries.reconciliation(operator).agrees
    with pytest.raises(WrongState):
        desk.return_transfer(operator, doubtful, "再退", Money(30_00))


def test_who_looked_before_the_other_decided_is_refused(doubtful: str, operator: Actor) -> None:
    shares = {number_of("order:1"): Money(50_00)}
    desk.assign_transfer(operator, doubtful, shares, Money(130_00))
    with pytest.raises(LineChanged):
        desk.assign_transfer(operator, doubtful, shares, Money(130_00))
    with pytest.raises(LineChanged):
        desk.return_transfer(operator, doubtful, "退", Money(130_00))
    assert settled("order:1") == 50


@pytest.mark.parametrize(
    "shares",
    [
        {},
        {"order:1": 101_00},
        {"order:1": 0},
        {"order:1": -5},
        {"order:1": 100_00, "order:2": 31_00},
    ],
)
def test_shares_that_do_not_fit(doubtful: str, operator: Actor, shares: dict[str, int]) -> None:
    given = {number_of(subject): Money(fen) for subject, fen in shares.items()}
    with pytest.raises(InvalidInput):
        desk.assign_transfer(operator, doubtful, given, Money(130_00))
    assert settled("order:1") == 0


def test_a_payable_that_is_not_there(doubtful: str, operator: Actor) -> None:
    with pytest.raises(InvalidInput):
        desk.assign_transfer(operator, doubtful, {"B0": Money(1)}, Money(130_00))
    with pytest.raises(NotFound):
        desk.assign_transfer(operator, "L0", {number_of("order:1"): Money(1)}, Money(130_00))


def test_a_note_for_the_next_one(doubtful: str, operator: Actor) -> None:
    desk.note_transfer(operator, doubtful, " 已致电买家 ")
    with pytest.raises(InvalidInput):
        desk.note_transfer(operator, doubtful, " ")
    with pytest.raises(InvalidInput):
        desk.return_transfer(operator, doubtful, "", Money(130_00))


def test_for_operators_only(doubtful: str, buyer: Company) -> None:
    owner = actor_of(buyer, Role.OWNER)
    with pytest.raises(Forbidden):
        desk.assign_transfer(owner, doubtful, {}, Money(1))
    with pytest.raises(Forbidden):
        desk.return_transfer(owner, doubtful, "x", Money(1))
    with pytest.raises(Forbidden):
        desk.note_transfer(owner, doubtful, "x")
