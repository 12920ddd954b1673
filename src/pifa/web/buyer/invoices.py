"""A buyer's invoices: asking for paid orders, and the details that are kept."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django import forms
from django.contrib import messages as toasts
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pifa.kernel.actors import Actor
from pifa.kernel.money import Money
from pifa.trade.invoices import profiles, queries
from pifa.trade.invoices.commands import ask_invoice
from pifa.trade.invoices.parties import mismatches_at_checkout
from pifa.trade.models import InvoiceProfile, Order
from pifa.web.access import buyer_page
from pifa.web.buyer.centre import CENTRE
from pifa.web.shared.centre import actor_on
from pifa.web.shared.forms import attempt
from pifa.web.shared.invoice_form import DetailsForm


class AskForm(DetailsForm):
    """Details with a word to the seller."""

    note = forms.CharField(label=gettext_lazy("给卖家的备注"), max_length=200, required=False)


@buyer_page
def ask(request: HttpRequest) -> HttpResponse:
    """Ask for the invoice of paid orders, ticked, of one seller; details come from a profile."""
    actor = actor_on(request)
    kept = profiles.profiles(actor)
    chosen = _chosen(kept, request.GET.get("profile", ""))
    picked = request.POST.getlist("order") or request.GET.getlist("order")
    form = AskForm(request.POST or None, initial=profiles.first_details(actor, chosen))
    if request.method == "POST" and form.is_valid():
        note = form.cleaned_data["note"]
        number = attempt(form, lambda: ask_invoice(actor, picked, form.wanted(), note))
        if number:
            if "keep" in request.POST:
                profiles.save_profile(actor, form.wanted())
            toasts.success(request, _("已向卖家申请开票。"))
            return redirect("buyer:invoice", number)
    orders = sorted(_askable(actor, picked), key=lambda order: order.seller_id)
    groups = [
        (
            seller,
            [(row, Money(row.paid_fen - row.refunded_fen), row.number in picked) for row in rows],
        )
        for seller, rows in groupby(orders, key=lambda order: order.seller.name)
    ]
    sellers = {order.seller_id for order in orders if order.number in picked}
    title, tax_no = (str(form[name].value() or "") for name in ("title", "tax_no"))
    return CENTRE.show(
        request,
        "buyer/invoice_ask.html",
        status=422 if form.errors else 200,
        groups=groups,
        form=form,
        profiles=kept,
        chosen=chosen,
        picked=picked,
        mismatches=_mismatches(actor, sellers, title, tax_no),
    )


def _askable(actor: Actor, picked: list[str]) -> list[Order]:
    """The orders to tick; who comes from one of them sees its seller's only."""
    orders = queries.askable_orders(actor)
    sellers = {order.seller_id for order in orders if order.number in picked}
    return [order for order in orders if not sellers or order.seller_id in sellers]


def _mismatches(actor: Actor, sellers: set[int], title: str, tax_no: str) -> list[Any]:
    if not sellers or not title:
        return []
    return mismatches_at_checkout(actor.company_id or 0, sellers, title, tax_no)


@buyer_page
def details(request: HttpRequest) -> HttpResponse:
    """The kept details, the default first; each can become the default or be taken out."""
    actor = actor_on(request)
    if request.method == "POST":
        profile_id = _number(request.POST.get("profile", ""))
        if request.POST.get("act") == "default":
            row = profiles.profile(actor, profile_id)
            given = profiles.details_in(row).given()
            profiles.save_profile(actor, given, profile_id=profile_id, is_default=True)
            toasts.success(request, _("已设为默认，结算时自动填写。"))
        elif request.POST.get("act") == "delete":
            profiles.delete_profile(actor, profile_id)
            toasts.success(request, _("开票资料已删除，已申请的发票不受影响。"))
        return redirect("buyer:invoice_profiles")
    return CENTRE.show(request, "buyer/invoice_profiles.html", profiles=profiles.profiles(actor))


@buyer_page
def detail(request: HttpRequest, profile_id: int | None = None) -> HttpResponse:
    """New details, or a change of those kept; what was asked for keeps its own."""
    actor = actor_on(request)
    row = profiles.profile(actor, profile_id) if profile_id is not None else None
    form = DetailsForm(request.POST or None, initial=profiles.first_details(actor, row))
    if request.method == "POST" and form.is_valid():
        default = "default" in request.POST
        saved = attempt(
            form,
            lambda: profiles.save_profile(
                actor, form.wanted(), profile_id=profile_id, is_default=default
            ),
        )
        if saved:
            toasts.success(request, _("开票资料已保存。"))
            return redirect("buyer:invoice_profiles")
    return CENTRE.show(
        request,
        "buyer/invoice_profile.html",
        status=422 if form.errors else 200,
        form=form,
        row=row,
        heading=_("修改开票资料") if row else _("新开票资料"),
    )


def _chosen(kept: list[InvoiceProfile], wanted: str) -> InvoiceProfile | None:
    by_id = {str(row.pk): row for row in kept}
    return by_id.get(wanted) or next((row for row in kept if row.is_default), None)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0
