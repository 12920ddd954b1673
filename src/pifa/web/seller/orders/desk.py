"""The list of orders: tabs, filters, and what is done with many at once."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop, ngettext
from django.views.decorators.http import require_POST

from pifa.finance.queries.by_method import method_labels
from pifa.kernel.errors import DomainError
from pifa.kernel.paging import Page
from pifa.trade import commands
from pifa.trade import queries as trade
from pifa.trade.models import OrderChannel
from pifa.trade.queries import DECLARED, Filters, OrderRow
from pifa.trade.rules import MAX_BATCH
from pifa.trade.states import SELLER, OrderStatus
from pifa.web.access import seller_page
from pifa.web.seller.frame import CLERK, actor_on, show, whole_number
from pifa.web.shared.days import DayField

TABS: tuple[str, ...] = (
    "all",
    OrderStatus.AWAITING_PAYMENT,
    OrderStatus.IN_PRODUCTION,
    OrderStatus.AWAITING_BALANCE,
    OrderStatus.AWAITING_SHIPMENT,
    OrderStatus.AWAITING_RECEIPT,
    OrderStatus.IN_REFUND,
    OrderStatus.AWAITING_REVIEW,
    OrderStatus.COMPLETED,
    OrderStatus.CLOSED,
    DECLARED,
)
ONLY_WITH_ORDERS = (OrderStatus.IN_PRODUCTION, OrderStatus.AWAITING_BALANCE, DECLARED)
"""Tabs that stand there only for sellers with orders in them."""

STATUS_KINDS = {
    OrderStatus.AWAITING_PAYMENT: "warn",
    OrderStatus.IN_PRODUCTION: "now",
    OrderStatus.AWAITING_BALANCE: "warn",
    OrderStatus.AWAITING_SHIPMENT: "now",
    OrderStatus.IN_REFUND: "bad",
    OrderStatus.COMPLETED: "ok",
}

CLOSED_BY_SELLER = gettext_noop("卖家关闭")
"""The reason is kept in its source words; each reader has it in its own language."""


SIZES = (20, 50, 100)
"""How many orders a page may show; the first unless the address says another."""


def _methods() -> list[tuple[str, Any]]:
    return [("", _("全部方式")), *method_labels()]


def _channels() -> list[tuple[str, Any]]:
    came = [choice for choice in OrderChannel.choices if choice[0] != OrderChannel.DECLARED]
    return [("", _("全部来源")), *came]


class FilterForm(forms.Form):
    """What the desk is narrowed by. Anything wrong is said and left out."""

    q = forms.CharField(label=gettext_lazy("订单号、货品或货号"), max_length=80, required=False)
    buyer = forms.CharField(label=gettext_lazy("买家会员名"), max_length=80, required=False)
    since = DayField(label=gettext_lazy("下单从"), required=False)
    until = DayField(label=gettext_lazy("到"), required=False)
    method = forms.ChoiceField(label=gettext_lazy("付款方式"), choices=_methods, required=False)
    channel = forms.ChoiceField(label=gettext_lazy("来源"), choices=_channels, required=False)

    def filters(self) -> Filters:
        """The filters for the query."""
        self.is_valid()
        data = self.cleaned_data
        return Filters(
            keyword=data.get("q") or "",
            other_login=data.get("buyer") or "",
            since=data.get("since"),
            until=data.get("until"),
            show_closed="closed" in self.data,
            method=data.get("method") or "",
            channel=data.get("channel") or "",
        )


@seller_page()
def orders(request: HttpRequest) -> HttpResponse:
    """A page of the desk; eight statements with the frame's, however long the history."""
    tab = tab_of(request)
    form = FilterForm(request.GET)
    filters = form.filters()
    actor = actor_on(request)
    size = _size(request)
    page: Page[OrderRow] = trade.orders(
        actor, SELLER, tab, filters, request.GET.get("cursor"), size
    )
    counts = trade.shown_counts(actor)
    return show(
        request,
        "seller/orders.html",
        form=form,
        tab=tab,
        show_closed=filters.show_closed,
        tabs=[
            (label, _tab_address(request, key), counts[key], key == tab)
            for key, label in tab_labels().items()
            if key not in ONLY_WITH_ORDERS or counts[key] or key == tab
        ],
        most=trade.MOST,
        size=size,
        sizes=SIZES,
        rows=[(row, STATUS_KINDS.get(OrderStatus(row.status), "")) for row in page.items],
        next=page.next_cursor,
        narrowed=any(request.GET.get(name) for name in form.fields),
        sheet_query=request.GET.urlencode(),
        may_ship=actor.has_role(CLERK),
        first_steps=not any(counts.values()),
    )


@seller_page(CLERK)
@require_POST
def close(request: HttpRequest) -> HttpResponse:
    """Close the ticked orders that are still unpaid; each that cannot be closed says why."""
    numbers = picked(request)
    if not numbers:
        messages.info(request, _("请先勾选要关闭的订单。"))
        return redirect(back_to_desk(request))
    try:
        outcomes = commands.close_many(actor_on(request), numbers, CLOSED_BY_SELLER)
    except DomainError as error:
        messages.error(request, str(error))
        return redirect(back_to_desk(request))
    done = sum(outcome.done for outcome in outcomes)
    if done:
        messages.success(
            request,
            ngettext("已关闭 %(count)d 个订单。", "已关闭 %(count)d 个订单。", done)
            % {"count": done},
        )
    for outcome in outcomes:
        if outcome.error:
            messages.error(request, f"{outcome.number}: {outcome.error}")
    return redirect(back_to_desk(request))


def picked(request: HttpRequest) -> list[str]:
    """The numbers of the ticked orders, each once; at most one batch and one more."""
    given = [number for number in request.POST.getlist("order") if 0 < len(number) <= 32]
    return list(dict.fromkeys(given))[: MAX_BATCH + 1]


def tab_of(request: HttpRequest) -> str:
    """The tab in the address, or all."""
    tab = request.GET.get("tab", "all")
    return tab if tab in TABS else "all"


def _tab_address(request: HttpRequest, tab: str) -> str:
    """Another tab under the same filters, from its first page."""
    query = request.GET.copy()
    query.pop("cursor", None)
    query["tab"] = tab
    return f"{reverse('seller:orders')}?{query.urlencode()}"


def _size(request: HttpRequest) -> int:
    wanted = whole_number(request.GET.get("size"), SIZES[0])
    return wanted if wanted in SIZES else SIZES[0]


def tab_labels() -> dict[str, Any]:
    """Tabs in their order with their words."""
    words: dict[str, Any] = {key: OrderStatus(key).label for key in TABS if key in OrderStatus}
    return {"all": _("全部"), **words, DECLARED: _("历史导入")}


def back_to_desk(request: HttpRequest) -> str:
    """Where the reader came from on this site, or the desk."""
    back = request.headers.get("Referer", "")
    if url_has_allowed_host_and_scheme(back, {request.get_host()}, request.is_secure()):
        return back
    return reverse("seller:orders")
