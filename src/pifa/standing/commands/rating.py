"""The rating of one market day: measured, rated, kept with its proof, turned into grants."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import translation

from pifa.kernel import clock
from pifa.kernel.errors import DomainError
from pifa.kernel.events import emit
from pifa.metrics import commands as facts
from pifa.rulebook.rules import Book
from pifa.standing import archive, engine, profiles
from pifa.standing.books import book_on
from pifa.standing.commands import granting, spans, warning
from pifa.standing.commands.spans import Moved
from pifa.standing.engine import Rater, Ratings
from pifa.standing.errors import DayAhead
from pifa.standing.events import StandingChanged
from pifa.standing.models import Profile, RatingRun


@dataclass(frozen=True, slots=True)
class Result:
    """What became of a day's rating. `changed`: the result is another than was kept before."""

    day: date
    digest: str
    companies: int
    changed: bool
    moved: int


def rate(day: date) -> Result:
    """Rate every company on a market day by the rules of that day.

    The days its windows look back on are closed first, and rebuilt where the lake lacks them;
    `FactsIncomplete` while events of theirs wait. Running a day twice changes nothing; two at
    once do it one after the other. A day whose facts or rules have changed since is kept anew,
    with the grants if it is the latest. Raises `DayAhead` for a day to come.
    """
    (result,) = rate_days([day])
    return result


def rate_days(
    days: Sequence[date], progress: Callable[[Result], None] = lambda result: None
) -> list[Result]:
    """Rate days in order, each kept before the next; the facts are read once for all of them.

    Grants follow every day that is the market's latest when it is rated, so that each is held
    from its own day on; only the last of them is told to companies.
    """
    if not days:
        return []
    if days[-1] > clock.today():
        raise DayAhead(day=days[-1].isoformat(), today=clock.today().isoformat())
    facts.heal()
    results = []
    with engine.rating(days[0], days[-1]) as rater:
        for day in days:
            results.append(_rate(day, rater, tell=day == days[-1]))
            progress(results[-1])
    return results


@transaction.atomic
def _rate(day: date, rater: Rater, *, tell: bool) -> Result:
    book = book_on(day)
    run = _locked(day)
    if day == clock.today() or not Profile.objects.exists():
        profiles.note(day)
    ratings = rater.rate(day, book)
    digest = ratings.digest()
    rated = RatingRun.objects.filter(state=RatingRun.State.RATED)
    kept = run.state == RatingRun.State.RATED
    same = kept and (run.digest, run.book) == (digest, book.digest) and archive.has(day)
    moved: list[Moved] = []
    if not same:
        moved = spans.apply(day, ratings.rows(), book)
        archive.write(ratings)
        _keep(run, ratings, digest, book)
    if not same and not rated.filter(day__gt=day).exists():
        granting.grant(day, ratings, book)
        if tell:
            warning.warn(day, ratings, book, rater)
            # The first rating of a market moves everybody and is no news to anybody.
            if rated.filter(day__lt=day).exists():
                emit(*(_changed(day, one) for one in moved))
    return Result(day, digest, ratings.table.num_rows, not same, len(moved))


def _locked(day: date) -> RatingRun:
    """The day's row, locked: who rates the same day waits here and finds it done."""
    RatingRun.objects.bulk_create(
        [RatingRun(day=day, state=RatingRun.State.WAITING)], ignore_conflicts=True
    )
    return RatingRun.objects.select_for_update().get(day=day)


def _keep(run: RatingRun, ratings: Ratings, digest: str, book: Book) -> None:
    run.state = RatingRun.State.RATED
    run.reason = {}
    run.book, run.book_effective = book.digest, book.effective
    run.revision += 0 if run.digest == digest else 1
    run.digest = digest
    run.companies = ratings.table.num_rows
    run.counts = _counts(ratings.rows())
    run.rated_at = clock.now()
    run.save()


def _counts(rows: list[dict[str, Any]]) -> dict[str, dict[str, int]]:
    """How many companies hold each rank, by kind; sellers only for medal and tier."""
    sellers = [row for row in rows if row["medal_system"]]
    return {
        "level": _tally(row["level"] for row in rows),
        "credit": _tally(row["credit_rank"] for row in rows),
        "medal": _tally(row["medal"] for row in sellers),
        "tier": _tally(max(row["tier"], 0) for row in sellers),
    }


def _tally(ranks: Any) -> dict[str, int]:
    return {str(rank): count for rank, count in sorted(Counter(ranks).items())}


def _changed(day: date, moved: Moved) -> StandingChanged:
    return StandingChanged(
        company_id=moved.company_id,
        day=day.isoformat(),
        kind=moved.kind,
        old=moved.old_code,
        new=moved.code,
        old_rank=moved.old_rank,
        new_rank=moved.rank,
    )


def note_waiting(day: date, error: DomainError) -> None:
    """Say in the day's row that its rating waits, for what, and since when at first."""
    run = _locked(day)
    if run.state != RatingRun.State.RATED:
        since = run.reason.get("since") or clock.now().isoformat()
        run.reason = {"code": error.code, "since": since}
        for language, key in (("zh-hans", "zh"), ("en", "en")):
            with translation.override(language):
                run.reason[key] = str(error)
        run.save(update_fields=["reason"])
