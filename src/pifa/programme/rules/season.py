"""A season as its file says it, checked: who may take part when, what is asked, what it brings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

from pifa.rulebook.rules import Condition


class Kind(StrEnum):
    """How a condition of entry is held: a gate shuts, a reference is weighed by a reviewer."""

    GATE = "gate"
    REFERENCE = "reference"


class Stage(StrEnum):
    """For what a condition of entry is asked."""

    REHEARSAL = "rehearsal"
    ENROLMENT = "enrolment"


class Target(StrEnum):
    """Which target a checkpoint or marker measures against."""

    MONTH = "month"
    PEAK = "peak"


class Loses(StrEnum):
    """What who misses a checkpoint loses: the traffic tag, or the member tag with it."""

    TRAFFIC = "traffic"
    ALL = "all"


class Measure(StrEnum):
    """What a marker counts: money that came, or money that will come on the peak day."""

    SALES = "sales"
    CREDIT_DUE = "credit_due"
    UNPAID_INVITATIONS = "unpaid_invitations"


class Tag(StrEnum):
    """With which tag a benefit is held."""

    MEMBER = "member"
    TRAFFIC = "traffic"


@dataclass(frozen=True, slots=True)
class Span:
    """Whole market days, both ends in."""

    first: date
    last: date

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last


@dataclass(frozen=True, slots=True)
class Round:
    """One way into the season: when rehearsals are signed up for and measured, and enrolment."""

    code: str
    name: str
    name_en: str
    rehearsal_signup: Span
    rehearsal: Span
    enrolment: Span


@dataclass(frozen=True, slots=True)
class Department:
    """Top-level categories with one floor of targets; without a peak the second is not asked."""

    code: str
    name: str
    name_en: str
    categories: tuple[str, ...]
    month_floor_fen: int
    peak_floor_fen: int


@dataclass(frozen=True, slots=True)
class Asked:
    """A condition with its rule; `department` is empty where it is asked of all."""

    rule_id: str
    condition: Condition
    kind: Kind = Kind.GATE
    stages: tuple[Stage, ...] = tuple(Stage)
    department: str = ""


@dataclass(frozen=True, slots=True)
class Rehearsing:
    """Which orders a rehearsal counts, and what is asked of them."""

    channels: tuple[str, ...]
    methods: tuple[str, ...]
    large_fen: int
    conditions: tuple[Asked, ...]


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A measure, when it is taken, at which share of the target it is passed, what missing costs.

    Below `freeze_below` (a share; None: never) the company may not apply for `freeze_months`.
    `renews`: who passes may return to the next season.
    """

    code: str
    name: str
    name_en: str
    target: Target
    span: Span
    runs_on: date
    runs_at: time
    pass_at: Fraction
    loses: Loses
    freeze_below: Fraction | None = None
    freeze_months: int = 0
    renews: bool = False

    def due(self, zone: ZoneInfo) -> datetime:
        """The moment at which it runs."""
        return datetime.combine(self.runs_on, self.runs_at, zone)


@dataclass(frozen=True, slots=True)
class Marker:
    """A milestone on the way, without consequence; `until` is an hour of the last day (24: its end)."""

    code: str
    name: str
    name_en: str
    measure: Measure
    target: Target
    span: Span
    share: Fraction
    until: int = 24


@dataclass(frozen=True, slots=True)
class BenefitRule:
    """A benefit that members hold with one of their tags.

    `awaits` names the tool that will give it, where it does not exist yet.
    """

    code: str
    rule_id: str
    name: str
    name_en: str
    tag: Tag
    departments: tuple[str, ...]
    awaits: str
    value: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class TrackStep:
    """What a track asks for its first benefits; the highest step that holds counts."""

    code: str
    name: str
    name_en: str
    first: int
    conditions: tuple[Asked, ...]


@dataclass(frozen=True, slots=True)
class TrackBenefit:
    """One benefit of a track, in its order. `boost`: steps in search that come with it."""

    name: str
    name_en: str
    awaits: str
    boost: int = 0


@dataclass(frozen=True, slots=True)
class Track:
    """Traffic of one kind of trade, for members that reach its threshold."""

    code: str
    rule_id: str
    name: str
    name_en: str
    conditions: tuple[Asked, ...]
    benefits: tuple[TrackBenefit, ...]
    steps: tuple[TrackStep, ...]


@dataclass(frozen=True, slots=True)
class TradeKind:
    """A kind of trade that tracks count: orders of these scenes, by these channels (none: any)."""

    code: str
    scenes: tuple[str, ...]
    channels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Season:
    """One season. `returning` is the month whose members need not rehearse; until `carried_until`
    who passed the last checkpoint keeps its tags without a new target. So many `ruled_orders` in
    force cost the right to take part (0: none do). `opinions`: how many reviewers an exception
    needs."""

    code: str
    title: str
    title_en: str
    source: str
    span: Span
    peak: date | None
    carried_until: date
    rounds: tuple[Round, ...]
    returning: Span
    departments: tuple[Department, ...]
    grades: tuple[str, ...]
    entry: tuple[Asked, ...]
    opinions: int
    rehearsing: Rehearsing
    checkpoints: tuple[Checkpoint, ...]
    markers: tuple[Marker, ...]
    benefits: tuple[BenefitRule, ...]
    tracks: tuple[Track, ...]
    trade: tuple[TradeKind, ...]
    ruled_orders: int

    def department_of(self, category: str) -> Department | None:
        """The department of a top-level category, by its slug."""
        return next((one for one in self.departments if category in one.categories), None)

    def department(self, code: str) -> Department:
        """A department by code; `KeyError`."""
        return {one.code: one for one in self.departments}[code]

    def round(self, code: str) -> Round:
        """A round by code; `KeyError`."""
        return {one.code: one for one in self.rounds}[code]

    def checkpoint(self, code: str) -> Checkpoint:
        """A checkpoint by code; `KeyError`."""
        return {one.code: one for one in self.checkpoints}[code]
