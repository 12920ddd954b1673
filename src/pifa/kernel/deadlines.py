"""What happens by itself: unpaid orders close, receipt is taken as confirmed, money pays out.

A command sets a deadline; the worker, or an operator who moves the clock, runs what is due
strictly in the order of time, with the market clock standing at each deadline's moment. Several
runners keep that order too: each takes the earliest that waits, and where another runs it, waits
for it.

Who sets or drops a deadline has locked its subject, and a runner comes to its row the same way:
the handler locks the subject first, and only then is the row marked as done. Was it moved or
dropped meanwhile, what the handler did is taken back.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction
from django.db.models import F

from pifa.kernel import bulk, clock
from pifa.kernel.events import MAX_ATTEMPTS, PAUSES
from pifa.kernel.models import Deadline, MarketClock

logger = logging.getLogger(__name__)

Progress = Callable[[datetime, int], None]
"""Told after each deadline: its moment, and how many ran so far."""

Handler = Callable[[str], None]

_handlers: dict[str, Handler] = {}
_preparations: dict[str, Handler] = {}

_RUNNERS = 0x70696661
"""The class of the advisory locks by which runners on PostgreSQL wait for each other."""


class _OvertakenError(Exception):
    """Another transaction moved or dropped the deadline that is being run."""


@dataclass(frozen=True, slots=True)
class _Run:
    """The deadline that is being run here."""

    id: int
    kind: str
    subject: str
    due_at: datetime

    def settle(self) -> None:
        """Mark it as done, under the subject's lock; what the handler sets is then another."""
        mine = Deadline.objects.filter(pk=self.id, due_at=self.due_at)
        if not mine.filter(done_at=None).update(done_at=self.due_at) and not mine.exists():
            raise _OvertakenError


_running: ContextVar[_Run | None] = ContextVar("running_deadline", default=None)


def handles(kind: str, prepare: Handler | None = None) -> Callable[[Handler], Handler]:
    """Register what happens at deadlines of a kind; the handler is given the subject.

    `prepare` is called before the handler's transaction begins, at the same moment: for what
    takes long and may be done again, so that nobody who writes waits for it.
    """

    def register(handler: Handler) -> Handler:
        _handlers[kind] = handler
        if prepare is not None:
            _preparations[kind] = prepare
        return handler

    return register


def set_deadline(kind: str, subject: str, due_at: datetime) -> None:
    """Set the subject's one waiting deadline of this kind, moving an earlier one.

    Like dropping one, under the subject's lock.
    """
    _settle_own([subject], (kind,))
    Deadline.objects.update_or_create(
        kind=kind,
        subject=subject,
        done_at=None,
        defaults={"due_at": due_at, "attempts": 0, "error": ""},
    )


def set_new(waiting: Iterable[tuple[str, str, datetime]]) -> None:
    """Set deadlines (kind, subject, due) of subjects that are new, in one statement."""
    bulk.insert(
        Deadline,
        [{"kind": kind, "subject": subject, "due_at": due_at} for kind, subject, due_at in waiting],
        returning=None,
    )


def clear(subject: str, *kinds: str) -> None:
    """Drop waiting deadlines of a subject (all kinds unless named)."""
    clear_all([subject], *kinds)


def clear_all(subjects: Iterable[str], *kinds: str) -> None:
    """Drop waiting deadlines of many subjects, in one statement, under the subjects' locks.

    One whose handler has begun elsewhere is dropped too: the handler waits for its subject and
    then finds that it no longer counts.
    """
    wanted = list(subjects)
    _settle_own(wanted, kinds)
    waiting = Deadline.objects.filter(subject__in=wanted, done_at=None)
    if kinds:
        waiting = waiting.filter(kind__in=kinds)
    waiting.delete()


def _settle_own(subjects: Iterable[str], kinds: Iterable[str]) -> None:
    """A handler that touches its own deadline is done with it."""
    run = _running.get()
    if run and run.subject in subjects and (not kinds or run.kind in kinds):
        run.settle()


def run_due(
    until: datetime | None = None,
    on_progress: Progress | None = None,
    *,
    patience: float | None = None,
) -> int:
    """Run everything due up to a moment (now), earliest first; returns how many ran.

    Each runs in a transaction of its own at its own moment. What a handler sets anew and
    falls due within the span runs too. One that fails is kept with its error and put off by
    `events.PAUSES`. `patience`: seconds on the wall after which the rest is left.
    """
    return _run(until or clock.now(), None, on_progress, patience)


def advance_to(moment: datetime, on_progress: Progress | None = None) -> int:
    """Move the market's own clock forward, letting what falls due in between happen in order.

    Safe to interrupt: the clock is saved as far as it got, and a repeat goes on from there.
    Raises `ClockGoesForward`, `NoOwnClock`.
    """
    _check_move(moment)
    ran = _run(moment, clock.reach, on_progress, None)
    clock.reach(moment)
    return ran


def begin_advance(moment: datetime) -> None:
    """Note that the clock is to be moved to a moment, for `go_on` to do bit by bit.

    Asked again while it moves, the further moment holds. Raises as `advance_to`.
    """
    _check_move(moment)
    with transaction.atomic():
        row = MarketClock.objects.select_for_update().get(pk=1)
        row.moving_to = max(row.moving_to or moment, moment)
        row.save(update_fields=["moving_to"])


def moving_to() -> datetime | None:
    """How far the clock is being moved at present, if it is."""
    return MarketClock.objects.filter(pk=1).values_list("moving_to", flat=True).first()


def go_on(patience: float) -> int:
    """Go on with moving the clock for so many seconds on the wall; how many deadlines ran.

    The worker calls it until the clock has arrived; it survives a restart of the server.
    """
    target = moving_to()
    if target is None:
        return 0
    begun = time.monotonic()
    ran = _run(target, clock.reach, None, patience)
    if time.monotonic() - begun < patience:
        clock.reach(target)
        MarketClock.objects.filter(pk=1, moving_to=target).update(moving_to=None)
    return ran


def stuck() -> int:
    """How many deadlines failed for the last time and wait for an operator."""
    return Deadline.objects.filter(done_at=None, attempts__gte=MAX_ATTEMPTS).count()


def retry(deadline_ids: Iterable[int]) -> int:
    """Let deadlines that failed be tried anew, now; how many there were."""
    failed = Deadline.objects.filter(pk__in=list(deadline_ids), done_at=None, attempts__gt=0)
    return failed.update(attempts=0, due_at=clock.now())


def _check_move(moment: datetime) -> None:
    if not clock.has_own_clock():
        raise clock.NoOwnClock
    if moment < clock.now():
        raise clock.ClockGoesForward(now=clock.now().isoformat(), wanted=moment.isoformat())


def _run(
    until: datetime,
    before: Callable[[datetime], None] | None,
    on_progress: Progress | None,
    patience: float | None,
) -> int:
    ends = None if patience is None else time.monotonic() + patience
    ran, stands = 0, None
    while ends is None or time.monotonic() < ends:
        waiting = Deadline.objects.filter(
            done_at=None, due_at__lte=until, attempts__lt=MAX_ATTEMPTS
        )
        due = waiting.order_by("due_at", "id").first()
        if due is None:
            break
        due_at = due.due_at
        if before and due_at != stands:
            before(due_at)  # nothing that a handler writes lies ahead of the clock
            stands = due_at
        ran += _run_one(due)
        if on_progress:
            on_progress(due_at, ran)
    return ran


def _run_one(due: Deadline) -> int:
    try:
        with clock.frozen(due.due_at):
            if prepare := _preparations.get(due.kind):
                prepare(due.subject)
            return _handle(due)
    except _OvertakenError:
        return 0
    except Exception as error:
        logger.exception("the deadline %s failed", due.pk)
        _put_off(due.pk, due.due_at, error)
        return 0


@transaction.atomic
def _handle(due: Deadline) -> int:
    _wait_for_others(due.pk)
    if not Deadline.objects.filter(pk=due.pk, done_at=None, due_at=due.due_at).exists():
        return 0
    handler = _handlers.get(due.kind)
    if handler is None:
        raise LookupError(f"nobody handles deadlines of the kind {due.kind!r}")
    run = _Run(due.pk, due.kind, due.subject, due.due_at)
    token = _running.set(run)
    try:
        handler(due.subject)
    finally:
        _running.reset(token)
    run.settle()
    return 1


def _wait_for_others(deadline_id: int) -> None:
    """Where another runner is at it, wait for its end: what it sets may come next.

    Not by the row's lock: whoever holds the subject must be free to move or drop the deadline.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            key = deadline_id % 2**31
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_RUNNERS, key])


def _put_off(deadline_id: int, due_at: datetime, error: Exception) -> None:
    deadline = Deadline.objects.filter(pk=deadline_id, done_at=None, due_at=due_at).first()
    if deadline is None:
        return
    pause = PAUSES[min(deadline.attempts, len(PAUSES) - 1)]
    Deadline.objects.filter(pk=deadline_id, done_at=None, due_at=due_at).update(
        attempts=F("attempts") + 1,
        due_at=max(due_at, clock.now()) + pause,
        error=repr(error).replace("\x00", "")[:2000],
    )
