"""Who holds which benefit."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from pifa.benefits.labels import label_of
from pifa.benefits.models import Grant
from pifa.kernel import clock


@dataclass(frozen=True, slots=True)
class GrantView:
    """A benefit as its holder and its giver see it. `until` is the first day without it."""

    company_id: int
    benefit: str
    label: str
    source: str
    rule_id: str
    reason: Mapping[str, Any]
    value: Mapping[str, Any]
    since: date
    until: date | None


def held(company_id: int, day: date | None = None) -> tuple[GrantView, ...]:
    """What a company holds on a market day (today). One statement."""
    rows = _on(day).filter(company=company_id).order_by("since", "benefit")
    return tuple(_view(row) for row in rows)


def ever_held(company_id: int) -> tuple[GrantView, ...]:
    """All a company holds or held, the latest first. One statement."""
    rows = Grant.objects.filter(company=company_id).order_by("-since", "benefit")
    return tuple(_view(row) for row in rows)


def grant_of(company_id: int, benefit: str, day: date | None = None) -> GrantView | None:
    """A company's grant of one benefit on a market day (today), if it holds it."""
    return holders(benefit, [company_id], day).get(company_id)


def holders(
    benefit: str, company_ids: Iterable[int], day: date | None = None
) -> dict[int, GrantView]:
    """Which of these companies hold a benefit on a market day (today). One statement.

    Where several sources grant it, the one that was first stands.
    """
    rows = _on(day).filter(benefit=benefit, company__in=list(company_ids)).order_by("-since", "-pk")
    return {row.company_id: _view(row) for row in rows}


def all_held(
    benefits: Iterable[str], company_ids: Iterable[int], day: date | None = None
) -> dict[int, list[GrantView]]:
    """What each of these companies holds of some benefits on a market day (today), by whatever
    source. One statement."""
    found: dict[int, list[GrantView]] = defaultdict(list)
    rows = _on(day).filter(benefit__in=list(benefits), company__in=list(company_ids))
    for row in rows.order_by("since", "pk"):
        found[row.company_id].append(_view(row))
    return dict(found)


def _on(day: date | None) -> QuerySet[Grant]:
    day = day or clock.today()
    return Grant.objects.filter(Q(until=None) | Q(until__gt=day), since__lte=day)


def _view(row: Grant) -> GrantView:
    return GrantView(
        row.company_id,
        row.benefit,
        label_of(row.benefit),
        row.source,
        row.rule_id,
        row.reason,
        row.value,
        row.since,
        row.until,
    )
