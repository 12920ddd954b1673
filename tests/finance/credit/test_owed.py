"""What is due, by whom, how late: repayments in part, the ladder, the ageing, the proof."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from pifa.finance import commands, queries
from pifa.finance.methods.trade_credit import checking, standing
from pifa.finance.methods.trade_credit.errors import NothingOwed, RepaymentTooLarge
from pifa.finance.models import CreditChange, CreditItem, CreditLine
from pifa.finance.sandbox import bank
from pifa.kernel import clock, deadlines
from pifa.kernel.actors import Actor, Role
from pifa.kernel.errors import Forbidden, NotFound
from pifa.kernel.models import OutboxEvent
from pifa.kernel.money import Money
from pifa.ledger import queries as ledger
from pifa.ledger.rules import AccountKind
from pifa.parties.models import Company
from tests.catalog import market as goods
from tests.finance.conftest import actor_of
from tests.finance.credit.conftest import line_of, noon, owner_of, promise, run_until

pytestmark = pytest.mark.django_db
MARCH = date(2026, 3, 1)


@pytest.fixture
def owing(seller: Company, buyer: Company, purchaser: Actor) -> CreditLine:
    """Terms of 10 days; ¥100.00 received on 1, 2 and 3 March, ¥100.00 not yet."""
    with clock.frozen(noon(MARCH)):
        line = line_of(seller, buyer, terms="days", number=10)
        for number in range(4):
            promise(purchaser, f"order:{number}", seller, 100_00)
    for number in range(3):
        with clock.frozen(noon(MARCH + timedelta(days=number))):
            commands.note_received(f"order:{number}")
    return line


def pay(buyer: Actor, payable: str) -> None:
    start = commands.start_payment(buyer, payable, "gateway")
    bank.act(start.redirect_url.rstrip("/").rpartition("/")[2], "pay")


def open_fen() -> list[int]:
    return list(CreditItem.objects.order_by("pk").values_list("open_fen", flat=True))


class TestRepaying:
    def test_the_oldest_first(self, owing: CreditLine, purchaser: Actor) -> None:
        with clock.frozen(noon(MARCH + timedelta(days=5))):
            pay(purchaser, commands.repay(purchaser, owing.pk, Money(150_00)))
        assert open_fen() == [0, 50_00, 100_00, 100_00]
        assert ledger.check() == []

    def test_what_is_ticked_and_not_received_too(self, owing: CreditLine, purchaser: Actor) -> None:
        with clock.frozen(noon(MARCH + timedelta(days=5))):
            pay(purchaser, commands.repay(purchaser, owing.pk, subjects=["order:3", "order:1"]))
            assert open_fen() == [100_00, 0, 100_00, 0]
            assert ledger.held("order:3") == Money(100_00)

    def test_never_more_than_is_owed(self, owing: CreditLine, purchaser: Actor) -> None:
        with pytest.raises(RepaymentTooLarge, match=r"300\.00"):
            commands.repay(purchaser, owing.pk, Money(300_01))
        with pytest.raises(RepaymentTooLarge):
            commands.repay(purchaser, owing.pk, Money(0))
        with pytest.raises(NothingOwed):
            commands.repay(purchaser, owing.pk, subjects=["order:99"])

    def test_by_whom(self, owing: CreditLine, buyer: Company, seller: Company) -> None:
        with pytest.raises(Forbidden):
            commands.repay(actor_of(buyer, Role.CLERK), owing.pk)
        with pytest.raises(NotFound):
            commands.repay(owner_of(seller), owing.pk)

    def test_from_the_balance(self, owing: CreditLine, buyer: Company, purchaser: Actor) -> None:
        """What a refund left on the balance pays the next debt."""
        pay(purchaser, commands.repay(purchaser, owing.pk, subjects=["order:0"]))
        commands.refund("order:0", Money(100_00), "f0", "")
        assert ledger.balance(buyer.pk, AccountKind.BALANCE) == Money(100_00)
        payable = commands.repay(purchaser, owing.pk, subjects=["order:1"])
        commands.start_payment(actor_of(buyer, Role.OWNER), payable, "balance")
        assert ledger.balance(buyer.pk, AccountKind.BALANCE) == Money(0)
        assert open_fen() == [0, 0, 100_00, 100_00]
        assert ledger.check() == []

    def test_in_parts_by_several_methods(self, owing: CreditLine, purchaser: Actor) -> None:
        payable = commands.repay(purchaser, owing.pk)
        commands.split_payment(purchaser, payable, [Money(120_00), Money(180_00)])
        pay(purchaser, payable)
        assert open_fen() == [0, 80_00, 100_00, 100_00]
        pay(purchaser, payable)
        assert open_fen() == [0, 0, 0, 100_00]
        assert ledger.check() == []

    def test_what_nobody_pays_is_closed(self, owing: CreditLine, purchaser: Actor) -> None:
        with clock.frozen(noon(MARCH)):
            payable = commands.repay(purchaser, owing.pk)
            late = commands.start_payment(purchaser, payable, "gateway")
            bank.act(late.redirect_url.rstrip("/").rpartition("/")[2], "delay")
        with clock.frozen(noon(MARCH + timedelta(days=4))):
            deadlines.run_due()
            view = queries.payable_by_number(purchaser, payable)
            assert view.state in ("closed", "settled")
            assert ledger.check() == []


class TestLadder:
    def test_reminded_counted_frozen_and_opened(
        self, owing: CreditLine, purchaser: Actor, seller: Company
    ) -> None:
        run_until(MARCH + timedelta(days=14))
        rows = OutboxEvent.objects.filter(name__startswith="credit.").order_by("pk")
        told = [
            (row.name.removeprefix("credit."), row.payload["due_on"], row.payload.get("days"))
            for row in rows
            if "due_on" in row.payload
        ]
        first = [row for row in told if row[1] == "2026-03-11"]
        assert first == [
            ("due_soon", "2026-03-11", None),
            *[("overdue_day", "2026-03-11", day) for day in (1, 2, 3, 4)],
        ]
        owing.refresh_from_db()
        assert owing.overdue_since == date(2026, 3, 11)
        with clock.frozen(noon(MARCH + timedelta(days=14))):
            view = queries.credit_line(purchaser, owing.pk)
            assert (view.state, view.free, view.overdue) == ("overdue", Money(0), Money(300_00))
            pay(purchaser, commands.repay(purchaser, owing.pk, Money(200_00)))
            assert queries.credit_line(purchaser, owing.pk).state == "overdue"
            pay(purchaser, commands.repay(purchaser, owing.pk))
            view = queries.credit_line(purchaser, owing.pk)
            assert (view.state, view.free) == ("open", Money(900_00))
        what = list(CreditChange.objects.order_by("pk").values_list("what", flat=True))
        assert what == ["grant", "overdue", "repaid"]
        before = OutboxEvent.objects.filter(name="credit.overdue_day").count()
        run_until(MARCH + timedelta(days=60))
        assert OutboxEvent.objects.filter(name="credit.overdue_day").count() == before

    def test_paid_on_the_last_day_is_in_time(self, owing: CreditLine, purchaser: Actor) -> None:
        last = clock.start_of_day(MARCH + timedelta(days=11)) - timedelta(seconds=1)
        with clock.frozen(last):
            pay(purchaser, commands.repay(purchaser, owing.pk, subjects=["order:0"]))
        run_until(MARCH + timedelta(days=11))
        assert OutboxEvent.objects.filter(name="credit.repaid_in_time").count() == 1
        assert not OutboxEvent.objects.filter(name="credit.overdue_day").exists()


class TestAgeing:
    def test_buckets_add_up(self, owing: CreditLine, seller: Company) -> None:
        owner = owner_of(seller)
        for days, expected in ((9, 0), (11, 1), (12, 2), (14, 3), (42, 1), (60, 0)):
            with clock.frozen(noon(MARCH + timedelta(days=days))):
                (row,) = queries.credit_ageing(owner)
                assert row.buckets["to_30"] == Money(expected * 100_00)
                assert sum(amount.fen for amount in row.buckets.values()) == row.owed.fen
                items = queries.credit_items(owner, owing.pk, which="all").items
                for bucket, amount in row.buckets.items():
                    mine = sum(item.open.fen for item in items if item.bucket == bucket)
                    assert mine == amount.fen

    def test_only_the_sellers_own(self, owing: CreditLine) -> None:
        assert queries.credit_ageing(goods.actor(goods.company("路人"))) == []


@pytest.mark.cooked_books
@pytest.mark.parametrize(
    ("table", "change", "what"),
    [
        (CreditLine, {"used_fen": 1}, "credit_line.used_fen"),
        (CreditItem, {"promised_fen": 1, "open_fen": 1, "kept_fen": 0}, "credit_item.open_fen"),
    ],
)
def test_the_proof_finds_what_was_cooked(
    owing: CreditLine, table: type[CreditLine | CreditItem], change: dict[str, int], what: str
) -> None:
    assert list(checking.credit_agrees()) == []
    row = table.objects.order_by("pk")[0]
    table.objects.filter(pk=row.pk).update(**change)
    assert what in [found.what for found in checking.credit_agrees()]


def test_a_batch_is_checked_for_shipment_in_two_statements(
    owing: CreditLine, seller: Company, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    commands.freeze_credit(owner_of(seller), owing.pk, "对账")
    subjects = [f"order:{number}" for number in range(200)]
    with django_assert_num_queries(2):
        refused = standing.shipment_refusals(subjects)
    assert set(refused) == {f"order:{number}" for number in range(4)}
    assert all("对账" in str(error) for error in refused.values())
