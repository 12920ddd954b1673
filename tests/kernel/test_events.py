"""Facts: heard at once inside, delivered once and in order outside, whatever a consumer does."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction

from pifa.kernel import audit, clock, events
from pifa.kernel.actors import SYSTEM
from pifa.kernel.models import AuditEntry, OutboxEvent
from tests.plugins.clock import MarketClock as Hand


@dataclass(frozen=True, kw_only=True)
class Rang(events.Event):
    """A bell rang."""

    name = "t.rang"
    number: int
    day: date = date(2026, 3, 2)
    tones: tuple[str, ...] = ("do", "mi")


@pytest.fixture
def heard() -> Iterator[list[tuple[int, datetime]]]:
    """What the consumer of `t.rang` was given: the number and the moment the clock showed."""
    found: list[tuple[int, datetime]] = []

    @events.consumer("t.ears", Rang.name)
    def hear(name: str, payload: dict[str, Any], happened_at: datetime) -> None:
        found.append((payload["number"], clock.now()))

    yield found
    for label in [label for label in events._consumers if label.startswith("t.")]:
        del events._consumers[label]
    events._subscribers.pop(Rang, None)


def ring(*numbers: int) -> None:
    events.emit(*(Rang(number=number) for number in numbers))


def numbers(heard: list[tuple[int, datetime]]) -> list[int]:
    return [number for number, _moment in heard]


@pytest.mark.django_db
class TestEmitting:
    def test_any_number_of_facts_costs_one_statement(self, django_assert_num_queries: Any) -> None:
        with django_assert_num_queries(1):
            ring(*range(50))
        kept = OutboxEvent.objects.order_by("id")
        assert [event.payload["number"] for event in kept] == list(range(50))
        assert kept[0].payload == {"number": 0, "day": "2026-03-02", "tones": ["do", "mi"]}
        with django_assert_num_queries(0):
            events.emit()

    def test_subscribers_hear_it_in_the_transaction_and_may_refuse_it(
        self, heard: list[tuple[int, datetime]]
    ) -> None:
        @events.subscribe(Rang)
        def refuse(event: Rang) -> None:
            raise RuntimeError("not at night")

        with pytest.raises(RuntimeError), transaction.atomic():
            ring(1)
        assert not OutboxEvent.objects.exists()


@pytest.mark.django_db
class TestDelivering:
    def test_each_is_delivered_once_in_order_at_the_moment_it_happened(
        self, heard: list[tuple[int, datetime]], market_clock: Hand
    ) -> None:
        begun = clock.now()
        ring(1, 2)
        market_clock.forward(days=1)
        ring(3)
        market_clock.forward(days=30)
        assert events.deliver() == 3
        assert heard == [(1, begun), (2, begun), (3, begun + timedelta(days=1))]
        assert events.deliver() == 0

    def test_a_fact_that_nobody_waits_for_is_done_with(self) -> None:
        ring(1)
        assert events.deliver() == 1
        assert not OutboxEvent.objects.filter(delivered_at=None).exists()

    def test_a_batch_has_its_size(self, heard: list[tuple[int, datetime]]) -> None:
        ring(*range(5))
        assert events.deliver(limit=3) == 3
        assert events.deliver(limit=3) == 2
        assert numbers(heard) == list(range(5))


@pytest.mark.django_db
class TestFailing:
    @pytest.fixture(autouse=True)
    def bad(self, heard: list[tuple[int, datetime]]) -> list[int]:
        """A second consumer that writes and then fails at bell 7, as often as the number says."""
        left = [99]

        @events.consumer("t.deaf", Rang.name)
        def fail(name: str, payload: dict[str, Any], happened_at: datetime) -> None:
            audit.record(SYSTEM, "bell.ring", f"bell:{payload['number']}")
            if payload["number"] == 7 and left[0]:
                left[0] -= 1
                raise RuntimeError("deaf")

        return left

    def test_one_that_fails_lets_the_others_pass_and_writes_nothing(
        self, heard: list[tuple[int, datetime]]
    ) -> None:
        ring(6, 7, 8)
        assert events.deliver() == 2
        assert set(AuditEntry.objects.values_list("subject", flat=True)) == {"bell:6", "bell:8"}
        kept = OutboxEvent.objects.get(delivered_at=None)
        assert (kept.attempts, "deaf" in kept.error) == (1, True)

    def test_it_is_tried_again_after_longer_and_longer_pauses(
        self, bad: list[int], market_clock: Hand
    ) -> None:
        bad[0] = events.MAX_ATTEMPTS - 1
        ring(7)
        for pause in events.PAUSES:
            assert events.deliver() == 0
            market_clock.forward(minutes=pause / timedelta(minutes=1) - 0.01)
            left = bad[0]
            assert (events.deliver(), bad[0]) == (0, left), "too early"
            market_clock.forward(minutes=0.01)
        assert events.deliver() == 1
        assert AuditEntry.objects.filter(subject="bell:7").count() == 1

    def test_after_the_last_attempt_it_waits_for_an_operator(
        self, bad: list[int], market_clock: Hand
    ) -> None:
        ring(7)
        for _day in range(10):
            events.deliver()
            market_clock.forward(days=1)
        assert (bad[0], events.stuck()) == (99 - events.MAX_ATTEMPTS, 1)
        bad[0] = 0
        stuck = OutboxEvent.objects.get()
        assert events.retry([stuck.pk]) == 1
        assert (events.stuck(), events.deliver()) == (0, 1)
        assert events.retry([stuck.pk]) == 0


@pytest.mark.django_db(transaction=True)
def test_two_workers_deliver_each_once_and_in_order(
    heard: list[tuple[int, datetime]],
) -> None:
    ring(*range(40))
    done: list[int] = []

    def work() -> None:
        try:
            done.append(events.deliver())
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert numbers(heard) == list(range(40))
    assert sum(done) == 40
