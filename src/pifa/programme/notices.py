"""The words of what companies are told by the programme."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext, override

from pifa.messages.commands import NewNotice
from pifa.programme import shelf
from pifa.programme.events import (
    AppealDecided,
    Barred,
    EnrolmentDecided,
    FreezeLifted,
    RehearsalMoved,
    VerdictsGiven,
)
from pifa.programme.models import SeasonRow, Verdict

_PAGES = {
    "programme_rehearsal": "/seller/programme/rehearsal/",
    "programme_enrolment": "/seller/programme/way/",
    "programme_verdict": "/seller/programme/",
    "programme_barred": "/seller/programme/way/",
    "programme_freeze_lifted": "/seller/programme/way/",
    "programme_appeal": "/seller/programme/",
}
"""Where a notice of each kind leads."""


def notices_of(name: str, payload: Mapping[str, Any]) -> list[NewNotice]:
    """The notices of an event, each to one company."""
    row = shelf.row_of(payload["season"])
    if name == VerdictsGiven.name:
        return list(_verdicts(row, payload))
    kind = {
        RehearsalMoved.name: "programme_rehearsal",
        EnrolmentDecided.name: "programme_enrolment",
        Barred.name: "programme_barred",
        FreezeLifted.name: "programme_freeze_lifted",
        AppealDecided.name: "programme_appeal",
    }[name]
    return [_notice(row, kind, payload["company_id"], payload)]


def _verdicts(row: SeasonRow, payload: Mapping[str, Any]) -> Iterator[NewNotice]:
    checkpoint = shelf.season_of(row).checkpoint(payload["checkpoint"])
    verdicts = Verdict.objects.filter(
        run__season=row,
        run__code=payload["checkpoint"],
        pk__range=(payload["first_id"], payload["last_id"]),
    ).select_related("membership")
    for verdict in verdicts.order_by("pk"):
        params = {
            "checkpoint": checkpoint.name,
            "checkpoint_en": checkpoint.name_en,
            "outcome": verdict.outcome,
            "measured_fen": verdict.measured_fen,
            "asked_fen": verdict.asked_fen,
        }
        yield _notice(row, "programme_verdict", verdict.membership.company_id, params)


def _notice(row: SeasonRow, kind: str, company_id: int, params: Mapping[str, Any]) -> NewNotice:
    words = {**params, "season": row.title, "season_en": row.title_en}
    if reason := params.get("reason"):
        with override("en"):  # one that the market gives itself; a reviewer's stays as it is
            words["reason_en"] = gettext(reason)
    return NewNotice(
        company_id=company_id,
        kind=kind,
        subject=row.subject,
        params=words,
        link=f"{_PAGES[kind]}?season={row.code}",
    )
