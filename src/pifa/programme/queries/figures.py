"""The figures that entry, rehearsals and tracks are held against."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from pifa.catalog import queries as catalog
from pifa.catalog.models import Shop
from pifa.finance import queries as finance
from pifa.finance.queries.by_method import subjects_paid_by
from pifa.kernel import clock
from pifa.metrics import queries as metrics
from pifa.parties.models import Company
from pifa.programme.models import Enrolment, Evidence
from pifa.programme.rules.entry import whole_months
from pifa.programme.rules.rehearsal import OrderSum, Progress, progress
from pifa.programme.rules.season import Department, Round, Season
from pifa.rulebook.rules import Figure, Ratio
from pifa.standing import queries as standing
from pifa.trade.queries.kinds import subjects_of

ONE = timedelta(days=1)


def department_of(season: Season, company_id: int) -> Department | None:
    """The department of a company's shop in a season; None without a shop or a department. Two
    statements at most."""
    main = Shop.objects.filter(company=company_id).values_list("main_category", flat=True).first()
    trail = catalog.categories().trail(main) if main else ()
    return season.department_of(trail[0].slug) if trail else None


def entry_figures(season: Season, company_id: int, day: date) -> dict[str, Figure]:
    """What entry asks of a company, on a day. Eight statements.

    What only a reviewer can find out (`yearly_revenue`, `grave_ip`) is not known, or taken as not.
    """
    company = Company.objects.get(pk=company_id)
    held = standing.standing_of(company_id)
    figures: dict[str, Figure] = dict(metrics.figures([company_id], day)[company_id])
    until = company.member_until
    member = until is not None and until >= day
    return {
        **figures,
        "medal": held.medal.rank if held.medal else 0,
        "tier": held.tier.rank if held.tier else 0,
        "member": member,
        "member_months": whole_months(company.member_since, day) if member else 0,
        "buyer_protection": finance.protection(company_id).joined,
        "grade_accepted": company.integrity_grade in season.grades,
        "yearly_revenue": None,
        "grave_ip": False,
    }


def with_evidence(enrolment: Enrolment, figures: Mapping[str, Figure]) -> dict[str, Figure]:
    """The figures with what reviewers found, the latest of each metric; else what the seller
    declared of its revenue. One statement."""
    known: dict[str, Figure] = {**figures, "yearly_revenue": enrolment.declared_fen}
    rows = Evidence.objects.filter(enrolment=enrolment).order_by("pk")
    for metric, value in rows.values_list("metric", "value"):
        known[metric] = bool(value) if metric == "grave_ip" else value
    return known


def rehearsal_orders(season: Season, round_: Round, seller_id: int) -> list[OrderSum]:
    """The orders that a seller's rehearsal counts in a round, as they stand now. Two statements."""
    span, asked = round_.rehearsal, season.rehearsing
    subjects = subjects_of([seller_id], channels=asked.channels)
    sums = metrics.order_sums(seller_id, span.first, span.last, subjects)
    begin, end = clock.start_of_day(span.first), clock.start_of_day(span.last + ONE)
    by_bank = subjects_paid_by(seller_id, asked.methods, begin, end) if sums else set()
    return [
        OrderSum(
            number=one.subject.removeprefix("order:"),
            buyer_id=one.buyer_id,
            fen=one.fen,
            by_bank=one.subject in by_bank,
        )
        for one in sums
    ]


def rehearsal_progress(season: Season, round_: Round, seller_id: int) -> Progress:
    """How a seller's rehearsal stands, live. Two statements."""
    return progress(season.rehearsing, rehearsal_orders(season, round_, seller_id))


def kept(figures: Mapping[str, Figure], names: Iterable[str]) -> dict[str, Any]:
    """Figures as JSON keeps them: shares as numerator and denominator."""
    return {name: _plain(figures.get(name)) for name in names}


def _plain(figure: Figure | Fraction) -> Any:
    if isinstance(figure, Ratio):
        return {"numerator": figure.num, "denominator": figure.den}
    return figure
