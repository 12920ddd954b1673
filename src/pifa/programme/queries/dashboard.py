"""A member's dashboard: what it has, what is missing, by when, and what each checkpoint would cost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.core.cache import cache

from pifa.finance.methods.trade_credit.queries.due_on import credit_due_on
from pifa.kernel import clock
from pifa.kernel.actors import Actor
from pifa.kernel.errors import NotFound
from pifa.metrics import queries as metrics
from pifa.programme import policies, shelf
from pifa.programme.models import Membership, Verdict
from pifa.programme.reading.fields import month_after
from pifa.programme.rules.checkpoints import (
    Ahead,
    MarkerView,
    Outcome,
    ahead,
    target_of,
    view_marker,
)
from pifa.programme.rules.season import Marker, Measure, Season
from pifa.trade.invitations.queries.unpaid import unpaid_fen

ONE = timedelta(days=1)

_RANK_SECONDS = 30


@dataclass(frozen=True, slots=True)
class VerdictView:
    """A verdict that holds: its numbers are its explanation."""

    id: int
    checkpoint: str
    outcome: Outcome
    cause: str
    measured_fen: int
    target_fen: int
    asked_fen: int
    at: datetime

    @property
    def missing_fen(self) -> int:
        return max(self.asked_fen - self.measured_fen, 0)


@dataclass(frozen=True, slots=True)
class Rank:
    """A member's place in its department by the share of the month's target; others are nameless."""

    place: int
    of: int


@dataclass(frozen=True, slots=True)
class Dashboard:
    """What a member sees. `by_day` are its sales of the season's days so far, `same_day_fen` those of
    the same day of the month before; `ahead` the checkpoints that are still to come."""

    season: Season
    state: str
    member_tag: bool
    traffic_tag: bool
    month_fen: int
    peak_fen: int
    account_manager: str
    by_day: Mapping[date, int]
    today_fen: int
    same_day_fen: int
    verdicts: tuple[VerdictView, ...]
    ahead: tuple[Ahead, ...]
    markers: tuple[MarkerView, ...]
    rank: Rank | None


def dashboard(actor: Actor, company_id: int, code: str) -> Dashboard:
    """The dashboard of a member in a season, to its people and to operators; else `NotFound`. At
    most twelve statements, however much it sells."""
    policies.may_read(actor, company_id)
    rows = Membership.objects.select_related("season", "account_manager")
    row = rows.filter(company=company_id, season__code=code).first()
    if row is None:
        raise NotFound
    season, today = shelf.season_of(row.season), clock.today()
    begin = month_after(season.span.first, -1)
    sales = metrics.sales_by_day(company_id, begin, min(today, season.span.last))
    by_day = {day: fen for day, fen in sales.items() if day in season.span}
    before = _same_day_before(today)
    manager = row.account_manager
    return Dashboard(
        season=season,
        state=row.state,
        member_tag=row.member_tag,
        traffic_tag=row.traffic_tag,
        month_fen=row.month_fen,
        peak_fen=row.peak_fen,
        account_manager=manager.get_full_name() or manager.username if manager else "",
        by_day=by_day,
        today_fen=by_day.get(today, 0),
        same_day_fen=sales.get(before, 0) if before else 0,
        verdicts=_verdicts(row),
        ahead=_ahead(row, season, by_day, today),
        markers=_markers(row, season, by_day, today),
        rank=_rank(row, season, today),
    )


def _verdicts(row: Membership) -> tuple[VerdictView, ...]:
    held = Verdict.objects.filter(membership=row, superseded=False).select_related("run")
    return tuple(
        VerdictView(
            id=one.pk,
            checkpoint=one.run.code,
            outcome=Outcome(one.outcome),
            cause=one.cause,
            measured_fen=one.measured_fen,
            target_fen=one.target_fen,
            asked_fen=one.asked_fen,
            at=one.at,
        )
        for one in held.order_by("run__position")
    )


def _ahead(
    row: Membership, season: Season, by_day: Mapping[date, int], today: date
) -> tuple[Ahead, ...]:
    """The checkpoints whose days are not over, with what the days so far brought."""
    found = []
    for one in season.checkpoints:
        if one.span.last < today:
            continue
        so_far = sum(fen for day, fen in by_day.items() if day in one.span)
        target = target_of(one.target, row.month_fen, row.peak_fen)
        found.append(ahead(one, so_far, target, today))
    return tuple(found)


def _markers(
    row: Membership, season: Season, by_day: Mapping[date, int], today: date
) -> tuple[MarkerView, ...]:
    hours = {
        one: metrics.end_of_hour(one.span.last, one.until)
        for one in season.markers
        if one.measure is Measure.SALES and one.until < 24 and one.span.last <= today
    }
    by_hour: Mapping[datetime, int] = {}
    if hours and season.peak is not None:
        by_hour = metrics.sales_until(row.company_id, season.peak, hours.values())
    coming = _coming(row, season, today)

    def measured(marker: Marker) -> int:
        if marker.measure is not Measure.SALES:
            return coming[marker.measure]
        if marker in hours:
            return by_hour[hours[marker]]
        if marker.until < 24:
            return 0
        return sum(fen for day, fen in by_day.items() if day in marker.span)

    return tuple(
        view_marker(one, measured(one), row.month_fen, row.peak_fen) for one in season.markers
    )


def _coming(row: Membership, season: Season, today: date) -> dict[Measure, int]:
    """What will come on the peak day: trade credit that is due, invitations that can be paid then."""
    if season.peak is None or today > season.peak:
        return {Measure.CREDIT_DUE: 0, Measure.UNPAID_INVITATIONS: 0}
    return {
        Measure.CREDIT_DUE: credit_due_on(row.company_id, season.peak, today).fen,
        Measure.UNPAID_INVITATIONS: unpaid_fen(row.company_id, clock.start_of_day(season.peak)),
    }


def _rank(row: Membership, season: Season, today: date) -> Rank | None:
    """The place among those in force in the department; kept half a minute for all of them."""
    key = f"programme:rank:{row.season.code}:{row.department}"
    places: dict[int, int] | None = cache.get(key)
    if places is None:
        members = Membership.objects.filter(
            season=row.season, department=row.department, member_tag=True
        )
        last = min(today, season.span.last)
        sales = metrics.sales_between(season.span.first, last, members.values("company_id"))
        shares = sorted(
            ((-sales.get(company_id, 0) / target, company_id)
             for company_id, target in members.values_list("company_id", "month_fen"))
        )  # fmt: skip
        places = {company_id: place for place, (_share, company_id) in enumerate(shares, start=1)}
        cache.set(key, places, _RANK_SECONDS)
    place = places.get(row.company_id)
    return None if place is None else Rank(place, len(places))


def _same_day_before(day: date) -> date | None:
    """The same day of the month before; None where that month has no such day."""
    try:
        return month_after(day, -1).replace(day=day.day)
    except ValueError:
        return None
