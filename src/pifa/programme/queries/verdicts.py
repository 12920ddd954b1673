"""Verdicts with all their revisions, and what members say against them. Operators only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from pifa.kernel.actors import Actor
from pifa.kernel.errors import InvalidInput, NotFound
from pifa.kernel.paging import Page, cut, page_size, read_cursor
from pifa.programme import policies, shelf
from pifa.programme.models import Appeal, SeasonRow, Verdict
from pifa.programme.queries.naming import called, person
from pifa.programme.rules.checkpoints import PASSED, Outcome
from pifa.programme.rules.season import Checkpoint, Season
from pifa.programme.states import AppealState

DECIDED = "decided"
TABS = (AppealState.OPEN.value, DECIDED)


@dataclass(frozen=True, slots=True)
class Given:
    """One revision of a verdict; sums are fen. `cause` says why it was given."""

    id: int
    checkpoint: Checkpoint
    revision: int
    superseded: bool
    cause: str
    cause_label: str
    outcome: Outcome
    measured_fen: int
    target_fen: int
    asked_fen: int
    at: datetime

    @property
    def passed(self) -> bool:
        return self.outcome in PASSED

    @property
    def missing_fen(self) -> int:
        return max(self.asked_fen - self.measured_fen, 0)


@dataclass(frozen=True, slots=True)
class AppealRow:
    """An appeal in the queue, with the verdict that it is against."""

    id: int
    row: SeasonRow
    company_id: int
    company: str
    member_tag: bool
    account_manager: str
    against: Given
    words: str
    given_by: str
    at: datetime
    state: str
    state_label: str
    answer: str
    decided_at: datetime | None
    decided_by: str


@dataclass(frozen=True, slots=True)
class AppealFile:
    """An appeal with every verdict of the member in that season, revision by revision."""

    appeal: AppealRow
    season: Season
    verdicts: tuple[Given, ...]


def given_view(row: Verdict, season: Season) -> Given:
    """A verdict that was loaded with its run."""
    return Given(
        id=row.pk,
        checkpoint=season.checkpoint(row.run.code),
        revision=row.revision,
        superseded=row.superseded,
        cause=row.cause,
        cause_label=row.get_cause_display(),
        outcome=Outcome(row.outcome),
        measured_fen=row.measured_fen,
        target_fen=row.target_fen,
        asked_fen=row.asked_fen,
        at=row.at,
    )


def verdicts_of(actor: Actor, company_id: int, code: str) -> tuple[Given, ...]:
    """Every verdict of a company in a season with its revisions, in order. Two statements."""
    policies.may_review(actor)
    row = shelf.row_of(code)
    return _verdicts(company_id, row)


def open_appeals(actor: Actor) -> int:
    """How many appeals wait. One statement."""
    policies.may_review(actor)
    return Appeal.objects.filter(state=AppealState.OPEN).count()


def appeals(
    actor: Actor,
    tab: str = AppealState.OPEN.value,
    words: str = "",
    cursor: str | None = None,
    size: int | None = None,
) -> Page[AppealRow]:
    """Appeals: those that wait, who holds the member tag first (`FAIR-APPEAL`), then the longest
    waiting; or those that are decided, the latest first. One statement."""
    policies.may_review(actor)
    if tab not in TABS:
        raise InvalidInput(field="tab", reason=" | ".join(TABS))
    waits = tab == AppealState.OPEN
    open_ones = Q(state=AppealState.OPEN)
    rows = Appeal.objects.filter(open_ones if waits else ~open_ones)
    rows = rows.filter(called(words, "verdict__membership__company"))
    if cursor:
        tagged, last_id = read_cursor(cursor, bool, int)
        member = "verdict__membership__member_tag"
        if waits:
            after = Q(**{member: tagged}, pk__gt=last_id)
            rows = rows.filter(after | Q(**{member: False}) if tagged else after)
        else:
            rows = rows.filter(pk__lt=last_id)
    order = ("-verdict__membership__member_tag", "pk") if waits else ("-pk",)
    limit = page_size(size)
    found = list(_loaded(rows).order_by(*order)[: limit + 1])
    page = cut(found, limit, lambda row: (row.verdict.membership.member_tag, row.pk))
    return Page([_row(one) for one in page.items], page.next_cursor)


def appeal_file(actor: Actor, appeal_id: int) -> AppealFile:
    """One appeal with the verdicts of its member. `NotFound`. Two statements."""
    policies.may_review(actor)
    found = _loaded(Appeal.objects.filter(pk=appeal_id)).first()
    if found is None:
        raise NotFound
    row = found.verdict.run.season
    membership = found.verdict.membership
    return AppealFile(_row(found), shelf.season_of(row), _verdicts(membership.company_id, row))


def _verdicts(company_id: int, row: SeasonRow) -> tuple[Given, ...]:
    season = shelf.season_of(row)
    rows = Verdict.objects.filter(membership__company=company_id, run__season=row)
    listed = rows.select_related("run").order_by("run__position", "revision")
    return tuple(given_view(one, season) for one in listed)


def _loaded(rows: QuerySet[Appeal]) -> QuerySet[Appeal]:
    return rows.select_related(
        "verdict__membership__company",
        "verdict__membership__account_manager",
        "verdict__run__season",
        "given_by",
        "decided_by",
    )


def _row(one: Appeal) -> AppealRow:
    verdict, membership = one.verdict, one.verdict.membership
    row = verdict.run.season
    return AppealRow(
        id=one.pk,
        row=row,
        company_id=membership.company_id,
        company=membership.company.name,
        member_tag=membership.member_tag,
        account_manager=person(membership.account_manager),
        against=given_view(verdict, shelf.season_of(row)),
        words=one.words,
        given_by=one.given_by.name,
        at=one.at,
        state=one.state,
        state_label=one.get_state_display(),
        answer=one.answer,
        decided_at=one.decided_at,
        decided_by=person(one.decided_by),
    )
