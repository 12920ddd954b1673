"""Orders with my suppliers: with one or with all, and one with where its parcels are."""

from __future__ import annotations

from django.contrib import messages as toasts
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from pifa.catalog import queries as catalog
from pifa.kernel.errors import DomainError, NotFound
from pifa.parties import queries as companies
from pifa.relationships import queries as relationships
from pifa.trade import commands
from pifa.trade import queries as trade
from pifa.trade.policies import BUYING
from pifa.trade.queries import Filters, OrderDetail
from pifa.trade.states import OrderStatus
from pifa.web.access import buyer_page
from pifa.web.channel.frame import company_of, require_supplier, show
from pifa.web.shared.centre import actor_on
from pifa.web.shared.parcels import journeys
from pifa.web.shared.quantities import whole_number

KINDS = {
    OrderStatus.AWAITING_PAYMENT: "warn",
    OrderStatus.AWAITING_BALANCE: "warn",
    OrderStatus.AWAITING_RECEIPT: "ok",
    OrderStatus.IN_REFUND: "bad",
    OrderStatus.COMPLETED: "ok",
    OrderStatus.CLOSED: "line",
}
"""The kind of tag of each state that has one."""


@buyer_page
def orders(request: HttpRequest) -> HttpResponse:
    """The orders with all suppliers, or with the one that is named; newest first."""
    actor = actor_on(request)
    mine = relationships.visible_sellers(actor.company_id)
    one = whole_number(request.GET.get("seller", ""))
    if one is not None and one not in mine:
        raise NotFound
    filters = Filters(other_ids=mine if one is None else {one}, show_closed=True)
    page = trade.orders(actor, "buyer", "all", filters, request.GET.get("cursor"))
    pictures = catalog.first_pictures(
        {line.offer_id for row in page.items for line in row.lines[:1] if line.offer_id}
    )
    return show(
        request,
        "channel/orders.html",
        tab="orders",
        seller=companies.cards([one])[one] if one is not None else None,
        rows=[
            (
                row,
                KINDS.get(OrderStatus(row.status), ""),
                pictures.get(row.lines[0].offer_id or 0, "") if row.lines else "",
            )
            for row in page.items
        ],
        next_cursor=page.next_cursor,
        is_later=bool(request.GET.get("cursor")),
    )


@buyer_page
def order(request: HttpRequest, number: str) -> HttpResponse:
    """An order with a supplier; a POST confirms that it was received."""
    actor = actor_on(request)
    detail: OrderDetail = trade.order(actor, number)
    row = detail.order
    if row.buyer_id != company_of(actor):
        raise NotFound
    require_supplier(actor, row.seller_id)
    if request.method == "POST":
        if request.POST.get("act") != "confirm_receipt":
            raise NotFound
        try:
            commands.confirm_receipt(actor, number)
            toasts.success(request, _("已确认收货，订单进入评价。"))
        except DomainError as error:
            if error.status in (403, 404):
                raise
            toasts.error(request, str(error))
        return redirect("channel:order", number)
    may = actor.has_role(*BUYING)
    verbs = set(row.verbs) if may and not row.awaits_approval else set()
    return show(
        request,
        "channel/order.html",
        tab="orders",
        detail=detail,
        row=row,
        kind=KINDS.get(OrderStatus(row.status), ""),
        verbs=verbs,
        to_pay=bool(verbs & {"pay", "pay_balance"}) and bool(detail.payable_number),
        parcels=journeys(detail.parcels),
    )
