"""Filling an invitation in: goods from the catalogue by search, or typed in, and its terms.

One form without script: finding, adding and pricing goods send it and show it again as it stands;
looking at it keeps it as a draft, which is when pictures are kept.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages as toasts
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from pifa.trade.invitations import commands
from pifa.trade.invitations import queries as invitations
from pifa.trade.invitations.queries import FoundSku, OwnView
from pifa.trade.invitations.rules import MAX_LINES
from pifa.web.access import seller_page
from pifa.web.seller.frame import CLERK, actor_on, show
from pifa.web.seller.invitations.forms import (
    InvitationForm,
    SkuForms,
    TypedForms,
    blank,
    initial_of,
    lines_of,
)
from pifa.web.shared.figures import price_text, typed_number
from pifa.web.shared.forms import attempt

FIND, MORE, PRICE, PREVIEW = "find", "more", "price", "preview"


@seller_page(CLERK)
def new(request: HttpRequest) -> HttpResponse:
    """A new invitation; looking at it keeps it as a draft."""
    return _Page(request, None).answer()


@seller_page(CLERK)
def edit(request: HttpRequest, number: str) -> HttpResponse:
    """A draft, or one that was sent and is not paid."""
    view = invitations.invitation(actor_on(request), number)
    if not {"edit", "change"} & set(view.verbs):
        toasts.info(request, _("这份邀请已成交或已撤回，不能再修改；可以再发一份。"))
        return redirect("seller:invitation", number)
    return _Page(request, view).answer()


class _Page:
    """One visit of the form."""

    def __init__(self, request: HttpRequest, view: OwnView | None) -> None:
        self.request, self.actor, self.view = request, actor_on(request), view
        self.act = request.POST.get("act", PREVIEW)
        self.added = request.POST.get("add", "")
        data = self._data() if request.method == "POST" else None
        files = request.FILES if request.method == "POST" else None
        skus, typed = lines_of(view) if view else ([], [])
        self.skus = SkuForms(data, prefix="sku", initial=skus)
        self.typed = TypedForms(data, files, prefix="typed", initial=typed)
        if not view and data is None:
            self.typed.extra = 1
        initial = initial_of(view) if view else blank()
        self.form = InvitationForm(data, actor=self.actor, initial=initial)
        self.words = (data or request.GET).get("q", "").strip()[:80]

    def answer(self) -> HttpResponse:
        """Show the form, or keep it and go on to look at it."""
        sent = self.request.method == "POST"
        if not sent or self.added or self.act in (FIND, MORE, PRICE):
            return self.show()
        number = self._keep()
        return self.show(422) if number is None else redirect("seller:invitation", number)

    def _keep(self) -> str | None:
        self._settle_rows()
        valid = [self.form.is_valid(), self.skus.is_valid(), self.typed.is_valid()]
        if not all(valid):
            return None
        lines = [row.goods() for row in self.skus if not row.cleaned_data.get("drop")]
        lines += [row.goods() for row in self.typed if row.cleaned_data.get("title")]
        given = self.form.given(lines)
        if self.view is None:
            return attempt(self.form, lambda: commands.draft_invitation(self.actor, given))
        number = self.view.said.number
        attempt(self.form, lambda: commands.change_invitation(self.actor, number, given))
        if self.form.errors:
            return None
        if self.view.sent_at:
            toasts.success(self.request, _("已修改。客户打开原链接会看到新的内容，要重新确认。"))
        return number

    def _settle_rows(self) -> None:
        """A row that is dropped or emptied need not be right; every other one must be."""
        for row in self.skus:
            row.empty_permitted = False
            if row.data.get(row.add_prefix("drop")):
                for name in ("quantity", "price"):
                    row.fields[name].required = False
        names = ("title", "spec_text", "quantity", "price")
        for typed in self.typed:
            typed.empty_permitted = False
            if not any(typed.data.get(typed.add_prefix(name), "").strip() for name in names):
                for field in typed.fields.values():
                    field.required = False

    def _data(self) -> QueryDict:
        """What was sent; with a row more where one was asked for, and prices proposed anew."""
        data = self.request.POST.copy()
        if self.act == MORE:
            data["typed-TOTAL_FORMS"] = str(
                min(_whole(data.get("typed-TOTAL_FORMS")) + 1, MAX_LINES)
            )
        if self.added:
            self._add(data, _whole(self.added))
        if self.act == PRICE:
            self._price(data)
        return data

    def _add(self, data: QueryDict, sku_id: int) -> None:
        found = invitations.proposed(self.actor, {sku_id: 1}, self._customer(data))
        count = _whole(data.get("sku-TOTAL_FORMS"))
        there = {data.get(f"sku-{place}-sku") for place in range(count)}
        if not found or str(sku_id) in there or count >= MAX_LINES:
            return
        data["sku-TOTAL_FORMS"] = str(count + 1)
        data[f"sku-{count}-sku"] = str(sku_id)
        data[f"sku-{count}-quantity"] = str(found[0].quantity)
        data[f"sku-{count}-price"] = price_text(found[0].price)

    def _customer(self, data: QueryDict) -> int | None:
        """Whose prices are proposed."""
        return _whole(data.get("customer")) or None

    def _price(self, data: QueryDict) -> None:
        """Every chosen SKU at what the price function asks for these quantities together."""
        rows = range(min(_whole(data.get("sku-TOTAL_FORMS")), MAX_LINES))
        pieces = {
            _whole(data.get(f"sku-{place}-sku")): _whole(data.get(f"sku-{place}-quantity")) or 1
            for place in rows
        }
        customer_id = self._customer(data)
        prices = {
            row.sku_id: row.price for row in invitations.proposed(self.actor, pieces, customer_id)
        }
        for place in rows:
            price = prices.get(_whole(data.get(f"sku-{place}-sku")))
            if price is not None:
                data[f"sku-{place}-price"] = price_text(price)

    def show(self, status: int = 200) -> HttpResponse:
        """The form as it stands."""
        pieces = {
            _whole(str(row["sku"].value())): _whole(str(row["quantity"].value())) or 1
            for row in self.skus
        }
        customer_id = _whole(str(self.form["customer"].value())) or None
        shown = invitations.proposed(self.actor, pieces, customer_id)
        known = {row.sku_id: row for row in shown}
        for row in self.skus:
            row.line = known.get(_whole(str(row["sku"].value())))
        finding = self.act == FIND and self.request.method == "POST"
        found: list[FoundSku] = (
            invitations.find_skus(self.actor, self.words, customer_id) if finding else []
        )
        return show(
            self.request,
            "seller/invitation_edit.html",
            status=status,
            view=self.view,
            form=self.form,
            skus=self.skus,
            typed=self.typed,
            words=self.words,
            finding=finding,
            found=[row for row in found if row.sku_id not in pieces],
            failed=status != 200,
            may_add=len(self.typed) + len(self.skus) < MAX_LINES,
        )


def _whole(text: Any) -> int:
    """A whole number that was typed or sent; anything else is 0."""
    plain = typed_number(str(text or ""))
    fits = plain.isascii() and plain.isdecimal() and len(plain) < 19
    return min(int(plain), 2**62) if fits else 0
