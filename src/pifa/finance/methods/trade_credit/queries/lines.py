"""Lines of credit as their seller and their buyer see them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from django.db.models import Min, Q, QuerySet, Sum

from pifa.finance import policies
from pifa.finance.methods.trade_credit import rules, standing, words
from pifa.finance.methods.trade_credit.models import CreditChange, CreditItem, CreditLine
from pifa.finance.methods.trade_credit.rules import Period, TermKind
from pifa.kernel import clock
from pifa.kernel.actors import Actor, Role
from pifa.kernel.errors import NotFound
from pifa.kernel.money import ZERO, Money
from pifa.kernel.paging import Page, cut, page_size, read_cursor
from pifa.parties import policies as parties

Side = Literal["buyer", "seller"]

READERS = (Role.PURCHASER, Role.CLERK, Role.FINANCE)
"""Who of a company may read its lines; a clerk must know whether an order may be shipped."""


@dataclass(frozen=True, slots=True)
class CreditLineView:
    """A line with its figures now.

    `due` is to be paid by now or soon: on a closed statement or with a day of its own, in time or
    late; `overdue` what of the open promises is late so long that the line is closed.
    `state` is open, frozen or overdue. `period` is the running one of monthly terms.
    """

    id: int
    seller_id: int
    seller_name: str
    buyer_id: int
    buyer_name: str
    buyer_login: str
    limit: Money
    used: Money
    free: Money
    due: Money
    overdue: Money
    overdue_since: date | None
    next_due_on: date | None
    terms: str
    number: int
    terms_label: str
    terms_since: date
    state: str
    frozen_at: datetime | None
    frozen_reason: str
    granted_at: datetime
    period: Period | None


@dataclass(frozen=True, slots=True)
class CreditChangeView:
    """A change in a line's history; `by` is empty for the market."""

    at: datetime
    what: str
    what_label: str
    limit: Money
    terms_label: str
    terms_since: date
    reason: str
    by: str


def credit_lines(
    actor: Actor,
    side: Side,
    *,
    words_: str = "",
    state: str = "",
    cursor: str | None = None,
    size: int | None = None,
) -> Page[CreditLineView]:
    """The lines that the actor's company granted, or was granted; those used most first.

    `words_` are looked for in the other side's name and login; `state` is frozen or overdue.
    """
    rows = _of_company(actor, side)
    other = "buyer" if side == "seller" else "seller"
    if words_:
        rows = rows.filter(
            Q(**{f"{other}__name__icontains": words_}) | Q(**{f"{other}__login__icontains": words_})
        )
    return _page(_in_state(rows, state), cursor, size)


def credit_lines_of_market(
    actor: Actor, *, words_: str = "", state: str = "", cursor: str | None = None, size: int
) -> Page[CreditLineView]:
    """The same of all sellers, for the market's staff; `words_` are looked for on both sides."""
    policies.works_for_the_market(actor)
    rows = _loaded()
    if words_:
        asked = Q()
        for side in ("seller", "buyer"):
            asked |= Q(**{f"{side}__name__icontains": words_})
            asked |= Q(**{f"{side}__login__icontains": words_})
        rows = rows.filter(asked)
    return _page(_in_state(rows, state), cursor, size)


def credit_line(actor: Actor, line_id: int) -> CreditLineView:
    """A line of the actor's company, on either side; `NotFound` for a stranger's."""
    return views([line_for(actor, line_id)])[0]


def line_between(actor: Actor, seller_id: int) -> CreditLineView | None:
    """The line that a seller has granted the actor's company, if there is one."""
    buyer_id = parties.require(actor)
    rows = _loaded().filter(buyer=buyer_id, seller=seller_id)
    found = views(rows)
    return found[0] if found else None


def has_open_line(seller_id: int, buyer_id: int) -> bool:
    """Whether a seller has granted a buyer a line and has not frozen it."""
    return CreditLine.objects.filter(seller=seller_id, buyer=buyer_id, frozen_at=None).exists()


def credit_history(actor: Actor, line_id: int, limit: int = 100) -> list[CreditChangeView]:
    """The changes of a line, latest first."""
    line = line_for(actor, line_id)
    rows = CreditChange.objects.filter(line=line).select_related("member").order_by("-pk")
    return [
        CreditChangeView(
            at=row.at,
            what=row.what,
            what_label=str(row.get_what_display()),
            limit=Money(row.limit_fen),
            terms_label=words.terms(row.own_terms),
            terms_since=row.terms_since,
            reason=row.reason,
            by=row.member.name if row.member else "",
        )
        for row in rows[:limit]
    ]


def line_for(actor: Actor, line_id: int) -> CreditLine:
    """A line's row for a reader of either side, or the market's staff."""
    rows = _loaded().filter(pk=line_id)
    if not (actor.is_operator or actor.is_system):
        company_id = parties.require(actor, *READERS)
        rows = rows.filter(Q(seller=company_id) | Q(buyer=company_id))
    line = rows.first()
    if line is None:
        raise NotFound
    return line


def views(lines: Iterable[CreditLine]) -> list[CreditLineView]:
    """Lines as they stand now; three statements for any number."""
    found = list(lines)
    ids = [line.pk for line in found]
    late = standing.overdue_of(ids)
    due = _due_of(ids)
    return [_view(line, late.get(line.pk), due.get(line.pk, (ZERO, None))) for line in found]


def due_now(rows: QuerySet[CreditItem], today: date) -> QuerySet[CreditItem]:
    """Of promises those that are to be paid: their period has closed, or they have their own day."""
    return rows.filter(open_fen__gt=0, due_on__isnull=False).filter(
        Q(period_start=None) | Q(due_on__lte=today)
    )


def _in_state(rows: QuerySet[CreditLine], state: str) -> QuerySet[CreditLine]:
    if state == "frozen":
        return rows.exclude(frozen_at=None)
    return rows.exclude(overdue_since=None) if state == "overdue" else rows


def _page(rows: QuerySet[CreditLine], cursor: str | None, size: int | None) -> Page[CreditLineView]:
    if cursor:
        used, before = read_cursor(cursor, int, int)
        rows = rows.filter(Q(used_fen__lt=used) | Q(used_fen=used, pk__lt=before))
    size = page_size(size)
    found = list(rows.order_by("-used_fen", "-pk")[: size + 1])
    page = cut(found, size, lambda line: (line.used_fen, line.pk))
    return Page(views(page.items), page.next_cursor)


def _of_company(actor: Actor, side: Side) -> QuerySet[CreditLine]:
    if side == "seller":
        return _loaded().filter(seller=policies.handles_money(actor))
    return _loaded().filter(buyer=parties.require(actor, *READERS))


def _loaded() -> QuerySet[CreditLine]:
    return CreditLine.objects.select_related("seller", "buyer")


def _due_of(ids: Sequence[int]) -> dict[int, tuple[Money, date | None]]:
    """Of each line: what is to be paid now, and the first day on which something open is due."""
    open_ = CreditItem.objects.filter(line__in=ids, open_fen__gt=0, due_on__isnull=False)
    now = {
        line_id: Money(fen)
        for line_id, fen in due_now(open_, clock.today())
        .values("line")
        .annotate(fen=Sum("open_fen"))
        .values_list("line", "fen")
    }
    first = open_.values("line").annotate(first=Min("due_on")).values_list("line", "first")
    return {line_id: (now.get(line_id, ZERO), day) for line_id, day in first}


def _view(
    line: CreditLine, late: tuple[Money, date] | None, due: tuple[Money, date | None]
) -> CreditLineView:
    figures = standing.figures(line, late)
    today = clock.today()
    terms = line.own_terms
    monthly = terms.kind is TermKind.MONTHLY and terms.since <= today
    state = "overdue" if figures.overdue else "frozen" if figures.frozen else "open"
    return CreditLineView(
        id=line.pk,
        seller_id=line.seller_id,
        seller_name=line.seller.name,
        buyer_id=line.buyer_id,
        buyer_name=line.buyer.name,
        buyer_login=line.buyer.login,
        limit=figures.limit,
        used=figures.used,
        free=figures.free,
        due=due[0],
        overdue=figures.overdue,
        overdue_since=late[1] if late else None,
        next_due_on=due[1],
        terms=line.terms,
        number=line.terms_number,
        terms_label=words.terms(terms),
        terms_since=line.terms_since,
        state=state,
        frozen_at=line.frozen_at,
        frozen_reason=line.frozen_reason,
        granted_at=line.granted_at,
        period=rules.due_of(terms, today).period if monthly else None,
    )
