"""What members brought by kinds of trade, and how they stand to the tracks."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta

from django.db.models import QuerySet

from pifa.metrics import queries as metrics
from pifa.programme import shelf
from pifa.programme.models import Mark, Membership, SeasonRow
from pifa.programme.rules.giving import TrackView, view_track
from pifa.programme.rules.season import Season
from pifa.programme.vocabulary import MARKS, TRACKS
from pifa.rulebook.rules import Figure
from pifa.trade.queries.kinds import subjects_of

ONE = timedelta(days=1)


def figures_of(
    row: SeasonRow, members: QuerySet[Membership], day: date
) -> dict[int, dict[str, Figure]]:
    """What the tracks ask of each member, of the days before `day`: two statements for each kind of
    trade and some more, however many members there are.

    `…_month` is the season's month so far, `…_peak` its peak day (unknown until that is over),
    `…_30d` the thirty days before.
    """
    season = shelf.season_of(row)
    companies = members.values("company_id")
    found: dict[int, dict[str, Figure]] = defaultdict(dict)
    blank = _blank(season, day)
    for company_id in members.values_list("company_id", flat=True):
        found[company_id] = dict(blank)
    spans = _spans(season, day)
    for kind in season.trade:
        subjects = subjects_of(companies, channels=kind.channels, scenes=kind.scenes)
        for company_id, sums in metrics.sums_of(companies, spans, "month", subjects).items():
            known = found[company_id]
            known |= {f"{kind.code}_{name}": fen for name, fen in sums.fen.items()}
            known[f"{kind.code}_buyers"] = sums.buyers
    for name in ("month", "peak"):
        if name in spans:
            for company_id, fen in metrics.sales_between(*spans[name], companies).items():
                found[company_id][f"all_{name}"] = fen
    marks = Mark.objects.filter(company__in=companies, ended_at=None)
    for company_id, code in marks.values_list("company_id", "code"):
        found[company_id][code] = True
    return dict(found)


def tracks_of(row: SeasonRow, figures: dict[str, Figure], department: str) -> tuple[TrackView, ...]:
    """Every track of a season as a member of a department stands to it."""
    season = shelf.season_of(row)
    return tuple(view_track(track, figures, department) for track in season.tracks)


def _spans(season: Season, day: date) -> dict[str, tuple[date, date]]:
    last = day - ONE
    spans = {
        "30d": (day - timedelta(days=30), last),
        "month": (season.span.first, min(last, season.span.last)),
    }
    if season.peak is not None and season.peak <= last:
        spans["peak"] = (season.peak, season.peak)
    return spans


def _blank(season: Season, day: date) -> dict[str, Figure]:
    """The figures of who has none: nothing, but what cannot be known yet stays unknown."""
    known = "peak" in _spans(season, day)
    return {
        name: False if name in MARKS else (0 if known or not name.endswith("_peak") else None)
        for name in TRACKS
    }
