"""A request for an invoice as a row of a list: its orders, what is to be invoiced, what is due."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from pifa.kernel.models import Deadline
from pifa.kernel.money import Money
from pifa.trade.invoices.reckoning import CREDIT
from pifa.trade.invoices.rules import Sums
from pifa.trade.invoices.states import RequestState
from pifa.trade.models import InvoicedOrder, InvoiceRequest, Order
from pifa.trade.states import OrderStatus

ENDED = (RequestState.REFUSED, RequestState.WITHDRAWN, RequestState.LAPSED)


@dataclass(frozen=True, slots=True)
class InvoicedOrderView:
    """An order of a request with its money."""

    number: str
    status: str
    status_label: str
    total: Money
    paid: Money
    refunded: Money

    @property
    def net(self) -> Money:
        """What can be invoiced of it: paid less refunded."""
        return self.paid - self.refunded


@dataclass(frozen=True, slots=True)
class RequestRow:
    """A request in a list. `amount`: what can be invoiced now; `is_ready`: all of it is known.
    `due_at`: until when the credit note is due."""

    number: str
    buyer_name: str
    seller_name: str
    kind: str
    kind_label: str
    title: str
    tax_no: str
    state: str
    state_label: str
    orders: tuple[InvoicedOrderView, ...]
    amount: Money
    invoiced: Money
    credited: Money
    to_invoice: Money
    credit_due: Money
    is_ready: bool
    asked_at: datetime
    due_at: datetime | None

    @property
    def order_numbers(self) -> list[str]:
        """The numbers of its orders."""
        return [order.number for order in self.orders]


def request_rows(found: Sequence[InvoiceRequest]) -> list[RequestRow]:
    """Rows of requests read with names; two statements for any number."""
    orders: dict[int, list[InvoicedOrderView]] = defaultdict(list)
    sums: dict[int, list[Money]] = defaultdict(lambda: [Money(0), Money(0)])
    ready: dict[int, bool] = defaultdict(lambda: True)
    ended = {row.pk for row in found if row.state in ENDED}
    linked = InvoicedOrder.objects.filter(request__in=[row.pk for row in found])
    for link in linked.select_related("order").order_by("order_id"):
        order = _order(link.order)
        orders[link.request_id].append(order)
        if link.live or link.request_id in ended:
            paid, refunded = sums[link.request_id]
            sums[link.request_id] = [paid + order.paid, refunded + order.refunded]
            unsettled = order.status in (OrderStatus.AWAITING_PAYMENT, OrderStatus.IN_REFUND)
            ready[link.request_id] &= bool(order.paid) and not unsettled
    subjects = [row.subject for row in found if row.credit_due_fen]
    due = dict(
        Deadline.objects.filter(kind=CREDIT, subject__in=subjects, done_at=None).values_list(
            "subject", "due_at"
        )
    )
    return [
        _row(row, tuple(orders[row.pk]), _sums(row, *sums[row.pk]), ready[row.pk], due)
        for row in found
    ]


def _sums(row: InvoiceRequest, paid: Money, refunded: Money) -> Sums:
    return Sums(paid, refunded, Money(row.invoiced_fen), Money(row.credited_fen))


def _row(
    row: InvoiceRequest,
    orders: tuple[InvoicedOrderView, ...],
    sums: Sums,
    ready: bool,
    due: dict[str, datetime],
) -> RequestRow:
    live = row.state not in ENDED
    return RequestRow(
        number=row.number,
        buyer_name=row.buyer.name,
        seller_name=row.seller.name,
        kind=row.kind,
        kind_label=str(row.get_kind_display()),
        title=row.title,
        tax_no=row.tax_no,
        state=row.state,
        state_label=str(row.get_state_display()),
        orders=orders,
        amount=sums.net,
        invoiced=sums.invoiced,
        credited=sums.credited,
        to_invoice=sums.to_invoice if live else Money(0),
        credit_due=Money(row.credit_due_fen),
        is_ready=live and ready,
        asked_at=row.asked_at,
        due_at=due.get(row.subject),
    )


def _order(order: Order) -> InvoicedOrderView:
    return InvoicedOrderView(
        number=order.number,
        status=order.status,
        status_label=str(order.get_status_display()),
        total=Money(order.total_fen),
        paid=Money(order.paid_fen),
        refunded=Money(order.refunded_fen),
    )
