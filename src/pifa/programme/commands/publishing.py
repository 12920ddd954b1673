"""A season is published: its rules are kept, and what happens by itself is set."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction

from pifa.kernel import audit, clock, deadlines
from pifa.kernel.actors import Actor
from pifa.kernel.events import emit
from pifa.parties import policies as parties
from pifa.programme import due, shelf
from pifa.programme.errors import BadSeason, SeasonExists, SeasonTooLate
from pifa.programme.events import SeasonPublished
from pifa.programme.models import CheckpointRun, SeasonRow
from pifa.programme.reading import read_text
from pifa.programme.rules.season import Season

ONE = timedelta(days=1)


@transaction.atomic
def publish(actor: Actor, text: str, month: date | None = None) -> SeasonRow:
    """Publish a season's text (of a template: for a month); operators.

    Its rules stay as they are for ever. Raises `BadSeason` with all that is wrong, `SeasonExists`,
    `SeasonTooLate` once the season has begun.
    """
    parties.require_operator(actor)
    read = read_text(text, "season", month, shelf.categories_of_market())
    if read.season is None:
        raise BadSeason(read.problems)
    season, today = read.season, clock.today()
    if SeasonRow.objects.filter(code=season.code).exists():
        raise SeasonExists(code=season.code)
    if season.span.first <= today:
        first = season.span.first.isoformat()
        raise SeasonTooLate(code=season.code, first=first, today=today.isoformat())
    row = SeasonRow.objects.create(
        code=season.code,
        title=season.title,
        title_en=season.title_en,
        first_day=season.span.first,
        last_day=season.span.last,
        month=month.replace(day=1) if month and read.is_template else None,
        text=text,
        digest=read.digest,
        published_at=clock.now(),
        published_by_id=actor.user_id,
    )
    CheckpointRun.objects.bulk_create(
        CheckpointRun(
            season=row,
            code=one.code,
            position=place,
            state=CheckpointRun.State.WAITING,
            due_at=one.due(clock.zone()),
        )
        for place, one in enumerate(season.checkpoints, start=1)
    )
    _set(row, season)
    audit.record(actor, "season.publish", row.subject, digest=read.digest)
    emit(SeasonPublished(season=row.code, first_day=season.span.first))
    return row


def _set(row: SeasonRow, season: Season) -> None:
    start = clock.start_of_day
    waiting = [
        (due.BEGIN, row.subject, start(season.span.first)),
        (due.TRACKS, row.subject, start(season.span.first + ONE) + due.TRACKS_AFTER),
        (due.END, row.subject, start(season.carried_until + ONE) + due.END_AFTER),
        *(
            (due.SETTLE, f"{row.subject}:{one.code}", start(one.rehearsal.last + ONE))
            for one in season.rounds
        ),
        *(
            (due.CHECK, f"{row.subject}:{one.code}", one.due(clock.zone()))
            for one in season.checkpoints
        ),
    ]
    deadlines.set_new(waiting)
