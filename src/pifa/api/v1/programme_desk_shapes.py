"""What operators of the key-account programme send and read."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import Field

from pifa.api.fields import Amount, Day, Flag, Id, In, Line, Out, PageOut, Text, Yuan

Ids = Annotated[list[Id], Field(min_length=1, max_length=500)]


class SeasonIn(In):
    """A season's whole text; `month` for a template (any day of it)."""

    text: Annotated[str, Field(max_length=512 * 1024)]
    month: Day | None = None


class MistakeOut(Out):
    line: int
    reason: str


class CheckedOut(Out):
    """What a text comes to: a season's code and days, or every mistake. Nothing is kept."""

    sound: bool
    code: str = ""
    first_day: date | None = None
    last_day: date | None = None
    mistakes: list[MistakeOut]


class RunOut(Out):
    """A checkpoint: `waits` is empty or says what it lacks; `outcomes` counts verdicts that hold."""

    code: str
    name: str
    due_at: datetime
    done: bool
    ran_at: datetime | None
    waits: str
    members: int
    passed: int
    outcomes: dict[str, int]


class OperatedSeasonOut(Out):
    """A published season as operators watch it."""

    code: str
    title: str
    first_day: date
    last_day: date
    members: int
    checkpoints: list[RunOut]


class OperatedSeasonPage(PageOut):
    items: list[OperatedSeasonOut]


class DryLineOut(Out):
    """What a checkpoint would come to for a member."""

    company_id: int
    company: str
    department: str
    outcome: str
    asked: Yuan
    measured: Yuan
    missing: Yuan


class DryRunOut(Out):
    """A checkpoint run dry, who lacks most first. `done`: it has run, its verdicts stand."""

    season: str
    checkpoint: str
    done: bool
    members: list[DryLineOut]


class EntryConditionOut(Out):
    """A condition of entry with the company's figure; `now` is the figure of today, while it waits."""

    rule: str
    kind: Literal["gate", "reference"]
    asked: str
    filed: str
    now: str | None
    holds: bool


class ApplicationOut(Out):
    """A rehearsal or an enrolment in the queue."""

    id: int
    season: str
    company_id: int
    company: str
    round: str
    department: str
    entry: str
    exception: bool
    exception_reason: str
    month_target: Yuan | None
    peak_target: Yuan | None
    declared_revenue: Yuan | None
    state: str
    reason: str
    applied_at: datetime
    opinions: int
    shut_gates: list[str]


class ApplicationPage(PageOut):
    items: list[ApplicationOut]


class ReviewerOpinionOut(Out):
    approves: bool
    reason: str
    by: str
    at: datetime


class EvidenceOut(Out):
    """What a reviewer found: fen of a revenue as yuan, yes or no of an infringement."""

    metric: str
    found: str
    words: str
    by: str
    at: datetime


class ApplicationFileOut(ApplicationOut):
    """An enrolment with all that a reviewer weighs."""

    conditions: list[EntryConditionOut]
    approvals_needed: int
    given: list[ReviewerOpinionOut]
    evidence: list[EvidenceOut]


class OpinionIn(In):
    """Yes or no with the reason that is kept; the seller reads it if refused."""

    approve: Flag
    reason: Line = ""


class ManyOpinionsIn(OpinionIn):
    ids: Ids


class DecidedOut(Out):
    """What became of one: its state, or why it was left as it was."""

    id: int
    state: str
    refused: str


class DecidedPage(PageOut):
    items: list[DecidedOut]


class EvidenceIn(In):
    """What was found: `revenue` for `yearly_revenue`, `infringes` for `grave_ip`."""

    metric: Literal["yearly_revenue", "grave_ip"]
    revenue: Amount | None = None
    infringes: Flag = False
    words: Line


class SeasonMemberOut(Out):
    """A member towards the checkpoint; `at_this_pace` is unknown before its first day is over."""

    membership_id: int
    company_id: int
    company: str
    department: str
    account_manager: str
    member_tag: bool
    traffic_tag: bool
    pace: Literal["behind", "unknown", "on_pace", "reached"]
    asked: Yuan
    so_far: Yuan
    missing: Yuan
    at_this_pace: Yuan | None
    today: Yuan
    yesterday: Yuan
    same_day_last_month: Yuan


class TogetherOut(Out):
    members: int
    behind: int
    asked: Yuan
    so_far: Yuan
    missing: Yuan
    today: Yuan


class WarRoomOut(Out):
    """Members of a season, who is behind first; by the checkpoint of the day or the one asked for."""

    season: str
    checkpoint: str
    at: datetime
    together: TogetherOut
    members: list[SeasonMemberOut]


class ManagerIn(In):
    """Members and who cares for them from now on; without `user_id` nobody."""

    membership_ids: Ids
    user_id: Id | None = None


class AssignedOut(Out):
    members: int


class GivenOut(Out):
    """One revision of a verdict; `cause` says why it was given."""

    checkpoint: str
    revision: int
    superseded: bool
    cause: str
    outcome: str
    asked: Yuan
    measured: Yuan
    missing: Yuan
    at: datetime


class OperatedAppealOut(Out):
    """An appeal with the verdict it is against."""

    id: int
    season: str
    company_id: int
    company: str
    member_tag: bool
    against: GivenOut
    words: str
    at: datetime
    state: str
    answer: str
    decided_at: datetime | None
    decided_by: str


class OperatedAppealPage(PageOut):
    items: list[OperatedAppealOut]


class OperatedAppealFileOut(OperatedAppealOut):
    """With every verdict of the member in that season."""

    verdicts: list[GivenOut]


class AppealAnswerIn(In):
    """Upheld, the verdict becomes passed; the seller reads the answer."""

    uphold: Flag
    answer: Text


class FreezeOut(Out):
    """A freeze; `lifted_by` is empty where the market lifted it itself."""

    id: int
    company_id: int
    company: str
    season: str
    kind: Literal["missed", "brushing"]
    since: date
    until: date | None
    in_force: bool
    lifted_at: datetime | None
    lifted_by: str
    lift_reason: str


class FreezePage(PageOut):
    items: list[FreezeOut]


class WhyIn(In):
    """The reason, which is kept."""

    reason: Line


class MarkIn(In):
    """What is noted of a seller for the tracks."""

    code: Annotated[str, Field(max_length=40)]
    reason: Line


class MarkOut(Out):
    company_id: int
    company: str
    code: str
    reason: str
    given_at: datetime
    given_by: str
    ended_at: datetime | None
    ended_by: str
    end_reason: str


class MarkPage(PageOut):
    items: list[MarkOut]
