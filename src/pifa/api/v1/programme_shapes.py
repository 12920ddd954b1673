"""What the key-account programme looks like to its sellers, in answers and requests."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import Field

from pifa.api.fields import Amount, In, Line, Out, PageOut, Text, Yuan

Code = Annotated[str, Field(max_length=40, pattern=r"^[0-9A-Za-z-]+$", examples=["march-2018"])]
"""A season's code."""

Outcome = Literal["kept", "renewed", "traffic_lost", "not_renewed", "frozen"]


class DatedOut(Out):
    """A thing of the calendar: whole days with both ends in, and the hour (market time) where it has
    one. `share` of the target is what a marker or checkpoint asks."""

    kind: str
    code: str
    name: str
    first: date
    last: date
    hour: str
    asks: str


class SeasonOut(Out):
    """A season that is announced, runs, or whose tags are still held; `feed` is its calendar's
    address for calendar programs."""

    code: str
    title: str
    first: date
    last: date
    peak: date | None
    carried_until: date
    dates: list[DatedOut]
    feed: str


class SeasonPage(PageOut):
    items: list[SeasonOut]


class SeasonConditionOut(Out):
    """A condition with the company's figure. `figure` is exact (money in fen, a ratio by numerator
    and denominator, None if it is not known), the rest are words. A `gate` shuts, a `reference` is
    weighed by a reviewer."""

    rule_id: str
    kind: Literal["gate", "reference"]
    metric: str
    label: str
    asked: str
    value: str
    figure: Any
    holds: bool
    missing: str


class WayOut(Out):
    """Whether a way is open today; `shut` says why not, `opens` from when it may be."""

    is_open: bool
    round: str
    until: date | None
    shut: str
    words: str
    opens: date | None


class WayInOut(Out):
    """The ways into a season for the company, what is asked at each, and the floors of targets."""

    season: str
    department: str
    entry: Literal["returning", "newcomer"]
    rehearsal: WayOut
    enrolment: WayOut
    rehearsal_conditions: list[SeasonConditionOut]
    enrolment_conditions: list[SeasonConditionOut]
    month_floor: Yuan | None
    peak_floor: Yuan | None


class RehearsalOut(Out):
    """A rehearsal; `reason` is why it was refused."""

    id: int
    round: str
    state: Literal["applied", "refused", "open", "passed", "failed"]
    state_label: str
    reason: str
    applied_at: datetime
    decided_at: datetime | None
    passed_at: datetime | None


class OpinionOut(Out):
    """What a reviewer said."""

    approves: bool
    reason: str
    at: datetime


class ProofOut(Out):
    """What was brought for an enrolment; `format` is empty without a file."""

    id: int
    kind: Literal["revenue", "offline", "brand", "other"]
    kind_label: str
    amount: Yuan | None
    words: str
    name: str
    format: Literal["", "pdf", "ofd", "png", "jpeg"]
    size: int
    at: datetime


class FoundOut(Out):
    """What reviewers found: `yearly_revenue` in fen, `grave_ip` 1 or 0."""

    metric: str
    value: int
    words: str
    at: datetime


class EnrolmentOut(Out):
    """An enrolment with all that was said of it. `peak` is zero in a season without a peak day."""

    id: int
    season: str
    round: str
    entry: Literal["returning", "newcomer"]
    department: str
    month: Yuan
    peak: Yuan
    declared: Yuan
    exception: bool
    exception_reason: str
    state: Literal["submitted", "second", "approved", "refused", "withdrawn", "void"]
    state_label: str
    reason: str
    applied_at: datetime
    decided_at: datetime | None
    opinions: list[OpinionOut]
    proofs: list[ProofOut]
    found: list[FoundOut]


class ApplicationsOut(Out):
    """What the company applied for in a season, the latest first."""

    rehearsals: list[RehearsalOut]
    enrolments: list[EnrolmentOut]


class EnrolIn(In):
    """Targets above the department's floors (`peak` where the season has a peak day), the yearly
    revenue as declared, and why gates that are shut should be passed over."""

    month: Amount
    peak: Amount | None = None
    declared: Amount
    exception: Line = ""


class ProofIn(In):
    """What a proof shows, in words and perhaps a figure; the file is a part of the form."""

    kind: Literal["revenue", "offline", "brand", "other"]
    words: Annotated[str, Field(min_length=1, max_length=500)]
    amount: Amount | None = None


class RehearsedOrderOut(Out):
    """An order paid within the days. `why` is empty for one that counts, else `channel`, `ruled`,
    `refunded` or `coming`."""

    number: str
    buyer_name: str
    channel_label: str
    paid_at: datetime | None
    amount: Yuan
    large: bool
    by_bank: bool
    why: Literal["", "channel", "ruled", "refunded", "coming"]


class RehearsalBoardOut(Out):
    """The latest rehearsal, live; before `opens` without conditions and orders."""

    season: str
    round: str
    state: str
    state_label: str
    reason: str
    first: date
    last: date
    days_left: int
    opens: date | None
    is_open: bool
    conditions: list[SeasonConditionOut]
    orders: list[RehearsedOrderOut]
    may_enrol: bool


class AheadOut(Out):
    """A checkpoint to come: `at_this_pace` is what the sales so far come to at the end of its days
    (None before the first is over), `cost` what missing it costs."""

    code: str
    name: str
    first: date
    last: date
    runs_at: datetime
    so_far: Yuan
    asked: Yuan
    missing: Yuan
    at_this_pace: Yuan | None
    will_pass: bool | None
    days_left: int
    cost: str


class MarkerOut(Out):
    """A marker, without consequence of its own."""

    code: str
    name: str
    first: date
    last: date
    until_hour: int
    measure: Literal["sales", "credit_due", "unpaid_invitations"]
    measured: Yuan
    asked: Yuan
    reached: bool


class AppealOut(Out):
    """What was said against a verdict, and the answer."""

    state: Literal["open", "upheld", "dismissed"]
    state_label: str
    words: str
    answer: str
    at: datetime
    decided_at: datetime | None


class VerdictOut(Out):
    """A verdict that holds, with its numbers; `cause` says why it was given."""

    id: int
    checkpoint: str
    outcome: Outcome
    outcome_label: str
    cause: Literal["run", "revised", "appeal"]
    measured: Yuan
    target: Yuan
    asked: Yuan
    missing: Yuan
    at: datetime
    appealable: bool
    appeal: AppealOut | None


class VerdictPage(PageOut):
    items: list[VerdictOut]


class DayOut(Out):
    """Sales of a day, refunds taken off."""

    day: date
    sales: Yuan


class RankOut(Out):
    """The place in the department by share of the month's target; the others are nameless."""

    place: int
    of: int


class DashboardOut(Out):
    """A member's season. `share` of the target and `elapsed` of the season are exact fractions as
    `numerator/denominator`; `by_hour` are the hours of the peak day that have begun."""

    season: str
    state: str
    state_label: str
    member_tag: bool
    traffic_tag: bool
    month: Yuan
    peak: Yuan
    account_manager: str
    so_far: Yuan
    today: Yuan
    same_day_last_month: Yuan
    same_day_by_now: Yuan
    share: str
    elapsed: str
    behind: bool
    by_day: list[DayOut]
    by_hour: list[Yuan]
    ahead: list[AheadOut]
    markers: list[MarkerOut]
    verdicts: list[VerdictOut]
    rank: RankOut | None
    frozen_until: date | None
    barred: bool


class AppealIn(In):
    """Why the verdict is wrong."""

    words: Text


class SeasonBenefitOut(Out):
    """A benefit; `lacking` is empty while it is held, `awaits` names a tool that does not exist yet.
    `until` is the first day without it."""

    code: str
    rule_id: str
    name: str
    with_tag: Literal["member", "traffic"]
    held: bool
    since: date | None
    until: date | None
    lacking: Literal["", "no_member", "waiting", "over", "no_traffic", "coming"]
    awaits: str


class TrackStepOut(Out):
    """A step: so many of the track's benefits come with it, for these conditions besides."""

    code: str
    name: str
    first: int
    conditions: list[SeasonConditionOut]
    holds: bool


class TrackBenefitOut(Out):
    """One benefit of a track, in its order."""

    name: str
    held: bool
    awaits: str


class TrackOut(Out):
    """A track as the company stands to it by the days that are over."""

    code: str
    rule_id: str
    name: str
    holds: bool
    step: str
    since: date | None
    until: date | None
    conditions: list[SeasonConditionOut]
    steps: list[TrackStepOut]
    benefits: list[TrackBenefitOut]


class BenefitBoardOut(Out):
    """Benefits and tracks of a season."""

    season: str
    member: bool
    member_tag: bool
    traffic_tag: bool
    benefits: list[SeasonBenefitOut]
    tracks: list[TrackOut]
