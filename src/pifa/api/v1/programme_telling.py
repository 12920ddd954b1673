"""The programme's views as answers of the API: figures exact, words in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.http import HttpRequest
from django.utils.translation import get_language

from pifa.kernel import clock
from pifa.kernel.money import Money
from pifa.programme import wording
from pifa.programme.models import Appeal
from pifa.programme.queries.benefit_board import BenefitBoard, BenefitLine, TrackLine
from pifa.programme.queries.dashboard import Dashboard, VerdictView
from pifa.programme.queries.rehearsal_board import RehearsalBoard
from pifa.programme.queries.seasons import SeasonView
from pifa.programme.queries.ways import WayIn
from pifa.programme.rules.asking import Answer
from pifa.programme.rules.calendar import Way
from pifa.programme.rules.checkpoints import Ahead, MarkerView
from pifa.programme.rules.season import Season, Tag
from pifa.standing.wording import plain

FEED = "/seller/programme/calendar.{language}.ics"


def season(request: HttpRequest, view: SeasonView) -> dict[str, Any]:
    """A season with its calendar."""
    made = view.season
    language = (get_language() or "zh")[:2]
    return {
        "code": view.code,
        "title": wording.titled(view.row),
        "first": made.span.first,
        "last": made.span.last,
        "peak": made.peak,
        "carried_until": made.carried_until,
        "dates": [
            {
                "kind": str(one.kind),
                "code": one.code,
                "name": wording.dated_words(one, made),
                "first": one.first,
                "last": one.last,
                "hour": wording.hour_words(one.hour),
                "asks": wording.asks_words(one),
            }
            for one in view.dates
        ],
        "feed": request.build_absolute_uri(FEED.format(language=language)),
    }


def way(found: WayIn) -> dict[str, Any]:
    """The ways into a season."""
    department = found.department
    peak = department is not None and found.season.peak is not None
    return {
        "season": found.season.code,
        "department": department.code if department else "",
        "entry": str(found.entry),
        "rehearsal": _way(found.rehearsal, found.rehearsal_opens),
        "enrolment": _way(found.enrolment, found.enrolment_opens),
        "rehearsal_conditions": _conditions(found.rehearsal_asks, found.season),
        "enrolment_conditions": _conditions(found.enrolment_asks, found.season),
        "month_floor": Money(department.month_floor_fen) if department else None,
        "peak_floor": Money(department.peak_floor_fen) if department and peak else None,
    }


def _way(one: Way, opens: date | None) -> dict[str, Any]:
    return {
        "is_open": one.is_open,
        "round": one.round.code if one.round else "",
        "until": one.until,
        "shut": str(one.shut) if one.shut else "",
        "words": str(wording.SHUT[one.shut]) if one.shut else "",
        "opens": opens,
    }


def _conditions(answers: Iterable[Answer], made: Season) -> list[dict[str, Any]]:
    return [
        {
            "rule_id": one.asked.rule_id,
            "kind": str(one.asked.kind),
            "metric": one.asked.condition.metric,
            "label": wording.label_words(one.asked.condition.metric),
            "asked": wording.asked(one.asked.condition, made),
            "value": wording.figure(one.asked.condition.metric, one.view.value),
            "figure": plain(one.view.value),
            "holds": one.holds,
            "missing": wording.missing(one),
        }
        for one in answers
    ]


def rehearsal(found: RehearsalBoard) -> dict[str, Any]:
    """A rehearsal's dashboard."""
    span = found.round.rehearsal
    return {
        "season": found.season.code,
        "round": found.round.code,
        "state": found.state,
        "state_label": found.state_label,
        "reason": found.reason,
        "first": span.first,
        "last": span.last,
        "days_left": found.days_left,
        "opens": found.opens,
        "is_open": found.is_open,
        "conditions": _conditions(found.answers, found.season),
        "orders": [
            {
                "number": one.number,
                "buyer_name": one.buyer_name,
                "channel_label": one.channel_label,
                "paid_at": one.paid_at,
                "amount": Money(one.fen),
                "large": one.large,
                "by_bank": one.by_bank,
                "why": str(one.why) if one.why else "",
            }
            for one in found.orders
        ],
        "may_enrol": found.enrolment.is_open,
    }


def dashboard(found: Dashboard) -> dict[str, Any]:
    """A member's dashboard."""
    return {
        "season": found.season.code,
        "state": found.state,
        "state_label": found.state_label,
        "member_tag": found.member_tag,
        "traffic_tag": found.traffic_tag,
        "month": Money(found.month_fen),
        "peak": Money(found.peak_fen),
        "account_manager": found.account_manager,
        "so_far": Money(found.so_far_fen),
        "today": Money(found.today_fen),
        "same_day_last_month": Money(found.same_day_fen),
        "same_day_by_now": Money(found.same_hour_fen),
        "share": f"{found.share.numerator}/{found.share.denominator}",
        "elapsed": f"{found.elapsed.numerator}/{found.elapsed.denominator}",
        "behind": found.behind,
        "by_day": [{"day": day, "sales": Money(fen)} for day, fen in sorted(found.by_day.items())],
        "by_hour": [Money(fen) for fen in found.by_hour],
        "ahead": [_ahead(one) for one in found.ahead],
        "markers": [_marker(one) for one in found.markers],
        "verdicts": [verdict(one) for one in found.verdicts],
        "rank": found.rank,
        "frozen_until": found.frozen_until,
        "barred": found.barred,
    }


def _ahead(one: Ahead) -> dict[str, Any]:
    check, pace = one.checkpoint, one.at_this_pace_fen
    return {
        "code": check.code,
        "name": wording.named(check),
        "first": check.span.first,
        "last": check.span.last,
        "runs_at": check.due(clock.zone()),
        "so_far": Money(one.so_far_fen),
        "asked": Money(one.asked_fen),
        "missing": Money(one.missing_fen),
        "at_this_pace": None if pace is None else Money(pace),
        "will_pass": one.will_pass,
        "days_left": one.days_left,
        "cost": wording.cost_words(check),
    }


def _marker(one: MarkerView) -> dict[str, Any]:
    marker = one.marker
    return {
        "code": marker.code,
        "name": wording.named(marker),
        "first": marker.span.first,
        "last": marker.span.last,
        "until_hour": marker.until,
        "measure": str(marker.measure),
        "measured": Money(one.measured_fen),
        "asked": Money(one.asked_fen),
        "reached": one.reached,
    }


def verdict(one: VerdictView) -> dict[str, Any]:
    """A verdict with its numbers."""
    return {
        "id": one.id,
        "checkpoint": one.checkpoint,
        "outcome": str(one.outcome),
        "outcome_label": str(wording.OUTCOMES[one.outcome]),
        "cause": one.cause,
        "measured": Money(one.measured_fen),
        "target": Money(one.target_fen),
        "asked": Money(one.asked_fen),
        "missing": Money(one.missing_fen),
        "at": one.at,
        "appealable": one.appealable,
        "appeal": one.appeal,
    }


def appeal(made: Appeal) -> dict[str, Any]:
    """An appeal that was just made."""
    return {
        "state": made.state,
        "state_label": made.get_state_display(),
        "words": made.words,
        "answer": made.answer,
        "at": made.at,
        "decided_at": made.decided_at,
    }


def benefits(found: BenefitBoard) -> dict[str, Any]:
    """Benefits and tracks."""
    held = {tag: has for tag, has, _since, _until in found.tags}
    return {
        "season": found.season.code,
        "member": found.member,
        "member_tag": held[Tag.MEMBER],
        "traffic_tag": held[Tag.TRAFFIC],
        "benefits": [_benefit(one) for one in found.lines],
        "tracks": [_track(one, found.season) for one in found.tracks],
    }


def _benefit(one: BenefitLine) -> dict[str, Any]:
    return {
        "code": one.rule.code,
        "rule_id": one.rule.rule_id,
        "name": wording.named(one.rule),
        "with_tag": str(one.rule.tag),
        "held": one.lacking is None,
        "since": one.since,
        "until": one.until,
        "lacking": str(one.lacking) if one.lacking else "",
        "awaits": one.rule.awaits,
    }


def _track(one: TrackLine, made: Season) -> dict[str, Any]:
    view, given = one.view, len(one.view.benefits)
    return {
        "code": view.track.code,
        "rule_id": view.track.rule_id,
        "name": wording.named(view.track),
        "holds": view.holds,
        "step": view.step.code if view.step else "",
        "since": one.since,
        "until": one.until,
        "conditions": _conditions(view.answers, made),
        "steps": [
            {
                "code": line.step.code,
                "name": wording.named(line.step),
                "first": line.step.first,
                "conditions": _conditions(line.answers, made),
                "holds": line.holds,
            }
            for line in one.steps
        ],
        "benefits": [
            {"name": wording.named(benefit), "held": place < given, "awaits": benefit.awaits}
            for place, benefit in enumerate(view.track.benefits)
        ],
    }
