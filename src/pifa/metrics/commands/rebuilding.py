"""The lake and the projections are made anew from the outbox: one day, or all there are."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from itertools import groupby, islice

from django.db import connection, transaction
from django.db.models import OuterRef, Subquery

from pifa.kernel import bulk, clock
from pifa.metrics import deriving, lake, models
from pifa.metrics.commands.closing import ClosedDay, close, refuse_present
from pifa.metrics.commands.recording import lock, note_late, record
from pifa.metrics.facts import MOVES, RULINGS, FactKind
from pifa.metrics.models import CountedFor, Excluded, LakeDay, PairDay

logger = logging.getLogger(__name__)

Progress = Callable[[int, int], None]

DAYS_AT_ONCE = 31
"""Days that are closed together: their facts are in memory at one time."""

_PROJECT = """
    INSERT INTO metrics_pairday
        (seller_id, buyer_id, day, orders, paid_fen, refunded_fen, refunds, completed)
    SELECT seller_id, COALESCE(moved.whose, buyer_id) AS counted_id, day,
        SUM(CASE WHEN kind = 'paid' THEN "count" ELSE 0 END),
        SUM(CASE WHEN kind = 'paid' THEN amount_fen ELSE 0 END),
        SUM(CASE WHEN kind = 'refunded' THEN amount_fen ELSE 0 END),
        SUM(CASE WHEN kind = 'refunded' THEN "count" ELSE 0 END),
        SUM(CASE WHEN kind = 'completed' THEN "count" ELSE 0 END)
    FROM metrics_fact AS fact
    LEFT JOIN (SELECT subject AS moved_subject, buyer_id AS whose FROM metrics_countedfor) AS moved
        ON moved_subject = fact.subject
    WHERE kind IN ('paid', 'refunded', 'completed') AND day BETWEEN %s AND %s
        AND NOT EXISTS (SELECT 1 FROM metrics_excluded AS out WHERE out.subject = fact.subject)
    GROUP BY seller_id, counted_id, day
"""


def rebuild(day: date) -> ClosedDay:
    """Make a day anew: facts that the outbox tells and the table lacks, projections, the file.

    Raises as `closing.close_day`, and `FactsDiffer` where a fact in the table is not what the
    outbox says.
    """
    refuse_present(day)
    deriving.require_complete(day)
    record(deriving.lacking([day], deriving.stored([day])[day]))
    _project(day, day)
    return close([day])[0]


def backfill(progress: Progress = lambda done, of: None) -> list[ClosedDay]:
    """For a market that is older than its facts: all of them from the outbox, in one pass, then
    every day up to yesterday that the lake lacks. Done again, it finds nothing to do."""
    first, today = lake.first_day(), clock.today()
    if first is None:
        return []
    deriving.require_complete(today - lake.ONE)
    with transaction.atomic():
        lock()
        if _load(first, today):
            _follow_rulings()
            _follow_moves()
            _project(first, today)
    closed: list[ClosedDay] = []
    missing = lake.missing_days()
    for some in _batches(missing):
        closed += close(some)
        progress(len(closed), len(missing))
    return closed


def heal() -> list[ClosedDay]:
    """Close every day up to yesterday that the lake lacks, in order, from the outbox; what was
    done. For the nightly run, and after a standstill. Raises as `rebuild`."""
    if not LakeDay.objects.exists():
        return backfill()
    lost = set(LakeDay.objects.filter(state=LakeDay.State.CLOSED).values_list("day", flat=True))
    closed = []
    for day in lake.missing_days():
        closed.append(rebuild(day))
        if day in lost:
            logger.warning("the lake lacked %s, which was closed: it is there again", day)
    return closed


def _batches(days: Sequence[date]) -> Iterator[list[date]]:
    """Neighbouring days, so many at once."""
    for _, run in groupby(enumerate(days), key=lambda item: item[1].toordinal() - item[0]):
        following = (day for _, day in run)
        while some := list(islice(following, DAYS_AT_ONCE)):
            yield some


def _load(first: date, last: date) -> int:
    """Write the facts that the table lacks; how many."""
    known = set(models.Fact.objects.values_list("key", flat=True).iterator(deriving.CHUNK))
    absent = (fact for fact in deriving.told(first, last) if fact.key not in known)
    count = 0
    while some := list(islice(absent, deriving.CHUNK)):
        rows = {fact.key: deriving.as_values(fact) for fact in some}
        bulk.insert(models.Fact, list(rows.values()), returning=None, ignore_conflicts=True)
        note_late(some)
        known |= rows.keys()
        count += len(rows)
    return count


def _follow_rulings() -> None:
    """Rule out what the latest ruling of each subject rules out, and nothing else."""
    rulings = models.Fact.objects.filter(kind__in=[str(kind) for kind in RULINGS])
    latest = rulings.filter(subject=OuterRef("subject")).order_by("-at", "-id")
    holding = rulings.filter(pk=Subquery(latest.values("pk")[:1]), kind=FactKind.EXCLUDED)
    Excluded.objects.all().delete()
    Excluded.objects.bulk_create(
        Excluded(subject=subject, since=at) for subject, at in holding.values_list("subject", "at")
    )


def _follow_moves() -> None:
    """Let each subject count for whom the latest word says, and no other for anybody else."""
    moves = models.Fact.objects.filter(kind__in=[str(kind) for kind in MOVES])
    latest = dict(moves.order_by("at", "id").values_list("subject", "buyer_id"))
    CountedFor.objects.all().delete()
    CountedFor.objects.bulk_create(
        CountedFor(subject=subject, buyer_id=buyer_id)
        for subject, buyer_id in latest.items()
        if buyer_id is not None
    )


@transaction.atomic
def _project(first: date, last: date) -> None:
    """Sum the facts of days up anew."""
    lock()
    PairDay.objects.filter(day__range=(first, last)).delete()
    with connection.cursor() as cursor:
        cursor.execute(_PROJECT, [first, last])
