"""The verbs of invoices: ask, withdraw, refuse; record an invoice or a credit note.

Orders are locked first (by id), then the request.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from pifa.kernel import audit, clock, deadlines
from pifa.kernel.actors import Actor
from pifa.kernel.errors import NotFound, WrongState
from pifa.kernel.events import emit
from pifa.kernel.ids import public_number
from pifa.kernel.money import Money
from pifa.trade import policies as orders_policies
from pifa.trade import rules as orders_rules
from pifa.trade.invoices import asking, facts, policies, reckoning, rules
from pifa.trade.invoices.errors import (
    CreditTooLarge,
    InvoiceNumberUsed,
    NothingToCredit,
    NotInvoiceable,
    NotYetPaid,
    OrdersOfSeveralSellers,
)
from pifa.trade.invoices.files import CleanFile, clean_file
from pifa.trade.invoices.parties import parties_of
from pifa.trade.invoices.reckoning import parties_in
from pifa.trade.invoices.rules import Details
from pifa.trade.invoices.states import REQUEST, RequestState
from pifa.trade.models import InvoicedOrder, InvoicePaper, InvoiceRequest, Order
from pifa.trade.states import OrderStatus

UNSETTLED = (OrderStatus.AWAITING_PAYMENT, OrderStatus.IN_REFUND)
"""States in which what is to be invoiced is not known yet."""


@dataclass(frozen=True, slots=True)
class NewPaper:
    """An invoice or credit note that was issued outside the market; the amount is above zero.

    `more_follow`: it is one of several that share what is due. `corrects` is the id of the invoice
    that a credit note corrects.
    """

    number: str
    day: date
    amount: Money
    file: bytes
    code: str = ""
    more_follow: bool = False
    corrects: int | None = None


# ------------------------------------------------------------------------------- buyers


def ask_invoice(
    actor: Actor, numbers: Sequence[str], given: Mapping[str, object], note: str = ""
) -> str:
    """Ask for the invoice of one order or of several of one seller; returns the request's number.

    `given` are the details. `NotFound` for a stranger's order, `NotInvoiceable` says why not,
    `OrdersOfSeveralSellers`, `InvalidDetails`.
    """
    buyer_id = policies.require_asking(actor)
    details = rules.read_details(given)
    note = orders_rules.optional_text(note, _("备注"), 200, "note")
    wanted = list(dict.fromkeys(numbers))
    if not 1 <= len(wanted) <= rules.MAX_ORDERS:
        raise OrdersOfSeveralSellers(field="orders", limit=rules.MAX_ORDERS)
    with transaction.atomic():
        found = list(
            Order.objects.select_for_update(of=("self",), no_key=True)
            .filter(orders_policies.as_buyer(buyer_id), number__in=wanted)
            .order_by("pk")
        )
        if len(found) != len(wanted):
            raise NotFound
        if len({order.seller_id for order in found}) > 1:
            raise OrdersOfSeveralSellers(field="orders", limit=rules.MAX_ORDERS)
        asked = asking.live_requests(found)
        for order in found:
            why = asking.why_not(order, asked)
            if why is not None:
                raise NotInvoiceable(field="orders", number=order.number, why=str(why))
        return _write_requests(actor, buyer_id, [found], details, note)[0]


def ask_at_checkout(actor: Actor, buyer_id: int, numbers: Sequence[str], details: Details) -> None:
    """Ask for an invoice of each order that was placed in this transaction."""
    placed = list(Order.objects.filter(number__in=list(numbers)).order_by("pk"))
    _write_requests(actor, buyer_id, [[order] for order in placed], details, "")


def withdraw_request(actor: Actor, number: str) -> None:
    """The buyer wants the invoice no more, or with other details: nothing was issued yet."""
    company_id = policies.require_asking(actor)
    with transaction.atomic():
        request, orders = _lock(actor, number)
        if request.buyer_id != company_id:
            raise NotFound
        _check_unissued(request, "withdraw")
        reckoning.end(request, RequestState.WITHDRAWN, "")
        _log(actor, "invoice.withdraw", request, orders)
        emit(facts.InvoiceWithdrawn(**parties_in(request)))


# ------------------------------------------------------------------------------- sellers


def refuse_request(actor: Actor, number: str, reason: str) -> None:
    """The seller does not issue it, and says why; the buyer may ask anew."""
    reason = orders_rules.required_text(reason, _("拒绝原因"), 200, "reason")
    with transaction.atomic():
        request, orders = _lock_issuing(actor, number)
        _check_unissued(request, "refuse")
        reckoning.end(request, RequestState.REFUSED, reason)
        _log(actor, "invoice.refuse", request, orders, reason=reason)
        emit(facts.InvoiceRefused(**parties_in(request), reason=reason))


def record_invoice(actor: Actor, number: str, paper: NewPaper) -> int:
    """Record an invoice that was issued, with its file; returns the paper's id.

    The amount is exactly what the orders cost in the end (paid less refunded) less what was
    invoiced already; a part only with `more_follow`. `InvoiceAmountOff`, `NotYetPaid`,
    `InvoiceNumberInvalid`, `InvoiceNumberUsed`, `InvoiceDayOff`, `FileRefused`, `WrongState`.
    """
    policies.require_issuing(actor)
    file = clean_file(paper.file)
    code, invoice_no = rules.check_number(paper.code, paper.number)
    with transaction.atomic():
        request, orders = _lock_issuing(actor, number)
        sums = reckoning.sums_of(request)
        issue = REQUEST.check(request.state, "issue")
        if request.state == RequestState.ISSUED and not sums.to_invoice:
            raise WrongState(state=request.get_state_display(), verb=issue.label)
        for order in orders:
            if order.status in UNSETTLED or (
                not order.paid_fen and order.status != OrderStatus.CLOSED
            ):
                raise NotYetPaid(number=order.number)
        rules.check_amount(paper.amount, sums.to_invoice, more_follow=paper.more_follow)
        first = min(clock.market_day(order.placed_at) for order in orders)
        rules.check_day(paper.day, first, clock.today())
        row = _keep(actor, request, file, code, invoice_no, paper.day, paper.amount, None)
        request.invoiced_fen += paper.amount.fen
        request.issuer_name = _issuer(request)
        request.decided_at = clock.now()
        if paper.amount == sums.to_invoice:
            request.state = RequestState.ISSUED
            deadlines.clear(request.subject, reckoning.REMIND)
        request.save()
        _log(
            actor,
            "invoice.issue",
            request,
            orders,
            invoice_no=invoice_no,
            amount_fen=paper.amount.fen,
        )
        emit(
            facts.InvoiceIssued(
                **parties_in(request), invoice_no=invoice_no, amount_fen=paper.amount.fen
            )
        )
    return row.pk


def record_credit_note(actor: Actor, number: str, paper: NewPaper) -> int:
    """Record the credit note that a refund made due; its amount is given above zero, kept below.

    Exactly what is due (a part only with `more_follow`), and never more than is left of the
    invoice it corrects: `NothingToCredit`, `CreditTooLarge`, and what `record_invoice` refuses.
    """
    policies.require_issuing(actor)
    file = clean_file(paper.file)
    code, invoice_no = rules.check_number(paper.code, paper.number)
    with transaction.atomic():
        request, orders = _lock_issuing(actor, number)
        due = Money(request.credit_due_fen)
        if not due:
            raise NothingToCredit
        invoices = InvoicePaper.objects.filter(request=request, corrects=None)
        corrected = invoices.filter(pk=paper.corrects).first() if paper.corrects else None
        if corrected is None:
            raise NotFound
        rules.check_amount(paper.amount, due, more_follow=paper.more_follow)
        left = Money(corrected.amount_fen - corrected.credited_fen)
        if paper.amount > left:
            raise CreditTooLarge(field="amount", amount=paper.amount, left=left)
        rules.check_day(paper.day, corrected.day, clock.today())
        row = _keep(actor, request, file, code, invoice_no, paper.day, -paper.amount, corrected)
        corrected.credited_fen += paper.amount.fen
        corrected.save(update_fields=["credited_fen"])
        request.credited_fen += paper.amount.fen
        request.credit_due_fen -= paper.amount.fen
        request.save(update_fields=["credited_fen", "credit_due_fen"])
        if not request.credit_due_fen:
            deadlines.clear(request.subject, reckoning.CREDIT)
        _log(
            actor,
            "invoice.credit",
            request,
            orders,
            invoice_no=invoice_no,
            amount_fen=paper.amount.fen,
        )
        emit(
            facts.CreditNoteRecorded(
                **parties_in(request), invoice_no=invoice_no, amount_fen=paper.amount.fen
            )
        )
    return row.pk


# ------------------------------------------------------------------------------- helpers


def _write_requests(
    actor: Actor, buyer_id: int, groups: Sequence[Sequence[Order]], details: Details, note: str
) -> list[str]:
    moment = clock.now()
    requests = InvoiceRequest.objects.bulk_create(
        InvoiceRequest(
            number=public_number("V", moment),
            buyer_id=buyer_id,
            seller_id=orders[0].seller_id,
            note=note,
            asked_by_id=actor.member_id,
            asked_at=moment,
            **details.as_dict(),
        )
        for orders in groups
    )
    InvoicedOrder.objects.bulk_create(
        InvoicedOrder(request=request, order=order)
        for request, orders in zip(requests, groups, strict=True)
        for order in orders
    )
    deadlines.set_new(
        [(reckoning.REMIND, request.subject, reckoning.next_reminder()) for request in requests]
    )
    for request, orders in zip(requests, groups, strict=True):
        _log(actor, "invoice.ask", request, orders, kind=request.kind)
    emit(
        *(
            facts.InvoiceAsked(**parties_in(request), title=request.title, orders=len(orders))
            for request, orders in zip(requests, groups, strict=True)
        )
    )
    return [request.number for request in requests]


def _keep(
    actor: Actor,
    request: InvoiceRequest,
    file: CleanFile,
    code: str,
    number: str,
    day: date,
    amount: Money,
    corrects: InvoicePaper | None,
) -> InvoicePaper:
    """Write the paper and its file; the file goes again if the number was recorded before."""
    row = InvoicePaper(
        request=request,
        seller_id=request.seller_id,
        corrects=corrects,
        code=code,
        number=number,
        day=day,
        amount_fen=amount.fen,
        format=file.format,
        bytes=len(file.data),
        digest=file.digest,
        recorded_by_id=actor.member_id,
        recorded_at=clock.now(),
    )
    row.file.save(f"{request.number}-{number}.{file.format}", ContentFile(file.data), save=False)
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        row.file.delete(save=False)
        raise InvoiceNumberUsed(field="number", number=number) from error
    return row


def _lock(actor: Actor, number: str) -> tuple[InvoiceRequest, list[Order]]:
    rows = InvoiceRequest.objects.filter(policies.visible(actor), number=number)
    request_id = rows.values_list("pk", flat=True).first()
    if request_id is None:
        raise NotFound
    linked = Order.objects.filter(invoiced__request=request_id, invoiced__live=True)
    orders = list(
        Order.objects.select_for_update(no_key=True)
        .filter(pk__in=linked.values("pk"))
        .order_by("pk")
    )
    request = InvoiceRequest.objects.select_for_update(no_key=True).get(pk=request_id)
    return request, orders


def _lock_issuing(actor: Actor, number: str) -> tuple[InvoiceRequest, list[Order]]:
    company_id = policies.require_issuing(actor)
    request, orders = _lock(actor, number)
    if request.seller_id != company_id:
        raise NotFound
    return request, orders


def _check_unissued(request: InvoiceRequest, verb: str) -> None:
    """Only a request without any paper may end; with some it counts as issued."""
    REQUEST.check(RequestState.ISSUED if request.invoiced_fen else request.state, verb)


def _issuer(request: InvoiceRequest) -> str:
    party = parties_of([request.seller_id])[request.seller_id]
    return party.verified_name or party.name


def _log(
    actor: Actor, action: str, request: InvoiceRequest, orders: Sequence[Order], **detail: object
) -> None:
    """One entry for the request, and one for each of its orders, where its parties look."""
    subjects = [request.subject, *(order.subject for order in orders)]
    audit.record_all(
        audit.entry(actor, action, subject, invoice=request.number, **detail)
        for subject in subjects
    )
