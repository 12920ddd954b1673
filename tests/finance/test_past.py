"""A history written in bulk is, row for row, what the commands would have left behind."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, models, transaction

from pifa.finance import commands, queries
from pifa.finance.commands import NewPayable, PastPayable, PastRefund
from pifa.finance.models import (
    Payable,
    PayableStage,
    Payment,
    PaymentRefund,
    SandboxPayout,
    SandboxTrade,
)
from pifa.finance.sandbox import bank
from pifa.kernel import clock
from pifa.kernel.actors import Actor, Role
from pifa.kernel.money import Money
from pifa.ledger import queries as ledger
from pifa.ledger.models import Account, Hold, Posting, Transfer
from pifa.parties.models import Company
from tests.finance.conftest import actor_of

pytestmark = pytest.mark.django_db

TABLES: tuple[type[models.Model], ...] = (
    Payable, PayableStage, Payment, PaymentRefund, SandboxTrade, SandboxPayout,
    Account, Hold, Transfer, Posting,
)  # fmt: skip
RANDOM = {"id", "number", "trade_no", "payment_number", "receipt_no"}
DAY = timedelta(days=1)


def history(buyer: Company, seller: Company, start: datetime) -> list[PastPayable]:
    """Open, closed, held, released, refunded in part and in full."""

    def past(number: int, fen: int, **fate: Any) -> PastPayable:
        return PastPayable(
            f"order:{number}", buyer.pk, seller.pk, Money(fen), f"订单 {number}", start, **fate
        )

    part = PastRefund("f5", Money(200), start + 2 * DAY, "少发")
    return [
        past(1, 100),
        past(2, 200, closed=True),
        past(3, 300, paid_at=start + DAY),
        past(4, 400, paid_at=start + DAY, released_at=start + 3 * DAY, release_key="r4"),
        past(
            5, 500, paid_at=start + DAY, refunds=(part,), released_at=start + 3 * DAY,
            release_key="r5",
        ),
        past(
            6, 600, paid_at=start + DAY,
            refunds=(
                PastRefund("f6a", Money(100), start + 2 * DAY),
                PastRefund("f6b", Money(500), start + 2 * DAY),
            ),
        ),
    ]  # fmt: skip


def play(payables: list[PastPayable], buyer: Company) -> None:
    """The same history by the commands, each at its moment."""
    payer = actor_of(buyer, Role.OWNER)
    deeds: list[tuple[datetime, Any]] = []
    for item in payables:
        new = NewPayable(item.subject, item.payer_id, item.payee_id, item.amount.fen, item.title)
        deeds.append((item.opened_at, lambda new=new: commands.open_payables([new])))
        if item.closed:
            deeds.append((item.opened_at, lambda item=item: commands.close_payable(item.subject)))
        if item.paid_at:
            deeds.append((item.paid_at, lambda item=item: _pay(payer, item.subject)))
        deeds += [
            (
                refund.at,
                lambda item=item, refund=refund: commands.refund(
                    item.subject, refund.amount, refund.key, refund.reason
                ),
            )
            for refund in item.refunds
        ]
        if item.released_at:
            deeds.append(
                (
                    item.released_at,
                    lambda item=item: commands.release(item.subject, item.release_key),
                )
            )
    for moment, deed in sorted(deeds, key=lambda pair: pair[0]):
        with clock.frozen(moment):
            deed()


def _pay(payer: Actor, subject: str) -> None:
    start = commands.start_payment(payer, Payable.objects.get(subject=subject).number, "gateway")
    bank.act(start.redirect_url.rstrip("/").rpartition("/")[2], "pay")


def snapshot() -> dict[str, list[dict[str, Any]]]:
    """Every row, without what is random, with other rows named by what is not."""
    payment_subjects = dict(Payment.objects.values_list("number", "payable__subject"))
    words = {
        "payable_id": dict(Payable.objects.values_list("pk", "subject")),
        "stage_id": dict(PayableStage.objects.values_list("pk", "payable__subject")),
        "payment_id": dict(Payment.objects.values_list("pk", "payable__subject")),
        "trade_id": {
            pk: payment_subjects[number]
            for pk, number in SandboxTrade.objects.values_list("pk", "payment_number")
        },
        "account_id": dict(Account.objects.values_list("pk", "kind")),
        "debit_id": dict(Account.objects.values_list("pk", "kind")),
        "credit_id": dict(Account.objects.values_list("pk", "kind")),
        "transfer_id": dict(Transfer.objects.values_list("pk", "kind")),
    }

    def plain(name: str, value: Any) -> Any:
        if name in words:
            return words[name].get(value)
        if name == "key":
            for number, subject in payment_subjects.items():
                value = value.replace(number, subject)
        return value

    return {
        table.__name__: sorted(
            (
                {name: plain(name, value) for name, value in row.items() if name not in RANDOM}
                for row in table._default_manager.values()
            ),
            key=repr,
        )
        for table in TABLES
    }


def test_bulk_and_commands_leave_the_same_rows(buyer: Company, seller: Company) -> None:
    payables = history(buyer, seller, clock.now())
    with transaction.atomic():
        play(payables, buyer)
        played = snapshot()
        assert ledger.check() == []
        transaction.set_rollback(True)
    assert not Payable.objects.exists()
    numbers = commands.write_past(payables)
    assert snapshot() == played
    assert [len(rows) for rows in played.values()] == [6, 6, 4, 3, 4, 3, 4, 4, 9, 9]
    assert Payable.objects.get(subject="order:3").number == numbers[2]
    assert ledger.check() == []


def test_a_past_order_lives_on_by_the_commands(
    buyer: Company, seller: Company, operator: Actor
) -> None:
    commands.write_past(history(buyer, seller, clock.now()))
    commands.refund("order:3", Money(100), "later", "少发")
    assert commands.release("order:3", "r3") == Money(200)
    commands.refund("order:4", Money(50), "after", "质量问题")
    _pay(actor_of(buyer, Role.OWNER), "order:1")
    assert commands.release("order:4", "r4") == Money(0)
    assert queries.reconciliation(operator).difference == Money(0)
    assert ledger.check() == []


def test_the_same_past_cannot_be_written_twice(buyer: Company, seller: Company) -> None:
    payables = history(buyer, seller, clock.now())
    commands.write_past(payables)
    before = snapshot()
    with pytest.raises(IntegrityError), transaction.atomic():
        commands.write_past(payables)
    assert snapshot() == before


def test_a_thousand_past_orders_take_few_statements(
    buyer: Company, seller: Company, django_assert_max_num_queries: Any
) -> None:
    start = clock.now()
    payables = [
        PastPayable(
            f"order:{number}", buyer.pk, seller.pk, Money(100), "", start,
            paid_at=start, released_at=start + DAY, release_key=f"r{number}",
        )
        for number in range(1000)
    ]  # fmt: skip
    with django_assert_max_num_queries(20):
        commands.write_past(payables)
    assert ledger.check() == []
