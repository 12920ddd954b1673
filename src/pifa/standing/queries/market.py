"""How many companies hold what, which they are, and how the nights went."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Exists, OuterRef

from pifa.kernel.actors import Actor
from pifa.kernel.paging import Page, cut, page_size, read_cursor
from pifa.parties import policies
from pifa.parties.models import Company
from pifa.standing.books import book_on
from pifa.standing.errors import DayNotRated
from pifa.standing.labels import codes_of, english, step_name
from pifa.standing.models import Kind, RatingRun, Standing


@dataclass(frozen=True, slots=True)
class RunView:
    """The rating of a day as operators see it."""

    day: date
    state: str
    reason: Mapping[str, Any]
    book_effective: date | None
    book: str
    digest: str
    companies: int
    revision: int
    rated_at: datetime | None

    @property
    def waits(self) -> bool:
        """Whether the day is not rated yet."""
        return self.state == RatingRun.State.WAITING

    @property
    def waiting_since(self) -> datetime | None:
        """When it was first found to wait."""
        since = self.reason.get("since")
        return datetime.fromisoformat(since) if since else None

    @property
    def reason_words(self) -> str:
        """What it waits for, in the reader's language."""
        return str((english() and self.reason.get("en")) or self.reason.get("zh", ""))


@dataclass(frozen=True, slots=True)
class StepCount:
    """How many companies held a step; `before` on the rated day before it (None: none was)."""

    code: str
    name: str
    rank: int
    companies: int
    before: int | None

    @property
    def change(self) -> int | None:
        """How many more than before."""
        return None if self.before is None else self.companies - self.before


@dataclass(frozen=True, slots=True)
class Distribution:
    """How many companies held each step of a kind on a rated day, rank rising; none included."""

    kind: str
    day: date
    steps: tuple[StepCount, ...]

    @property
    def total(self) -> int:
        return sum(step.companies for step in self.steps)

    @property
    def most(self) -> int:
        """The companies of the step that most hold."""
        return max((step.companies for step in self.steps), default=0)


def latest_run() -> RunView | None:
    """The latest rated day."""
    row = RatingRun.objects.filter(state=RatingRun.State.RATED).order_by("-day").first()
    return _run(row) if row else None


def runs(actor: Actor, limit: int = 60) -> list[RunView]:
    """The latest nights, those that wait included. Operators."""
    policies.require_operator(actor)
    return [_run(row) for row in RatingRun.objects.order_by("-day")[:limit]]


def waiting(actor: Actor) -> list[RunView]:
    """The days whose rating waits, the longest first. Operators."""
    policies.require_operator(actor)
    rows = RatingRun.objects.filter(state=RatingRun.State.WAITING).order_by("day")
    return [_run(row) for row in rows]


def distribution(actor: Actor, kind: str) -> Distribution:
    """How many companies hold each step, by the latest rating. Operators. One statement.

    As the night counted them: `companies_at` lists the same. `DayNotRated` before the first.
    """
    policies.require_operator(actor)
    rated = RatingRun.objects.filter(state=RatingRun.State.RATED).order_by("-day")
    found = list(rated.values_list("day", "counts")[:2])
    if not found:
        raise DayNotRated(day="—", last="—")
    day, counts = found[0]
    before = found[1][1].get(kind, {}) if len(found) > 1 else None
    return Distribution(
        kind,
        day,
        tuple(
            StepCount(
                code,
                step_name(kind, code),
                rank,
                counts.get(kind, {}).get(str(rank), 0),
                None if before is None else before.get(str(rank), 0),
            )
            for rank, code in codes_of(kind, book_on(day))
        ),
    )


def companies_at(
    actor: Actor, kind: str, code: str, cursor: str | None = None, size: int | None = None
) -> Page[tuple[Company, date]]:
    """The companies that hold a step (code "": none), with since when. Operators."""
    policies.require_operator(actor)
    wanted = page_size(size)
    rows = _now(kind).filter(code=code).select_related("company").order_by("company_id")
    if cursor:
        (last,) = read_cursor(cursor, int)
        rows = rows.filter(company_id__gt=last)
    found = list(rows[: wanted + 1])
    return cut(
        [(row.company, row.since) for row in found],
        wanted,
        lambda item: (item[0].pk,),
    )


def _now(kind: str) -> Any:
    later = Standing.objects.filter(
        company=OuterRef("company"), kind=kind, since__gt=OuterRef("since")
    )
    return Standing.objects.filter(kind=Kind(kind)).exclude(Exists(later))


def _run(row: RatingRun) -> RunView:
    return RunView(
        row.day,
        row.state,
        row.reason,
        row.book_effective,
        row.book,
        row.digest,
        row.companies,
        row.revision,
        row.rated_at,
    )
