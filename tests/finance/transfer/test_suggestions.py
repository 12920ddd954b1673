"""What money in suspense is proposed for: as things stand now, not as they stood when it came."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from pifa.finance import commands
from pifa.finance.methods.corporate_transfer import desk, queries
from pifa.finance.models import Payable
from pifa.kernel.actors import Actor, Role
from pifa.kernel.errors import Forbidden, InvalidInput
from pifa.kernel.money import Money
from pifa.parties.models import Company
from tests.finance.conftest import actor_of
from tests.finance.transfer.conftest import BUYER_NAME, Owe, Send, line_of, settled

pytestmark = pytest.mark.django_db


def subjects(found: list[queries.WaitingLine]) -> list[list[str]]:
    return [[share.number for share in row.best.shares] for row in found if row.best]


def test_an_order_that_comes_after_its_money_is_proposed(
    owe: Owe, send: Send, operator: Actor
) -> None:
    early, other = line_of(send(100)), line_of(send(33))
    assert early.why == "nothing_open"
    assert queries.explained_lines(operator) == []
    owe("order:2603020000000001", 100)
    found = queries.explained_lines(operator)
    assert [row.line.number for row in found] == [early.number]
    assert subjects(found) == [["2603020000000001"]]
    listed = {row.line.number: row.best for row in queries.waiting_lines(operator).items}
    best = listed[other.number]
    assert best is not None
    assert not best.exact
    # It is proposed and not taken: an operator says so.
    assert settled("order:2603020000000001") == 0
    desk.assign_transfer(operator, early.number, {"2603020000000001": Money(100_00)}, Money(100_00))
    assert settled("order:2603020000000001") == 100
    assert queries.explained_lines(operator) == []


def test_what_is_left_of_a_line_is_proposed_for_a_later_order(
    owe: Owe, send: Send, operator: Actor
) -> None:
    owe("order:1", 100)
    send(130)
    owe("order:2603020000000002", 30)
    assert subjects(queries.explained_lines(operator)) == [["2603020000000002"]]


def test_a_payable_behind_many_others_is_found(owe: Owe, send: Send, operator: Actor) -> None:
    for at in range(65):
        owe(f"order:26030200000001{at:02}", 1000 + at)
    line = line_of(send(1064, name="别的名称"))
    best = queries.proposals(operator, line.number)[0]
    assert [share.number for share in best.shares] == ["2603020000000164"]
    assert best.exact


@pytest.mark.parametrize(
    "name", [BUYER_NAME, "云汀市顺达建材(集团)有限公司", " 云汀市 顺达建材（集团）有限公司"]
)
def test_a_payer_is_known_by_its_name_among_many(
    owe: Owe, send: Send, operator: Actor, buyer: Company, name: str
) -> None:
    owe("order:1", 100)
    Company.objects.bulk_create(
        Company(
            name=f"云汀{at}",
            verified_name=f"云汀市第{at}公司",
            login=f"c{at}",
            created_at=buyer.created_at,
        )
        for at in range(600)
    )
    line = line_of(send(100, name=name, to="12345"))
    (best,) = queries.proposals(operator, line.number)
    assert best.shares[0].buyer == buyer.name


def test_a_name_in_wide_letters(owe: Owe, send: Send, operator: Actor, buyer: Company) -> None:
    Company.objects.filter(pk=buyer.pk).update(verified_name="ABC Trading")
    owe("order:1", 100)
    line = line_of(send(100, name="ａｂｃ　ＴＲＡＤＩＮＧ", to="12345"))
    assert len(queries.proposals(operator, line.number)) == 1


def test_a_page_of_lines_asks_as_often_as_one_line(owe: Owe, send: Send, operator: Actor) -> None:
    owe("order:1", 100)

    def asked() -> int:
        with CaptureQueriesContext(connection) as seen:
            queries.waiting_lines(operator)
        return len(seen)

    send(3, name="甲")
    one = asked()
    for at in range(4, 12):
        send(at, name=f"乙{at}")
    assert asked() == one


def test_an_order_named_twice_is_refused(owe: Owe, send: Send, operator: Actor) -> None:
    number = owe("order:2603020000000003", 100)
    line = line_of(send(70, name="别的名称"))
    both = {number: Money(30_00), "2603020000000003": Money(40_00)}
    with pytest.raises(InvalidInput):
        desk.assign_transfer(operator, line.number, both, Money(70_00))
    assert Payable.objects.get().settled_fen == 0


def test_suggestions_are_for_operators(owe: Owe, send: Send, purchaser: Actor) -> None:
    for ask in (queries.waiting_lines, queries.explained_lines):
        with pytest.raises(Forbidden):
            ask(purchaser)


def test_the_payer_reads_what_else_may_go_along(
    owe: Owe, send: Send, purchaser: Actor, buyer: Company
) -> None:
    first, second = owe("order:1", 100), owe("order:2", 70)
    send(1, name="别的名称")
    begun = commands.start_payment(purchaser, first, "transfer")
    told = queries.instructions(purchaser, begun.payment_number)
    assert [(due.payable_number, due.amount) for due in told.others] == [(second, Money(70_00))]
    assert told.waiting == Money(1_00)
    with pytest.raises(Forbidden):
        queries.accounts(purchaser)
    (account,) = queries.accounts(actor_of(buyer, Role.FINANCE))
    assert (account.account_no, account.waiting) == (told.account_no, Money(1_00))
