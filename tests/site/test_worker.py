"""The background worker: what one round does, and that stopping lets the clock stand."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import connection

from pifa.kernel import clock, deadlines, events
from pifa.kernel.models import MarketClock, OutboxEvent
from pifa.parties.events import LoggedIn
from pifa.site.worker import BackgroundWorker, work_round
from tests.plugins.clock import NINE_ON_MONDAY


@pytest.fixture
def happened() -> Iterator[list[str]]:
    found: list[str] = []
    deadlines.handles("t.note")(found.append)
    yield found
    del deadlines._handlers["t.note"]


@pytest.mark.django_db
def test_a_round_runs_what_is_due_and_delivers_what_was_announced(happened: list[str]) -> None:
    deadlines.set_deadline("t.note", "due", NINE_ON_MONDAY)
    deadlines.set_deadline("t.note", "later", NINE_ON_MONDAY + timedelta(seconds=1))
    events.emit(LoggedIn(member_id=1, company_id=1))
    work_round()
    assert happened == ["due"]
    assert not OutboxEvent.objects.filter(delivered_at=None).exists()
    assert work_round() is False


@pytest.mark.own_clock
@pytest.mark.django_db
def test_rounds_bring_the_clock_to_where_an_operator_sent_it(happened: list[str]) -> None:
    clock.set_market_clock(NINE_ON_MONDAY)
    target = NINE_ON_MONDAY + timedelta(days=30)
    for day in (9, 3, 29, 31):
        deadlines.set_deadline("t.note", f"day {day}", NINE_ON_MONDAY + timedelta(days=day))
    deadlines.begin_advance(target)
    while work_round():
        pass
    assert happened == ["day 3", "day 9", "day 29"]
    assert clock.now() == target


@pytest.mark.own_clock
@pytest.mark.django_db(transaction=True)
def test_the_clock_runs_while_the_worker_does_and_stands_after_it() -> None:
    clock.set_market_clock(NINE_ON_MONDAY)
    ran = threading.Event()
    deadlines.handles("t.ran")(lambda _subject: ran.set())
    deadlines.set_deadline("t.ran", "x", NINE_ON_MONDAY)
    worker = BackgroundWorker()
    worker.start()
    try:
        assert ran.wait(timeout=30), "the worker did not run what is due"
        assert MarketClock.objects.get().running
    finally:
        worker.stop()
        del deadlines._handlers["t.ran"]
        connection.close()
    assert not MarketClock.objects.get().running
    stands = clock.now()
    clock.forget()
    assert clock.now() == stands > NINE_ON_MONDAY
    worker.stop()
