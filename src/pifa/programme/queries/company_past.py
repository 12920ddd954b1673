"""What a company did in the programme before: seasons, verdicts, freezes, rulings. Operators only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from pifa.integrity.models import RulingInForce
from pifa.kernel import clock
from pifa.kernel.actors import Actor
from pifa.programme import policies, shelf
from pifa.programme.models import Enrolment, Freeze, Membership, Rehearsal, SeasonRow, Verdict
from pifa.programme.queries.naming import person
from pifa.programme.queries.verdicts import Given, given_view
from pifa.programme.wording import named, titled

RULINGS_SHOWN = 20


@dataclass(frozen=True, slots=True)
class PastMembership:
    """A company in one season, with the verdicts that hold."""

    row: SeasonRow
    state: str
    state_label: str
    member_tag: bool
    traffic_tag: bool
    month_fen: int
    peak_fen: int
    removed_reason: str
    verdicts: tuple[Given, ...]


@dataclass(frozen=True, slots=True)
class PastApplication:
    """A rehearsal or an enrolment and what became of it."""

    row: SeasonRow
    is_rehearsal: bool
    round: str
    state_label: str
    reason: str
    applied_at: datetime


@dataclass(frozen=True, slots=True)
class FreezeView:
    """A freeze; `lifted_by` is empty where the market lifted it itself. `in_force`: it keeps the
    company out today."""

    id: int
    company_id: int
    company: str
    season: str
    season_title: str
    kind: str
    kind_label: str
    since: date
    until: date | None
    lifted_at: datetime | None
    lift_reason: str
    lifted_by: str
    in_force: bool


@dataclass(frozen=True, slots=True)
class RuledOrder:
    """An order of the company that is ruled as brushing."""

    number: str
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class CompanyPast:
    """All of it, the latest first."""

    memberships: tuple[PastMembership, ...]
    applications: tuple[PastApplication, ...]
    freezes: tuple[FreezeView, ...]
    rulings: tuple[RuledOrder, ...]

    def __bool__(self) -> bool:
        return bool(self.memberships or self.applications or self.freezes or self.rulings)


def past_of_company(actor: Actor, company_id: int) -> CompanyPast:
    """What a company did in the programme. Six statements."""
    policies.may_review(actor)
    return CompanyPast(
        _memberships(company_id),
        _applications(company_id),
        _freezes(company_id),
        _ruled(company_id),
    )


def freeze_view(row: Freeze, today: date) -> FreezeView:
    """A freeze that was loaded with company, season and who lifted it."""
    return FreezeView(
        id=row.pk,
        company_id=row.company_id,
        company=row.company.name,
        season=row.season.code,
        season_title=titled(row.season),
        kind=row.kind,
        kind_label=row.get_kind_display(),
        since=row.since,
        until=row.until,
        lifted_at=row.lifted_at,
        lift_reason=row.lift_reason,
        lifted_by=person(row.lifted_by),
        in_force=row.lifted_at is None and (row.until is None or row.until > today),
    )


def _memberships(company_id: int) -> tuple[PastMembership, ...]:
    rows = Membership.objects.filter(company=company_id).select_related("season")
    listed = list(rows.order_by("-season__first_day"))
    seasons = {one.pk: one.season for one in listed}
    held: dict[int, list[Given]] = {}
    verdicts = Verdict.objects.filter(membership__in=listed, superseded=False)
    for verdict in verdicts.select_related("run").order_by("run__position"):
        season = shelf.season_of(seasons[verdict.membership_id])
        held.setdefault(verdict.membership_id, []).append(given_view(verdict, season))
    return tuple(
        PastMembership(
            row=one.season,
            state=one.state,
            state_label=one.get_state_display(),
            member_tag=one.member_tag,
            traffic_tag=one.traffic_tag,
            month_fen=one.month_fen,
            peak_fen=one.peak_fen,
            removed_reason=one.removed_reason,
            verdicts=tuple(held.get(one.pk, ())),
        )
        for one in listed
    )


def _applications(company_id: int) -> tuple[PastApplication, ...]:
    found = [
        PastApplication(
            row=one.season,
            is_rehearsal=isinstance(one, Rehearsal),
            round=_round_name(one),
            state_label=one.get_state_display(),
            reason=one.reason,
            applied_at=one.applied_at,
        )
        for model in (Rehearsal, Enrolment)
        for one in model.objects.filter(company=company_id).select_related("season")
    ]
    return tuple(sorted(found, key=lambda one: one.applied_at, reverse=True))


def _round_name(one: Rehearsal | Enrolment) -> str:
    return named(shelf.season_of(one.season).round(one.round))


def _freezes(company_id: int) -> tuple[FreezeView, ...]:
    rows = Freeze.objects.filter(company=company_id).select_related(
        "company", "season", "lifted_by"
    )
    return tuple(freeze_view(one, clock.today()) for one in rows.order_by("-since", "-pk"))


def _ruled(company_id: int) -> tuple[RuledOrder, ...]:
    rows = RulingInForce.objects.filter(order__seller=company_id).order_by("-ruling__pk")
    columns = rows.values_list("order__number", "ruling__reason", "ruling__at")[:RULINGS_SHOWN]
    return tuple(RuledOrder(*row) for row in columns)
