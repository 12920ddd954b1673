"""What companies hold becomes grants: the benefits of the book, from the day of the rating on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from pifa.benefits import commands as benefits
from pifa.benefits.rules import Held, Terms
from pifa.rulebook.rules import Book, GrantRule, Ladder, Step, granted
from pifa.standing.engine import Ratings
from pifa.standing.rules.rating import LEVELS, TIERS, medal_ladder
from pifa.standing.vocabulary import PROFILE_WORDS

SOURCE = "standing"


def grant(day: date, ratings: Ratings, book: Book) -> None:
    """Let exactly the benefits that the book gives for the results be held from the day on."""
    names = ["company_id", "medal_system", "level", "medal", "tier"]
    names += [word.name for word in PROFILE_WORDS]
    wanted: dict[Held, Terms] = {}
    for row in ratings.table.select(names).to_pylist():
        for ladder, step in _steps(row, book):
            for rule in granted(book.grants, ladder.code, step, row):
                key = Held(row["company_id"], rule.code)
                if key not in wanted or rule.value:
                    wanted[key] = _terms(rule, ladder, step)
    benefits.sync(SOURCE, day, wanted)


def _steps(row: Mapping[str, Any], book: Book) -> Iterator[tuple[Ladder, Step]]:
    held: Iterable[tuple[str, int]] = [(LEVELS, row["level"])]
    if row["medal_system"]:
        held = [*held, (medal_ladder(row["medal_system"]), row["medal"]), (TIERS, row["tier"])]
    for code, rank in held:
        ladder = book.ladders[code]
        step = ladder.at(rank)
        if step is not None:
            yield ladder, step


def _terms(rule: GrantRule, ladder: Ladder, step: Step) -> Terms:
    return Terms(
        value=dict(rule.value),
        rule_id=rule.rule_id,
        reason={
            "ladder": ladder.code,
            "step": step.code,
            "zh": f"{ladder.name} {step.name}",
            "en": f"{ladder.name_en}: {step.name_en}",
        },
    )
