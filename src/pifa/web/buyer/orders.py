"""The buyer's orders by tab, and the first page of the centre."""

from __future__ import annotations

from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from pifa.catalog import queries as catalog
from pifa.kernel.actors import Actor
from pifa.kernel.errors import DomainError
from pifa.messages import queries as messages
from pifa.relationships import queries as relationships
from pifa.standing import queries as standing
from pifa.standing.models import Kind
from pifa.trade import queries as trade
from pifa.trade.queries import DECLARED, Filters, OrderRow
from pifa.web.access import PageRequest, buyer_page
from pifa.web.buyer.centre import CENTRE
from pifa.web.buyer.words import STATUS_KINDS
from pifa.web.shared.centre import actor_on
from pifa.web.shared.days import read_day
from pifa.web.shared.forms import typed_words
from pifa.web.shared.standing import card_of

TABS = (
    "awaiting_payment",
    "in_production",
    "awaiting_balance",
    "awaiting_shipment",
    "awaiting_receipt",
    "in_refund",
    "awaiting_review",
    "all",
)
NEEDS_ME = ("awaiting_payment", "awaiting_balance", "awaiting_receipt", "in_refund")
STAGED = ("in_production", "awaiting_balance")
"""Tabs that stand there only for buyers with orders in them."""

SHOWN_AT_HOME = 4


def tab_labels() -> dict[str, str]:
    """Tabs of the list in the order in which an order passes them."""
    return {
        "awaiting_payment": _("待付款"),
        "in_production": _("生产中"),
        "awaiting_balance": _("待付尾款"),
        "awaiting_shipment": _("待发货"),
        "awaiting_receipt": _("待收货"),
        "in_refund": _("退款退货中"),
        "awaiting_review": _("待评价"),
        "all": _("全部"),
        DECLARED: _("历史订单"),
    }


@buyer_page
def home(request: HttpRequest) -> HttpResponse:
    """What waits for this buyer, and how many orders stand where."""
    actor = actor_on(request)
    company_id = actor.company_id or 0
    counts = trade.tab_counts(actor, "buyer")
    labels = tab_labels()
    address = reverse("buyer:orders")
    parts = [
        (labels[tab], f"{address}?tab={tab}", _rows(actor, tab)) for tab in NEEDS_ME if counts[tab]
    ]
    member = cast(PageRequest, request).member
    assert member is not None
    level = standing.glance(actor, Kind.LEVEL, member.company)
    return CENTRE.show(
        request,
        "buyer/home.html",
        standing=card_of(level) if level else None,
        stats=[
            (labels[tab], counts[tab], f"{address}?tab={tab}", tab)
            for tab in TABS[:-1]
            if tab not in STAGED or counts[tab]
        ],
        parts=parts,
        asked=relationships.waiting_for(company_id),
        unread=messages.unread_messages(company_id, "buyer"),
        any_orders=counts["all"] or counts["closed"] or counts[DECLARED],
    )


@buyer_page
def orders(request: HttpRequest) -> HttpResponse:
    """Orders of a tab, narrowed by words and days, in pages by cursor."""
    actor = actor_on(request)
    tab = request.GET.get("tab", "all")
    tab = tab if tab in (*TABS, DECLARED) else "all"
    refusal = None
    try:
        filters = Filters(
            keyword=typed_words(request),
            other_login=typed_words(request, "seller", 60),
            since=read_day(request.GET.get("since", ""), "since"),
            until=read_day(request.GET.get("until", ""), "until"),
            show_closed="closed" in request.GET,
        )
    except DomainError as error:
        filters, refusal = Filters(), error
    page = trade.orders(actor, "buyer", tab, filters, request.GET.get("cursor"))
    return CENTRE.show(
        request,
        "buyer/orders.html",
        tabs=_tabs(actor, tab),
        tab=tab,
        filters=filters,
        narrowed=any((filters.keyword, filters.other_login, filters.since, filters.until)),
        refusal=refusal,
        rows=_with_pictures(page.items),
        next_cursor=page.next_cursor,
        is_later=bool(request.GET.get("cursor")),
    )


def _tabs(actor: Actor, here: str) -> list[tuple[str, str, int, bool]]:
    counts = trade.tab_counts(actor, "buyer")
    address = reverse("buyer:orders")
    return [
        (label, f"{address}?tab={tab}", counts[tab], tab == here)
        for tab, label in tab_labels().items()
        if tab not in (*STAGED, DECLARED) or counts[tab] or here == tab
    ]


def _rows(actor: Actor, tab: str) -> list[dict[str, Any]]:
    return _with_pictures(trade.orders(actor, "buyer", tab, size=SHOWN_AT_HOME).items)


def _with_pictures(rows: list[OrderRow]) -> list[dict[str, Any]]:
    offers = {line.offer_id for row in rows for line in row.lines if line.offer_id}
    pictures = catalog.first_pictures(offers) if offers else {}
    return [
        {
            "order": row,
            "kind": STATUS_KINDS.get(row.status, ""),
            "lines": [(line, pictures.get(line.offer_id or 0, "")) for line in row.lines],
            "more": row.line_count - len(row.lines),
        }
        for row in rows
    ]
