"""A day is closed: its facts go to the lake and are proven equal to the projections.

What takes long (reading, writing a file) happens before the transaction; in it only what was
read is found unchanged, proven, and put in its place. Two that close one day do it one after the
other, and the second finds it done. Broken off anywhere, the day is missing and is closed again:
the same facts make the same file.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Count, Max

from pifa.kernel import clock
from pifa.metrics import deriving, lake, proving
from pifa.metrics.commands.recording import lock, record
from pifa.metrics.errors import DayNotOver
from pifa.metrics.lake import Draft
from pifa.metrics.models import Fact, LakeDay

ATTEMPTS = 3
"""Facts that come while a day is closed let it be read again; the last time nobody may write."""

Marks = dict[date, tuple[int, int]]
"""How many facts a day has, and the last of them: as facts are never changed, they tell whether
any came."""


@dataclass(frozen=True, slots=True)
class ClosedDay:
    """A day that lies in the lake, proven."""

    day: date
    rows: int
    sha256: str


def close_day(day: date) -> ClosedDay:
    """Write a market day's facts to the lake and prove them equal to the projections.

    A day that is closed already stays as it is. Raises `DayNotOver`; `FactsIncomplete` while
    events of the day or before wait; `ProjectionsDiffer`, with nothing changed.
    """
    refuse_present(day)
    row = LakeDay.objects.filter(day=day, state=LakeDay.State.CLOSED).first()
    if row is None or lake.missing_days(day, day):
        deriving.require_complete(day)
        record(deriving.lacking([day], deriving.stored([day])[day]))
        return close([day])[0]
    return ClosedDay(day, row.rows, row.sha256)


def refuse_present(day: date) -> None:
    """`DayNotOver` for today and later."""
    if day >= clock.today():
        raise DayNotOver(day=day.isoformat(), today=clock.today().isoformat())


def close(days: Sequence[date]) -> list[ClosedDay]:
    """Write the facts that the table has of these days, and prove them; all of them or none."""
    for attempt in range(1, ATTEMPTS + 1):
        with lake.apart() as folder:
            if attempt == ATTEMPTS:
                with transaction.atomic():
                    lock()
                    return _publish(days, _draft(folder, days))
            marks = _marks(days)
            drafts = _draft(folder, days)
            with transaction.atomic():
                lock()
                if _marks(days) == marks:
                    return _publish(days, drafts)
    raise AssertionError("the last attempt is made under the lock")


def _draft(folder: Any, days: Sequence[date]) -> list[Draft]:
    stored = deriving.stored(days)
    return [lake.write(folder, day, stored[day]) for day in days]


def _marks(days: Sequence[date]) -> Marks:
    rows = Fact.objects.filter(day__range=(min(days), max(days))).values("day")
    found = rows.annotate(rows=Count("pk"), last=Max("pk")).order_by("day")
    return {row["day"]: (row["rows"], row["last"]) for row in found}


def _publish(days: Sequence[date], drafts: Sequence[Draft]) -> list[ClosedDay]:
    deriving.require_complete(max(days))
    proving.prove(days, [draft.path for draft in drafts])
    there = {row.day: row for row in LakeDay.objects.filter(day__in=days)}
    for draft in drafts:
        if not _is_same(draft, there):
            draft.publish()
    LakeDay.objects.bulk_create(
        [
            LakeDay(
                day=draft.day,
                state=LakeDay.State.CLOSED,
                rows=draft.rows,
                size=draft.size,
                sha256=draft.sha256,
                proven_at=clock.now(),
            )
            for draft in drafts
        ],
        update_conflicts=True,
        unique_fields=["day"],
        update_fields=["state", "rows", "size", "sha256", "proven_at"],
    )
    return [ClosedDay(draft.day, draft.rows, draft.sha256) for draft in drafts]


def _is_same(draft: Draft, there: Mapping[date, LakeDay]) -> bool:
    """Whether the file is in its place already, as another that closed the day left it."""
    row, path = there.get(draft.day), lake.path_of(draft.day)
    return (
        row is not None
        and row.sha256 == draft.sha256
        and path.exists()
        and lake.digest(path) == draft.sha256
    )
