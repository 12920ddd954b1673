"""When what may be done, and by which entry: `CAL-*` of programme.md."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from pifa.programme.rules.season import Round, Season


class Entry(StrEnum):
    """How a company enters a season."""

    RETURNING = "returning"
    NEWCOMER = "newcomer"


class Shut(StrEnum):
    """Why a way is shut."""

    TOO_EARLY = "too_early"
    TOO_LATE = "too_late"
    FROZEN = "frozen"
    BARRED = "barred"
    MEMBER = "member"
    RETURNING = "returning"
    SIGNED_UP = "signed_up"
    NO_REHEARSAL = "no_rehearsal"
    NOT_PASSED = "not_passed"
    OTHER_ROUND = "other_round"


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """A company's rehearsal of a season: its round, and whether it was passed (None: it is open)."""

    round: str
    passed: bool | None


@dataclass(frozen=True, slots=True)
class Past:
    """What of a company's past decides its way in.

    `returns`: it was a member in the season's returning month and has not lost that since.
    `frozen_until` is the first day on which it may apply again; `barred` it may not at all.
    """

    returns: bool = False
    frozen_until: date | None = None
    barred: bool = False
    enrolled: bool = False
    rehearsals: tuple[Rehearsed, ...] = ()


@dataclass(frozen=True, slots=True)
class Way:
    """Whether a way is open on a day, in which round, and what shuts it.

    `until` is the last day of an open way; of one that is shut by the calendar `opens` is its next
    first day.
    """

    round: Round | None
    shut: Shut | None
    until: date | None = None
    opens: date | None = None

    @property
    def is_open(self) -> bool:
        return self.shut is None


def entry_of(past: Past) -> Entry:
    """Who was a member in the returning month enters directly, all others rehearse
    (`CAL-RETURNING`)."""
    return Entry.RETURNING if past.returns else Entry.NEWCOMER


def rehearsal_way(season: Season, past: Past, day: date) -> Way:
    """Whether a company may sign up for a rehearsal on a day (`CAL-REHEARSAL`).

    Who failed in a round may try the next (`CAL-AGAIN`).
    """
    way = _in_calendar(season, day, "rehearsal_signup")
    if not way.is_open or way.round is None:
        return way
    if past.returns:
        return Way(way.round, Shut.RETURNING)
    if reason := _kept_out(past, day):
        return Way(way.round, reason)
    # One of an earlier round counts no more, passed or not: it may be rehearsed again.
    if any(one.round == way.round.code for one in past.rehearsals):
        return Way(way.round, Shut.SIGNED_UP)
    return way


def enrolment_way(season: Season, past: Past, day: date) -> Way:
    """Whether a company may enrol on a day: returning members directly, newcomers with a rehearsal
    that they passed in the same round (`CAL-ENROLMENT`, `CAL-SAME-ROUND`)."""
    way = _in_calendar(season, day, "enrolment")
    if not way.is_open or way.round is None:
        return way
    if reason := _kept_out(past, day):
        return Way(way.round, reason)
    if past.returns:
        return way
    mine = next((one for one in past.rehearsals if one.round == way.round.code), None)
    if mine is None:
        others = any(one.passed for one in past.rehearsals)
        return Way(way.round, Shut.OTHER_ROUND if others else Shut.NO_REHEARSAL)
    return way if mine.passed else Way(way.round, Shut.NOT_PASSED)


def _kept_out(past: Past, day: date) -> Shut | None:
    if past.barred:
        return Shut.BARRED
    if past.frozen_until is not None and day < past.frozen_until:
        return Shut.FROZEN
    return Shut.MEMBER if past.enrolled else None


def _in_calendar(season: Season, day: date, phase: str) -> Way:
    """The round whose phase a day lies in; else when the next begins."""
    for one in season.rounds:
        span = getattr(one, phase)
        if day in span:
            return Way(one, None, until=span.last)
        if day < span.first:
            return Way(one, Shut.TOO_EARLY, opens=span.first)
    return Way(None, Shut.TOO_LATE)


def dashboard_from(approved_on: date) -> date:
    """The rehearsal's dashboard is there the day after its approval (`CAL-DASHBOARD`)."""
    return approved_on + timedelta(days=1)


def way_day(past: Past, way: Way) -> date | None:
    """The day from which a way that is shut may be open; None where no day says it."""
    return past.frozen_until if way.shut is Shut.FROZEN else way.opens
