"""Tracks are measured for all members at once, and held or withdrawn: `TRACK-*`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import date, timedelta
from typing import Any, Final

from django.db import transaction

from pifa.benefits import commands as benefits
from pifa.benefits.rules import Held, Terms
from pifa.kernel import clock
from pifa.metrics import queries as metrics
from pifa.programme.models import Membership, SeasonRow
from pifa.programme.queries.tracks import figures_of, tracks_of
from pifa.programme.rules.giving import TrackView

SOURCE: Final = "programme:tracks"


@transaction.atomic
def measure(row: SeasonRow) -> dict[str, int]:
    """Let the members of a season hold the tracks that they have reached by the end of yesterday;
    how many hold each. A number of statements that does not grow with them.

    Raises `FactsIncomplete` while facts of the days that are over are missing.
    """
    today = clock.today()
    metrics.require_complete(today - timedelta(days=1))
    of_season = Membership.objects.filter(season=row)
    members = of_season.filter(member_tag=True)
    wanted: dict[Held, Terms] = {}
    counts: dict[str, int] = defaultdict(int)
    departments = dict(members.values_list("company", "department"))
    known = figures_of(row, members, today) if departments else {}
    for company_id, department in departments.items():
        for view in tracks_of(row, known[company_id], department):
            if view.holds:
                counts[view.track.code] += 1
                wanted[Held(company_id, view.track.code)] = _terms(row, view, today)
    # Whose tag went loses its tracks; whose tag is another season's has them by that one.
    elsewhere = Membership.objects.filter(member_tag=True).exclude(season=row)
    theirs = of_season.exclude(company__in=elsewhere.values("company"))
    benefits.sync(SOURCE, today, wanted, set(theirs.values_list("company", flat=True)))
    return dict(counts)


def end(row: SeasonRow, companies: Collection[int]) -> None:
    """Withdraw the tracks of companies whose tags ended."""
    if companies:
        benefits.sync(SOURCE, clock.today(), {}, companies)


def _terms(row: SeasonRow, view: TrackView, day: date) -> Terms:
    value: dict[str, Any] = {"first": len(view.benefits)}
    if view.step:
        value["step"] = view.step.code
    if boost := sum(one.boost for one in view.benefits):
        value["boost"] = boost
    reason = {
        "zh": f"{row.title}：{view.track.name}",
        "en": f"{row.title_en}: {view.track.name_en}",
        "season": row.code,
        "measured_on": day.isoformat(),
    }
    return Terms(value, view.track.rule_id, reason)
