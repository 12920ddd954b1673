"""The purchase list's page: quantities, ticks, remedies, and on to the checkout."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages as toasts
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from pifa.catalog.rules import MAX_QUANTITY
from pifa.kernel.actors import Actor
from pifa.kernel.errors import DomainError
from pifa.trade import commands
from pifa.trade import queries as trade
from pifa.trade.errors import InvalidQuantity
from pifa.web.access import buyer_page
from pifa.web.kit.quantities import apply_step
from pifa.web.shared.centre import actor_on
from pifa.web.shared.quantities import Typed, whole_number
from pifa.web.storefront.frame import region_of, show
from pifa.web.storefront.list_view import ListPage, list_page

UNPICKED = "list_unpicked"
"""Lines of the list that are not ticked, kept in the session from click to click."""


@buyer_page
def purchase_list(request: HttpRequest) -> HttpResponse:
    """Show the list; a POST changes it and, if asked, goes on to the checkout."""
    actor = actor_on(request)
    if request.method != "POST":
        return _answer(request, _page(request, actor, Typed()))
    typed = _change(request, actor)
    page = _page(request, actor, typed)
    if request.POST.get("act") == "checkout":
        if page.picked and page.clean:
            lines = [("line", f"{line.sku_id}:{line.quantity}") for line in page.picked]
            query = urlencode([*lines, ("from", "list")])
            return redirect(f"{reverse('storefront:checkout')}?{query}")
        refusal = (
            _("请先处理下面标出的问题，再去结算。") if page.picked else _("请先勾选要结算的货品。")
        )
        return _answer(request, page, refusal=refusal, status=422)
    act, _colon, seller_id = request.POST.get("act", "").partition(":")
    asked = next((s for s in page.sellers if act == "ask" and str(s.seller_id) == seller_id), None)
    if asked and asked.picked and not typed.errors:
        lines = [("line", f"{line.sku_id}:{line.quantity}") for line in asked.picked_lines]
        return redirect(f"{reverse('buyer:quote_new')}?{urlencode(lines)}")
    if getattr(request, "htmx", False):
        return render(request, "storefront/_list.html", {"page": page, "answer": True})
    if typed.errors:
        return _answer(request, page, status=422)
    return redirect("storefront:purchase_list")


def _answer(
    request: HttpRequest, page: ListPage, *, refusal: str = "", status: int = 200
) -> HttpResponse:
    context: dict[str, Any] = {"page": page, "refusal": refusal}
    return show(request, "storefront/list.html", tab="purchase_list", status=status, **context)


def _page(request: HttpRequest, actor: Actor, typed: Typed) -> ListPage:
    return list_page(actor, region_of(request), request.session.get(UNPICKED, []), typed)


def _change(request: HttpRequest, actor: Actor) -> Typed:
    """Do what was asked of the lines; what is no quantity is kept as it was typed."""
    data = apply_step(request.POST)
    view = trade.purchase_list(actor)
    lines = {line.line_id: line for s in view.sellers for line in s.lines if line.line_id}
    typed = Typed()
    if "remove" in data:
        commands.remove_from_list(actor, _numbers(str(data["remove"]).split(",")))
        toasts.success(request, _("已从进货单移除。"))
    for line_id, line in lines.items():
        text = str(data.get(f"qty_{line_id}", "")).strip()
        if text and text != str(line.quantity):
            _set(actor, line_id, text, typed)
    fixed, _colon, quantity = str(data.get("fix", "")).partition(":")
    for line_id in _numbers([fixed]):
        if line_id in lines:
            _set(actor, line_id, quantity, typed)
    if "ticks" in data:
        ticked = set(_numbers(data.getlist("pick")))
        request.session[UNPICKED] = [line_id for line_id in lines if line_id not in ticked]
    return typed


def _set(actor: Actor, line_id: int, text: str, typed: Typed) -> None:
    number = whole_number(text)
    try:
        if number is None:
            raise InvalidQuantity(quantity=text[:30], limit=MAX_QUANTITY)
        commands.change_list_line(actor, line_id, number)
    except DomainError as error:
        if error.status in (403, 404):
            raise
        typed.texts[line_id] = text[:30]
        typed.errors[line_id] = error


def _numbers(texts: Iterable[str]) -> list[int]:
    return [int(text) for text in texts if text.isascii() and text.isdigit() and len(text) < 19]
