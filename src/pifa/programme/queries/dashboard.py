"""A member's dashboard: what it has, what is missing, by when, and what each checkpoint would cost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction
from itertools import pairwise

from django.core.cache import cache

from pifa.finance.methods.trade_credit.queries.due_on import credit_due_on
from pifa.kernel import clock
from pifa.kernel.actors import Actor
from pifa.kernel.errors import NotFound
from pifa.metrics import queries as metrics
from pifa.parties import policies as parties
from pifa.programme import policies, shelf
from pifa.programme.models import Appeal, Membership, Verdict
from pifa.programme.queries.naming import person
from pifa.programme.queries.ways import held_back
from pifa.programme.reading.fields import month_after
from pifa.programme.rules.checkpoints import (
    PASSED,
    Ahead,
    MarkerView,
    Outcome,
    ahead,
    target_of,
    view_marker,
)
from pifa.programme.rules.days import elapsed
from pifa.programme.rules.pace import same_day_before
from pifa.programme.rules.season import Marker, Measure, Season
from pifa.trade.invitations.queries.unpaid import unpaid_fen

ONE = timedelta(days=1)

_RANK_SECONDS = 30


@dataclass(frozen=True, slots=True)
class AppealView:
    """What a member said against a verdict, and the answer."""

    state: str
    state_label: str
    words: str
    answer: str
    at: datetime
    decided_at: datetime | None


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
    appeal: AppealView | None

    @property
    def missing_fen(self) -> int:
        return max(self.asked_fen - self.measured_fen, 0)

    @property
    def passed(self) -> bool:
        return self.outcome in PASSED

    @property
    def appealable(self) -> bool:
        """Whether it may be appealed: it was not passed, and was not appealed before."""
        return not self.passed and self.appeal is None

    @property
    def share(self) -> Fraction:
        """What was reached of the target."""
        return Fraction(self.measured_fen, self.target_fen)


@dataclass(frozen=True, slots=True)
class Rank:
    """A member's place in its department by the share of the month's target; others are nameless."""

    place: int
    of: int


@dataclass(frozen=True, slots=True)
class Dashboard:
    """What a member sees. `by_day` are its sales of the season's days so far, `by_hour` those of each
    hour of the peak day that has begun; `same_day_fen` those of the same day of the month before,
    `same_hour_fen` what of them had come by this time of the day. `ahead` are the checkpoints that
    are still to come. `elapsed` is how much of the season is over. `frozen_until` is the first day
    on which a company that is frozen may apply again; `barred` it may not at all."""

    season: Season
    today: date
    state: str
    state_label: str
    removed_reason: str
    member_tag: bool
    traffic_tag: bool
    month_fen: int
    peak_fen: int
    account_manager: str
    by_day: Mapping[date, int]
    today_fen: int
    by_hour: tuple[int, ...]
    same_day_fen: int
    same_hour_fen: int
    elapsed: Fraction
    verdicts: tuple[VerdictView, ...]
    ahead: tuple[Ahead, ...]
    markers: tuple[MarkerView, ...]
    rank: Rank | None
    frozen_until: date | None
    barred: bool

    @property
    def so_far_fen(self) -> int:
        """The season's sales so far."""
        return sum(self.by_day.values())

    @property
    def share(self) -> Fraction:
        """How much of the month's target that is."""
        return Fraction(self.so_far_fen, self.month_fen)

    @property
    def behind(self) -> bool:
        """Whether less of the target is reached than of the season is over."""
        return self.share < self.elapsed


def dashboard(actor: Actor, company_id: int, code: str) -> Dashboard:
    """The dashboard of a member in a season, to its people and to operators; else `NotFound`. At
    most twelve statements, however much it sells."""
    row = _member(actor, company_id, code)
    season, today = shelf.season_of(row.season), clock.today()
    begin = month_after(season.span.first, -1)
    sales = metrics.sales_by_day(company_id, begin, min(today, season.span.last))
    by_day = {day: fen for day, fen in sales.items() if day in season.span}
    before = same_day_before(today)
    by_hour = _by_hour(row, season, today)
    frozen_until, barred = held_back(company_id, today)
    return Dashboard(
        season=season,
        today=today,
        state=row.state,
        state_label=row.get_state_display(),
        removed_reason=row.removed_reason,
        member_tag=row.member_tag,
        traffic_tag=row.traffic_tag,
        month_fen=row.month_fen,
        peak_fen=row.peak_fen,
        account_manager=person(row.account_manager),
        by_day=by_day,
        today_fen=by_day.get(today, 0),
        by_hour=by_hour,
        same_day_fen=sales.get(before, 0) if before else 0,
        same_hour_fen=_same_hour(company_id, before) if before in sales else 0,
        elapsed=elapsed(season.span, clock.now().astimezone(clock.zone())),
        verdicts=_verdicts(row),
        ahead=_ahead(row, season, by_day, today),
        markers=_markers(row, season, by_day, by_hour, today),
        rank=_rank(row, season, today),
        frozen_until=frozen_until,
        barred=barred,
    )


def verdicts(actor: Actor, company_id: int, code: str) -> tuple[VerdictView, ...]:
    """The verdicts of a member in a season that hold, for whom its dashboard is for. At most three
    statements."""
    return _verdicts(_member(actor, company_id, code))


def _member(actor: Actor, company_id: int, code: str) -> Membership:
    policies.may_read(actor, company_id)
    rows = Membership.objects.select_related("season", "account_manager")
    row = rows.filter(company=company_id, season__code=code).first()
    if row is None:
        raise NotFound
    return row


def pulse(actor: Actor, code: str) -> str:
    """What changes as soon as money of a season comes to the actor's company or goes back: for a
    page that waits for that. `NotFound` for who is no member. Two statements."""
    company_id = parties.require(actor)
    row = Membership.objects.filter(company=company_id, season__code=code)
    first_day = row.values_list("season__first_day", flat=True).first()
    if first_day is None:
        raise NotFound
    today = clock.today()
    sales = metrics.sales_by_day(company_id, first_day, today)
    return f"{today:%Y%m%d}.{sum(sales.values())}.{sales.get(today, 0)}"


def _verdicts(row: Membership) -> tuple[VerdictView, ...]:
    rows = Verdict.objects.select_related("run", "appeal")
    held = rows.filter(membership=row, superseded=False)
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
            appeal=_appeal(one),
        )
        for one in held.order_by("run__position")
    )


def _appeal(verdict: Verdict) -> AppealView | None:
    made: Appeal | None = getattr(verdict, "appeal", None)
    if made is None:
        return None
    return AppealView(
        state=made.state,
        state_label=made.get_state_display(),
        words=made.words,
        answer=made.answer,
        at=made.at,
        decided_at=made.decided_at,
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
        found.append(ahead(one, so_far, target, today, by_day.get(today, 0)))
    return tuple(found)


def _markers(
    row: Membership,
    season: Season,
    by_day: Mapping[date, int],
    by_hour: tuple[int, ...],
    today: date,
) -> tuple[MarkerView, ...]:
    coming = _coming(row, season, today)

    def measured(marker: Marker) -> int:
        if marker.measure is not Measure.SALES:
            return coming[marker.measure]
        if marker.until < 24:
            return sum(by_hour[: marker.until])
        return sum(fen for day, fen in by_day.items() if day in marker.span)

    return tuple(
        view_marker(one, measured(one), row.month_fen, row.peak_fen) for one in season.markers
    )


def _by_hour(row: Membership, season: Season, today: date) -> tuple[int, ...]:
    """What came in each hour of the peak day that has begun; nothing before it. One statement."""
    peak = season.peak
    if peak is None or today < peak:
        return ()
    now = clock.now()
    hours = [hour for hour in range(24) if metrics.end_of_hour(peak, hour) <= now]
    ends = [metrics.end_of_hour(peak, hour + 1) for hour in hours]
    until = metrics.sales_until(row.company_id, peak, ends)
    sums = [0, *(until[end] for end in ends)]
    return tuple(after - before for before, after in pairwise(sums))


def _same_hour(company_id: int, day: date) -> int:
    """What had come on a day by the present time of the day. One statement."""
    now = clock.now()
    moment = clock.start_of_day(day) + (now - clock.start_of_day(clock.market_day(now)))
    return metrics.sales_until(company_id, day, [moment])[moment]


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
