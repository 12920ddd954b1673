"""What happens by itself: unpaid orders close, receipt is taken as confirmed, money pays out.

A command sets a deadline; the worker, or an operator who moves the clock, runs what is due
strictly in the order of time, with the market clock standing at each deadline's moment.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

from django.db import connection, transaction

from pifa.kernel import bulk, clock
from pifa.kernel.models import Deadline

MAX_ATTEMPTS = 5
Handler = Callable[[str], None]

_handlers: dict[str, Handler] = {}


def handles(kind: str) -> Callable[[Handler], Handler]:
    """Register what happens at deadlines of a kind; the handler is given the subject."""

    def register(handler: Handler) -> Handler:
        _handlers[kind] = handler
        return handler

    return register


def set_deadline(kind: str, subject: str, due_at: datetime) -> None:
    """Set the subject's one waiting deadline of this kind, moving an earlier one."""
    Deadline.objects.update_or_create(
        kind=kind, subject=subject, done_at=None, defaults={"due_at": due_at}
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
    """Drop waiting deadlines of many subjects, in one statement.

    One that is being run at this moment is left to its handler: the worker holds its row and
    may be waiting for the very subject that the caller has locked. Handlers therefore pass over
    a subject that no longer needs them.
    """
    waiting = Deadline.objects.filter(subject__in=list(subjects), done_at=None)
    if kinds:
        waiting = waiting.filter(kind__in=kinds)
    if connection.features.has_select_for_update_skip_locked:
        free = waiting.select_for_update(skip_locked=True).values("pk")
        waiting = Deadline.objects.filter(pk__in=free)
    waiting.delete()


def run_due(
    until: datetime | None = None, on_progress: Callable[[datetime, int], None] | None = None
) -> int:
    """Run everything due up to a moment (now), earliest first; returns how many ran.

    Each runs in a transaction of its own at its own moment. What a handler sets anew and
    falls due within the span runs too. One that fails is kept with its error.
    """
    until = until or clock.now()
    ran = 0
    while True:
        waiting = Deadline.objects.filter(
            done_at=None, due_at__lte=until, attempts__lt=MAX_ATTEMPTS
        )
        due = waiting.order_by("due_at", "id").values_list("id", "due_at").first()
        if due is None:
            return ran
        _run_one(*due)
        ran += 1
        if on_progress:
            on_progress(due[1], ran)


def advance_to(moment: datetime, on_progress: Callable[[datetime, int], None] | None = None) -> int:
    """Move the market's own clock forward, letting what falls due in between happen in order.

    Safe to interrupt: the clock is saved as far as it got, and a repeat goes on from there.
    """
    if moment < clock.now():
        raise clock.ClockGoesForward(now=clock.now().isoformat(), wanted=moment.isoformat())

    def save(at: datetime, ran: int) -> None:
        if at > clock.now():
            clock.move_to(at)
        if on_progress:
            on_progress(at, ran)

    ran = run_due(moment, save)
    if moment > clock.now():
        clock.move_to(moment)
    return ran


def _run_one(deadline_id: int, due_at: datetime) -> None:
    try:
        with clock.frozen(due_at), transaction.atomic():
            rows = Deadline.objects.filter(pk=deadline_id, done_at=None)
            if connection.features.has_select_for_update_skip_locked:
                rows = rows.select_for_update(skip_locked=True)
            deadline = rows.first()
            if deadline is None:
                return
            Deadline.objects.filter(pk=deadline_id).update(done_at=due_at)
            _handlers[deadline.kind](deadline.subject)
    except Exception as error:  # noqa: BLE001 - one bad subject must not hold up the market
        deadline = Deadline.objects.filter(pk=deadline_id).first()
        if deadline is not None:
            deadline.attempts += 1
            deadline.error = repr(error)[:2000]
            deadline.save(update_fields=["attempts", "error"])
