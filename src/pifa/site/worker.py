"""The work behind the pages: the clock's beat, deadlines, the outbox, mail, queued tasks.

With SQLite it runs as threads of the one serving process; with PostgreSQL as threads of each,
where row locks keep them out of each other's way.
"""

from __future__ import annotations

import logging
import threading
import time

from django.db import close_old_connections, connections

from pifa.kernel import clock, deadlines, events
from pifa.messages.commands import deliver_mail
from pifa.site import tasks
from pifa.standing import commands as standing
from pifa.trade.past.commands import note_left_imports

logger = logging.getLogger(__name__)
BEAT_SECONDS = 5.0
PAUSE_SECONDS = 0.5
ROUND_SECONDS = 1.0
"""So long one kind of work may keep the others waiting."""
MAILS_A_ROUND = 20
STOP_SECONDS = 5.0


class BackgroundWorker:
    """Runs until stopped; an error of one round is logged and the next round begins."""

    def __init__(self) -> None:
        self._stop = threading.Event()
        self._sign = tasks.WorkerSign()
        self._threads = [
            threading.Thread(target=self._loop, name="pifa-worker", daemon=True),
            threading.Thread(target=self._tasks, name="pifa-tasks", daemon=True),
        ]

    def start(self) -> None:
        """Let the market's clock run, and begin."""
        clock.start()
        standing.begin()
        self._sign.show()
        tasks.take_up_again()
        note_left_imports()
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Finish the round and let the market's clock stand; called again, nothing happens."""
        if self._stop.is_set():
            return
        self._stop.set()
        for thread in self._threads:
            thread.join(timeout=STOP_SECONDS)
        if not any(thread.is_alive() for thread in self._threads):
            self._sign.end()  # else a task goes on until the process ends, and with it the sign
        clock.stop()

    def _loop(self) -> None:
        last_beat = 0.0
        while not self._stop.is_set():
            busy = False
            try:
                close_old_connections()
                if time.monotonic() - last_beat > BEAT_SECONDS:
                    clock.beat()
                    self._sign.show()
                    tasks.take_up_again(self._is_at_it)
                    note_left_imports()
                    last_beat = time.monotonic()
                busy = work_round()
            except Exception:
                logger.exception("a round of the worker failed")
            if not busy:
                self._stop.wait(PAUSE_SECONDS)
        connections.close_all()

    def _tasks(self) -> None:
        mine, broke = self._sign.worker_id, False
        while not self._stop.is_set():
            try:
                close_old_connections()
                if broke:  # its end may not have been written down
                    tasks.take_up_again(lambda worker_id: worker_id != mine)
                    broke = False
                tasks.run_queued(mine, PAUSE_SECONDS)
            except Exception:
                logger.exception("a queued task could not be run")
                broke = True
            self._stop.wait(PAUSE_SECONDS)
        connections.close_all()

    def _is_at_it(self, worker_id: str) -> bool:
        return worker_id == self._sign.worker_id or tasks.lives(worker_id)


def work_round() -> bool:
    """One round: what is due, what was announced, what is to be mailed.

    Whether more may wait already: the clock is still being moved, events were delivered.
    """
    deadlines.run_due(patience=ROUND_SECONDS)
    deadlines.go_on(patience=ROUND_SECONDS)
    delivered = events.deliver(patience=ROUND_SECONDS)
    deliver_mail(limit=MAILS_A_ROUND)
    return delivered > 0 or deadlines.moving_to() is not None
