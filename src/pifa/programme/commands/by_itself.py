"""What happens by itself: a season begins, rehearsals are settled, checkpoints run, tags end.

Deadlines run in the order of time, so a market that was away catches up in order. What lacks facts
waits half an hour, says why, and is announced once.
"""

from __future__ import annotations

import logging
from contextlib import suppress
from datetime import timedelta

from django.db import transaction

from pifa.kernel import clock, deadlines, events
from pifa.kernel.errors import DomainError
from pifa.metrics.errors import FactsIncomplete
from pifa.programme import due, shelf
from pifa.programme.commands import checkpoints, granting, members, rehearsing, tracks
from pifa.programme.errors import StillWaiting, figures_of
from pifa.programme.events import CheckpointWaits
from pifa.programme.models import CheckpointRun, Membership, SeasonRow
from pifa.programme.states import MembershipState

logger = logging.getLogger(__name__)


def _gather(subject: str) -> None:
    """Deliver what waits in the outbox, so that the facts of the days that are over are there."""
    events.deliver(limit=100_000)


@deadlines.handles(due.BEGIN)
def _begin(subject: str) -> None:
    code, _ = due.parts(subject)
    row = shelf.row_of(code)
    members.begin(row, shelf.season_of(row))


@deadlines.handles(due.SETTLE, prepare=_gather)
def _settle(subject: str) -> None:
    code, round_code = due.parts(subject)
    try:
        with transaction.atomic():
            rehearsing.settle(shelf.row_of(code), round_code)
    except FactsIncomplete as error:
        logger.warning("the rehearsals of %s wait: %s", subject, error)
        deadlines.set_deadline(due.SETTLE, subject, clock.now() + due.AGAIN_AFTER)


@deadlines.handles(due.CHECK, prepare=_gather)
def _check(subject: str) -> None:
    code, checkpoint = due.parts(subject)
    row = shelf.row_of(code)
    try:
        with transaction.atomic():
            checkpoints.run(row, checkpoint)
    except (FactsIncomplete, StillWaiting) as error:
        _wait(row, checkpoint, error)
        deadlines.set_deadline(due.CHECK, subject, clock.now() + due.AGAIN_AFTER)


def _wait(row: SeasonRow, code: str, error: DomainError) -> None:
    waiting = CheckpointRun.objects.get(season=row, code=code)
    first = not waiting.reason
    waiting.reason = figures_of(error)
    waiting.save(update_fields=["reason"])
    logger.warning("the checkpoint %s of %s waits: %s", code, row.code, error)
    if first:
        events.emit(CheckpointWaits(season=row.code, checkpoint=code, reason=str(error)))


@deadlines.handles(due.TRACKS, prepare=_gather)
def _tracks(subject: str) -> None:
    """Measure the tracks of the days that are over, every day while the season's tags are held."""
    code, _ = due.parts(subject)
    row = shelf.row_of(code)
    with suppress(FactsIncomplete):  # the next day measures anew, and looks back on this one too
        tracks.measure(row)
    tomorrow = clock.today() + timedelta(days=1)
    if tomorrow <= shelf.season_of(row).carried_until:
        deadlines.set_deadline(due.TRACKS, subject, clock.start_of_day(tomorrow) + due.TRACKS_AFTER)


@deadlines.handles(due.END)
def _end(subject: str) -> None:
    """End what was carried over: who passed the last checkpoint and set no new target."""
    code, _ = due.parts(subject)
    row = shelf.row_of(code)
    carried = Membership.objects.filter(season=row, state=MembershipState.RENEWED)
    companies = list(carried.values_list("company", flat=True))
    carried.update(state=MembershipState.ENDED, member_tag=False, traffic_tag=False)
    granting.sync(companies)
    tracks.end(row, companies)
