"""A member's season in one line, for a front page."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from pifa.kernel import clock
from pifa.metrics import queries as metrics
from pifa.programme import shelf
from pifa.programme.models import Membership
from pifa.programme.rules.days import elapsed


@dataclass(frozen=True, slots=True)
class Glance:
    """How much of the month's target is reached, and how much of the season is over."""

    season: str
    share: Fraction
    pace: Fraction

    @property
    def behind(self) -> bool:
        return self.share < self.pace


def at_a_glance(company_id: int) -> Glance | None:
    """The season that a company is a member of today; None for others. Two statements."""
    today = clock.today()
    rows = Membership.objects.filter(
        company=company_id,
        member_tag=True,
        season__first_day__lte=today,
        season__last_day__gte=today,
    )
    row = rows.select_related("season").order_by("-season__first_day").first()
    if row is None:
        return None
    span = shelf.season_of(row.season).span
    sold = sum(metrics.sales_by_day(company_id, span.first, today).values())
    pace = elapsed(span, clock.now().astimezone(clock.zone()))
    return Glance(row.season.code, Fraction(sold, row.month_fen), pace)
