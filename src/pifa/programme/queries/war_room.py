"""The war room: all members of a season on one page, who is behind first. Operators only.

Some statements whatever the number of members: who they are, their money in spans of days, on the
peak day by the hour as well.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from fractions import Fraction

from django.core.cache import cache
from django.db.models import Count, F, Max, Q, QuerySet, Sum

from pifa.kernel import clock
from pifa.kernel.actors import Actor
from pifa.kernel.errors import NotFound
from pifa.metrics import queries as metrics
from pifa.programme import policies, shelf
from pifa.programme.models import Membership, SeasonRow
from pifa.programme.rules.checkpoints import asked_of
from pifa.programme.rules.pace import (
    Pace,
    Reading,
    current,
    expected_by,
    hour_marks,
    minutes_into,
    reading,
    same_day_before,
)
from pifa.programme.rules.season import Checkpoint, Marker, Season, Target
from pifa.programme.states import MembershipState

ONE = timedelta(days=1)

PAST_SECONDS = 60
"""How long sums of days that are over are kept: what still comes for them is told a minute later."""

NOBODY = 0
"""Stands for members that no account manager cares for."""

OUT = (MembershipState.ENDED, MembershipState.REMOVED)


@dataclass(frozen=True, slots=True)
class MemberLine:
    """A member as the war room has it: sums are fen. `by_hour` is what it had at the end of each of
    the peak day's hours that has begun, `before_fen` its sales on the same day of the month before.
    """

    membership_id: int
    company_id: int
    company: str
    department: str
    manager_id: int
    manager: str
    state: str
    member_tag: bool
    traffic_tag: bool
    month_fen: int
    peak_fen: int
    month_so_far_fen: int
    today_fen: int
    yesterday_fen: int
    before_fen: int
    reading: Reading
    pace: Pace
    by_hour: Sequence[int]


@dataclass(slots=True)
class Sums:
    """Members together: how many, how they stand, their money. `missing_fen` is what all lack that
    have not reached what is asked."""

    name: str = ""
    key: str = ""
    members: int = 0
    paces: dict[Pace, int] = field(default_factory=lambda: dict.fromkeys(Pace, 0))
    asked_fen: int = 0
    so_far_fen: int = 0
    missing_fen: int = 0
    today_fen: int = 0
    yesterday_fen: int = 0
    before_fen: int = 0

    def add(self, line: MemberLine) -> None:
        """Count a member in."""
        towards = line.reading.ahead
        self.members += 1
        self.paces[line.pace] += 1
        self.asked_fen += towards.asked_fen
        self.so_far_fen += towards.so_far_fen
        self.missing_fen += towards.missing_fen
        self.today_fen += line.today_fen
        self.yesterday_fen += line.yesterday_fen
        self.before_fen += line.before_fen

    @property
    def behind(self) -> int:
        return self.paces[Pace.BEHIND]


@dataclass(frozen=True, slots=True)
class Mark:
    """An hour of the peak day: what is asked by then, and how many members had it."""

    marker: Marker
    over: bool
    reached: int
    of: int


@dataclass(frozen=True, slots=True)
class PeakDay:
    """The peak day by the hour: what all brought in each hour that has begun, and its marks."""

    day: date
    by_hour: tuple[int, ...]
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class Narrow:
    """What of the members is looked at; empty fields ask for nothing. `manager` is an operator's
    id, `NOBODY`, or None; `traffic` whether the traffic tag is held."""

    department: str = ""
    manager: int | None = None
    pace: str = ""
    words: str = ""
    traffic: bool | None = None
    out: bool = False


@dataclass(frozen=True, slots=True)
class WarRoom:
    """Members of a season towards one of its checkpoints at a moment. `whole` and the sums are those
    of the members that the filters leave."""

    row: SeasonRow
    season: Season
    checkpoint: Checkpoint | None
    at: datetime
    lines: tuple[MemberLine, ...]
    whole: Sums
    by_department: tuple[Sums, ...]
    by_manager: tuple[Sums, ...]
    peak_day: PeakDay | None
    managers: tuple[tuple[int, str], ...]


def war_room(
    actor: Actor, code: str, narrow: Narrow | None = None, checkpoint: str = ""
) -> WarRoom:
    """The members of a season, who is behind first, towards a checkpoint (the one of the day).

    Operators; `NotFound` for a season or checkpoint that is not there. At most seven statements; sums
    of the days that are over are kept for a minute.
    """
    policies.may_review(actor)
    narrow = narrow or Narrow()
    row = shelf.row_of(code)
    season, now = shelf.season_of(row), clock.now()
    wanted = _checkpoint(season, checkpoint, clock.market_day(now))
    members = Membership.objects.filter(season=row)
    members = members.filter(state__in=OUT) if narrow.out else members.exclude(state__in=OUT)
    known = _lines(season, wanted, members, now)
    managers = sorted({(one.manager_id, one.manager) for one in known if one.manager_id})
    lines = sorted((one for one in known if _asked_for(one, narrow)), key=_by_urgency)
    whole = Sums()
    for line in lines:
        whole.add(line)
    return WarRoom(
        row=row,
        season=season,
        checkpoint=wanted,
        at=now,
        lines=tuple(lines),
        whole=whole,
        by_department=_together(lines, lambda one: (one.department, "")),
        by_manager=_together(lines, lambda one: (str(one.manager_id), one.manager)),
        peak_day=_peak_day(season, lines, now),
        managers=tuple(managers),
    )


def same_as(actor: Actor, code: str) -> str:
    """A mark that differs as soon as the war room of a season would show something else: money,
    rulings, members, tags, their managers, the minute of the peak day. Four statements."""
    policies.may_review(actor)
    row = shelf.row_of(code)
    held = Membership.objects.filter(season=row).aggregate(
        rows=Count("pk"),
        tagged=Sum("pk", filter=Q(member_tag=True)),
        traffic=Sum("pk", filter=Q(traffic_tag=True)),
        managed=Sum(F("pk") * F("account_manager")),
        begun=Sum("pk", filter=Q(state=MembershipState.IN_FORCE)),
    )
    now = clock.now().astimezone(clock.zone())
    peak = shelf.season_of(row).peak
    minute = minutes_into(peak, now) if now.date() == peak else 0
    marks = "-".join(str(one or 0) for one in held.values())
    return f"{metrics.pulse()}-{marks}-{now:%Y%m%d}-{minute}"


_COLUMNS = (
    "pk", "company_id", "company__name", "department", "account_manager_id",
    "account_manager__first_name", "account_manager__last_name", "account_manager__username",
    "state", "member_tag", "traffic_tag", "month_fen", "peak_fen",
)  # fmt: skip


def _checkpoint(season: Season, code: str, day: date) -> Checkpoint | None:
    if not code:
        return current(season, day)
    try:
        return season.checkpoint(code)
    except KeyError as error:
        raise NotFound from error


def _lines(
    season: Season, wanted: Checkpoint | None, members: QuerySet[Membership], now: datetime
) -> list[MemberLine]:
    if wanted is None:
        return []
    today, companies = clock.market_day(now), members.values("company_id")
    past = _past(season, wanted, members, today)
    sold = metrics.sales_between(today, today, companies)
    in_season, towards = today in season.span, today in wanted.span
    by_hour: Mapping[int, list[int]] = {}
    if hours := _hours(season, now):
        by_hour = metrics.sales_until_each(companies, hours[0], hours[1])
    expected = _expected(season, wanted, now)
    found = []
    for (
        pk, company_id, company, department, manager_id, first, last, login,
        state, member_tag, traffic_tag, month_fen, peak_fen,
    ) in members.values_list(*_COLUMNS):  # fmt: skip
        before, now_fen = past.get(company_id, _NOTHING), sold.get(company_id, 0)
        so_far = before.get("towards", 0) + (now_fen if towards else 0)
        read = reading(wanted, so_far, (month_fen, peak_fen), today, expected, now_fen)
        found.append(
            MemberLine(
                membership_id=pk,
                company_id=company_id,
                company=company,
                department=department,
                manager_id=manager_id or NOBODY,
                manager=f"{first or ''} {last or ''}".strip() or login or "",
                state=state,
                member_tag=member_tag,
                traffic_tag=traffic_tag,
                month_fen=month_fen,
                peak_fen=peak_fen,
                month_so_far_fen=before.get("month", 0) + (now_fen if in_season else 0),
                today_fen=now_fen,
                yesterday_fen=before.get("yesterday", 0),
                before_fen=before.get("before", 0),
                reading=read,
                pace=read.pace,
                by_hour=by_hour.get(company_id, ()),
            )
        )
    return found


_NOTHING: Mapping[str, int] = {}


def _past(
    season: Season, wanted: Checkpoint, members: QuerySet[Membership], today: date
) -> Mapping[int, Mapping[str, int]]:
    """What members sold within the days that are over, kept for a minute. Two statements."""
    yesterday = today - ONE
    spans = {"yesterday": (yesterday, yesterday)}
    if before := same_day_before(today):
        spans["before"] = (before, before)
    for name, span in (("month", season.span), ("towards", wanted.span)):
        if span.first <= yesterday:
            spans[name] = (span.first, min(span.last, yesterday))
    held = members.aggregate(rows=Count("pk"), last=Max("pk"))
    key = f"programme:sold:{season.code}:{wanted.code}:{today}:{held['rows']}:{held['last']}"
    key += f":{metrics.ruled_out()}"
    kept: Mapping[int, Mapping[str, int]] | None = cache.get(key)
    if kept is None:
        kept = metrics.sales_in(spans, members.values("company_id"))
        cache.set(key, kept, PAST_SECONDS)
    return kept


def _hours(season: Season, now: datetime) -> tuple[date, list[datetime]] | None:
    """The peak day and the ends of its hours that have begun; None before it."""
    day = season.peak
    if day is None or clock.market_day(now) < day:
        return None
    begun = min(minutes_into(day, now.astimezone(clock.zone())) // 60 + 1, 24)
    return day, [metrics.end_of_hour(day, hour) for hour in range(1, begun + 1)]


def _expected(season: Season, wanted: Checkpoint, now: datetime) -> Fraction | None:
    """On the peak day its hours say where a member should be; else the days do."""
    if wanted.target is not Target.PEAK or clock.market_day(now) != season.peak:
        return None
    minutes = minutes_into(season.peak, now.astimezone(clock.zone()))
    return expected_by(hour_marks(season), minutes)


def _asked_for(line: MemberLine, narrow: Narrow) -> bool:
    return (
        narrow.department in ("", line.department)
        and narrow.manager in (None, line.manager_id)
        and narrow.pace in ("", line.pace.value)
        and narrow.traffic in (None, line.traffic_tag)
        and narrow.words.casefold() in line.company.casefold()
    )


def _by_urgency(line: MemberLine) -> tuple[tuple[int, float, int], int]:
    return line.reading.urgency, line.membership_id


def _together(
    lines: Iterable[MemberLine], key_of: Callable[[MemberLine], tuple[str, str]]
) -> tuple[Sums, ...]:
    """The members together by something, with most of them behind first."""
    found: dict[str, Sums] = {}
    for line in lines:
        key, name = key_of(line)
        found.setdefault(key, Sums(name, key)).add(line)
    return tuple(sorted(found.values(), key=lambda one: (-one.behind, -one.missing_fen, one.key)))


def _peak_day(season: Season, lines: Sequence[MemberLine], now: datetime) -> PeakDay | None:
    """What the members that are looked at brought by the hour; none before the peak day."""
    hours = _hours(season, now)
    if hours is None:
        return None
    day, ends = hours
    until = [0] * len(ends)
    for line in lines:
        for place, fen in enumerate(line.by_hour):
            until[place] += fen
    marks = tuple(
        Mark(
            marker=one,
            over=metrics.end_of_hour(day, one.until) <= now,
            reached=sum(_has(line, one) for line in lines),
            of=len(lines),
        )
        for one in hour_marks(season)
    )
    return PeakDay(
        day, tuple(after - before for before, after in zip([0, *until], until, strict=False)), marks
    )


def _has(line: MemberLine, marker: Marker) -> bool:
    """Whether a member had what is asked by a mark; of one that is to come, whether it has it."""
    sold = line.by_hour[: marker.until]
    return bool(sold) and sold[-1] >= asked_of(marker.share, line.peak_fen)
