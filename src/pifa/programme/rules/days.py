"""A season's calendar as one list of dated things, and how far a season has gone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from fractions import Fraction

from pifa.programme.rules.season import Measure, Season, Span


class DayKind(StrEnum):
    """What a dated thing of a season is."""

    SIGNUP = "signup"
    REHEARSAL = "rehearsal"
    ENROLMENT = "enrolment"
    SEASON = "season"
    PEAK = "peak"
    MARKER = "marker"
    CHECKPOINT = "checkpoint"
    CARRIED = "carried"


PHASES = (DayKind.SIGNUP, DayKind.REHEARSAL, DayKind.ENROLMENT)
"""What a round consists of; its `code` and names are those of the round."""


@dataclass(frozen=True, slots=True)
class Dated:
    """One thing of the calendar: days with both ends in, and the hour where it has one.

    `share` is what a marker or checkpoint asks of its target, which is the peak day's if `peak`.
    """

    kind: DayKind
    code: str
    name: str
    name_en: str
    first: date
    last: date
    hour: time | None = None
    share: Fraction | None = None
    peak: bool = False
    measure: Measure | None = None

    @property
    def uid(self) -> str:
        """What tells it from all others of its season, for ever."""
        return f"{self.kind}-{self.code}" if self.code else str(self.kind)


def calendar_of(season: Season) -> tuple[Dated, ...]:
    """Every phase, round, marker and checkpoint of a season, in the order of their days."""
    found = [_span(DayKind.SEASON, "", season.span, season.title, season.title_en)]
    for one in season.rounds:
        for kind, span in (
            (DayKind.SIGNUP, one.rehearsal_signup),
            (DayKind.REHEARSAL, one.rehearsal),
            (DayKind.ENROLMENT, one.enrolment),
        ):
            found.append(_span(kind, one.code, span, one.name, one.name_en))
    if season.peak is not None:
        found.append(_span(DayKind.PEAK, "", Span(season.peak, season.peak)))
    for marker in season.markers:
        found.append(
            Dated(
                DayKind.MARKER, marker.code, marker.name, marker.name_en,
                marker.span.first, marker.span.last,
                hour=time(marker.until) if marker.until < 24 else None,
                share=marker.share, peak=marker.target == "peak", measure=marker.measure,
            )
        )  # fmt: skip
    for check in season.checkpoints:
        found.append(
            Dated(
                DayKind.CHECKPOINT, check.code, check.name, check.name_en,
                check.runs_on, check.runs_on,
                hour=check.runs_at, share=check.pass_at, peak=check.target == "peak",
            )
        )  # fmt: skip
    if season.carried_until > season.span.last:
        carried = Span(season.span.last + timedelta(days=1), season.carried_until)
        found.append(_span(DayKind.CARRIED, "", carried))
    order = list(DayKind)
    return tuple(sorted(found, key=lambda one: (one.first, one.last, order.index(one.kind))))


def _span(kind: DayKind, code: str, span: Span, name: str = "", name_en: str = "") -> Dated:
    return Dated(kind, code, name, name_en, span.first, span.last)


def elapsed(span: Span, moment: datetime) -> Fraction:
    """How much of whole market days is over at a moment (given in the market's zone): 0 to 1."""
    length = (span.last - span.first).days + 1
    begun = (moment.date() - span.first).days
    if begun < 0:
        return Fraction(0)
    if begun >= length:
        return Fraction(1)
    minutes = begun * 1440 + moment.hour * 60 + moment.minute
    return Fraction(minutes, length * 1440)
