"""The buyer's requests, and one of them with the answers side by side."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages as toasts
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from pifa.kernel.errors import NotFound
from pifa.parties import queries as companies
from pifa.trade.freight_insurance.queries import offers_to_insure
from pifa.trade.policies import BUYING
from pifa.trade.quotes import commands
from pifa.trade.quotes import queries as quotes
from pifa.trade.quotes.queries import QuoteView, RequestView
from pifa.web.access import buyer_page
from pifa.web.buyer.centre import CENTRE
from pifa.web.buyer.quotes.forms import AcceptForm, RefuseForm
from pifa.web.shared.centre import actor_on
from pifa.web.shared.forms import attempt
from pifa.web.shared.quotes import QUOTE_KINDS, REQUEST_KINDS, picture_answer, place_of, terms_words


@buyer_page
def requests(request: HttpRequest) -> HttpResponse:
    """The company's requests by tab, newest first."""
    tab = request.GET.get("tab", "all")
    tab = tab if tab in quotes.REQUEST_TABS else "all"
    page = quotes.requests(actor_on(request), tab, request.GET.get("cursor"))
    labels = {"waiting": _("进行中"), "ended": _("已结束"), "all": _("全部")}
    here = reverse("buyer:quote_requests")
    return CENTRE.show(
        request,
        "buyer/quotes.html",
        tabs=[(label, f"{here}?tab={name}", None, name == tab) for name, label in labels.items()],
        tab=tab,
        rows=[(row, REQUEST_KINDS.get(row.state, "")) for row in page.items],
        next_cursor=page.next_cursor,
        is_later=bool(request.GET.get("cursor")),
        may_ask=actor_on(request).has_role(*BUYING),
    )


@buyer_page
def quote_request(request: HttpRequest, number: str) -> HttpResponse:
    """A request; a POST takes an answer, turns one down or closes it."""
    view = quotes.quote_request(actor_on(request), number)
    if request.method != "POST":
        return _show(request, view)
    act = request.POST.get("act", "")
    if act == "accept":
        return _accept(request, view)
    if act == "refuse":
        return _refuse(request, view)
    if act == "close":
        commands.close_request(actor_on(request), number)
        toasts.success(request, _("询价单已关闭，已通知等待中的卖家。"))
        return redirect("buyer:quote_request", number)
    raise NotFound


@buyer_page
def picture(request: HttpRequest, number: str) -> HttpResponse:
    """The picture that was attached to a request."""
    return picture_answer(quotes.request_picture(actor_on(request), number))


def _accept(request: HttpRequest, view: RequestView) -> HttpResponse:
    actor = actor_on(request)
    form = AcceptForm(request.POST, book=companies.addresses(actor))
    order = None
    if form.is_valid():
        data = form.cleaned_data
        order = attempt(
            form,
            lambda: commands.accept_quote(
                actor,
                data["quote"],
                data["revision"],
                address_id=data["address"],
                message=data["message"],
                premium=data["premium"],
            ),
        )
    if order is None:
        return _show(request, quotes.quote_request(actor, view.number), form)
    toasts.success(request, _("已按报价生成订单。"))
    return redirect("buyer:order", order)


def _refuse(request: HttpRequest, view: RequestView) -> HttpResponse:
    actor = actor_on(request)
    form = RefuseForm(request.POST)
    if form.is_valid():
        data = form.cleaned_data
        attempt(form, lambda: commands.refuse_quote(actor, data["quote"], data["reason"]))
        if not form.errors:
            toasts.success(request, _("已告诉卖家不接受这份报价。"))
            return redirect("buyer:quote_request", view.number)
    return _show(request, quotes.quote_request(actor, view.number), form)


def _show(
    request: HttpRequest, view: RequestView, failed: forms.Form | None = None
) -> HttpResponse:
    actor = actor_on(request)
    may = actor.has_role(*BUYING)
    book = [row for row in companies.addresses(actor) if row.region == view.region]
    living = [quote for quote in view.quotes if quote.is_living]
    sellers = [quote.seller_id for quote in living if may and "accept" in quote.verbs]
    offers = offers_to_insure(view.buyer_id, sellers, view.region)
    return CENTRE.show(
        request,
        "buyer/quote_request.html",
        status=422 if failed else 200,
        view=view,
        kind=REQUEST_KINDS.get(view.state, ""),
        place=place_of(view),
        living=[
            _column(quote, view, book, may) | {"freight": offers.get(quote.seller_id)}
            for quote in living
        ],
        rows=[(line, [_cell(quote, line.position) for quote in living]) for line in view.lines],
        others=[(quote, QUOTE_KINDS.get(quote.state, "")) for quote in view.quotes],
        may=may,
        failed=failed,
    )


def _column(quote: QuoteView, view: RequestView, book: list[Any], may: bool) -> dict[str, Any]:
    """One answer as it stands beside the others, with its forms."""
    answer = quote.answer
    assert answer is not None
    chosen = view.address_id if view.address_id in {row.pk for row in book} else None
    return {
        "quote": quote,
        "answer": answer,
        "terms": terms_words(answer),
        "is_cheapest": answer.total == view.cheapest and len(view.quotes) > 1,
        "is_partial": len(answer.prices) < len(view.lines),
        "verbs": quote.verbs if may else (),
        "accept": AcceptForm(
            book=book,
            auto_id=f"accept_{quote.number}_%s",
            initial={"quote": quote.number, "revision": answer.revision, "address": chosen},
        ),
        "refuse": RefuseForm(auto_id=f"refuse_{quote.number}_%s", initial={"quote": quote.number}),
    }


def _cell(quote: QuoteView, position: int) -> Any:
    return quote.answer.by_position.get(position) if quote.answer else None
