"""What buyers and sellers read of invoices; a bounded number of statements each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from pifa.kernel import clock
from pifa.kernel.actors import Actor
from pifa.kernel.errors import InvalidInput, NotFound
from pifa.kernel.money import Money
from pifa.kernel.paging import Page, cut, page_size, read_cursor
from pifa.trade import policies as orders_policies
from pifa.trade.invoices import asking, parties, policies
from pifa.trade.invoices.parties import Mismatch
from pifa.trade.invoices.rows import ENDED, RequestRow, request_rows
from pifa.trade.invoices.states import REQUEST, RequestState
from pifa.trade.models import InvoicedOrder, InvoicePaper, InvoiceRequest, Order
from pifa.trade.states import BUYER, SELLER, OrderStatus

TABS = ("waiting", "credit", "issued", "ended", "all")
"""Tabs of a desk; `credit`: a credit note is due."""

ASKABLE_SHOWN = 100


@dataclass(frozen=True, slots=True)
class Filters:
    """What a desk is narrowed by: words (a number of request, order or invoice, a part of the
    title), the kind, days of asking (both included)."""

    keyword: str = ""
    kind: str = ""
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class PaperView:
    """An invoice or credit note (negative) with what is still left of it to correct."""

    id: int
    code: str
    number: str
    day: date
    amount: Money
    left: Money
    is_credit_note: bool
    corrects_number: str
    format: str
    bytes: int
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class RequestDetail:
    """A request as one of its parties reads it; `verbs` are those the reader may use now."""

    row: RequestRow
    side: str
    address: str
    phone: str
    bank: str
    account: str
    email: str
    note: str
    reason: str
    issuer_name: str
    decided_at: datetime | None
    papers: tuple[PaperView, ...]
    mismatches: tuple[Mismatch, ...]
    verbs: tuple[str, ...]

    @property
    def correctable(self) -> list[PaperView]:
        """Invoices that a credit note may correct."""
        return [paper for paper in self.papers if not paper.is_credit_note and paper.left]


@dataclass(frozen=True, slots=True)
class OrderInvoice:
    """Where the invoice of one order stands: the request, if there is one (`row`), what does not
    fit between the parties, and whether it can still be asked for and until when."""

    row: RequestRow | None
    mismatches: tuple[Mismatch, ...]
    can_ask: bool
    why_not: str
    ask_until: datetime | None


def requests(
    actor: Actor,
    side: str,
    tab: str = "waiting",
    filters: Filters | None = None,
    cursor: str | None = None,
    size: int | None = None,
) -> Page[RequestRow]:
    """A page of a side's requests, newest first. Three statements; `InvalidInput` for an unknown
    side, tab or kind."""
    rows = _desk(actor, side, tab, filters or Filters())
    if cursor:
        (last_id,) = read_cursor(cursor, int)
        rows = rows.filter(pk__lt=last_id)
    limit = page_size(size)
    page = cut(list(rows.order_by("-pk")[: limit + 1]), limit, lambda row: (row.pk,))
    return Page(request_rows(page.items), page.next_cursor)


def tab_counts(actor: Actor, side: str) -> dict[str, int]:
    """How many requests each tab has; one statement."""
    counts = dict.fromkeys(TABS, 0)
    grouped = (
        _of_side(actor, side)
        .values_list("state")
        .annotate(n=Count("pk"), due=Count("pk", filter=Q(credit_due_fen__gt=0)))
    )
    for state, number, due in grouped.order_by():
        counts["all"] += number
        counts["ended" if state in ENDED else str(state)] += number
        counts["credit"] += due
    return counts


def rows_to_do(actor: Actor) -> QuerySet[InvoiceRequest]:
    """The requests that wait for this seller, credit notes included; none for who cannot issue."""
    if not actor.has_role(*policies.ISSUING):
        return InvoiceRequest.objects.none()
    rows = InvoiceRequest.objects.filter(seller=actor.company_id)
    return rows.filter(Q(state=RequestState.WAITING) | Q(credit_due_fen__gt=0))


def request(actor: Actor, number: str) -> RequestDetail:
    """A request with its papers; `NotFound` for a stranger's. Four statements."""
    found = _with_names(InvoiceRequest.objects.filter(policies.visible(actor), number=number))
    row = found.first()
    if row is None:
        raise NotFound
    side = BUYER if row.buyer_id == actor.company_id else SELLER
    (view,) = request_rows([row])
    return RequestDetail(
        row=view,
        side=side,
        address=row.address,
        phone=row.phone,
        bank=row.bank,
        account=row.account,
        email=row.email,
        note=row.note,
        reason=row.reason,
        issuer_name=row.issuer_name,
        decided_at=row.decided_at,
        papers=_papers(row),
        mismatches=tuple(_mismatches(row)),
        verbs=_verbs(row, view, side),
    )


def paper_file(actor: Actor, number: str, paper_id: int) -> tuple[PaperView, bytes]:
    """A paper with its file's bytes, for the two parties only; else `NotFound`."""
    rows = InvoicePaper.objects.filter(
        pk=paper_id,
        request__number=number,
        request__in=InvoiceRequest.objects.filter(policies.visible(actor)),
    )
    row = rows.select_related("corrects").first()
    if row is None:
        raise NotFound
    with row.file.open("rb") as file:
        content: bytes = file.read()
    return _paper(row), content


def order_invoice(actor: Actor, order_number: str) -> OrderInvoice:
    """Where an order's invoice stands, for either side; `NotFound` for a stranger's order. Four
    statements at most."""
    rows = Order.objects.filter(orders_policies.visible(actor), number=order_number)
    order = rows.select_related("buyer", "seller").first()
    if order is None or order.buyer is None:
        raise NotFound
    linked = InvoicedOrder.objects.filter(order=order).order_by("-live", "-pk")
    link = linked.select_related("request__buyer", "request__seller").first()
    row = link.request if link else None
    if link is not None and link.live:
        why = asking.why_not(order, {order.pk: link.request.number})
        mismatches = _mismatches(link.request)
    else:
        why = asking.why_not(order, {})
        buyer, seller = parties.party(order.buyer), parties.party(order.seller)
        mismatches = parties.without_request(buyer, seller)
    return OrderInvoice(
        row=request_rows([row])[0] if row else None,
        mismatches=tuple(mismatches),
        can_ask=why is None,
        why_not=str(why or ""),
        ask_until=asking.ask_until(order),
    )


def askable_orders(actor: Actor, seller_id: int | None = None) -> list[Order]:
    """The company's newest orders for which an invoice can be asked, sellers loaded. Paid ones
    only: at the checkout it is asked for those that are not. Two statements."""
    company_id = policies.require_asking(actor)
    rows = Order.objects.filter(buyer=company_id, paid_at__isnull=False).exclude(
        Q(status=OrderStatus.CLOSED) | Q(invoiced__live=True)
    )
    if seller_id is not None:
        rows = rows.filter(seller=seller_id)
    found = list(rows.select_related("seller").order_by("-paid_at", "-pk")[:ASKABLE_SHOWN])
    return [order for order in found if asking.why_not(order, {}) is None]


def desk_rows(
    actor: Actor, tab: str, filters: Filters | None = None
) -> Iterator[tuple[InvoiceRequest, list[str], list[InvoicePaper]]]:
    """A seller's requests with order numbers and papers, newest first, for the sheet."""
    rows = _desk(actor, SELLER, tab, filters or Filters()).order_by("-pk")
    for row in rows.prefetch_related("papers__corrects", "orders__order").iterator(200):
        numbers = [link.order.number for link in row.orders.all()]
        yield row, numbers, sorted(row.papers.all(), key=lambda paper: paper.pk)


# ------------------------------------------------------------------------------- helpers


def _of_side(actor: Actor, side: str) -> QuerySet[InvoiceRequest]:
    if side == BUYER:
        return InvoiceRequest.objects.filter(buyer=policies.require_asking(actor))
    if side == SELLER:
        return InvoiceRequest.objects.filter(seller=policies.require_issuing(actor))
    raise InvalidInput(field="side", reason=f"{BUYER} | {SELLER}")


def _desk(actor: Actor, side: str, tab: str, filters: Filters) -> QuerySet[InvoiceRequest]:
    rows = _of_side(actor, side)
    if tab not in TABS:
        raise InvalidInput(field="tab", reason=" | ".join(TABS))
    if tab == "credit":
        rows = rows.filter(credit_due_fen__gt=0)
    elif tab == "ended":
        rows = rows.filter(state__in=ENDED)
    elif tab != "all":
        rows = rows.filter(state=tab)
    if words := filters.keyword.strip():
        of_order = InvoicedOrder.objects.filter(
            request=OuterRef("pk"), order__number__startswith=words
        )
        of_paper = InvoicePaper.objects.filter(request=OuterRef("pk"), number__startswith=words)
        rows = rows.filter(
            Q(number__startswith=words)
            | Q(title__icontains=words)
            | Exists(of_order)
            | Exists(of_paper)
        )
    if filters.kind:
        rows = rows.filter(kind=filters.kind)
    if filters.since:
        rows = rows.filter(asked_at__gte=clock.start_of_day(filters.since))
    if filters.until:
        rows = rows.filter(asked_at__lt=clock.start_of_day(filters.until + timedelta(days=1)))
    return _with_names(rows)


def _with_names(rows: QuerySet[InvoiceRequest]) -> QuerySet[InvoiceRequest]:
    return rows.select_related("buyer", "seller")


def _papers(row: InvoiceRequest) -> tuple[PaperView, ...]:
    papers = InvoicePaper.objects.filter(request=row).select_related("corrects")
    return tuple(_paper(paper) for paper in papers.order_by("pk"))


def _paper(row: InvoicePaper) -> PaperView:
    left = 0 if row.is_credit_note else row.amount_fen - row.credited_fen
    return PaperView(
        id=row.pk,
        code=row.code,
        number=row.number,
        day=row.day,
        amount=Money(row.amount_fen),
        left=Money(left),
        is_credit_note=row.is_credit_note,
        corrects_number=row.corrects.number if row.corrects else "",
        format=row.format,
        bytes=row.bytes,
        recorded_at=row.recorded_at,
    )


def _mismatches(row: InvoiceRequest) -> list[Mismatch]:
    buyer, seller = parties.party(row.buyer), parties.party(row.seller)
    return parties.compared(row.title, row.tax_no, buyer, seller)


def _verbs(row: InvoiceRequest, view: RequestRow, side: str) -> tuple[str, ...]:
    state = RequestState.ISSUED.value if row.invoiced_fen else row.state
    ends = REQUEST.verbs(state, side)
    found = [verb for verb in ends if verb in ("refuse", "withdraw")]
    if side == SELLER and view.is_ready and view.to_invoice:
        found.append("issue")
    if side == SELLER and view.credit_due:
        found.append("credit")
    return tuple(found)
