"""The buyer's requests and the seller's inbox: pages by cursor, newest first, one statement each."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery

from pifa.kernel.actors import Actor
from pifa.kernel.errors import InvalidInput
from pifa.kernel.money import Money
from pifa.kernel.paging import Page, cut, page_size, read_cursor
from pifa.trade.models import Quote, QuoteRequest, QuoteRequestLine
from pifa.trade.quotes import policies
from pifa.trade.quotes.days import last_day
from pifa.trade.quotes.queries.views import InboxRow, RequestRow
from pifa.trade.quotes.states import UNDECIDED, QuoteState, RequestState

WAITING, ENDED, ALL = "waiting", "ended", "all"

_ANSWERED = Q(quotes__revision__gt=0)
_INBOX: dict[str, Q] = {
    WAITING: Q(state=QuoteState.ASKED, request__state=RequestState.OPEN),
    "answered": Q(state=QuoteState.QUOTED),
    ENDED: ~Q(state=QuoteState.QUOTED)
    & ~Q(state=QuoteState.ASKED, request__state=RequestState.OPEN),
    ALL: Q(),
}
_REQUESTS: dict[str, Q] = {
    WAITING: Q(state__in=UNDECIDED),
    ENDED: ~Q(state__in=UNDECIDED),
    ALL: Q(),
}
INBOX_TABS, REQUEST_TABS = tuple(_INBOX), tuple(_REQUESTS)
"""Tabs of the two lists: what waits, (what was answered,) what ended, everything."""


def requests(
    actor: Actor, tab: str = ALL, cursor: str | None = None, size: int | None = None
) -> Page[RequestRow]:
    """The requests of the actor's company, newest first. `InvalidInput` for an unknown tab."""
    rows = QuoteRequest.objects.filter(policies.own_requests(actor) & _tab(_REQUESTS, tab))
    rows = rows.annotate(
        asked=Count("quotes"),
        answered=Count("quotes", filter=_ANSWERED),
        order_number=Subquery(
            Quote.objects.filter(request=OuterRef("pk"), order__isnull=False).values(
                "order__number"
            )[:1]
        ),
        **_first_line("pk"),
    )
    page = _page(rows, cursor, size)
    return Page([_request_row(row) for row in page.items], page.next_cursor)


def inbox(
    actor: Actor, tab: str = ALL, cursor: str | None = None, size: int | None = None
) -> Page[InboxRow]:
    """What the actor's company was asked as seller. `InvalidInput` for an unknown tab."""
    rows = Quote.objects.filter(policies.own_quotes(actor) & _tab(_INBOX, tab))
    rows = rows.select_related("request__buyer", "order").annotate(**_first_line("request"))
    page = _page(rows, cursor, size)
    return Page([_inbox_row(row) for row in page.items], page.next_cursor)


def inbox_rows(actor: Actor) -> QuerySet[Quote]:
    """The requests that wait for this seller's answer, to be counted with others."""
    return Quote.objects.filter(policies.own_quotes(actor) & _INBOX[WAITING])


def _tab(tabs: dict[str, Q], tab: str) -> Q:
    if tab not in tabs:
        raise InvalidInput(field="tab", reason=" | ".join(tabs))
    return tabs[tab]


def _first_line(request: str) -> dict[str, Any]:
    lines = QuoteRequestLine.objects.filter(request=OuterRef(request))
    first = lines.filter(position=1)
    counted = lines.order_by().values("request").annotate(n=Count("pk")).values("n")
    return {
        "title": Subquery(first.values("title")[:1]),
        "title_en": Subquery(first.values("title_en")[:1]),
        "line_count": Subquery(counted),
    }


def _page(rows: QuerySet[Any], cursor: str | None, size: int | None) -> Page[Any]:
    if cursor:
        (last_id,) = read_cursor(cursor, int)
        rows = rows.filter(pk__lt=last_id)
    limit = page_size(size)
    return cut(list(rows.order_by("-pk")[: limit + 1]), limit, lambda row: (row.pk,))


def _request_row(row: Any) -> RequestRow:
    return RequestRow(
        number=row.number,
        state=row.state,
        state_label=row.get_state_display(),
        title=row.title,
        title_en=row.title_en,
        lines=row.line_count,
        asked=row.asked,
        answered=row.answered,
        asked_at=row.asked_at,
        answers_until=last_day(row.closes_at),
        order=row.order_number,
    )


def _inbox_row(row: Any) -> InboxRow:
    request = row.request
    return InboxRow(
        number=row.number,
        state=row.state,
        state_label=row.get_state_display(),
        buyer_name=request.buyer.name,
        title=row.title,
        title_en=row.title_en,
        lines=row.line_count,
        region=request.region,
        city=request.city,
        needed_by=request.needed_by,
        asked_at=request.asked_at,
        answers_until=last_day(request.closes_at),
        total=None if row.total_fen is None else Money(row.total_fen),
        valid_until=last_day(row.valid_until) if row.valid_until else None,
        order=row.order.number if row.order else None,
    )
