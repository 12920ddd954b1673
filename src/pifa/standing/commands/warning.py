"""A notice before a fall: who will hold less within some days if nothing more happens."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from pifa.kernel.events import emit
from pifa.rulebook.rules import Book
from pifa.standing.engine import Rater, Ratings
from pifa.standing.events import FallAhead
from pifa.standing.models import FallWarning, Kind
from pifa.standing.rules.rating import LEVELS, TIERS, medal_ladder

DAYS_AHEAD = 3
"""How many days before a fall a company is told: time enough to do something about it."""

_KINDS = {Kind.LEVEL.value: "level", Kind.MEDAL.value: "medal", Kind.TIER.value: "tier"}


def warn(day: date, ratings: Ratings, book: Book, rater: Rater) -> None:
    """Announce `FallAhead` for each step that will be lost within `DAYS_AHEAD` days, once."""
    now = {row["company_id"]: row for row in ratings.rows()}
    falling: dict[tuple[int, str, str], date] = {}
    steps: dict[tuple[int, str, str], tuple[str, int]] = {}
    for ahead in range(1, DAYS_AHEAD + 1):
        then = day + timedelta(days=ahead)
        for row in rater.rate(then, book, measured_on=day).rows():
            held = now.get(row["company_id"])
            for key, new, rank in _falls(held, row, book):
                falling.setdefault(key, then)
                steps.setdefault(key, (new, rank))
    known = set(FallWarning.objects.values_list("company_id", "kind", "code"))
    _forget(now, book, known, falling)
    fresh = sorted(key for key in falling if key not in known)
    FallWarning.objects.bulk_create(
        FallWarning(company_id=company, kind=kind, code=code, told_on=day, falls_on=falling[key])
        for key in fresh
        for company, kind, code in [key]
    )
    emit(
        *(
            FallAhead(
                company_id=key[0],
                kind=key[1],
                old=key[2],
                new=steps[key][0],
                falls_on=falling[key].isoformat(),
            )
            for key in fresh
        )
    )


def _falls(
    held: Mapping[str, Any] | None, then: Mapping[str, Any], book: Book
) -> Iterator[tuple[tuple[int, str, str], str, int]]:
    if held is None:
        return
    for kind, column in _KINDS.items():
        if then[column] < held[column] and held[column] > 0:
            ladder = book.ladders[_ladder(kind, held["medal_system"])]
            old, new = ladder.at(held[column]), ladder.at(then[column])
            assert old is not None
            key = (held["company_id"], kind, old.code)
            yield key, new.code if new else "", then[column]


def _ladder(kind: str, medal_system: str) -> str:
    return {"level": LEVELS, "tier": TIERS}.get(kind) or medal_ladder(medal_system)


def _forget(
    now: Mapping[int, Mapping[str, Any]],
    book: Book,
    known: set[tuple[int, str, str]],
    falling: Mapping[tuple[int, str, str], date],
) -> None:
    """Drop warnings of falls that came or were averted, so that the next is told again."""
    over = [key for key in known if key not in falling]
    for company_id, kind, code in over:
        FallWarning.objects.filter(company=company_id, kind=kind, code=code).delete()
        known.discard((company_id, kind, code))
