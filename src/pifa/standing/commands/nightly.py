"""The nightly rating: by itself after midnight, day by day in order, waiting where facts lack."""

from __future__ import annotations

import logging
from contextlib import suppress
from datetime import date, timedelta

from django.db import transaction
from django.db.models import QuerySet

from pifa.kernel import clock, deadlines, events
from pifa.kernel.errors import DomainError
from pifa.kernel.events import MAX_ATTEMPTS
from pifa.kernel.models import Deadline
from pifa.metrics import commands as facts
from pifa.metrics.errors import FactsIncomplete
from pifa.rulebook.errors import BookError
from pifa.standing.commands.rating import note_waiting, rate
from pifa.standing.events import RatingWaits
from pifa.standing.models import RatingRun

logger = logging.getLogger(__name__)

DEADLINE = "standing.rate"
ANEW = "standing.rate_anew"
AFTER_MIDNIGHT = timedelta(minutes=10)
AGAIN_AFTER = timedelta(minutes=30)
"""How long a rating waits for facts before it looks again."""


def begin() -> None:
    """See to it that the next rating is set: for the day after the latest, else for today.

    Called when a server starts; a market that was away rates the days it missed, in order. A
    night that failed too often is tried again: what broke it may be mended.
    """
    waiting = list(Deadline.objects.filter(kind=DEADLINE, done_at=None))
    deadlines.retry([row.pk for row in waiting if row.attempts >= MAX_ATTEMPTS])
    if not waiting:
        last = _last()
        _set(last + timedelta(days=1) if last else clock.today())


def _gather(subject: str) -> None:
    """Deliver what waits and close the days that are over: seconds, in which all go on writing."""
    events.deliver(limit=100_000)
    with suppress(FactsIncomplete):  # the rating finds them lacking, and says so
        facts.heal()


@deadlines.handles(DEADLINE, prepare=_gather)
def run_night(subject: str) -> None:
    """Rate the day a deadline is about and set the next; wait and say so where facts lack."""
    day = date.fromisoformat(subject.removeprefix("day:"))
    try:
        with transaction.atomic():
            rate(day)
    except (FactsIncomplete, BookError) as error:
        _wait(day, error)
        return
    _set(day + timedelta(days=1))


def rate_anew(first: date, last: date) -> None:
    """Have the rated days from the first to the last rated again, one after the other.

    For facts that changed afterwards: an order ruled out, a fact that came late. Each day is a
    transaction of its own, so that nobody waits long; only what differs is written.
    """
    day = _rated().filter(day__range=(first, last)).order_by("day").first()
    if day is not None:
        subject = f"day:{day.day.isoformat()}…{last.isoformat()}"
        deadlines.set_deadline(ANEW, subject, clock.now())


@deadlines.handles(ANEW)
def _run_anew(subject: str) -> None:
    day, last = (date.fromisoformat(part) for part in subject.removeprefix("day:").split("…"))
    rate(day)
    rate_anew(day + timedelta(days=1), last)


def _rated() -> QuerySet[RatingRun]:
    return RatingRun.objects.filter(state=RatingRun.State.RATED)


def _last() -> date | None:
    return _rated().order_by("-day").values_list("day", flat=True).first()


def _set(day: date) -> None:
    due = max(clock.start_of_day(day) + AFTER_MIDNIGHT, clock.now())
    deadlines.set_deadline(DEADLINE, f"day:{day.isoformat()}", due)


def _wait(day: date, error: DomainError) -> None:
    first = not RatingRun.objects.filter(day=day).exists()
    note_waiting(day, error)
    logger.warning("the rating of %s waits: %s", day, error)
    if first:
        events.emit(RatingWaits(day=day.isoformat(), reason=str(error)))
    deadlines.set_deadline(DEADLINE, f"day:{day.isoformat()}", clock.now() + AGAIN_AFTER)
