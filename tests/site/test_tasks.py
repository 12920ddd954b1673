"""Queued tasks whose server dies: queued again, by the living, and not for ever."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from pifa.kernel import clock
from pifa.site import tasks
from pifa.site.tasks import WorkerSign
from pifa.site.worker import BackgroundWorker
from pifa.trade.models import ImportBatch
from pifa.trade.past.commands import import_in_background
from tests.parties.people import company, id_of

on_postgres = pytest.mark.skipif(
    connection.vendor != "postgresql", reason="one process serves on SQLite"
)


def begun(worker_id: str, batch_id: int = 1) -> DBTaskResult[Any, Any]:
    """A queued import that a worker began."""
    import_in_background.enqueue(batch_id=batch_id)
    task = DBTaskResult.objects.latest("enqueued_at")
    task.claim(worker_id)
    return task


def soon(happens: Callable[[], bool]) -> bool:
    """Whether something happens within seconds: a session that was closed ends a moment later."""
    ends = time.monotonic() + 10
    while not happens():
        if time.monotonic() > ends:
            return False
        time.sleep(0.05)
    return True


@pytest.fixture
def sign() -> Iterator[WorkerSign]:
    made = WorkerSign()
    yield made
    made.end()


@pytest.mark.django_db
def test_what_a_stopped_server_left_half_done_is_queued_again(sign: WorkerSign) -> None:
    task = begun(sign.worker_id)
    assert tasks.take_up_again() == 1
    assert [ready.pk for ready in DBTaskResult.objects.ready()] == [task.pk]
    assert tasks.take_up_again() == 0


@on_postgres
@pytest.mark.django_db
def test_what_a_living_server_is_at_is_left_to_it_until_it_dies(sign: WorkerSign) -> None:
    sign.show()
    sign.show()
    begun(sign.worker_id)
    assert tasks.take_up_again() == 0
    sign.end()
    assert soon(lambda: tasks.take_up_again() == 1)


@on_postgres
@pytest.mark.django_db(transaction=True)
def test_a_sign_is_taken_back_when_its_session_was_lost(sign: WorkerSign) -> None:
    sign.show()
    assert sign._session is not None
    with sign._session.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        pid = cursor.fetchone()[0]
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
    assert not tasks.lives(sign.worker_id)
    sign.show()
    assert tasks.lives(sign.worker_id)


@on_postgres
@pytest.mark.django_db
def test_workers_started_elsewhere_are_not_judged() -> None:
    begun("another-worker")
    assert tasks.take_up_again() == 0


@pytest.mark.django_db
def test_a_task_that_takes_every_server_down_is_given_up_and_its_import_says_so() -> None:
    seller = company("往来账试验厂", seller=True)
    batch = ImportBatch.objects.create(
        seller_id=id_of(seller),
        file_name="x.csv",
        sha256="0",
        mapping="line-export",
        state=ImportBatch.State.RUNNING,
        started_at=clock.now(),
    )
    task = begun("inside-1", batch.pk)
    DBTaskResult.objects.filter(pk=task.pk).update(worker_ids=["inside-1"] * tasks.ATTEMPTS)
    assert tasks.take_up_again() == 0
    task.refresh_from_db()
    batch.refresh_from_db()
    assert (task.status, batch.state) == (TaskResultStatus.FAILED, ImportBatch.State.STOPPED)
    assert batch.ended_at is not None


@pytest.mark.own_clock
@pytest.mark.django_db(transaction=True)
def test_a_server_runs_on_what_another_left(sign: WorkerSign) -> None:
    task = begun(sign.worker_id, batch_id=0)
    worker = BackgroundWorker()
    worker.start()
    try:
        # There is no such import: that it failed shows that it was run.
        assert soon(lambda: DBTaskResult.objects.failed().filter(pk=task.pk).exists())
    finally:
        worker.stop()
        connection.close()
    assert len(DBTaskResult.objects.get(pk=task.pk).worker_ids) == 2
