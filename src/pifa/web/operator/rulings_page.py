"""Rulings that orders are brushing: their list, and one order with its history and the verdict."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pifa.integrity import commands, queries
from pifa.trade import queries as trading
from pifa.web.operator.forms import RulingForm
from pifa.web.operator.queues import decide, needs, operator_of, page

TABS = {
    "in_force": gettext_lazy("生效中"),
    "answered": gettext_lazy("卖家已申诉"),
    "taken_back": gettext_lazy("已撤销"),
    "all": gettext_lazy("全部"),
}


@needs("integrity.view_ruling")
def rulings(request: HttpRequest) -> HttpResponse:
    """Rulings, newest first, narrowed by state and words."""
    state = request.GET.get("state", "in_force")
    keyword = request.GET.get("q", "")
    found = queries.rulings(
        operator_of(request),
        state if state in TABS else "in_force",
        keyword,
        request.GET.get("cursor"),
        50,
    )
    return page(
        request,
        "console/rulings.html",
        gettext_lazy("刷单裁定"),
        rows=found.items,
        next_cursor=found.next_cursor,
        state=state,
        keyword=keyword,
        tabs=list(TABS.items()),
    )


@needs("integrity.view_ruling")
def ruling(request: HttpRequest, number: str) -> HttpResponse:
    """One order with what was said of it; rule it as brushing, or take the ruling back."""
    actor = operator_of(request)
    order = trading.order(actor, number)
    held = queries.ruling_of(actor, number)
    may = request.user.has_perm("integrity.add_ruling")
    form = RulingForm(request.POST or None)
    if request.method == "POST":
        if not may:
            raise PermissionDenied
        act = commands.take_back if held else commands.rule_brushing
        said = _("已撤销裁定，并通知双方。") if held else _("已裁定，并通知双方。")
        if form.is_valid() and decide(
            request, said, lambda: act(actor, number, form.cleaned_data["reason"])
        ):
            return redirect("admin:order_ruling", number)
    return page(
        request,
        "console/ruling.html",
        number,
        order=order,
        held=held,
        history=queries.history(actor, number),
        form=form,
        may=may and (held is not None or order.order.paid_at is not None),
    )
