"""What a member holds of a season's benefits and tracks, since when, and why it does not hold the rest."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from pifa.benefits import queries as benefits
from pifa.benefits.queries import GrantView
from pifa.kernel import clock
from pifa.kernel.actors import Actor
from pifa.parties import policies as parties
from pifa.programme import shelf
from pifa.programme.models import Membership, SeasonRow
from pifa.programme.queries import figures
from pifa.programme.queries.tracks import figures_of
from pifa.programme.rules.asking import Answer, answers
from pifa.programme.rules.giving import MEMBER_TAG, TRAFFIC_TAG, TrackView, view_track
from pifa.programme.rules.season import BenefitRule, Season, Span, Tag, TrackStep
from pifa.rulebook.rules import Figure

SOURCES = ("programme", "programme:tracks")


class Lacking(StrEnum):
    """Why a benefit is not held."""

    NO_MEMBER = "no_member"
    WAITING = "waiting"
    OVER = "over"
    NO_TRAFFIC = "no_traffic"
    COMING = "coming"


@dataclass(frozen=True, slots=True)
class BenefitLine:
    """One benefit. `since` and `until` are those of the latest grant (`until` the first day
    without it); `lacking` is None while it is held."""

    rule: BenefitRule
    since: date | None
    until: date | None
    lacking: Lacking | None


@dataclass(frozen=True, slots=True)
class StepLine:
    """A step of a track with what it asks besides the threshold."""

    step: TrackStep
    answers: tuple[Answer, ...]
    holds: bool


@dataclass(frozen=True, slots=True)
class TrackLine:
    """One track as the company stands to it, by the days that are over."""

    view: TrackView
    steps: tuple[StepLine, ...]
    since: date | None
    until: date | None


@dataclass(frozen=True, slots=True)
class BenefitBoard:
    """`member` tells whether the company is one of the season; `tags` are the two tags' lines."""

    season: Season
    member: bool
    state_label: str
    tags: tuple[tuple[Tag, bool, date | None, date | None], ...]
    lines: tuple[BenefitLine, ...]
    tracks: tuple[TrackLine, ...]

    @property
    def held(self) -> int:
        return sum(line.lacking is None for line in self.lines)


def benefit_board(actor: Actor, code: str) -> BenefitBoard:
    """Benefits and tracks of a season for the actor's company. A number of statements that depends
    on the season's kinds of trade alone."""
    company_id, today = parties.require(actor), clock.today()
    row = shelf.row_of(code)
    season = shelf.season_of(row)
    rows = Membership.objects.filter(company=company_id, season=row)
    member = rows.first()
    if member is not None:
        department = member.department
    else:
        found = figures.department_of(season, company_id)
        department = found.code if found else ""
    grants = _latest(company_id, code, season.span if member and row.first_day <= today else None)
    known = figures_of(row, rows, today).get(company_id, {}) if member else {}
    return BenefitBoard(
        season=season,
        member=member is not None,
        state_label=member.get_state_display() if member else "",
        tags=tuple(
            (tag, held, *_span(grants.get(name)))
            for tag, name, held in (
                (Tag.MEMBER, MEMBER_TAG, bool(member and member.member_tag)),
                (Tag.TRAFFIC, TRAFFIC_TAG, bool(member and member.traffic_tag)),
            )
        ),
        lines=tuple(
            _line(rule, member, grants.get(rule.code), row, today)
            for rule in season.benefits
            if not rule.departments or not department or department in rule.departments
        ),
        tracks=tuple(_tracks(season, known, department, grants)),
    )


def _latest(company_id: int, code: str, days: Span | None) -> dict[str, GrantView]:
    """The latest grant of each benefit that came with a season, or with the one before and reached
    into a member's `days`: a grant that goes on keeps its reason. One statement."""
    found: dict[str, GrantView] = {}
    for grant in benefits.ever_held(company_id):
        reaches = days is not None and (
            grant.since <= days.last and (grant.until is None or grant.until > days.first)
        )
        if grant.source in SOURCES and (reaches or grant.reason.get("season") == code):
            found.setdefault(grant.benefit, grant)
    return found


def _span(grant: GrantView | None) -> tuple[date | None, date | None]:
    return (grant.since, grant.until) if grant else (None, None)


def _line(
    rule: BenefitRule, member: Membership | None, grant: GrantView | None, row: SeasonRow, day: date
) -> BenefitLine:
    since, until = _span(grant)
    held = since is not None and since <= day and (until is None or until > day)
    return BenefitLine(rule, since, until, None if held else _lacking(rule, member, row, day))


def _lacking(rule: BenefitRule, member: Membership | None, row: SeasonRow, day: date) -> Lacking:
    if member is None:
        return Lacking.NO_MEMBER
    if day < row.first_day:
        return Lacking.WAITING
    if not member.member_tag:
        return Lacking.OVER
    if rule.tag is Tag.TRAFFIC and not member.traffic_tag:
        return Lacking.NO_TRAFFIC
    return Lacking.COMING


def _tracks(
    season: Season, known: dict[str, Figure], department: str, grants: dict[str, GrantView]
) -> list[TrackLine]:
    found = []
    for track in season.tracks:
        steps = []
        for step in track.steps:
            asked = answers(step.conditions, known, department)
            steps.append(StepLine(step, asked, all(one.holds for one in asked)))
        view = view_track(track, known, department)
        found.append(TrackLine(view, tuple(steps), *_span(grants.get(track.code))))
    return found
