"""A deadline that is being run while the one who holds its subject moves or drops it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.db import connection, transaction

from pifa.kernel import clock, deadlines
from pifa.kernel.models import Deadline, MarketClock
from tests.plugins.clock import NINE_ON_MONDAY

pytestmark = pytest.mark.django_db(transaction=True)

HOUR = timedelta(hours=1)
KIND = "t.race"


@pytest.fixture(autouse=True)
def subject(caplog: pytest.LogCaptureFixture) -> Iterator[str]:
    """A subject with a row that everybody locks before they act on it; nothing may fail."""
    MarketClock.objects.get_or_create(
        pk=1, defaults={"market_at": NINE_ON_MONDAY, "real_at": NINE_ON_MONDAY}
    )
    yield "subject:1"
    deadlines._handlers.pop(KIND, None)
    assert not caplog.get_records("call")


def lock_subject() -> None:
    MarketClock.objects.select_for_update().get(pk=1)


class Race:
    """A runner whose handler has begun, and a command that holds the subject at that moment."""

    def __init__(self) -> None:
        self.done: list[str] = []
        self.ran: list[int] = []
        self._begun, self._locked = threading.Event(), threading.Event()

        @deadlines.handles(KIND)
        def act(subject: str) -> None:
            if connection.vendor == "postgresql":  # on SQLite the runner alone may write now
                self._begun.set()
                self._locked.wait(timeout=20)
            lock_subject()
            Deadline.objects.create(kind="t.trace", subject=subject, due_at=clock.now() + 99 * HOUR)
            self.done.append(subject)

    def run(self, command: Callable[[], object]) -> None:
        runner = threading.Thread(target=self._run)
        if connection.vendor == "postgresql":
            runner.start()
            assert self._begun.wait(timeout=20)
            self._command(command)
        else:
            self._command(command)
            runner.start()
        runner.join(timeout=60)
        assert not runner.is_alive()

    def _command(self, command: Callable[[], object]) -> None:
        with transaction.atomic():
            lock_subject()
            self._locked.set()
            command()

    def _run(self) -> None:
        try:
            self.ran.append(deadlines.run_due())
        finally:
            connection.close()


def traces() -> int:
    return Deadline.objects.filter(kind="t.trace").count()


def test_it_is_moved_and_what_the_handler_did_is_taken_back(subject: str) -> None:
    deadlines.set_deadline(KIND, subject, NINE_ON_MONDAY - HOUR)
    later = NINE_ON_MONDAY + HOUR
    race = Race()
    race.run(lambda: deadlines.set_deadline(KIND, subject, later))
    assert (race.ran, traces()) == ([0], 0)
    (row,) = Deadline.objects.filter(kind=KIND)
    assert (row.due_at, row.done_at, row.attempts) == (later, None, 0)
    assert deadlines.run_due(later) == 1
    assert traces() == 1


def test_it_is_dropped_and_set_anew(subject: str) -> None:
    deadlines.set_deadline(KIND, subject, NINE_ON_MONDAY - HOUR)
    later = NINE_ON_MONDAY + 2 * HOUR

    def resume() -> None:
        deadlines.clear(subject)
        deadlines.set_new([(KIND, subject, later)])

    race = Race()
    race.run(resume)
    assert (race.ran, traces()) == ([0], 0)
    (row,) = Deadline.objects.filter(kind=KIND)
    assert (row.due_at, row.attempts) == (later, 0)


def test_a_handler_may_set_or_drop_its_own(subject: str) -> None:
    later = NINE_ON_MONDAY + HOUR

    @deadlines.handles(KIND)
    def again(subject: str) -> None:
        deadlines.clear(subject)
        deadlines.set_deadline(KIND, subject, later)

    deadlines.set_deadline(KIND, subject, NINE_ON_MONDAY - HOUR)
    assert deadlines.run_due() == 1
    rows = Deadline.objects.filter(kind=KIND).order_by("pk").values_list("due_at", "done_at")
    assert list(rows) == [(NINE_ON_MONDAY - HOUR, NINE_ON_MONDAY - HOUR), (later, None)]


def test_what_a_handler_takes_back_itself_does_not_let_it_run_twice(subject: str) -> None:
    ran = []

    @deadlines.handles(KIND)
    def stumble(subject: str) -> None:
        ran.append(subject)
        try:
            with transaction.atomic():
                deadlines.clear(subject)
                raise LookupError
        except LookupError:
            return

    deadlines.set_deadline(KIND, subject, NINE_ON_MONDAY - HOUR)
    assert deadlines.run_due() == 1
    assert ran == [subject]
