"""How many companies hold what, whether that is plausible, and how the nights went."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from django.db.models import Exists, OuterRef

from pifa.kernel.actors import Actor
from pifa.kernel.paging import Page, cut, page_size, read_cursor
from pifa.parties import policies
from pifa.parties.models import Company
from pifa.standing.errors import DayNotRated
from pifa.standing.labels import step_name
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


@dataclass(frozen=True, slots=True)
class Distribution:
    """How many companies hold each step of a kind: (code, name, rank, companies), rank rising."""

    kind: str
    steps: tuple[tuple[str, str, int, int], ...]

    @property
    def total(self) -> int:
        return sum(count for *_, count in self.steps)


@dataclass(frozen=True, slots=True)
class PlausibilityRow:
    """What the buyers of some levels are like: the deck's own check of its levels.

    Money in fen, per buyer and 30 days; `times` how much more than the group below.
    """

    levels: str
    buyers: int
    spend_fen: int
    orders: Fraction
    refund_rate: Fraction
    dispute_rate: Fraction
    times: Fraction | None


def latest_run() -> RunView | None:
    """The latest rated day."""
    row = RatingRun.objects.filter(state=RatingRun.State.RATED).order_by("-day").first()
    return _run(row) if row else None


def runs(actor: Actor, limit: int = 60) -> list[RunView]:
    """The latest nights, those that wait included. Operators."""
    policies.require_operator(actor)
    return [_run(row) for row in RatingRun.objects.order_by("-day")[:limit]]


def distribution(actor: Actor, kind: str) -> Distribution:
    """How many companies hold each step now. Operators. One statement."""
    policies.require_operator(actor)
    counts: dict[tuple[str, int], int] = {}
    for code, rank in _now(kind).values_list("code", "rank"):
        counts[code, rank] = counts.get((code, rank), 0) + 1
    return Distribution(
        kind,
        tuple(
            (code, step_name(kind, code), rank, counts[code, rank])
            for code, rank in sorted(counts, key=lambda key: (key[1], key[0]))
        ),
    )


def companies_at(
    actor: Actor, kind: str, code: str, cursor: str | None = None, size: int | None = None
) -> Page[tuple[Company, date]]:
    """The companies that hold a step, with since when; by name. Operators."""
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


def plausibility(actor: Actor) -> list[PlausibilityRow]:
    """Groups of levels by what their buyers spend, and how often it goes wrong (standing.md).

    From the archive of the latest rated day. Operators; `DayNotRated` before the first night.
    """
    policies.require_operator(actor)
    run = latest_run()
    if run is None:
        raise DayNotRated(day="—", last="—")
    return _plausible(run.day)


_GROUPS = (("L0–L1", 0, 1), ("L2–L3", 2, 3), ("L4–L5", 4, 5), ("L6", 6, 6))


def _plausible(day: date) -> list[PlausibilityRow]:
    import pyarrow.parquet as parquet

    from pifa.standing import archive

    columns = ["level", "orders_30d", "spend_30d", "refunds_90d", "disputes_lost_90d"]
    columns += ["completed_90d"]
    rows = parquet.read_table(archive.path_of(day), columns=columns).to_pylist()
    found: list[PlausibilityRow] = []
    for label, low, high in _GROUPS:
        group = [row for row in rows if low <= row["level"] <= high and row["orders_30d"] > 0]
        size = len(group)
        spend = sum(row["spend_30d"] for row in group)
        ended = sum(row["completed_90d"] + row["refunds_90d"] for row in group)
        refunds = sum(row["refunds_90d"] for row in group)
        lost = sum(row["disputes_lost_90d"] for row in group)
        mean = spend // size if size else 0
        below = found[-1].spend_fen if found else 0
        found.append(
            PlausibilityRow(
                levels=label,
                buyers=size,
                spend_fen=mean,
                orders=Fraction(sum(row["orders_30d"] for row in group), size or 1),
                refund_rate=Fraction(refunds, ended or 1),
                dispute_rate=Fraction(lost, ended or 1),
                times=Fraction(mean, below) if below else None,
            )
        )
    return found


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
