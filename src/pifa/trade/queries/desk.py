"""The order desk: lists of orders by tab, with filters and counts, for either side.

A page costs four statements at most, whatever its size: orders, lines, open refund cases,
shipments. The counts beside the tabs are in `counts`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Value, Window
from django.db.models.functions import Concat, RowNumber

from pifa.catalog.queries import localized
from pifa.finance.queries.by_method import paid_by
from pifa.kernel import clock
from pifa.kernel.actors import Actor
from pifa.kernel.errors import InvalidInput
from pifa.kernel.money import Money, UnitPrice
from pifa.kernel.paging import Page, cut, page_size, read_cursor, read_moment
from pifa.parties import policies as parties
from pifa.parties.models import Guest
from pifa.trade import policies, rules
from pifa.trade.approval.states import ApprovalState
from pifa.trade.models import (
    Order,
    OrderChannel,
    OrderLine,
    Provenance,
    PurchaseApproval,
    RefundCase,
    Shipment,
)
from pifa.trade.states import BUYER, ENDED_REFUNDS, OPERATOR, ORDER, SELLER

LINES_SHOWN = 3
"""Lines of each order that a list shows; the order's page shows all."""

DECLARED = "declared"
"""The tab of imported past trade, which no other tab shows."""


@dataclass(frozen=True, slots=True)
class Filters:
    """What a desk is narrowed by. Days are market days of placing, both included.

    `keyword`: a part of an order number, of a line's title in either language, or a line's code.
    `other_login`: the login of the other side (a seller filters by buyer, a buyer by seller).
    `method`: the code of a way to pay that something of the order was paid or promised by.
    `channel`: how the order came (`OrderChannel`).
    `other_ids`: the companies of the other side; none given: all, an empty set: nobody.
    """

    keyword: str = ""
    other_login: str = ""
    since: date | None = None
    until: date | None = None
    show_closed: bool = False
    method: str = ""
    channel: str = ""
    other_ids: Collection[int] | None = None


@dataclass(frozen=True, slots=True)
class LineRow:
    """A line of an order."""

    position: int
    kind: str
    sku_id: int | None
    offer_id: int | None
    code: str
    title: str
    title_en: str
    spec_text: str
    unit: str
    quantity: int
    price: UnitPrice
    amount: Money

    @property
    def shown_title(self) -> str:
        """The title in the reader's language, as it was when ordered."""
        return localized(self.title, self.title_en)


@dataclass(frozen=True, slots=True)
class OrderRow:
    """An order in a list. `verbs` are those the reader may use now (`states.ORDER`).

    `lines` are the first few of `line_count`. A customer that is no member has its name in
    `buyer_name` and no `buyer_id`. A guest (`is_guest`) has no login: nobody signs in for it, so
    nobody would read a message. `seller_note` is empty for the buyer. While it
    `awaits_approval` nobody can pay it.
    """

    id: int
    number: str
    external_no: str | None
    status: str
    status_label: str
    channel: str
    scene: str
    provenance: str
    is_cancellation: bool
    buyer_id: int | None
    buyer_name: str
    buyer_login: str
    is_guest: bool
    seller_id: int
    seller_name: str
    seller_login: str
    goods: Money
    freight: Money
    adjustment: Money
    total: Money
    paid: Money
    promised: Money
    refunded: Money
    placed_at: datetime
    paid_at: datetime | None
    shipped_at: datetime | None
    message: str
    seller_note: str
    lines: tuple[LineRow, ...]
    line_count: int
    tracking: tuple[str, ...]
    open_refund: str | None
    awaits_approval: bool
    verbs: tuple[str, ...]

    @property
    def subject(self) -> str:
        """The order's subject, for its thread and its money."""
        return f"order:{self.number}"

    @property
    def is_declared(self) -> bool:
        """Whether a seller declared it, so that nothing can be done with it."""
        return self.provenance == Provenance.DECLARED


def orders(
    actor: Actor,
    side: str,
    tab: str = "all",
    filters: Filters | None = None,
    cursor: str | None = None,
    size: int | None = None,
) -> Page[OrderRow]:
    """A page of a desk, newest first: the actor's company as buyer or seller, or for operators
    the whole market (side `operator`). `InvalidInput` for an unknown side or tab."""
    filters = filters or Filters()
    rows = desk_orders(actor, side, tab, filters)
    if cursor:
        at, last_id = read_cursor(cursor, str, int)
        moment = read_moment(at)
        rows = rows.filter(Q(placed_at__lt=moment) | Q(placed_at=moment, pk__lt=last_id))
    limit = page_size(size)
    found = list(with_names(rows).order_by("-placed_at", "-pk")[: limit + 1])
    page = cut(found, limit, lambda order: (order.placed_at.isoformat(), order.pk))
    return Page(order_rows(page.items, side), page.next_cursor)


def desk_orders(actor: Actor, side: str, tab: str, filters: Filters) -> QuerySet[Order]:
    """The orders of a desk, before they are put in order and cut into pages (for trade itself)."""
    return of_side(actor, side).filter(_tab(tab, filters) & _filter(filters, side))


def order_rows(found: Sequence[Order], side: str) -> list[OrderRow]:
    """Rows of orders read `with_names`; three statements for any number."""
    ids = [order.pk for order in found]
    lines, counts = _first_lines(ids)
    refunds = dict(
        RefundCase.objects.filter(order__in=ids)
        .exclude(state__in=ENDED_REFUNDS)
        .values_list("order", "number")
    )
    tracking: dict[int, list[str]] = defaultdict(list)
    for order_id, carrier, number in (
        Shipment.objects.filter(order__in=ids)
        .order_by("pk")
        .values_list("order", "carrier", "tracking_no")
    ):
        tracking[order_id].append(f"{carrier} {number}")
    return [
        _row(
            order,
            side,
            tuple(lines[order.pk]),
            counts.get(order.pk, 0),
            tuple(tracking[order.pk]),
            refunds.get(order.pk),
        )
        for order in found
    ]


def line_row(line: OrderLine) -> LineRow:
    """A line for readers."""
    return LineRow(
        position=line.position,
        kind=line.kind,
        sku_id=line.sku_id,
        offer_id=line.offer_id,
        code=line.code,
        title=line.title,
        title_en=line.title_en,
        spec_text=line.spec_text,
        unit=line.unit,
        quantity=line.quantity,
        price=UnitPrice(line.price_e4),
        amount=Money(line.amount_fen),
    )


def of_side(actor: Actor, side: str) -> QuerySet[Order]:
    """All orders of a side, for trade itself; `InvalidInput` for a side that is none."""
    if side == OPERATOR:
        parties.require_operator(actor)
        return Order.objects.all()
    company_id = parties.require(actor)
    if side == BUYER:
        return Order.objects.filter(policies.as_buyer(company_id))
    if side == SELLER:
        return Order.objects.filter(policies.as_seller(company_id))
    raise InvalidInput(field="side", reason=f"buyer | seller | operator: {side}")


def _tab(tab: str, filters: Filters) -> Q:
    if tab == DECLARED:
        return Q(provenance=Provenance.DECLARED)
    if tab not in rules.TABS:
        raise InvalidInput(field="tab", reason=" | ".join((*rules.TABS, DECLARED)))
    market = Q(provenance=Provenance.MARKET)
    if tab == "all" and filters.show_closed:
        return market
    return market & Q(status__in=rules.TABS[tab])


def _filter(filters: Filters, side: str) -> Q:
    found = _how(filters)
    keyword = filters.keyword.strip()
    if keyword:
        in_lines = OrderLine.objects.filter(
            Q(title__icontains=keyword) | Q(title_en__icontains=keyword) | Q(code__iexact=keyword),
            order=OuterRef("pk"),
        )
        number = Q(number__startswith=keyword) | Q(external_no__startswith=keyword)
        found &= number | Q(Exists(in_lines))
    login = filters.other_login.strip()
    if login:
        other = Q(seller__login__iexact=login)
        if side != BUYER:
            other = Q(buyer__login__iexact=login) | Q(customer__name__icontains=login)
        found &= other
    if filters.other_ids is not None:
        other_side = "seller" if side == BUYER else "buyer"
        found &= Q(**{f"{other_side}__in": filters.other_ids})
    if filters.since:
        found &= Q(placed_at__gte=clock.start_of_day(filters.since))
    if filters.until:
        found &= Q(placed_at__lt=clock.start_of_day(filters.until + timedelta(days=1)))
    return found


def _how(filters: Filters) -> Q:
    """How the order came and is paid; `InvalidInput` for a channel or method nobody knows."""
    found = Q()
    if filters.channel:
        if filters.channel not in OrderChannel.values:
            raise InvalidInput(field="channel", reason=" | ".join(OrderChannel.values))
        found &= Q(channel=filters.channel)
    if filters.method:
        subject = Concat(Value("order:"), OuterRef("number"))
        found &= Q(Exists(paid_by(filters.method, subject)))
    return found


def with_names(rows: QuerySet[Order]) -> QuerySet[Order]:
    """Orders with what their rows need beside them, in the same statement."""
    waiting = PurchaseApproval.objects.filter(order=OuterRef("pk"), state=ApprovalState.WAITING)
    guest = Guest.objects.filter(company=OuterRef("buyer"))
    return rows.select_related("buyer", "seller", "customer").annotate(
        awaits_approval=Exists(waiting), is_guest=Exists(guest)
    )


def _first_lines(ids: Sequence[int]) -> tuple[dict[int, list[LineRow]], dict[int, int]]:
    lines: dict[int, list[LineRow]] = defaultdict(list)
    counts: dict[int, int] = {}
    ranked = OrderLine.objects.filter(order__in=ids).annotate(
        nth=Window(RowNumber(), partition_by="order", order_by="position"),
        of=Window(Count("pk"), partition_by="order"),
    )
    for line in ranked.filter(nth__lte=LINES_SHOWN).order_by("order_id", "position"):
        lines[line.order_id].append(line_row(line))
        counts[line.order_id] = line.of
    return lines, counts


def _row(
    order: Any,
    side: str,
    lines: tuple[LineRow, ...],
    line_count: int,
    tracking: tuple[str, ...],
    open_refund: str | None,
) -> OrderRow:
    declared = order.provenance == Provenance.DECLARED
    verbs = () if declared else tuple(ORDER.verbs(order.status, side))
    return OrderRow(
        id=order.pk,
        number=order.number,
        external_no=order.external_no,
        status=order.status,
        status_label=order.get_status_display(),
        channel=order.channel,
        scene=order.scene,
        provenance=order.provenance,
        is_cancellation=order.is_cancellation,
        buyer_id=order.buyer_id,
        buyer_name=buyer_name(order),
        buyer_login=order.buyer.login if order.buyer and not order.is_guest else "",
        is_guest=order.is_guest,
        seller_id=order.seller_id,
        seller_name=order.seller.name,
        seller_login=order.seller.login,
        goods=Money(order.goods_fen),
        freight=Money(order.freight_fen),
        adjustment=Money(order.adjustment_fen),
        total=Money(order.total_fen),
        paid=Money(order.paid_fen),
        refunded=Money(order.refunded_fen),
        placed_at=order.placed_at,
        promised=Money(order.promised_fen),
        paid_at=order.paid_at,
        shipped_at=order.shipped_at,
        message=order.message,
        seller_note=order.seller_note if side == SELLER else "",
        lines=lines,
        line_count=line_count,
        tracking=tracking,
        open_refund=open_refund,
        awaits_approval=order.awaits_approval,
        verbs=tuple(verb for verb in verbs if verb != "pay" or not order.awaits_approval),
    )


def buyer_name(order: Order) -> str:
    """The buying company's name, or the customer's as its seller knows it."""
    if order.buyer is not None:
        return order.buyer.name
    return order.customer.name if order.customer is not None else ""
