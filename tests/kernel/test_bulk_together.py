"""Inserts that travel together: the same rows as one by one, in one statement on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from pifa.finance.models import Payable, PayableStage
from pifa.kernel import audit, bulk, clock, deadlines, events
from pifa.kernel.actors import SYSTEM
from pifa.kernel.models import AuditEntry, Deadline, IdempotencyKey, OutboxEvent
from tests.catalog import market as goods

pytestmark = pytest.mark.django_db


@dataclass(frozen=True, kw_only=True)
class Counted(events.Event):
    """An event of these tests; `seen` is how many outbox rows its subscriber finds."""

    name = "test.counted"
    place: int


@pytest.fixture
def seen() -> Iterator[list[int]]:
    found: list[int] = []
    handlers = events._subscribers
    events.subscribe(Counted)(lambda event: found.append(OutboxEvent.objects.count()))
    yield found
    handlers.pop(Counted)


def payables(count: int) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Payables and their stages, two each; a stage names its payable by number."""
    payer, payee = goods.company(), goods.company()
    rows: list[dict[str, Any]] = [
        {
            "number": f"B{at}",
            "subject": f"order:{at}",
            "payer_id": payer.pk,
            "payee_id": payee.pk,
            "title": f"第{at}笔 “引号” \\ 斜线",
            "amount_fen": at * 100,
            "created_at": clock.now(),
        }
        for at in range(1, count + 1)
    ]
    stages = [
        {"payable_id": row["number"], "position": position, "amount_fen": row["amount_fen"] // 2}
        for row in rows
        for position in (0, 1)
    ]
    return rows, stages


def test_children_find_their_parents() -> None:
    rows, stages = payables(7)
    with CaptureQueriesContext(connection) as captured:
        bulk.insert_with(Payable, rows, PayableStage, stages, link="payable_id", by="number")
    assert len(captured) == (1 if connection.vendor == "postgresql" else 2)
    for row in rows:
        made = Payable.objects.get(number=row["number"])
        assert {name: getattr(made, name) for name in row} == row
        assert list(made.stages.order_by("position").values_list("position", "amount_fen")) == [
            (0, made.amount_fen // 2),
            (1, made.amount_fen // 2),
        ]
    assert PayableStage.objects.count() == len(stages)


def test_what_is_gathered_is_written_once_and_whole() -> None:
    rows, stages = payables(3)
    moment = clock.now() + timedelta(hours=1)
    with CaptureQueriesContext(connection) as captured, bulk.together():
        bulk.insert_with(Payable, rows, PayableStage, stages, link="payable_id", by="number")
        deadlines.set_new([("order.expire", "order:1", moment)])
        events.emit(Counted(place=1), Counted(place=2))
        audit.record(SYSTEM, "order.place", "order:1", lines=3)
    if connection.vendor == "postgresql":
        assert len(captured) == 1
    assert Payable.objects.count() == 3
    assert PayableStage.objects.count() == 6
    assert Deadline.objects.get(subject="order:1").due_at == moment
    assert list(OutboxEvent.objects.order_by("id").values_list("payload", flat=True)) == [
        {"place": 1},
        {"place": 2},
    ]
    assert AuditEntry.objects.get(subject="order:1").detail == {"lines": 3}


def test_a_subscriber_finds_what_was_announced(seen: list[int]) -> None:
    with bulk.together():
        audit.record(SYSTEM, "order.place", "order:1")
        events.emit(Counted(place=1))
    assert seen == [1]
    assert AuditEntry.objects.filter(subject="order:1").count() == 1


def test_an_insert_that_answers_comes_after_what_was_gathered_before_it() -> None:
    rows = [{"kind": "t", "subject": f"order:{at}", "due_at": clock.now()} for at in (1, 2)]
    with bulk.together():
        audit.record(SYSTEM, "order.place", "order:1")
        ids = bulk.insert(Deadline, rows)
        assert AuditEntry.objects.filter(subject="order:1").exists()
    assert ids == list(Deadline.objects.order_by("subject").values_list("pk", flat=True))


def test_nothing_is_written_when_the_command_fails() -> None:
    rows, stages = payables(1)

    def fail() -> None:
        with transaction.atomic(), bulk.together():
            bulk.insert_with(Payable, rows, PayableStage, stages, link="payable_id", by="number")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert not Payable.objects.exists()
    with bulk.together():
        audit.record(SYSTEM, "order.place", "order:2")
    assert not Payable.objects.exists()
    assert AuditEntry.objects.filter(subject="order:2").exists()


def key(name: str) -> dict[str, Any]:
    return {"scope": "test", "key": name, "fingerprint": "f", "created_at": clock.now()}


def test_what_is_asked_is_told_in_order_and_once_all_is_written() -> None:
    heard: list[tuple[str, Any]] = []
    row = Deadline.objects.create(kind="t", subject="order:1", due_at=clock.now(), attempts=3)
    touch = "UPDATE kernel_deadline SET attempts = attempts + 1 WHERE subject = %s RETURNING {}"
    with CaptureQueriesContext(connection) as captured, transaction.atomic(), bulk.together():
        bulk.insert_if_new(IdempotencyKey, key("k"), lambda new: heard.append(("new", new)))
        bulk.run(
            touch.format("id, attempts"),
            ["order:1"],
            2,
            lambda rows: heard.append(("rows", [list(found) for found in rows])),
        )
        audit.record(SYSTEM, "order.place", "order:1")
    assert heard == [("new", True), ("rows", [[row.pk, 4]])]
    assert AuditEntry.objects.filter(subject="order:1").exists()
    if connection.vendor == "postgresql":
        own = [found for found in captured.captured_queries if "SAVEPOINT" not in found["sql"]]
        assert len(own) == 1


def test_a_refusal_of_who_was_told_takes_everything_back() -> None:
    IdempotencyKey.objects.create(**key("k"))

    def refuse(new: bool) -> None:
        if not new:
            raise RuntimeError

    def again() -> None:
        with transaction.atomic(), bulk.together():
            bulk.insert_if_new(IdempotencyKey, key("k"), refuse)
            audit.record(SYSTEM, "order.place", "order:1")

    with pytest.raises(RuntimeError):
        again()
    assert not AuditEntry.objects.filter(subject="order:1").exists()


def test_who_is_told_may_write_and_is_sent_too() -> None:
    with transaction.atomic(), bulk.together():
        bulk.insert_if_new(
            IdempotencyKey,
            key("k"),
            lambda _new: audit.record(SYSTEM, "order.place", "order:1"),
        )
        audit.record(SYSTEM, "order.place", "order:2")
    assert AuditEntry.objects.filter(subject__in=["order:1", "order:2"]).count() == 2
