"""Who may apply: `ENTRY-*` of programme.md. Gates, references, targets above their floors."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from pifa.programme.rules.asking import Answer, answers, open_gates
from pifa.programme.rules.season import Department, Season, Stage
from pifa.rulebook.rules import Figures


@dataclass(frozen=True, slots=True)
class Targets:
    """What a member commits to, in fen; `peak_fen` is 0 in a season without a peak day."""

    month_fen: int
    peak_fen: int


@dataclass(frozen=True, slots=True)
class Shortfall:
    """A target below its floor (`ENTRY-TARGETS`), and by how much."""

    target: str
    floor_fen: int
    missing_fen: int


def entry_answers(
    season: Season, stage: Stage, figures: Figures, department: str
) -> tuple[Answer, ...]:
    """What entry asks at a stage, each with the company's figure."""
    asked = [one for one in season.entry if stage in one.stages]
    return answers(asked, figures, department)


def may_apply(found: tuple[Answer, ...], *, exception: bool) -> bool:
    """Whether an application may be filed: no gate is shut, or an exception is asked for
    (`ENTRY-EXCEPTION`)."""
    return exception or open_gates(found)


def shortfalls(season: Season, department: Department, targets: Targets) -> tuple[Shortfall, ...]:
    """The targets that are below their floors."""
    pairs = [("month", department.month_floor_fen, targets.month_fen)]
    if season.peak is not None:
        pairs.append(("peak", department.peak_floor_fen, targets.peak_fen))
    return tuple(
        Shortfall(name, floor, floor - given) for name, floor, given in pairs if given < floor
    )


def whole_months(since: date | None, day: date) -> int:
    """Whole months of membership up to a day; 0 without."""
    if since is None or since > day:
        return 0
    return (day.year - since.year) * 12 + day.month - since.month - (day.day < since.day)
