"""The operators' views of the programme as their endpoints answer them."""

from __future__ import annotations

from typing import Any

from pifa.kernel.money import Money
from pifa.programme.desk_words import asked_words
from pifa.programme.queries.application import Application, Compared
from pifa.programme.queries.review_queue import Applied
from pifa.programme.queries.season_board import DryLine, SeasonBoard
from pifa.programme.queries.verdicts import AppealRow, Given
from pifa.programme.queries.war_room import MemberLine, Sums, WarRoom
from pifa.programme.rules.asking import Answer
from pifa.programme.rules.season import Season
from pifa.programme.wording import figure


def season_data(board: SeasonBoard) -> dict[str, Any]:
    return {
        "code": board.row.code,
        "title": board.row.title,
        "first_day": board.row.first_day,
        "last_day": board.row.last_day,
        "members": board.members,
        "checkpoints": [
            {
                "code": one.checkpoint.code,
                "name": one.checkpoint.name,
                "due_at": one.due_at,
                "done": one.done,
                "ran_at": one.ran_at,
                "waits": one.waits,
                "members": one.members,
                "passed": one.passed,
                "outcomes": {outcome.value: n for outcome, n in one.outcomes.items()},
            }
            for one in board.runs
        ],
    }


def dry_data(one: DryLine) -> dict[str, Any]:
    judged = one.judgement
    return {
        "company_id": one.company_id,
        "company": one.company,
        "department": one.department,
        "outcome": judged.outcome.value,
        "asked": Money(judged.asked_fen),
        "measured": Money(judged.measured_fen),
        "missing": Money(judged.missing_fen),
    }


def application_data(one: Applied) -> dict[str, Any]:
    def sum_(fen: int) -> Money | None:
        return None if one.is_rehearsal else Money(fen)

    return {
        "id": one.id,
        "season": one.row.code,
        "company_id": one.company_id,
        "company": one.company,
        "round": one.round,
        "department": one.department,
        "entry": one.entry,
        "exception": one.exception,
        "exception_reason": one.exception_reason,
        "month_target": sum_(one.month_fen),
        "peak_target": sum_(one.peak_fen),
        "declared_revenue": sum_(one.declared_fen),
        "state": one.state,
        "reason": one.reason,
        "applied_at": one.applied_at,
        "opinions": one.opinions,
        "shut_gates": [answer.asked.rule_id for answer in one.shut],
    }


def file_data(file: Application) -> dict[str, Any]:
    return {
        **application_data(file.shown),
        "conditions": [_condition(one, file.shown.season) for one in file.compared],
        "approvals_needed": file.needs,
        "given": file.said,
        "evidence": [
            {
                "metric": one.metric,
                "found": figure(
                    one.metric, bool(one.value) if one.metric == "grave_ip" else one.value
                ),
                "words": one.words,
                "by": one.by,
                "at": one.at,
            }
            for one in file.found
        ],
    }


def _condition(one: Compared, season: Season) -> dict[str, Any]:
    latest = one.now or one.filed
    return {
        "rule": one.filed.asked.rule_id,
        "kind": one.filed.asked.kind.value,
        "asked": asked_words(one.filed.asked.condition, season),
        "filed": _figure(one.filed),
        "now": _figure(one.now) if one.now else None,
        "holds": latest.holds,
    }


def _figure(answer: Answer) -> str:
    return figure(answer.asked.condition.metric, answer.view.value)


def member_data(line: MemberLine) -> dict[str, Any]:
    towards = line.reading.ahead
    pace = line.reading.will_fen
    return {
        "membership_id": line.membership_id,
        "company_id": line.company_id,
        "company": line.company,
        "department": line.department,
        "account_manager": line.manager,
        "member_tag": line.member_tag,
        "traffic_tag": line.traffic_tag,
        "pace": line.pace.value,
        "asked": Money(towards.asked_fen),
        "so_far": Money(towards.so_far_fen),
        "missing": Money(towards.missing_fen),
        "at_this_pace": None if pace is None else Money(pace),
        "today": Money(line.today_fen),
        "yesterday": Money(line.yesterday_fen),
        "same_day_last_month": Money(line.before_fen),
    }


def room_data(room: WarRoom, most: int) -> dict[str, Any]:
    return {
        "season": room.row.code,
        "checkpoint": room.checkpoint.code if room.checkpoint else "",
        "at": room.at,
        "together": _together(room.whole),
        "members": [member_data(line) for line in room.lines[:most]],
    }


def _together(sums: Sums) -> dict[str, Any]:
    return {
        "members": sums.members,
        "behind": sums.behind,
        "asked": Money(sums.asked_fen),
        "so_far": Money(sums.so_far_fen),
        "missing": Money(sums.missing_fen),
        "today": Money(sums.today_fen),
    }


def given_data(one: Given) -> dict[str, Any]:
    return {
        "checkpoint": one.checkpoint.code,
        "revision": one.revision,
        "superseded": one.superseded,
        "cause": one.cause,
        "outcome": one.outcome.value,
        "asked": Money(one.asked_fen),
        "measured": Money(one.measured_fen),
        "missing": Money(one.missing_fen),
        "at": one.at,
    }


def appeal_data(one: AppealRow) -> dict[str, Any]:
    return {
        "id": one.id,
        "season": one.row.code,
        "company_id": one.company_id,
        "company": one.company,
        "member_tag": one.member_tag,
        "against": given_data(one.against),
        "words": one.words,
        "at": one.at,
        "state": one.state,
        "answer": one.answer,
        "decided_at": one.decided_at,
        "decided_by": one.decided_by,
    }
