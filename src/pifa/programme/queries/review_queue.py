"""What waits for a reviewer: rehearsals and enrolments, the longest waiting first. Operators only."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db.models import Count, Q, QuerySet

from pifa.catalog import queries as catalog
from pifa.catalog.models import Shop
from pifa.kernel.actors import Actor
from pifa.kernel.errors import InvalidInput
from pifa.kernel.paging import Page, cut, page_size, read_cursor
from pifa.programme import policies, shelf
from pifa.programme.models import Enrolment, Evidence, Opinion, Rehearsal, SeasonRow
from pifa.programme.queries.naming import called
from pifa.programme.rules.asking import Answer
from pifa.programme.rules.entry import entry_answers
from pifa.programme.rules.season import Season, Stage
from pifa.programme.states import EnrolmentState, RehearsalState
from pifa.rulebook.rules import Figure, Ratio

_WAITING = Q(state=EnrolmentState.SUBMITTED)

TABS: Final[Mapping[str, Q]] = {
    "enrolments": _WAITING & Q(exception=False),
    "exceptions": _WAITING & Q(exception=True),
    "second": Q(state=EnrolmentState.SECOND),
    "rehearsals": Q(state=RehearsalState.APPLIED),
    "approved": Q(state=EnrolmentState.APPROVED),
    "refused": Q(state__in=[EnrolmentState.REFUSED, EnrolmentState.VOID]),
}
"""How the desk is divided; `rehearsals` alone shows rehearsals."""

REHEARSALS: Final = "rehearsals"
DECIDED: Final = ("approved", "refused")


@dataclass(frozen=True, slots=True)
class Asked:
    """What of the queue is looked at; empty fields ask for nothing. `words` are of a company's name
    or login, `season` and `round` codes."""

    season: str = ""
    round: str = ""
    department: str = ""
    entry: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class Applied:
    """A rehearsal or an enrolment in the queue. Sums are fen, none for a rehearsal. `answers` are its
    conditions by the figures it was filed with and what reviewers found since."""

    id: int
    is_rehearsal: bool
    row: SeasonRow
    season: Season
    company_id: int
    company: str
    round: str
    department: str
    entry: str
    month_fen: int
    peak_fen: int
    declared_fen: int
    exception: bool
    exception_reason: str
    state: str
    state_label: str
    reason: str
    applied_at: datetime
    answers: tuple[Answer, ...]
    opinions: int

    @property
    def shut(self) -> tuple[Answer, ...]:
        """The gates that do not hold."""
        return tuple(one for one in self.answers if one.shuts)

    @property
    def below(self) -> tuple[Answer, ...]:
        """The references that do not hold."""
        return tuple(one for one in self.answers if not one.holds and not one.shuts)


def waiting_counts(actor: Actor, asked: Asked | None = None) -> dict[str, int]:
    """How many stand in each tab, as far as the filters leave them. Two statements."""
    policies.may_review(actor)
    asked = asked or Asked()
    enrolled = _enrolments(asked).aggregate(
        **{name: Count("pk", filter=q) for name, q in TABS.items() if name != REHEARSALS}
    )
    rehearsing = _rehearsals(asked).filter(TABS[REHEARSALS]).count()
    return {name: rehearsing if name == REHEARSALS else enrolled[name] for name in TABS}


def waiting(actor: Actor) -> dict[str, int]:
    """How many wait in the tabs where somebody has to decide. Two statements."""
    found = waiting_counts(actor)
    return {name: found[name] for name in TABS if name not in DECIDED}


def queue(
    actor: Actor,
    tab: str = "enrolments",
    asked: Asked | None = None,
    cursor: str | None = None,
    size: int | None = None,
) -> Page[Applied]:
    """One tab of the desk in pages. At most four statements."""
    policies.may_review(actor)
    if tab not in TABS:
        raise InvalidInput(field="tab", reason=" | ".join(TABS))
    asked = asked or Asked()
    rows: QuerySet[Any] = _rehearsals(asked) if tab == REHEARSALS else _enrolments(asked)
    rows = rows.filter(TABS[tab]).select_related("company", "season")
    newest_first = tab in DECIDED
    if cursor:
        (last_id,) = read_cursor(cursor, int)
        rows = rows.filter(pk__lt=last_id) if newest_first else rows.filter(pk__gt=last_id)
    limit = page_size(size)
    found = list(rows.order_by("-pk" if newest_first else "pk")[: limit + 1])
    page = cut(found, limit, lambda row: (row.pk,))
    make = _rehearsals_shown if tab == REHEARSALS else enrolments_shown
    return Page(make(page.items), page.next_cursor)


def restored(kept: Mapping[str, Any]) -> dict[str, Figure]:
    """Figures as they were kept beside an application (`figures.kept`)."""
    return {
        name: Ratio(value["numerator"], value["denominator"]) if isinstance(value, dict) else value
        for name, value in kept.items()
    }


def enrolments_shown(rows: Iterable[Enrolment]) -> list[Applied]:
    """Enrolments, loaded with company and season, as the desk shows them. Two statements."""
    listed = list(rows)
    found: dict[int, dict[str, Figure]] = {}
    evidence = Evidence.objects.filter(enrolment__in=listed).order_by("pk")
    for pk, metric, value in evidence.values_list("enrolment", "metric", "value"):
        found.setdefault(pk, {})[metric] = bool(value) if metric == "grave_ip" else value
    counted = Opinion.objects.filter(enrolment__in=listed).values("enrolment")
    opinions = dict(counted.annotate(given=Count("pk")).values_list("enrolment", "given"))
    return [_enrolment(row, found.get(row.pk, {}), opinions.get(row.pk, 0)) for row in listed]


def _enrolment(row: Enrolment, found: Mapping[str, Figure], opinions: int) -> Applied:
    season = shelf.season_of(row.season)
    known = {**restored(row.figures), **found}
    return Applied(
        id=row.pk,
        is_rehearsal=False,
        row=row.season,
        season=season,
        company_id=row.company_id,
        company=row.company.name,
        round=row.round,
        department=row.department,
        entry=row.entry,
        month_fen=row.month_fen,
        peak_fen=row.peak_fen,
        declared_fen=row.declared_fen,
        exception=row.exception,
        exception_reason=row.exception_reason,
        state=row.state,
        state_label=row.get_state_display(),
        reason=row.reason,
        applied_at=row.applied_at,
        answers=entry_answers(season, Stage.ENROLMENT, known, row.department),
        opinions=opinions,
    )


def _rehearsals_shown(rows: Iterable[Rehearsal]) -> list[Applied]:
    listed = list(rows)
    departments = departments_of({row.company_id for row in listed})
    return [rehearsal_shown(row, departments.get(row.company_id, "")) for row in listed]


def rehearsal_shown(row: Rehearsal, top: str) -> Applied:
    """A rehearsal as the desk shows it; `top` is the slug of its company's top-level category."""
    season = shelf.season_of(row.season)
    department = season.department_of(top)
    code = department.code if department else ""
    return Applied(
        id=row.pk,
        is_rehearsal=True,
        row=row.season,
        season=season,
        company_id=row.company_id,
        company=row.company.name,
        round=row.round,
        department=code,
        entry="",
        month_fen=0,
        peak_fen=0,
        declared_fen=0,
        exception=False,
        exception_reason="",
        state=row.state,
        state_label=row.get_state_display(),
        reason=row.reason,
        applied_at=row.applied_at,
        answers=entry_answers(season, Stage.REHEARSAL, restored(row.figures), code),
        opinions=0,
    )


def departments_of(company_ids: Iterable[int]) -> dict[int, str]:
    """The slug of each company's top-level category. One statement beside the category tree."""
    tree = catalog.categories()
    shops = Shop.objects.filter(company__in=list(company_ids))
    return {
        company_id: tree.trail(category)[0].slug
        for company_id, category in shops.values_list("company", "main_category")
    }


def _enrolments(asked: Asked) -> QuerySet[Enrolment]:
    rows = Enrolment.objects.filter(_company(asked))
    if asked.department:
        rows = rows.filter(department=asked.department)
    return rows.filter(entry=asked.entry) if asked.entry else rows


def _rehearsals(asked: Asked) -> QuerySet[Rehearsal]:
    """A rehearsal has no entry of its own: whoever rehearses is a newcomer."""
    rows = Rehearsal.objects.filter(_company(asked))
    if asked.entry == "returning":
        return rows.none()
    if asked.department:
        rows = rows.filter(company__shop__main_category__in=_within(asked.department))
    return rows


def _within(department: str) -> list[int]:
    """Every category of a department in any season."""
    tree, slugs = catalog.categories(), set()
    for row in SeasonRow.objects.all():
        for one in shelf.season_of(row).departments:
            if one.code == department:
                slugs |= set(one.categories)
    return [pk for node in tree.top if node.slug in slugs for pk in tree.ids_within(node.id)]


def _company(asked: Asked) -> Q:
    found = Q()
    if asked.season:
        found &= Q(season__code=asked.season)
    if asked.round:
        found &= Q(round=asked.round)
    return found & called(asked.words)
