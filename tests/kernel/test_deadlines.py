"""What happens by itself: in the order of time, once, and whatever one of them does."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import connection

from pifa.kernel import clock, deadlines
from pifa.kernel.events import MAX_ATTEMPTS, PAUSES
from pifa.kernel.models import Deadline, MarketClock
from tests.plugins.clock import NINE_ON_MONDAY
from tests.plugins.clock import MarketClock as Hand

HOUR = timedelta(hours=1)


@pytest.fixture
def happened() -> Iterator[list[str]]:
    """What handlers of the kind `t.note` were given, with the hour the clock stood at."""
    found: list[str] = []

    @deadlines.handles("t.note")
    def note(subject: str) -> None:
        found.append(f"{subject}@{(clock.now() - NINE_ON_MONDAY) / HOUR:g}")

    yield found
    for known in (deadlines._handlers, deadlines._preparations):
        for kind in [kind for kind in known if kind.startswith("t.")]:
            del known[kind]


def due(hours: float, subject: str, kind: str = "t.note") -> None:
    deadlines.set_deadline(kind, subject, NINE_ON_MONDAY + hours * HOUR)


@pytest.mark.django_db
class TestRunning:
    def test_what_is_due_runs_once_in_the_order_of_time(self, happened: list[str]) -> None:
        for hours, subject in ((3, "c"), (1, "a"), (2, "b"), (9, "later")):
            due(hours, subject)
        assert deadlines.run_due(NINE_ON_MONDAY + 5 * HOUR) == 3
        assert happened == ["a@1", "b@2", "c@3"]
        assert deadlines.run_due(NINE_ON_MONDAY + 5 * HOUR) == 0

    def test_what_takes_long_is_prepared_before_the_transaction_at_the_same_moment(
        self, happened: list[str]
    ) -> None:
        outside, seen = len(connection.savepoint_ids), []

        def see(what: str) -> None:
            inside = len(connection.savepoint_ids) - outside
            seen.append((what, inside, (clock.now() - NINE_ON_MONDAY) / HOUR))

        @deadlines.handles("t.long", prepare=lambda subject: see(f"prepare {subject}"))
        def work(subject: str) -> None:
            see(f"handle {subject}")

        due(2, "x", "t.long")
        assert deadlines.run_due(NINE_ON_MONDAY + 3 * HOUR) == 1
        assert seen == [("prepare x", 0, 2), ("handle x", 1, 2)]
        assert deadlines.run_due(NINE_ON_MONDAY + 3 * HOUR) == 0

    def test_a_preparation_that_fails_puts_the_deadline_off(self, happened: list[str]) -> None:
        def fail(subject: str) -> None:
            raise RuntimeError(subject)

        @deadlines.handles("t.long", prepare=fail)
        def work(subject: str) -> None:
            happened.append(subject)

        due(1, "x", "t.long")
        assert deadlines.run_due(NINE_ON_MONDAY + HOUR) == 0
        row = Deadline.objects.get(kind="t.long")
        assert (row.attempts, row.done_at, happened) == (1, None, [])

    def test_what_a_handler_sets_anew_takes_its_place_in_the_order(
        self, happened: list[str]
    ) -> None:
        @deadlines.handles("t.again")
        def again(subject: str) -> None:
            deadlines.set_deadline("t.note", f"after-{subject}", clock.now() + HOUR)

        due(1, "x", "t.again")
        due(1.5, "between")
        due(3, "last")
        deadlines.run_due(NINE_ON_MONDAY + 5 * HOUR)
        assert happened == ["between@1.5", "after-x@2", "last@3"]

    def test_setting_it_again_moves_it(self, happened: list[str]) -> None:
        due(1, "a")
        due(4, "a")
        assert deadlines.run_due(NINE_ON_MONDAY + 3 * HOUR) == 0
        assert deadlines.run_due(NINE_ON_MONDAY + 4 * HOUR) == 1
        assert happened == ["a@4"]

    def test_a_cleared_one_does_not_run(self, happened: list[str]) -> None:
        due(1, "a")
        due(1, "b")
        due(1, "a", "t.other")
        deadlines.clear("a", "t.note")
        assert set(Deadline.objects.values_list("subject", "kind")) == {
            ("b", "t.note"),
            ("a", "t.other"),
        }
        deadlines.clear("a")
        assert deadlines.run_due(NINE_ON_MONDAY + HOUR) == 1
        assert happened == ["b@1"]

    def test_no_patience_leaves_the_rest_for_later(self, happened: list[str]) -> None:
        due(1, "a")
        assert deadlines.run_due(NINE_ON_MONDAY + HOUR, patience=0) == 0
        assert deadlines.run_due(NINE_ON_MONDAY + HOUR) == 1


@pytest.mark.django_db
class TestFailing:
    @pytest.fixture(autouse=True)
    def bad(self, happened: list[str]) -> list[int]:
        """A handler that writes, then fails, as often as the number says."""
        left = [99]

        @deadlines.handles("t.bad")
        def fail(subject: str) -> None:
            deadlines.set_new([("t.half", subject, clock.now() + 99 * HOUR)])
            if left[0]:
                left[0] -= 1
                raise RuntimeError("no paper")

        return left

    def test_one_that_fails_holds_nobody_up_and_leaves_nothing_half_done(
        self, happened: list[str]
    ) -> None:
        due(1, "broken", "t.bad")
        due(2, "fine")
        assert deadlines.run_due(NINE_ON_MONDAY + 2 * HOUR) == 1
        assert happened == ["fine@2"]
        assert not Deadline.objects.filter(kind="t.half").exists()
        kept = Deadline.objects.get(kind="t.bad")
        assert (kept.done_at, "no paper" in kept.error) == (None, True)

    def test_it_is_tried_again_after_longer_and_longer_pauses(self, bad: list[int]) -> None:
        bad[0] = MAX_ATTEMPTS - 1
        due(0, "broken", "t.bad")
        moment = NINE_ON_MONDAY
        for pause in PAUSES:
            with clock.frozen(moment):
                assert deadlines.run_due() == 0
                moment += pause
                assert Deadline.objects.get(kind="t.bad").due_at == moment
        with clock.frozen(moment):
            assert deadlines.run_due() == 1

    def test_after_the_last_attempt_it_waits_for_an_operator(
        self, bad: list[int], market_clock: Hand
    ) -> None:
        due(0, "broken", "t.bad")
        deadlines.run_due(NINE_ON_MONDAY + timedelta(days=30))
        assert bad[0] == 99 - MAX_ATTEMPTS
        assert deadlines.stuck() == 1
        bad[0] = 0
        market_clock.forward(days=31)
        assert deadlines.run_due() == 0

        stuck = Deadline.objects.get(kind="t.bad")
        assert deadlines.retry([stuck.pk]) == 1
        assert (deadlines.stuck(), deadlines.run_due()) == (0, 1)
        assert deadlines.retry([stuck.pk]) == 0

    def test_setting_a_stuck_one_anew_lets_it_run(
        self, happened: list[str], market_clock: Hand
    ) -> None:
        due(0, "a")
        Deadline.objects.update(attempts=MAX_ATTEMPTS, error="it failed")
        due(1, "a")
        assert deadlines.run_due(NINE_ON_MONDAY + HOUR) == 1
        assert happened == ["a@1"]

    def test_a_kind_that_nobody_handles_is_kept_and_named(self, happened: list[str]) -> None:
        due(0, "x", "t.unheard-of")
        due(0, "fine")
        assert deadlines.run_due() == 1
        kept = Deadline.objects.get(kind="t.unheard-of")
        assert kept.attempts == 1
        assert "t.unheard-of" in kept.error


@pytest.mark.own_clock
@pytest.mark.django_db
class TestMovingTheClock:
    @pytest.fixture(autouse=True)
    def own(self) -> None:
        clock.set_market_clock(NINE_ON_MONDAY)

    def test_everything_in_between_happens_and_the_clock_arrives(self, happened: list[str]) -> None:
        due(50, "b")
        due(5, "a")
        due(500, "later")
        assert deadlines.advance_to(NINE_ON_MONDAY + 100 * HOUR) == 2
        assert happened == ["a@5", "b@50"]
        assert clock.now() == NINE_ON_MONDAY + 100 * HOUR

    def test_the_clock_is_never_behind_what_happened(self, happened: list[str]) -> None:
        seen = []

        @deadlines.handles("t.look")
        def look(subject: str) -> None:
            seen.append(MarketClock.objects.get().market_at)

        due(5, "a", "t.look")
        due(7, "b", "t.look")
        deadlines.advance_to(NINE_ON_MONDAY + 10 * HOUR)
        assert seen == [NINE_ON_MONDAY + 5 * HOUR, NINE_ON_MONDAY + 7 * HOUR]

    def test_interrupted_it_goes_on_from_where_it_got(self, happened: list[str]) -> None:
        @deadlines.handles("t.stop")
        def stop(subject: str) -> None:
            raise KeyboardInterrupt

        due(1, "a")
        due(2, "x", "t.stop")
        due(3, "b")
        with pytest.raises(KeyboardInterrupt):
            deadlines.advance_to(NINE_ON_MONDAY + 4 * HOUR)
        assert (happened, clock.now()) == (["a@1"], NINE_ON_MONDAY + 2 * HOUR)
        deadlines.clear("x")
        assert deadlines.advance_to(NINE_ON_MONDAY + 4 * HOUR) == 1
        assert happened == ["a@1", "b@3"]

    def test_it_is_not_moved_back(self) -> None:
        for move in (deadlines.advance_to, deadlines.begin_advance):
            with pytest.raises(clock.ClockGoesForward):
                move(NINE_ON_MONDAY - HOUR)
        assert deadlines.moving_to() is None

    def test_the_wall_clock_is_moved_by_nobody(self, happened: list[str]) -> None:
        MarketClock.objects.all().delete()
        clock.forget()
        deadlines.set_deadline("t.note", "a", clock.now() + HOUR)
        for move in (deadlines.advance_to, deadlines.begin_advance):
            with pytest.raises(clock.NoOwnClock):
                move(clock.now() + 5 * HOUR)
        assert happened == []

    def test_bit_by_bit_it_comes_to_the_same(self, happened: list[str]) -> None:
        for hours in range(1, 6):
            due(hours, f"n{hours}")
        target = NINE_ON_MONDAY + 10 * HOUR
        deadlines.begin_advance(target)
        deadlines.begin_advance(target - HOUR)  # a nearer one asks for no less
        assert deadlines.go_on(patience=0) == 0
        assert deadlines.moving_to() == target

        assert deadlines.go_on(patience=60) == 5
        assert happened == [f"n{hours}@{hours}" for hours in range(1, 6)]
        assert (clock.now(), deadlines.moving_to()) == (target, None)
        assert deadlines.go_on(patience=60) == 0


@pytest.mark.django_db(transaction=True)
def test_two_workers_run_each_once_and_in_order(happened: list[str]) -> None:
    lock = threading.Lock()
    order: list[int] = []

    @deadlines.handles("t.count")
    def count(subject: str) -> None:
        with lock:
            order.append(int(subject))

    for number in range(40):
        deadlines.set_deadline("t.count", str(number), NINE_ON_MONDAY - (40 - number) * HOUR)

    ran: list[int] = []

    def work() -> None:
        try:
            ran.append(deadlines.run_due())
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert order == list(range(40))
    assert sum(ran) == 40
