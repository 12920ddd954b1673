"""Queued tasks: run by this server, and taken up again where a server died in the middle of one.

Tasks can be repeated (an import knows what is in already). On PostgreSQL, where several servers
run them, a server shows that it lives by a sign that ends with it (`kernel.alive`).
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any
from uuid import uuid4

from django.db import connection, transaction
from django_tasks import TaskResultStatus
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult

from pifa.kernel import alive
from pifa.kernel.alive import SignOfLife
from pifa.trade.past.commands import import_in_background, note_stopped

logger = logging.getLogger(__name__)
ATTEMPTS = 3
"""A task that took so many servers down with it is given up."""

_OURS = "inside-"


class ServerGoneError(Exception):
    """Every server that ran a task died."""


class WorkerSign(SignOfLife):
    """Shows to other servers that the worker of an id lives, for as long as this process does."""

    def __init__(self) -> None:
        self.worker_id = f"{_OURS}{uuid4().hex}"
        super().__init__(self.worker_id)


def run_queued(worker_id: str, pause: float) -> None:
    """Run what is queued, until nothing is."""
    Worker(
        queue_names=["default"],
        interval=pause,
        batch=True,
        backend_name="default",
        startup_delay=False,
        max_tasks=None,
        worker_id=worker_id,
        excluded_queue_names=[],
    ).run()


def lives(worker_id: str) -> bool:
    """Whether a worker shows that it lives; on SQLite there is no other than the one that asks.

    Workers that Django's own command started elsewhere show nothing and are taken for alive.
    """
    if connection.vendor != "postgresql":
        return False
    return not worker_id.startswith(_OURS) or alive.lives(worker_id)


def take_up_again(is_at_it: Callable[[str], bool] = lives) -> int:
    """Queue tasks anew that a worker left half done; how many there were.

    `is_at_it` says of a worker's id whether it may still be running its task.
    """
    count = 0
    if not DBTaskResult.objects.running().exists():
        return count
    with transaction.atomic():
        running = DBTaskResult.objects.running()
        if connection.features.has_select_for_update_skip_locked:
            running = running.select_for_update(skip_locked=True)
        for task in running:
            if task.worker_ids and is_at_it(task.worker_ids[-1]):
                continue
            if len(task.worker_ids) < ATTEMPTS:
                task.status = TaskResultStatus.READY
                task.save(update_fields=["status"])
                count += 1
            else:
                _give_up(task)
    return count


def _give_up(task: DBTaskResult[Any, Any]) -> None:
    logger.error("the task %s took %s servers down and is given up", task.pk, ATTEMPTS)
    task.set_failed(ServerGoneError())
    if task.task_path == import_in_background.module_path:
        note_stopped(task.args_kwargs["kwargs"]["batch_id"])
