"""What companies hold from when on: a row where it changes, nothing where it stays."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Exists, OuterRef

from pifa.kernel import bulk
from pifa.rulebook.rules import Book, Ladder
from pifa.standing.models import Kind, RatingRun, Standing
from pifa.standing.rules.rating import LEVELS, TIERS, medal_ladder

Key = tuple[int, str]
"""A company and a kind."""

Held = tuple[str, int]
"""A step's code and rank; ("", 0) for none."""

NONE: Held = ("", 0)
AT_ONCE = 400


@dataclass(frozen=True, slots=True)
class Moved:
    """A company that holds another step of a kind than on the day before it was rated anew."""

    company_id: int
    kind: str
    old_code: str
    old_rank: int
    code: str
    rank: int


def apply(day: date, rows: Iterable[Mapping[str, Any]], book: Book) -> list[Moved]:
    """Let the results of a rating be what is held on that day, and on no other.

    Days after it keep what they have (the latest has none after it). Returns what changed for
    the day, by company and kind.
    """
    wanted = dict(_held(rows, book))
    before, at, after = held_on(day - timedelta(days=1)), held_on(day), held_on(day + ONE)
    moved = []
    fresh: list[tuple[Key, Held]] = []
    following = RatingRun.objects.filter(day__gt=day, state=RatingRun.State.RATED).exists()
    touched = [key for key, value in wanted.items() if at.get(key) != value]
    gone = [key for key in at if key not in wanted]
    for key in touched:
        value, old = wanted[key], at.get(key, NONE)
        moved.append(Moved(key[0], key[1], old[0], old[1], value[0], value[1]))
        if before.get(key) != value:
            fresh.append((key, value))
    rows_to_delete = [*touched, *gone]
    _delete(rows_to_delete, day)
    _insert(day, fresh)
    if following:
        _go_on(day + ONE, {key: after.get(key, NONE) for key in touched}, wanted)
    return [one for one in moved if (one.old_code, one.old_rank) != (one.code, one.rank)]


ONE = timedelta(days=1)


def _go_on(day: date, held: Mapping[Key, Held], now: Mapping[Key, Held]) -> None:
    """Let the day after have what it had, though the day before it changed."""
    _delete(list(held), day)
    _insert(day, [(key, value) for key, value in held.items() if now[key] != value])


def held_on(day: date) -> dict[Key, Held]:
    """What every company holds of each kind on a day."""
    rows = Standing.objects.filter(since__lte=day)
    later = rows.filter(
        company=OuterRef("company"), kind=OuterRef("kind"), since__gt=OuterRef("since")
    )
    return {
        (company_id, kind): (code, rank)
        for company_id, kind, code, rank in rows.exclude(Exists(later)).values_list(
            "company_id", "kind", "code", "rank"
        )
    }


def _delete(keys: list[Key], day: date) -> None:
    by_kind: dict[str, list[int]] = {}
    for company_id, kind in keys:
        by_kind.setdefault(kind, []).append(company_id)
    for kind, ids in by_kind.items():
        for begin in range(0, len(ids), AT_ONCE):
            Standing.objects.filter(
                kind=kind, since=day, company__in=ids[begin : begin + AT_ONCE]
            ).delete()


def _insert(day: date, rows: list[tuple[Key, Held]]) -> None:
    bulk.insert(
        Standing,
        [
            {"company_id": company_id, "kind": kind, "code": code, "rank": rank, "since": day}
            for (company_id, kind), (code, rank) in rows
        ],
        returning=None,
    )


def _held(rows: Iterable[Mapping[str, Any]], book: Book) -> Iterable[tuple[Key, Held]]:
    levels, tiers = _codes(book.ladders[LEVELS]), _codes(book.ladders[TIERS])
    for row in rows:
        company_id = row["company_id"]
        yield (company_id, Kind.LEVEL.value), _step(levels, row["level"])
        yield (company_id, Kind.CREDIT.value), (str(row["credit_rank"]), row["credit_rank"])
        if row["medal_system"]:
            medals = _codes(book.ladders[medal_ladder(row["medal_system"])])
            yield (company_id, Kind.MEDAL.value), _step(medals, row["medal"])
            yield (company_id, Kind.TIER.value), _step(tiers, row["tier"])


def _codes(ladder: Ladder) -> dict[int, str]:
    return {step.rank: step.code for step in ladder.steps}


def _step(codes: Mapping[int, str], rank: int) -> Held:
    return (codes[rank], rank) if rank in codes else NONE
