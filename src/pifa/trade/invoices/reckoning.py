"""A request's amounts, and what refunds and ends of its orders do to it.

Lock order: orders, then the request (its papers are written under it only). A refund comes here
last, after finance and the ledger; nobody who holds a request waits for those.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TypedDict

from django.conf import settings
from django.db.models import Sum

from pifa.kernel import audit, clock, deadlines
from pifa.kernel.actors import SYSTEM
from pifa.kernel.events import emit
from pifa.kernel.ids import number_of
from pifa.kernel.money import Money
from pifa.trade.invoices.facts import CreditNoteDue, InvoiceDue
from pifa.trade.invoices.rules import Sums
from pifa.trade.invoices.states import REQUEST, RequestState
from pifa.trade.models import InvoicedOrder, InvoiceRequest

REMIND = "invoice.remind"
CREDIT = "invoice.credit_due"
"""Deadlines: a request that waits is recalled; a credit note is due."""


def sums_of(request: InvoiceRequest) -> Sums:
    """What a request's orders cost in the end and what its papers say. One statement."""
    linked = InvoicedOrder.objects.filter(request=request, live=True)
    found = linked.aggregate(paid=Sum("order__paid_fen"), refunded=Sum("order__refunded_fen"))
    return Sums(
        paid=Money(found["paid"] or 0),
        refunded=Money(found["refunded"] or 0),
        invoiced=Money(request.invoiced_fen),
        credited=Money(request.credited_fen),
    )


def follow_money(order_number: str) -> None:
    """Money of an order came or went back: what was invoiced of it may be too little or too much.

    Too much: a credit note falls due by itself. Too little (an order on credit is paid bit by
    bit): the request waits again.
    """
    request = _live_request(order_number, invoiced_fen__gt=0)
    if request is None:
        return
    sums = sums_of(request)
    before, request.credit_due_fen = request.credit_due_fen, sums.to_credit.fen
    was = request.state
    request.state = RequestState.WAITING if sums.to_invoice else RequestState.ISSUED
    request.save(update_fields=["credit_due_fen", "state"])
    if request.state != was:
        if sums.to_invoice:
            deadlines.set_deadline(REMIND, request.subject, next_reminder())
        else:
            deadlines.clear(request.subject, REMIND)
    if not request.credit_due_fen and before:
        deadlines.clear(request.subject, CREDIT)
    if request.credit_due_fen <= before:
        return
    moment = clock.now() + timedelta(days=settings.MARKET["credit_note_days"])
    deadlines.set_deadline(CREDIT, request.subject, moment)
    audit.record(SYSTEM, "invoice.credit_due", request.subject, amount_fen=request.credit_due_fen)
    emit(_credit_due(request, moment))


def follow_end(order_number: str) -> None:
    """An order ended without a trade: what was asked for it and not issued is void."""
    request = _live_request(order_number, invoiced_fen=0)
    if request is None or request.state != RequestState.WAITING:
        return
    linked = InvoicedOrder.objects.filter(request=request, live=True)
    linked.filter(order__number=order_number).update(live=False)
    if not linked.exists():
        REQUEST.check(request.state, "lapse")
        end(request, RequestState.LAPSED, "")
        audit.record(SYSTEM, "invoice.lapse", request.subject)


def end(request: InvoiceRequest, state: RequestState, reason: str) -> None:
    """End a locked request without papers: its orders may be asked for anew."""
    request.state, request.reason, request.decided_at = state, reason, clock.now()
    request.save(update_fields=["state", "reason", "decided_at"])
    InvoicedOrder.objects.filter(request=request).update(live=False)
    deadlines.clear(request.subject)


def next_reminder() -> datetime:
    """When a request that waits is recalled."""
    return clock.now() + timedelta(days=settings.MARKET["invoice_days"])


@deadlines.handles(REMIND)
def _remind(subject: str) -> None:
    """The seller is recalled, and again as long as the request waits."""
    request = _of(subject)
    if request is None or request.state != RequestState.WAITING:
        return
    left = sums_of(request).to_invoice
    if left:
        emit(InvoiceDue(**parties_in(request), amount_fen=left.fen))
    deadlines.set_deadline(REMIND, subject, next_reminder())


@deadlines.handles(CREDIT)
def _overdue(subject: str) -> None:
    """The credit note did not come in time: the seller is told so, each week anew."""
    request = _of(subject)
    if request is None or not request.credit_due_fen:
        return
    emit(_credit_due(request, clock.now(), overdue=True))
    deadlines.set_deadline(CREDIT, subject, next_reminder())


def _live_request(order_number: str, **of_request: int) -> InvoiceRequest | None:
    """The request that is about an order, locked; the caller holds the order, under whose lock
    alone papers are written."""
    linked = InvoicedOrder.objects.filter(order__number=order_number, live=True)
    rows = InvoiceRequest.objects.select_for_update(no_key=True)
    return rows.filter(pk__in=linked.values("request"), **of_request).first()


def _of(subject: str) -> InvoiceRequest | None:
    rows = InvoiceRequest.objects.select_for_update(no_key=True)
    return rows.filter(number=number_of(subject)).first()


def _credit_due(
    request: InvoiceRequest, moment: datetime, *, overdue: bool = False
) -> CreditNoteDue:
    return CreditNoteDue(
        **parties_in(request),
        amount_fen=request.credit_due_fen,
        due=moment.isoformat(),
        overdue=overdue,
    )


class Parties(TypedDict):
    """What every event of a request says."""

    number: str
    buyer_id: int
    seller_id: int


def parties_in(request: InvoiceRequest) -> Parties:
    """The request's number and parties, for its events."""
    return {
        "number": request.number,
        "buyer_id": request.buyer_id,
        "seller_id": request.seller_id,
    }
