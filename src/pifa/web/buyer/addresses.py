"""The company's address book."""

from __future__ import annotations

from django import forms
from django.contrib import messages as toasts
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from pifa.parties import commands, queries
from pifa.web.access import buyer_page
from pifa.web.buyer.centre import CENTRE
from pifa.web.shared.address_form import AddressForm, initial_of
from pifa.web.shared.centre import actor_on
from pifa.web.shared.forms import attempt
from pifa.web.shared.regions import region_name


@buyer_page
def addresses(request: HttpRequest) -> HttpResponse:
    """The book, the default first; each can become the default or be taken out."""
    actor = actor_on(request)
    if request.method == "POST":
        address_id = _number(request.POST.get("address", ""))
        if request.POST.get("act") == "default":
            commands.set_default_address(actor, address_id)
            toasts.success(request, _("已设为默认地址。"))
        elif request.POST.get("act") == "delete":
            commands.delete_address(actor, address_id)
            toasts.success(request, _("地址已删除，已下的订单不受影响。"))
        return redirect("buyer:addresses")
    book = [(row, region_name(row.region)) for row in queries.addresses(actor)]
    return CENTRE.show(request, "buyer/addresses.html", book=book)


@buyer_page
def add(request: HttpRequest) -> HttpResponse:
    """A new address."""
    actor = actor_on(request)
    form = AddressForm(request.POST or None, initial={"region": "33"})
    if request.method == "POST" and form.is_valid():
        default = "default" in request.POST
        if attempt(form, lambda: commands.add_address(actor, form.entry(), default=default)):
            toasts.success(request, _("地址已保存。"))
            return redirect("buyer:addresses")
    return _form_page(request, form, _("新地址"))


@buyer_page
def change(request: HttpRequest, address_id: int) -> HttpResponse:
    """Change an address; orders placed keep theirs."""
    actor = actor_on(request)
    row = queries.address(actor, address_id)
    form = AddressForm(request.POST or None, initial=initial_of(row))
    if (
        request.method == "POST"
        and form.is_valid()
        and attempt(form, lambda: commands.change_address(actor, address_id, form.entry()))
        is not None
    ):
        toasts.success(request, _("地址已保存。"))
        return redirect("buyer:addresses")
    return _form_page(request, form, _("修改地址"))


def _form_page(request: HttpRequest, form: forms.Form, heading: str) -> HttpResponse:
    status = 422 if form.errors else 200
    return CENTRE.show(request, "buyer/address.html", status=status, form=form, heading=heading)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0
