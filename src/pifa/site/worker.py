"""The work behind the pages: the clock's beat, deadlines, the outbox, mail, queued tasks.

With SQLite it runs as threads of the one serving process; with PostgreSQL as threads of each,
where row locks keep them out of each other's way.
"""

from __future__ import annotations

import logging
import threading
import time

from django.db import close_old_connections, connection, connections
from django_tasks import TaskResultStatus
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult

from pifa.kernel import clock, deadlines, events
from pifa.messages.commands import deliver_mail

logger = logging.getLogger(__name__)
BEAT_SECONDS = 5.0
PAUSE_SECONDS = 0.5
ROUND_SECONDS = 1.0
"""So long one kind of work may keep the others waiting."""
MAILS_A_ROUND = 20
STOP_SECONDS = 5.0
TASK_ATTEMPTS = 3


class BackgroundWorker:
    """Runs until stopped; an error of one round is logged and the next round begins."""

    def __init__(self) -> None:
        self._stop = threading.Event()
        self._threads = [
            threading.Thread(target=self._loop, name="pifa-worker", daemon=True),
            threading.Thread(target=self._tasks, name="pifa-tasks", daemon=True),
        ]

    def start(self) -> None:
        """Let the market's clock run, and begin."""
        clock.start()
        take_up_again()
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Finish the round and let the market's clock stand; called again, nothing happens."""
        if self._stop.is_set():
            return
        self._stop.set()
        for thread in self._threads:
            thread.join(timeout=STOP_SECONDS)
        clock.stop()

    def _loop(self) -> None:
        last_beat = 0.0
        while not self._stop.is_set():
            busy = False
            try:
                close_old_connections()
                if time.monotonic() - last_beat > BEAT_SECONDS:
                    clock.beat()
                    last_beat = time.monotonic()
                busy = work_round()
            except Exception:
                logger.exception("a round of the worker failed")
            if not busy:
                self._stop.wait(PAUSE_SECONDS)
        connections.close_all()

    def _tasks(self) -> None:
        worker = Worker(
            queue_names=["default"],
            interval=PAUSE_SECONDS,
            batch=True,
            backend_name="default",
            startup_delay=False,
            max_tasks=None,
            worker_id=f"inside-{id(self)}",
            excluded_queue_names=[],
        )
        while not self._stop.is_set():
            try:
                worker.run()
            except Exception:
                logger.exception("a queued task could not be run")
            self._stop.wait(PAUSE_SECONDS)
        connections.close_all()


def take_up_again() -> int:
    """Queue tasks anew that a server left half done; how many there were.

    On SQLite only: with one serving process, what is marked as running at its start runs
    nowhere. Tasks can be repeated (an import knows what is in already); one that took the
    server down with it several times is left.
    """
    if connection.vendor != "sqlite":
        return 0
    left = DBTaskResult.objects.filter(status=TaskResultStatus.RUNNING)
    again = [task.pk for task in left if len(task.worker_ids) < TASK_ATTEMPTS]
    return left.filter(pk__in=again).update(status=TaskResultStatus.READY)


def work_round() -> bool:
    """One round: what is due, what was announced, what is to be mailed.

    Whether more may wait already: the clock is still being moved, events were delivered.
    """
    deadlines.run_due(patience=ROUND_SECONDS)
    deadlines.go_on(patience=ROUND_SECONDS)
    delivered = events.deliver(patience=ROUND_SECONDS)
    deliver_mail(limit=MAILS_A_ROUND)
    return delivered > 0 or deadlines.moving_to() is not None
