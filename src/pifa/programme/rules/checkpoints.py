"""What a checkpoint finds and what that costs: `CHECK-*` of programme.md. Exact, in fen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction

from pifa.programme.rules.season import Checkpoint, Loses, Marker, Season, Span, Target


class Outcome(StrEnum):
    """What a verdict comes to."""

    KEPT = "kept"
    """Passed: the traffic tag is kept or restored."""
    RENEWED = "renewed"
    """Passed the last one: tags kept or restored, may return to the next season."""
    TRAFFIC_LOST = "traffic_lost"
    """Missed: the traffic tag goes, member tag and dashboard stay."""
    NOT_RENEWED = "not_renewed"
    """Missed the last one, not by so much that it is frozen: both tags go."""
    FROZEN = "frozen"
    """Missed the last one by far: both tags go, and it may not apply for some months."""


PASSED = (Outcome.KEPT, Outcome.RENEWED)


@dataclass(frozen=True, slots=True)
class Judgement:
    """A checkpoint held against one member's sales. `asked_fen` is what passes, `missing_fen` what
    was lacking."""

    measured_fen: int
    target_fen: int
    asked_fen: int
    outcome: Outcome

    @property
    def passed(self) -> bool:
        return self.outcome in PASSED

    @property
    def missing_fen(self) -> int:
        return max(self.asked_fen - self.measured_fen, 0)

    @property
    def share(self) -> Fraction:
        """What was reached of the target."""
        return Fraction(self.measured_fen, self.target_fen)


@dataclass(frozen=True, slots=True)
class Tags:
    """Which tags a member holds, and whether it may return."""

    member: bool
    traffic: bool
    renewed: bool = False


def asked_of(share: Fraction, target_fen: int) -> int:
    """The least sum that is at least a share of a target: a fraction of a fen is rounded up."""
    return -(-share.numerator * target_fen // share.denominator)


def target_of(target: Target, month_fen: int, peak_fen: int) -> int:
    """The target that is measured against."""
    return peak_fen if target is Target.PEAK else month_fen


def judge(checkpoint: Checkpoint, measured_fen: int, target_fen: int) -> Judgement:
    """Hold a member's sales against its target.

    At exactly the asked share it is passed; at exactly `freeze_below` nobody is frozen.
    """
    asked = asked_of(checkpoint.pass_at, target_fen)
    if measured_fen >= asked:
        outcome = Outcome.RENEWED if checkpoint.renews else Outcome.KEPT
    elif checkpoint.loses is Loses.TRAFFIC:
        outcome = Outcome.TRAFFIC_LOST
    else:
        bound = checkpoint.freeze_below
        frozen = bound is not None and measured_fen < asked_of(bound, target_fen)
        outcome = Outcome.FROZEN if frozen else Outcome.NOT_RENEWED
    return Judgement(measured_fen, target_fen, asked, outcome)


def tags_after(outcomes: Sequence[Outcome]) -> Tags:
    """The tags of a member after these verdicts, in the order of their checkpoints.

    The last one counts: passing a checkpoint restores what an earlier one took.
    """
    if not outcomes:
        return Tags(True, True)
    match outcomes[-1]:
        case Outcome.KEPT:
            return Tags(True, True)
        case Outcome.RENEWED:
            return Tags(True, True, renewed=True)
        case Outcome.TRAFFIC_LOST:
            return Tags(True, False)
        case Outcome.NOT_RENEWED | Outcome.FROZEN:
            return Tags(False, False)


def frozen_until(checkpoint: Checkpoint) -> date:
    """The first day on which who was frozen may apply again (`CHECK-FREEZE`): the same day so many
    months later, or the first of the month after where that month has no such day."""
    day = checkpoint.runs_on
    place = day.year * 12 + day.month - 1 + checkpoint.freeze_months
    year, month = place // 12, place % 12 + 1
    try:
        return date(year, month, day.day)
    except ValueError:
        return date(year + month // 12, month % 12 + 1, 1)


@dataclass(frozen=True, slots=True)
class Ahead:
    """A checkpoint that is still to come, as a member stands now.

    `at_this_pace_fen` is what the sales so far come to at the end of its days (`at_this_pace`).
    `missing_fen` is what has to come until its last day.
    """

    checkpoint: Checkpoint
    so_far_fen: int
    asked_fen: int
    missing_fen: int
    at_this_pace_fen: int | None
    days_left: int

    @property
    def will_pass(self) -> bool | None:
        """Whether it is passed at this pace; None where nothing can be said yet."""
        if self.missing_fen == 0:
            return True
        pace = self.at_this_pace_fen
        return None if pace is None else pace >= self.asked_fen


def at_this_pace(span: Span, so_far_fen: int, today_fen: int, day: date) -> int | None:
    """What sales come to at the end of a span if the days to come are like those that are over; None
    before the first is over.

    `today_fen` is what of them `day` brought so far, which is not over: it counts as a day like the
    others until it brings more, and however much it brings, the days after it do not.
    """
    length = (span.last - span.first).days + 1
    over = min(max((day - span.first).days, 0), length)
    if over in (0, length):
        return so_far_fen if over else None
    before = so_far_fen - today_fen
    return before + (max(today_fen * over, before) + before * (length - over - 1)) // over


def ahead(
    checkpoint: Checkpoint, so_far_fen: int, target_fen: int, day: date, today_fen: int = 0
) -> Ahead:
    """How a member stands towards a checkpoint during `day`, which is not over and brought
    `today_fen` of what there is so far."""
    asked = asked_of(checkpoint.pass_at, target_fen)
    span = checkpoint.span
    today_fen = today_fen if day in span else 0
    return Ahead(
        checkpoint,
        so_far_fen,
        asked,
        missing_fen=max(asked - so_far_fen, 0),
        at_this_pace_fen=at_this_pace(span, so_far_fen, today_fen, day),
        days_left=(span.last - max(day, span.first)).days + 1 if day <= span.last else 0,
    )


@dataclass(frozen=True, slots=True)
class MarkerView:
    """A marker with what a member has: sums are fen."""

    marker: Marker
    measured_fen: int
    asked_fen: int

    @property
    def reached(self) -> bool:
        return self.measured_fen >= self.asked_fen

    @property
    def missing_fen(self) -> int:
        return max(self.asked_fen - self.measured_fen, 0)


def view_marker(marker: Marker, measured_fen: int, month_fen: int, peak_fen: int) -> MarkerView:
    """A marker held against what was measured; without consequence (`CHECK-MARKERS`)."""
    target = target_of(marker.target, month_fen, peak_fen)
    return MarkerView(marker, measured_fen, asked_of(marker.share, target))


def barred_by(season: Season, ruled_orders: int) -> bool:
    """Whether so many orders ruled as brushing cost the right to take part (`FAIR-BRUSHING`)."""
    return 0 < season.ruled_orders <= ruled_orders
