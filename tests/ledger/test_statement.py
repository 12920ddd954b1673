"""A statement chains: each line's balance is the next older line's and its own amount."""

from __future__ import annotations

from datetime import timedelta

import pytest

from pifa.kernel import clock
from pifa.kernel.actors import Actor, ActorKind, Role
from pifa.kernel.errors import Forbidden, InvalidInput, NotFound
from pifa.kernel.money import Money
from pifa.ledger import commands, queries, rules
from pifa.ledger.rules import AccountKind
from pifa.parties.models import Company
from tests.ledger.conftest import Pay
from tests.plugins.clock import MarketClock

pytestmark = pytest.mark.django_db
OPERATOR = Actor(ActorKind.OPERATOR, user_id=1)


def finance_of(company: Company, role: Role = Role.FINANCE) -> Actor:
    return Actor(ActorKind.MEMBER, company_id=company.pk, roles=frozenset({role}))


@pytest.fixture
def five_days(seller: Company, pay: Pay, release: Pay, market_clock: MarketClock) -> Company:
    """A payment and its release on each of five days: ¥1, ¥2, … ¥5."""
    for day in range(1, 6):
        pay(f"p{day}", f"order:{day}", day * 100)
        release(f"r{day}", f"order:{day}", day * 100)
        market_clock.forward(days=1)
    return seller


def test_pages_chain_into_one_statement(five_days: Company) -> None:
    actor, cursor = finance_of(five_days), None
    lines = []
    while True:
        page = queries.statement(actor, AccountKind.BALANCE, cursor=cursor, page_size=2)
        lines += page.lines
        cursor = page.next_cursor
        if cursor is None:
            break
    assert [line.balance for line in lines] == [Money(n * 100) for n in (15, 10, 6, 3, 1)]
    assert [line.incoming for line in lines] == [Money(n * 100) for n in (5, 4, 3, 2, 1)]
    assert page.closing == Money(1500)
    assert lines[0].words == "担保款结算到卖家余额"
    assert lines[0].subject == "order:5"


def test_a_period_has_its_opening_and_closing_balance(five_days: Company) -> None:
    first = clock.today() - timedelta(days=5)
    page = queries.statement(
        finance_of(five_days),
        AccountKind.BALANCE,
        since=first + timedelta(days=1),
        until=first + timedelta(days=2),
    )
    assert (page.opening, page.closing) == (Money(100), Money(600))
    assert [line.balance for line in page.lines] == [Money(600), Money(300)]
    before = queries.statement(
        finance_of(five_days), AccountKind.BALANCE, until=first - timedelta(days=1)
    )
    assert (before.closing, before.lines) == (Money(0), [])


def test_lines_of_one_moment_keep_their_order(seller: Company, pay: Pay) -> None:
    for number in range(1, 8):
        pay(f"p{number}", f"order:{number}", 100)
    first = queries.statement(finance_of(seller), AccountKind.ESCROW, page_size=4)
    rest = queries.statement(finance_of(seller), AccountKind.ESCROW, cursor=first.next_cursor)
    subjects = [line.subject for line in first.lines + rest.lines]
    assert subjects == [f"order:{number}" for number in range(7, 0, -1)]
    assert rest.lines[-1].balance == Money(100)


def test_the_markets_own_account_grows_by_debits(five_days: Company) -> None:
    page = queries.statement(OPERATOR, AccountKind.GATEWAY)
    assert page.closing == Money(1500)
    assert page.lines[0].incoming == Money(500)
    assert page.lines[0].other_owner == five_days.name
    sheet = queries.market_balances()
    assert sheet[AccountKind.GATEWAY] == sheet[AccountKind.BALANCE] == Money(1500)
    assert sheet[AccountKind.ESCROW] == Money(0)


def test_a_statement_takes_the_same_statements_at_any_length(
    five_days: Company, django_assert_max_num_queries: object
) -> None:
    assert callable(django_assert_max_num_queries)
    with django_assert_max_num_queries(5):
        queries.statement(OPERATOR, AccountKind.BALANCE, owner_id=five_days.pk)


def test_nobody_reads_anothers_account(five_days: Company, buyer: Company) -> None:
    assert queries.statement(finance_of(buyer), AccountKind.BALANCE).lines == []
    with pytest.raises(NotFound):
        queries.statement(finance_of(buyer), AccountKind.BALANCE, owner_id=five_days.pk)
    with pytest.raises(Forbidden):
        queries.statement(finance_of(five_days, Role.CLERK), AccountKind.BALANCE)


@pytest.mark.parametrize("cursor", ["x", "_", "2026-03-02_1", "2026-03-02T09:00:00_1", "a_b_c"])
def test_a_cursor_that_is_none(five_days: Company, cursor: str) -> None:
    with pytest.raises(InvalidInput):
        queries.statement(finance_of(five_days), AccountKind.BALANCE, cursor=cursor)


def test_the_money_of_a_subject(seller: Company, pay: Pay, release: Pay) -> None:
    pay("p1", "order:1", 900)
    release("r1", "order:1", 400)
    refund = rules.refund(
        "order:1", seller.pk, escrow=Money(100), balance=Money(0), deposit=Money(0)
    )
    commands.transfer("f1", "refund", refund)
    assert queries.subject_money("order:1") == {
        AccountKind.GATEWAY: Money(800),
        AccountKind.ESCROW: Money(400),
        AccountKind.BALANCE: Money(400),
        AccountKind.DEPOSIT: Money(0),
        AccountKind.CLAWBACK: Money(0),
        AccountKind.FEES: Money(0),
        AccountKind.GOODWILL: Money(0),
        AccountKind.PROTECTION: Money(0),
        AccountKind.SUSPENSE: Money(0),
        AccountKind.RECEIVABLE: Money(0),
        AccountKind.PROMISED: Money(0),
        AccountKind.CARRIER: Money(0),
        AccountKind.FINANCIER: Money(0),
        AccountKind.RECOURSE: Money(0),
        AccountKind.INSURER: Money(0),
    }
    assert queries.balance(seller.pk, AccountKind.DEPOSIT) == Money(0)
    assert queries.held("order:none") == Money(0)
