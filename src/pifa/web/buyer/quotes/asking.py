"""Asking for quotes: SKUs chosen on an offer's page or the purchase list, and goods in own words."""

from __future__ import annotations

import secrets
from typing import Any

from django.contrib import messages as toasts
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from pifa.catalog import queries as catalog
from pifa.catalog.rules import MAX_QUANTITY
from pifa.parties import queries as companies
from pifa.trade import queries as trade
from pifa.trade.queries import CheckoutView
from pifa.trade.quotes import commands
from pifa.trade.quotes import queries as quotes
from pifa.trade.quotes.commands import AskRequest
from pifa.trade.quotes.rules import MAX_LINES
from pifa.web.access import buyer_page
from pifa.web.buyer.centre import CENTRE
from pifa.web.buyer.quotes.forms import AskForm, SkuForms, TypedForms
from pifa.web.shared.centre import actor_on
from pifa.web.shared.forms import attempt

MORE_ROWS = 5
MORE = "more"


@buyer_page
def ask(request: HttpRequest) -> HttpResponse:
    """The form of a request: `line=<SKU>:<pieces>` chooses SKUs; a POST sends it."""
    page = _AskPage(request)
    if request.method != "POST" or request.POST.get("act") == MORE:
        return page.show()
    number = page.send()
    if number is None:
        return page.show(422)
    toasts.success(request, _("询价已发给卖家，收到报价会通知您。"))
    return redirect("buyer:quote_request", number)


class _AskPage:
    """One visit of the form: what stands in it, and what may come of it."""

    def __init__(self, request: HttpRequest) -> None:
        self.request, self.actor = request, actor_on(request)
        sent = request.method == "POST"
        data, files = (_data(request), request.FILES) if sent else (None, None)
        self.key = request.POST.get("key") or secrets.token_hex(16)
        chosen = _chosen(request)
        self.skus = SkuForms(data, prefix="sku", initial=[_initial(*line) for line in chosen])
        self.typed = TypedForms(data, prefix="typed")
        if chosen:
            self.typed.extra = 0
        wanted = _numbers((data or request.GET).getlist("offer"))
        self.offers = catalog.offer_cards(wanted, self.actor)
        self.asked = self._describe()
        self.book = companies.addresses(self.actor)
        others = [row for row in quotes.sellers_to_ask(self.actor) if row[0] not in self.asked]
        self.form = AskForm(data, files, sellers=others, book=self.book)

    def _describe(self) -> dict[int, str]:
        """Put what each SKU is beside its row; the sellers that are asked in any case."""
        ids = _numbers(str(form["sku"].value()) for form in self.skus)
        view = CheckoutView(())
        if ids:
            view = trade.preview_checkout(self.actor, lines=[(sku_id, 1) for sku_id in ids])
        lines = {line.sku_id: line for seller in view.sellers for line in seller.lines}
        for form in self.skus:
            number = _numbers([str(form["sku"].value())])
            form.line = lines.get(number[0]) if number else None
        named = {card.seller_id: card.seller_name for card in self.offers.values()}
        return named | {seller.seller_id: seller.seller_name for seller in view.sellers}

    def send(self) -> str | None:
        """Ask; the request's number, or None when something stands against it."""
        valid = [self.form.is_valid(), self.skus.is_valid(), self.typed.is_valid()]
        if not all(valid):
            return None
        lines = [form.goods() for form in self.skus]
        lines += [form.goods() for form in self.typed if form.has_changed()]
        given = self.form.cleaned_data
        wanted = AskRequest(
            lines=lines,
            address_id=given["address"],
            until=given["until"],
            seller_ids=given["sellers"],
            offer_ids=list(self.offers),
            needed_by=given["needed_by"],
            note=given["note"],
            picture=given["picture"],
            idempotency_key=self.key,
        )
        return attempt(self.form, lambda: commands.ask_quotes(self.actor, wanted))

    def show(self, status: int = 200) -> HttpResponse:
        """The form as it stands."""
        return CENTRE.show(
            self.request,
            "buyer/quote_new.html",
            status=status,
            form=self.form,
            skus=self.skus,
            typed=self.typed,
            asked=list(self.asked.values()),
            key=self.key,
            offer_ids=list(self.offers),
            book=self.book,
            failed=status != 200,
            may_add=len(self.typed) < MAX_LINES,
        )


def _data(request: HttpRequest) -> Any:
    """What was sent; with more rows of goods where they were asked for."""
    data = request.POST.copy()
    if data.get("act") == MORE:
        rows = _numbers([data.get("typed-TOTAL_FORMS", "")]) or [0]
        data["typed-TOTAL_FORMS"] = str(min(rows[0] + MORE_ROWS, MAX_LINES))
    return data


def _chosen(request: HttpRequest) -> list[tuple[int, int]]:
    """The SKUs that the address names, each once, with the pieces of all its mentions."""
    found: dict[int, int] = {}
    for text in request.GET.getlist("line")[:MAX_LINES]:
        pair = _numbers(text.split(":"))
        if len(pair) == 2 and 0 < pair[1] <= MAX_QUANTITY:
            found[pair[0]] = min(found.get(pair[0], 0) + pair[1], MAX_QUANTITY)
    return list(found.items())


def _initial(sku_id: int, quantity: int) -> dict[str, Any]:
    return {"sku": sku_id, "quantity": quantity}


def _numbers(texts: Any) -> list[int]:
    """Those of the texts that are whole numbers."""
    return [int(text) for text in texts if text.isascii() and text.isdecimal() and len(text) < 19]
