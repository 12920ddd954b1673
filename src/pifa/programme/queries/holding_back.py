"""Companies that may not apply, and what operators noted of them for the tracks. Operators only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from pifa.kernel import clock
from pifa.kernel.actors import Actor
from pifa.kernel.errors import InvalidInput, NotFound
from pifa.kernel.paging import Page, cut, page_size, read_cursor
from pifa.programme import policies
from pifa.programme.models import Freeze, Mark
from pifa.programme.queries.company_past import FreezeView, freeze_view
from pifa.programme.queries.naming import called, person

TABS = ("in_force", "over")


@dataclass(frozen=True, slots=True)
class MarkView:
    """A mark; `ended_at` is None while it holds."""

    company_id: int
    company: str
    code: str
    reason: str
    given_at: datetime
    given_by: str
    ended_at: datetime | None
    ended_by: str
    end_reason: str


def freezes(
    actor: Actor,
    tab: str = "in_force",
    words: str = "",
    cursor: str | None = None,
    size: int | None = None,
) -> Page[FreezeView]:
    """Freezes that keep somebody out today, or those that are over; the latest first. One
    statement."""
    policies.may_review(actor)
    if tab not in TABS:
        raise InvalidInput(field="tab", reason=" | ".join(TABS))
    today = clock.today()
    holds = Q(lifted_at=None) & (Q(until=None) | Q(until__gt=today))
    rows = Freeze.objects.filter(called(words), holds if tab == "in_force" else ~holds)
    if cursor:
        (last_id,) = read_cursor(cursor, int)
        rows = rows.filter(pk__lt=last_id)
    limit = page_size(size)
    loaded = rows.select_related("company", "season", "lifted_by").order_by("-pk")
    page = cut(list(loaded[: limit + 1]), limit, lambda row: (row.pk,))
    return Page([freeze_view(one, today) for one in page.items], page.next_cursor)


def freeze(actor: Actor, freeze_id: int) -> FreezeView:
    """One freeze; `NotFound`. One statement."""
    policies.may_review(actor)
    rows = Freeze.objects.select_related("company", "season", "lifted_by")
    found = rows.filter(pk=freeze_id).first()
    if found is None:
        raise NotFound
    return freeze_view(found, clock.today())


def marks(
    actor: Actor,
    *,
    company_id: int | None = None,
    ended: bool = False,
    cursor: str | None = None,
    size: int | None = None,
) -> Page[MarkView]:
    """Marks that hold, or that were taken back; of one company or of all, the latest first. One
    statement."""
    policies.may_review(actor)
    rows = Mark.objects.filter(ended_at__isnull=not ended)
    if company_id is not None:
        rows = rows.filter(company=company_id)
    if cursor:
        (last_id,) = read_cursor(cursor, int)
        rows = rows.filter(pk__lt=last_id)
    limit = page_size(size)
    loaded = rows.select_related("company", "given_by", "ended_by").order_by("-pk")
    page = cut(list(loaded[: limit + 1]), limit, lambda row: (row.pk,))
    return Page([_mark(one) for one in page.items], page.next_cursor)


def _mark(row: Mark) -> MarkView:
    return MarkView(
        company_id=row.company_id,
        company=row.company.name,
        code=row.code,
        reason=row.reason,
        given_at=row.given_at,
        given_by=person(row.given_by),
        ended_at=row.ended_at,
        ended_by=person(row.ended_by),
        end_reason=row.end_reason,
    )
